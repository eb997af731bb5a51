//! Measures the speakers of the collected posts, if they are present, against the labels of `tests/questions/speakers.jsonl`.

use super::names::letters;
use crate::testing::{Halves, has_hash, is_for_choosing, read_shared_post};
use serde::Deserialize;
use takeaways_testing::shared_data::shared_posts;
use takeaways_text::model::Span;

/// What was reached on the half for choosing and on that for checking, precision and recall in percent. Less is a step back.
const REACHED: [(usize, usize); 2] = [(100, 88), (90, 52)];

/// A line of the labels: whose words a place of a post is.
#[derive(Deserialize)]
struct Label {
    /// The name of the file, without folders.
    post: String,
    /// The place in the readable text.
    span: (usize, usize),
    /// The XXH3 hash of the words there, as hexadecimal digits.
    hash: String,
    /// The person; `None` for the author.
    speaker: Option<String>,
}

impl Label {
    fn is_of(&self, name: &str) -> bool {
        self.speaker.as_deref().is_some_and(|speaker| letters(speaker) == letters(name))
    }
}

#[test]
fn speakers_are_those_that_readers_named() {
    let Some(folder) = shared_posts() else { return };
    let labels = include_str!("../../../../tests/questions/speakers.jsonl").lines();
    let labels: Vec<Label> = labels.map(|line| serde_json::from_str(line).expect("a label")).collect();
    let mut halves = Halves::default();
    for label in &labels {
        let body = read_shared_post(&folder, &label.post).body;
        let span = Span::new(&body.text, label.span.0..label.span.1).expect("a place");
        assert!(has_hash(body.slice(span), &label.hash), "{} {:?} has other words", label.post, label.span);
        let counts = halves.of(&label.post);
        let found = body.speaker_at(span);
        counts.labelled += usize::from(label.speaker.is_some());
        counts.found += usize::from(found.is_some());
        counts.right += usize::from(found.is_some_and(|name| label.is_of(name)));
        if is_for_choosing(&label.post) && found.is_some_and(|name| !label.is_of(name)) {
            println!("{} {:?}: {found:?} for {:?}", label.post, label.span, label.speaker);
        }
    }
    halves.assert_reach("speakers", REACHED);
}
