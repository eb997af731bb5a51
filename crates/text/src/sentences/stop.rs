//! The signs at the end of a sentence.

use super::signs::{is_closer, is_emoji, is_sentence_mark, is_spaceless_mark};
use crate::model::Language;

/// A run of signs that may end a sentence, with the quotes and brackets that it closes.
pub struct SentenceMark {
    /// Where it begins; of several the last, as only that one counts.
    pub at: usize,
    /// One past its last sign.
    pub end: usize,
    /// What it is made of.
    pub kind: MarkKind,
    /// Closes a quote or a bracket.
    pub has_closer: bool,
}

impl SentenceMark {
    /// The stop that begins at `at`.
    pub fn parse(text: &str, at: usize, language: Language) -> Self {
        let mut sign: Option<MarkKind> = None;
        let mut stop = Self { at, end: at, kind: MarkKind::Other, has_closer: false };
        for c in text.get(at..).unwrap_or_default().chars() {
            if is_sentence_mark(c) {
                if stop.has_closer {
                    // `(?).`: what counts is the sign outside.
                    sign = None;
                    stop.at = stop.end;
                    stop.has_closer = false;
                }
                let next = MarkKind::from_char(c);
                sign = Some(sign.map_or(next, |sign| sign.combine(next)));
            } else if is_closer(c) {
                stop.has_closer = true;
            } else if !is_emoji(c) {
                break;
            }
            stop.end += c.len_utf8();
        }
        stop.kind = sign.unwrap_or(MarkKind::Other);
        if language == Language::Fr {
            stop.take_spaced_quote(text);
        }
        stop
    }

    /// French puts a space before the quote that closes: `quoi ? »`.
    fn take_spaced_quote(&mut self, text: &str) {
        let rest = text.get(self.end..).unwrap_or_default();
        let mut letters = rest.chars();
        if let (Some(space @ (' ' | '\u{a0}' | '\u{202f}')), Some('»')) = (letters.next(), letters.next()) {
            self.end += space.len_utf8() + '»'.len_utf8();
            self.has_closer = true;
        }
    }
}

/// What a [`SentenceMark`] is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// One full stop, which may belong to an abbreviation.
    Dot,
    /// `…`, `?`, `...`, `?.`
    Other,
    /// With a `!`, which may belong to a name.
    Exclamation,
    /// With a sign that needs no space after it.
    Spaceless,
}

impl MarkKind {
    fn from_char(c: char) -> Self {
        match c {
            '.' => Self::Dot,
            '!' => Self::Exclamation,
            _ if is_spaceless_mark(c) => Self::Spaceless,
            _ => Self::Other,
        }
    }

    /// The kind of a run of signs with one more.
    fn combine(self, next: Self) -> Self {
        match (self, next) {
            (Self::Spaceless, _) | (_, Self::Spaceless) => Self::Spaceless,
            (Self::Exclamation, _) | (_, Self::Exclamation) => Self::Exclamation,
            _ => Self::Other,
        }
    }
}
