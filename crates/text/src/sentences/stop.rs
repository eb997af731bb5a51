//! The signs at the end of a sentence.

use super::signs::{is_closer, is_picture, is_stop, is_wide_stop};
use crate::model::Language;

/// A run of signs that may end a sentence, with the quotes and brackets that it closes.
pub struct Stop {
    /// Where it begins; of several the last, as only that one counts.
    pub at: usize,
    /// One past its last sign.
    pub end: usize,
    /// What it is made of.
    pub sign: Sign,
    /// Closes a quote or a bracket.
    pub has_closer: bool,
}

impl Stop {
    /// The stop that begins at `at`.
    pub fn read(text: &str, at: usize, language: Language) -> Self {
        let mut sign: Option<Sign> = None;
        let mut stop = Self { at, end: at, sign: Sign::Other, has_closer: false };
        for c in text.get(at..).unwrap_or_default().chars() {
            if is_stop(c) {
                if stop.has_closer {
                    // `(?).`: what counts is the sign outside.
                    sign = None;
                    stop.at = stop.end;
                    stop.has_closer = false;
                }
                let next = Sign::of(c);
                sign = Some(sign.map_or(next, |sign| sign.and(next)));
            } else if is_closer(c) {
                stop.has_closer = true;
            } else if !is_picture(c) {
                break;
            }
            stop.end += c.len_utf8();
        }
        stop.sign = sign.unwrap_or(Sign::Other);
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

/// What a [`Stop`] is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// One full stop, which may belong to an abbreviation.
    Dot,
    /// `…`, `?`, `...`, `?.`
    Other,
    /// With a `!`, which may belong to a name.
    Exclaimed,
    /// With a sign that needs no space after it.
    Wide,
}

impl Sign {
    fn of(c: char) -> Self {
        match c {
            '.' => Self::Dot,
            '!' => Self::Exclaimed,
            _ if is_wide_stop(c) => Self::Wide,
            _ => Self::Other,
        }
    }

    /// The kind of a run of signs with one more.
    fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Wide, _) | (_, Self::Wide) => Self::Wide,
            (Self::Exclaimed, _) | (_, Self::Exclaimed) => Self::Exclaimed,
            _ => Self::Other,
        }
    }
}
