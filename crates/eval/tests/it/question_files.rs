//! The question files: their split is as documented.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use takeaways_eval::fit::fnv_1a;

use crate::root;

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
