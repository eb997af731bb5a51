//! The least shares of the labels that must be met over the collected posts, if they are present.

use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use takeaways_answer::{Engine, Strictness};
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_eval::labels::{CHOOSING, LabelReport, ask_scopes, hold_conversations, parse_labels};
use takeaways_eval::render::label_report;
use takeaways_search::{CorpusFiles, Index, IndexOptions};
use takeaways_testing::shared_data::shared_posts;
use takeaways_testing::time;

use super::root;

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
