//! Overviews that are named by their parts, by subcommands. `bot/overviews.rs` has the commands of the bot.

use serde_json::Value;

use crate::harness::{Cli, TempCorpus};

/// Twelve recaps of two events by different authors. All name Istio; those of 2019 name Linkerd too.
pub fn corpus() -> TempCorpus {
    let mut corpus = TempCorpus::new();
    for at in 0..12 {
        let (event, year, more) = match at % 2 {
            0 => ("KubeCon EU 2018", 2018, ""),
            _ => ("KubeCon NA 2019", 2019, LINKERD[at / 2]),
        };
        let text = format!(
            "---\ntitle: Recap {at}\nauthor: Ada{at} Example\ndate: {year}-12-{:02}\nevent: {event}\n---\n\n\
             We should not start with Istio of kind {at}, because most teams need {at} months to learn it.\n\n{more}\n",
            at + 1
        );
        corpus = corpus.file(&format!("{at}.md"), text);
    }
    corpus
}

const LINKERD: [&str; 6] = [
    "Most teams should look at Linkerd first, because it costs less to run.",
    "Everyone at the conference said that Linkerd has become the simple choice.",
    "I believe that Linkerd will stay small, and that this is its strength.",
    "We learned that Linkerd is hard to debug without good dashboards.",
    "The biggest surprise was how many banks run Linkerd in production now.",
    "You should not choose Linkerd only because a colleague likes it.",
];

fn json(corpus: &TempCorpus, words: &[&str]) -> Value {
    words
        .iter()
        .fold(Cli::with_corpus(corpus), |cli, word| cli.arg(word))
        .args("--format json")
        .run()
        .code(0)
        .json()
}

#[test]
fn an_event_has_takeaways() {
    let corpus = corpus();
    let answer = json(&corpus, &["event", "KubeCon EU 2018"]);
    assert_eq!((&answer["shape"], &answer["answered"]), (&"takeaways".into(), &true.into()));
    assert_eq!(answer["scope"]["events"], serde_json::json!(["kubecon-eu-2018"]));
    let lines = answer["excerpts"].as_array().expect("lines");
    assert!(
        lines.iter().all(|line| line["event"].as_str().expect("an event").starts_with("KubeCon EU 2018"))
    );
}

#[test]
fn a_trend_tells_where_something_is_named_first_and_last() {
    let corpus = corpus();
    let answer = json(&corpus, &["trend", "Linkerd"]);
    assert_eq!(answer["shape"], "trend");
    assert_eq!(answer["series"][0], serde_json::json!({"year": 2018, "posts": 0, "of": 6}));
    assert_eq!(answer["series"][1], serde_json::json!({"year": 2019, "posts": 6, "of": 6}));
    assert_eq!(answer["mentions"]["first"]["month"], "2019-11");
    Cli::with_corpus(&corpus)
        .args("trend Linkerd")
        .run()
        .code(0)
        .says("Only in November 2019 (KubeCon NA 2019");
}

#[test]
fn a_comparison_has_both_sides() {
    let corpus = corpus();
    for (typed, sides) in [
        (
            ["KubeCon EU 2018", "kubecon-na-2019"],
            ["KubeCon EU 2018, Copenhagen", "KubeCon NA 2019, San Diego"],
        ),
        (["eu 18", "na 19"], ["KubeCon EU 2018, Copenhagen", "KubeCon NA 2019, San Diego"]),
        (["2018", "2019"], ["2018", "2019"]),
        (["Istio", "Linkerd"], ["Istio", "Linkerd"]),
    ] {
        let answer = json(&corpus, &["compare", typed[0], typed[1]]);
        let titles: Vec<&str> = answer["groups"]
            .as_array()
            .expect("groups")
            .iter()
            .filter_map(|it| it["title"].as_str())
            .collect();
        assert_eq!((&answer["shape"], titles), (&"comparison".into(), sides.to_vec()));
    }
}

#[test]
fn a_card_counts_posts_events_and_authors() {
    let corpus = corpus();
    let card = json(&corpus, &["topic", "istio"])["card"].clone();
    assert_eq!((&card["kind"], &card["name"]), (&"project".into(), &"Istio".into()));
    assert_eq!((&card["posts"], &card["authors"]), (&12.into(), &12.into()));
    assert_eq!(card["events"][0]["posts"], 6);
    let card = json(&corpus, &["who", "Ada3"])["card"].clone();
    assert_eq!(
        (&card["kind"], &card["name"], &card["posts"]),
        (&"person".into(), &"Ada3 Example".into(), &1.into())
    );
}

#[test]
fn a_name_needs_no_quotes() {
    let corpus = corpus();
    for (command, name) in [
        ("who", "Ada3 Example"),
        ("event", "KubeCon EU 2018"),
        ("topic", "Linkerd dashboards"),
        ("trend", "Linkerd dashboards"),
    ] {
        let parts: Vec<&str> = [command].into_iter().chain(name.split(' ')).collect();
        let [mut quoted, mut bare] = [json(&corpus, &[command, name]), json(&corpus, &parts)];
        for answer in [&mut quoted, &mut bare] {
            answer["elapsed_us"].take();
        }
        assert_eq!(bare, quoted, "{command} {name}");
    }
}

#[test]
fn what_no_recap_mentions_is_exit_code_1_and_an_empty_name_2() {
    let corpus = corpus();
    let run = |words: &[&str]| words.iter().fold(Cli::with_corpus(&corpus), |cli, word| cli.arg(word)).run();
    run(&["event", "KubeCon EU 2031"])
        .code(1)
        .says("There is no recap about KubeCon EU 2031.")
        .says("corpus list`");
    run(&["who", "Grace"]).code(1).says("There is no recap by Grace.").says("corpus people`");
    run(&["topic", "sourdough"]).code(1).says("mentions sourdough").says("corpus topics`");
    run(&["trend", "sourdough"]).code(1).says("No recap mentions sourdough.").says("corpus topics`");
    // What is near is offered, and no list.
    assert!(!run(&["topic", "Linkrd"]).code(1).says("Linkerd").out.contains("corpus topics"));
    let empty = Cli::with_corpus(&TempCorpus::new()).args("ask -q what about GitOps").run().code(1);
    empty.says("There are no recaps here: `takeaways corpus check` says why");
    run(&["compare", "Istio", "sourdough"]).code(1);
    run(&["trend", " "]).code(2);
    run(&["compare", "Istio"]).code(2);
}

#[test]
fn what_recaps_cannot_answer_says_so_in_its_own_words() {
    let corpus = corpus();
    let ask = |question: &str| Cli::with_corpus(&corpus).arg("ask").arg(question).run().code(1);
    ask("how much does a ticket for KubeCon cost?").says("Recaps rarely say what a ticket costs.");
    ask("wie wird das Wetter in Barcelona?").says("Die Berichte sagen nicht, wie das Wetter wird.");
    let answer =
        Cli::with_corpus(&corpus).args("ask --format json").arg("how much is a ticket?").run().json();
    assert_eq!((&answer["answered"], &answer["verdict"]), (&false.into(), &"price".into()));
}

#[test]
fn an_explanation_tells_why_each_line_was_taken() {
    let corpus = corpus();
    let run = |words: &str| Cli::with_corpus(&corpus).args(words).run().code(0);
    run("trend Linkerd --explain").says("Why these lines").says("a good quote");
    run("ask what do people think of Linkerd --explain").says("Why these lines");
    let answer = run("topic Istio --explain --format json").json();
    let (lines, reasons) = (&answer["excerpts"], &answer["reasons"]["lines"]);
    assert_eq!(lines.as_array().expect("lines").len(), reasons.as_array().expect("reasons").len());
    assert_eq!(lines[0]["score"], reasons[0]["score"]);
    assert!(run("topic Istio --format json").json()["reasons"].is_null());
    Cli::with_corpus(&corpus).args("topic Istio --explain --format discord").run().code(2);
}

#[test]
fn a_limit_is_for_facts() {
    let corpus = corpus();
    let ask = |limit: &[&str]| {
        json(&corpus, &[&["ask", "what do people say about Linkerd?"], limit].concat())["excerpts"].clone()
    };
    assert_eq!(ask(&["--limit", "1"]), ask(&[]));
    assert!(ask(&[]).as_array().expect("lines").len() > 1);
}

#[test]
fn a_side_that_nothing_mentions_is_named() {
    let corpus = corpus();
    for (sides, missing) in [
        (["2018", "2030"], "There is no recap from 2030."),
        (["Istio", "nonsense"], "No recap mentions nonsense."),
    ] {
        let run = Cli::with_corpus(&corpus).arg("compare").arg(sides[0]).arg(sides[1]).run().code(1);
        run.says(missing);
    }
    Cli::with_corpus(&corpus).arg("compare").arg("Istio").arg("istio").run().code(2).warns("that differ");
}
