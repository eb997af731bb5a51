//! Finds how many lines a question asks for: three for "top 3 takeaways".

use std::ops::Range;

use super::MAX_WORDS;
use crate::language;
use crate::model::Language;
use crate::phrases::Words;
use crate::tokens::folding::fold;

/// A larger number is none of lines.
const MAX_ASKED: usize = 20;

/// How many lines a question asks for.
pub(super) struct AskedLines {
    pub lines: usize,
    /// Where it says so: the `top 3` of "top 3 security takeaways". It is no part of a phrase.
    pub place: Range<usize>,
}

impl AskedLines {
    pub fn find(question: &str) -> Option<Self> {
        let words = Words::new(question);
        (0..words.len().min(MAX_WORDS)).find_map(|at| Self::at(question, &words, at))
    }

    fn at(question: &str, words: &Words<'_>, at: usize) -> Option<Self> {
        let range = words.byte_range(at..at + 1);
        let (before, after) = (question.get(..range.start)?, question.get(range.end..)?);
        // No part of "k8s", "1.14" or "10,000".
        let stands_alone = (before.is_empty() || before.ends_with(char::is_whitespace))
            && after.starts_with(char::is_whitespace);
        let shapes = &language::all().shapes;
        let is_counted =
            |next: usize| next < words.len() && shapes.counted_words.contains_folded(words.folded(next));
        if !stands_alone || !(is_counted(at + 1) || is_counted(at + 2)) {
            return None;
        }
        // "Day 2" and "Helm 3" are names.
        let opening = at.checked_sub(1).map(|before| words.folded(before));
        if opening.is_some_and(|word| !shapes.amount_openings.contains_folded(word)) {
            return None;
        }
        let lines =
            number_of(words.original(at), words.folded(at)).filter(|it| (2..=MAX_ASKED).contains(it))?;
        let first = if opening == Some("top") { at - 1 } else { at };
        Some(Self { lines, place: words.byte_range(first..at + 1) })
    }
}

/// The number that a word is, in digits or in any language.
fn number_of(word: &str, folded: &str) -> Option<usize> {
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    // "DoS" is none.
    if word.chars().skip(1).any(char::is_uppercase) {
        return None;
    }
    let position =
        |language: &Language| language.words().shapes.cardinals.iter().position(|it| fold(it) == folded);
    Language::ALL.iter().find_map(position).map(|at| at + 2)
}
