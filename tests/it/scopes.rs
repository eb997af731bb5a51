//! The scopes of labelled questions: which events, years and authors they mean.

use std::collections::BTreeMap;
use std::fs;

use jiff::Timestamp;
use serde::Deserialize;
use takeaways_answer::Request;
use takeaways_testing::time;
use takeaways_text::model::{Missing, Scope, Years};

use crate::harness::{engine_over, root, shared_posts};

/// The least share of the half `choosing` that must be right: what was measured when the words were chosen, less two
/// questions.
const MIN_RIGHT: f64 = 0.975;
/// The same for each language.
const MIN_RIGHT_OF_LANGUAGE: f64 = 0.93;

/// A question with what it means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    lang: String,
    #[serde(rename = "q")]
    question: String,
    events: Vec<String>,
    first: Option<i16>,
    last: Option<i16>,
    authors: Vec<String>,
    /// Whether it names an event or a time that no post is about.
    #[serde(default)]
    missing: bool,
    half: String,
}

impl Labelled {
    fn means(&self, scope: &Scope, missing: &[Missing]) -> bool {
        if self.missing {
            return scope.events.is_empty() && !missing.is_empty();
        }
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        let years = self.last.map(|last| Years::between(self.first.unwrap_or(Years::FIRST), last));
        let events = scope.events.iter().map(|event| event.0.clone()).collect();
        missing.is_empty()
            && scope.years == years
            && sorted(events) == sorted(self.events.clone())
            && sorted(scope.authors.clone()) == sorted(self.authors.clone())
    }
}

#[test]
fn the_scopes_of_labelled_questions_are_found() {
    let Some(shared) = shared_posts() else { return };
    let now: Timestamp = time("2026-11-21T00:00:00Z");
    let folders = ["seeds", "real"].map(|folder| shared.join(folder)).to_vec();
    let engine = engine_over(folders, now);
    let mut scores: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
    let text =
        fs::read_to_string(root().join("tests/questions/scopes.jsonl")).expect("the questions are there");
    for line in text.lines() {
        let labelled: Labelled = serde_json::from_str(line).expect(line);
        let question = labelled.question.parse().expect("a question");
        let request = Request::new(question, 3, now);
        let (scope, missing) = engine.scope(&request).expect("a scope");
        let is_right = labelled.means(&scope, &missing);
        if !is_right {
            println!("{}: {} {}: {scope:?} {missing:?}", labelled.half, labelled.lang, labelled.question);
        }
        for key in ["all", &labelled.lang] {
            let (right, all) = scores.entry((labelled.half.clone(), key.to_owned())).or_default();
            *right += u32::from(is_right);
            *all += 1;
        }
    }
    let share = |(right, all): (u32, u32)| f64::from(right) / f64::from(all);
    for ((half, key), score) in &scores {
        println!("{half} {key}: {} of {}, {:.3}", score.0, score.1, share(*score));
    }
    for ((half, key), score) in scores.into_iter().filter(|((half, _), _)| half == "choosing") {
        let least = if key == "all" { MIN_RIGHT } else { MIN_RIGHT_OF_LANGUAGE };
        assert!(share(score) >= least, "{half} {key}: {:.3}", share(score));
    }
}
