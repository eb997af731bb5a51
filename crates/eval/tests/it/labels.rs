//! Labels by readers: the reports on them, and their split into halves.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use takeaways_answer::{Engine, Strictness};
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_eval::fit::fnv_1a;
use takeaways_eval::labels::{CHOOSING, LabelReport, ask_scopes, hold_conversations, parse_labels};
use takeaways_eval::render::label_report;
use takeaways_eval::shapes::{FactQuestion, ShapeQuestion, training_questions};
use takeaways_search::{CorpusFiles, Index, IndexOptions};
use takeaways_testing::shared_data::shared_posts;
use takeaways_testing::{CliRun, TempCorpus, time};
use xxhash_rust::xxh3::xxh3_64;

use crate::{Cli, root};

/// What was measured when the words were chosen, less two questions.
const SCOPES: f64 = 0.975;
/// The same for each language.
const SCOPES_OF_LANGUAGE: f64 = 0.93;
/// What was measured when the words were chosen, less three turns.
const SCOPES_OF_TURNS: f64 = 0.79;
const ANSWERS: f64 = 0.70;

/// The labels of a file, and an engine over the collected posts.
fn labels_and_engine<T: DeserializeOwned>(name: &str, now: Timestamp) -> Option<(Vec<T>, Engine)> {
    let shared = shared_posts()?;
    let folders = ["seeds", "real"].map(|folder| shared.join(folder)).to_vec();
    let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
    let files = CorpusFiles::list(&corpus, now);
    let (index, _) = Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
    let text =
        std::fs::read_to_string(root().join("tests/questions").join(name)).expect("the labels are there");
    Some((parse_labels(name, &text).expect("labels"), Engine::new(Arc::new(index), Strictness::default())))
}

fn assert_reached(report: &LabelReport, least: impl Fn(&str) -> f64) {
    let rows: Vec<_> = report.rows.iter().filter(|row| row.half == CHOOSING).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(row.right.share.value >= least(&row.what), "{}:\n{}", row.what, label_report(report));
    }
}

#[test]
fn the_scopes_of_labelled_questions_are_found() {
    let now = time("2026-11-21T00:00:00Z");
    let Some((labels, engine)) = labels_and_engine("scopes.jsonl", now) else { return };
    let report = ask_scopes(&engine, &labels, now).expect("scopes");
    assert_reached(&report, |what| if what == "all" { SCOPES } else { SCOPES_OF_LANGUAGE });
}

#[test]
fn labelled_conversations_go_on() {
    let now = time("2026-11-21T00:00:00Z");
    let Some((labels, engine)) = labels_and_engine("conversations.jsonl", now) else { return };
    let report = hold_conversations(engine, &labels, now).expect("replies");
    assert_reached(&report, |what| if what == "scope" { SCOPES_OF_TURNS } else { ANSWERS });
}

const SENTENCE: &str = "The otters of the harbour sleep at noon.";
const QUESTIONS: &str = "{\"id\":\"a\",\"kind\":\"fact\",\"q\":\"when do the otters sleep?\",\"posts\":[\"otters.md\"],\"any\":[\"noon\"]}\n\
                         {\"id\":\"b\",\"kind\":\"none\",\"q\":\"who feeds the seals?\"}\n";

/// Asks with one judgment of the question `a`: the first sentence, whose text has this hash.
fn judged(hash: u64, arguments: &str) -> CliRun {
    let corpus = TempCorpus::new().file("otters.md", format!("---\ntitle: Animals\n---\n\n{SENTENCE}\n"));
    let judgment =
        json!({ "post": "otters.md", "span": [0, SENTENCE.len()], "hash": format!("{hash:x}"), "grade": 3 });
    let line = json!({ "id": "a", "judgments": [judgment] });
    Cli::with_corpus(&corpus)
        .args(&format!("judged q.jsonl --judgments j.jsonl {arguments}"))
        .file("q.jsonl", QUESTIONS)
        .file("j.jsonl", &line.to_string())
        .run()
}

#[test]
fn an_excerpt_has_its_grade() {
    let run = judged(xxh3_64(SENTENCE.as_bytes()), "--format text").code(0).without_warning();
    run.says("1 questions, 1 with an answer")
        .says("nDCG@3 of what is shown                1.000")
        .says("first excerpt answers                  1 of 1, 1.000")
        .does_not_say("not judged")
        .does_not_say("changed since");
}

#[test]
fn a_judgment_of_another_text_counts_as_missing() {
    let run = judged(7, "--format text").code(0);
    run.says("first excerpt answers                  –")
        .says("1 of the first three not judged, 1 of them the first:\n  a #1")
        .says("1 judged but changed since:\n  a otters.md 0..40");
    let report = judged(7, "--format json").code(0).json();
    assert_eq!(report["kind"], json!("graded"));
    assert_eq!(report["unjudged"][0]["span"], json!([0, 40]));
    assert_eq!(report["rows"][0]["metrics"]["first_answers"], json!(null));
}

#[test]
fn wrong_judgments_are_named() {
    let run = |judgments: &str| {
        Cli::new()
            .args("judged q.jsonl --judgments j.jsonl")
            .file("q.jsonl", QUESTIONS)
            .file("j.jsonl", judgments)
            .run()
    };
    run("{}").code(2).warns("the judgments are not right:").warns("j.jsonl:1: missing field `id`");
    run("").code(2).warns("j.jsonl has judgments of none of the questions");
}

#[test]
fn questions_about_one_post_are_in_one_half() {
    for (file, bit) in [("choosing.jsonl", 0), ("checking.jsonl", 1)] {
        let text =
            fs::read_to_string(root().join("tests/questions").join(file)).expect("the questions are there");
        for line in text.lines() {
            let question: Value = serde_json::from_str(line).expect("a line is JSON");
            let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
            let name = text(&question["posts"][0])
                .or_else(|| text(&question["near"]))
                .or_else(|| text(&question["id"]));
            let name = name.expect("a question has a name");
            assert_eq!((fnv_1a(&name) >> 32) & 1, bit, "{file}: {}", question["id"]);
        }
    }
}

#[test]
fn judgments_are_of_questions_of_both_halves_and_of_each_kind() {
    let lines = |file: &str| -> Vec<Value> {
        let text = fs::read_to_string(root().join("tests/questions").join(file)).expect("the file is there");
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    };
    let judged = lines("judgments.jsonl");
    let is_judged = |question: &&Value| judged.iter().any(|line| line["id"] == question["id"]);
    let mut known = 0;
    for half in ["choosing.jsonl", "checking.jsonl"] {
        let questions = lines(half);
        let found: Vec<&Value> = questions.iter().filter(is_judged).collect();
        let kinds = |questions: &[&Value]| -> BTreeSet<String> {
            questions.iter().map(|question| question["kind"].to_string()).collect()
        };
        assert_eq!(kinds(&found), kinds(&questions.iter().collect::<Vec<_>>()), "{half}");
        known += found.len();
    }
    assert_eq!(known, judged.len(), "each judged question is in one of the halves");
    assert!(known >= 400, "{known}");
}

#[test]
fn the_weights_of_shapes_are_fitted_to_the_questions_of_the_repository() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("a file");
    let questions: Vec<ShapeQuestion> =
        parse_labels("shapes.jsonl", &read("tests/questions/shapes.jsonl")).expect("labels");
    let files = ["choosing", "community", "reworded", "choosing_translated"];
    let facts = files.map(|name| {
        let text = read(&format!("tests/questions/{name}.jsonl"));
        parse_labels::<FactQuestion>(name, &text).expect("questions")
    });
    let count = training_questions(&questions, &facts.concat()).len();
    let fitted = read("config/shapes.toml");
    assert!(
        fitted.contains(&format!(", {count} questions\"")),
        "fit them anew: `takeaways-eval shapes --out`"
    );
}
