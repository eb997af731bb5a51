//! `takeaways-eval judged`, over posts and grades of our own.

use serde_json::json;
use takeaways_testing::{CliRun, TempCorpus};
use xxhash_rust::xxh3::xxh3_64;

use crate::Cli;

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
    run.says("first excerpt answers                  0 of 1, 0.000")
        .says("1 shown but not judged: a #1")
        .says("1 judged but changed since: a otters.md 0..40");
    let report = judged(7, "--format json").code(0).json();
    assert_eq!(report["kind"], json!("graded"));
    assert_eq!(report["unjudged"][0]["span"], json!([0, 40]));
    assert_eq!(report["rows"][0]["metrics"]["first_answers"], json!(0.0));
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
