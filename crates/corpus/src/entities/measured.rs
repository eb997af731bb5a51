//! Measures the mentions in the collected posts, if they are present, against the labels of
//! `tests/questions/mentions.jsonl`.

use super::{EntityKind, EntityTable};
use crate::testing::{Halves, has_hash, is_for_choosing, read_shared_post};
use serde::Deserialize;
use std::collections::HashMap;
use takeaways_testing::shared_data::shared_posts;

/// What was reached on the half for choosing and on that for checking, precision and recall in percent. Less is a step back.
const REACHED: [(usize, usize); 2] = [(100, 100), (98, 91)];

/// A line of the labels: what a word of a post means.
#[derive(Deserialize)]
struct Label {
    /// The name of the file, without folders.
    post: String,
    /// The place of the word in the readable text.
    span: (usize, usize),
    /// The place of the sentence that it stands in.
    sentence: (usize, usize),
    /// The XXH3 hash of the sentence, as hexadecimal digits.
    hash: String,
    /// What is named; `None` if the word names no project and no company.
    #[serde(rename = "label")]
    kind: Option<LabelKind>,
}

#[derive(Deserialize, PartialEq, Clone, Copy, Debug)]
#[serde(rename_all = "snake_case")]
enum LabelKind {
    Project,
    Company,
}

impl Label {
    fn is_of(&self, kind: EntityKind) -> bool {
        let expected = match kind {
            EntityKind::Project => LabelKind::Project,
            EntityKind::Company => LabelKind::Company,
        };
        self.kind == Some(expected)
    }
}

#[test]
fn mentions_are_those_that_a_reader_marked() {
    let Some(folder) = shared_posts() else { return };
    let labels = include_str!("../../../../tests/questions/mentions.jsonl").lines();
    let labels: Vec<Label> = labels.map(|line| serde_json::from_str(line).expect("a label")).collect();
    let mut texts: HashMap<&str, String> = HashMap::new();
    let mut halves = Halves::default();
    for label in &labels {
        let text =
            texts.entry(&label.post).or_insert_with(|| read_shared_post(&folder, &label.post).body.text);
        let sentence = text.get(label.sentence.0..label.sentence.1).expect("a place");
        assert!(has_hash(sentence, &label.hash), "{} {:?} has other words", label.post, label.span);
        let mentions = EntityTable::builtin().mentions_of_post(text, None);
        let (start, end) = label.span;
        let over: Vec<EntityKind> = mentions
            .iter()
            .filter(|mention| mention.span.start < end && start < mention.span.end)
            .map(|mention| mention.kind)
            .collect();
        let is_right = over.iter().any(|kind| label.is_of(*kind));
        let counts = halves.of(&label.post);
        counts.labelled += usize::from(label.kind.is_some());
        counts.found += usize::from(!over.is_empty());
        counts.right += usize::from(is_right);
        if is_for_choosing(&label.post) && !is_right && (label.kind.is_some() || !over.is_empty()) {
            println!("{} {:?}: {over:?} for {:?}", label.post, label.span, label.kind);
        }
    }
    halves.assert_reach("mentions", REACHED);
}
