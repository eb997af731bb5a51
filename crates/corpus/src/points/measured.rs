//! Measures the sides of sentences in the collected posts, if they are present, against the labels of
//! `tests/questions/stances.jsonl`.

use super::stance::judge_sentence;
use crate::testing::{Halves, has_hash, is_for_choosing, read_shared_post};
use serde::Deserialize;
use takeaways_testing::shared_data::shared_posts;
use takeaways_text::model::{Post, Span, Stance};

/// What was reached on the half for choosing and on that for checking, precision and recall in percent. Less is a step back.
const REACHED: [(usize, usize); 2] = [(91, 34), (88, 31)];

/// A line of the labels: the sentences of a post that take a side. Its others take none.
#[derive(Deserialize)]
struct Labels {
    /// The name of the file, without folders.
    post: String,
    marks: Vec<Mark>,
}

#[derive(Deserialize)]
struct Mark {
    /// The place of the sentence in the readable text.
    span: (usize, usize),
    /// The XXH3 hash of the sentence, as hexadecimal digits.
    hash: String,
    /// The side; `None` if the reader was not sure that there is one.
    stance: Option<Side>,
}

#[derive(Deserialize, PartialEq, Clone, Copy, Debug)]
#[serde(rename_all = "snake_case")]
enum Side {
    For,
    Against,
    /// Something is for it, and something against it.
    Between,
}

#[test]
fn sides_are_those_that_a_reader_saw() {
    let Some(folder) = shared_posts() else { return };
    let labels = include_str!("../../../../tests/questions/stances.jsonl").lines();
    let mut halves = Halves::default();
    for line in labels {
        let Labels { post: name, marks } = serde_json::from_str(line).expect("labels");
        let Post { body, language, .. } = read_shared_post(&folder, &name);
        for mark in &marks {
            let words = body.text.get(mark.span.0..mark.span.1).expect("a place");
            assert!(has_hash(words, &mark.hash), "{name} {:?} has other words", mark.span);
        }
        let counts = halves.of(&name);
        counts.labelled += marks.iter().filter(|mark| mark.stance.is_some()).count();
        for sentence in body.passages.iter().flat_map(|passage| body.sentences_of(passage)) {
            let text = body.slice(sentence.span);
            let Some(found) = judge_sentence(text, language).side else { continue };
            let overlaps = |mark: &&Mark| {
                Span::new(&body.text, mark.span.0..mark.span.1)
                    .is_some_and(|span| span.overlaps(sentence.span))
            };
            let seen: Vec<Option<Side>> = marks.iter().filter(overlaps).map(|mark| mark.stance).collect();
            // Where the reader was not sure, neither side is wrong.
            if seen.contains(&None) {
                continue;
            }
            let side = if found == Stance::For { Side::For } else { Side::Against };
            let is_right = seen.contains(&Some(side));
            counts.found += 1;
            counts.right += usize::from(is_right);
            if is_for_choosing(&name) && !is_right {
                println!("{found:?} for {seen:?}: {text}");
            }
        }
    }
    halves.assert_reach("sides", REACHED);
}
