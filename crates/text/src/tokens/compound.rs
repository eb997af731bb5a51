//! Splits a word with joining signs into its searchable pieces.
//!
//! A piece is a part of the word, a whole over several parts, a number or a version.

use super::{
    address::AddressSpans,
    folding::{push_lowercase, truncate},
    stemming::MAX_TERM,
};
use crate::model::Language;
use std::ops::Range;

/// The maximum number of bytes that are read of a part.
const MAX_RAW: usize = 256;

/// The maximum number of parts that are also searched as one word.
const MAX_JOINED: usize = 4;

/// The sign between two parts of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joiner {
    /// Nothing, before the first part.
    None,
    /// `-`, `_`, or the space after a prefix.
    Hyphen,
    /// `/`
    Slash,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `'`
    Apostrophe,
    /// `&`
    Ampersand,
    /// `,` between digits.
    Comma,
}

/// A run of letters and digits within a word.
#[derive(Debug, Clone)]
pub(crate) struct WordSegment {
    /// Its bytes.
    pub source: Range<usize>,
    /// The sign before it.
    pub joiner: Joiner,
    /// Whether it ends with `++` or `#`.
    pub has_sign: bool,
    /// The lower-case form, as a range of the buffer.
    pub lower: Range<usize>,
}

/// A piece that becomes a term.
#[derive(Debug, Clone)]
pub(crate) struct TermPiece {
    /// The lower-case form, as a range of the buffer.
    pub text: Range<usize>,
    /// Its bytes.
    pub source: Range<usize>,
    /// Whether it spans the pieces that follow. It shares the position of the first of them.
    pub is_whole: bool,
}

/// The pieces of a word, in the order of their positions.
#[derive(Default)]
pub(crate) struct CompoundSplitter {
    pieces: Vec<TermPiece>,
}

impl WordSegment {
    /// A segment that is not yet split.
    pub(crate) fn new(source: Range<usize>, joiner: Joiner) -> Self {
        Self { source, joiner, has_sign: false, lower: 0..0 }
    }

    fn word<'l>(&self, lower: &'l str) -> &'l str {
        lower.get(self.lower.clone()).unwrap_or_default()
    }
}

impl Joiner {
    /// Whether the parts at its sides are words of their own.
    fn is_loose(self) -> bool {
        matches!(self, Self::Hyphen | Self::Slash | Self::Colon)
    }
}

impl CompoundSplitter {
    /// The pieces.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, TermPiece> {
        self.pieces.iter()
    }

    /// Adds the pieces of an address: its host as one word, and its registered name.
    pub(crate) fn split_address(&mut self, text: &str, address: &AddressSpans, lower: &mut String) {
        self.pieces.clear();
        lower.clear();
        let host = text.get(address.host.clone()).unwrap_or_default();
        let push = |words: &str, lower: &mut String| {
            truncate(words, MAX_RAW).split(['.', '-']).for_each(|word| push_lowercase(word, lower));
        };
        push(host, lower);
        let whole = 0..lower.len();
        push(text.get(address.name.clone()).unwrap_or_default(), lower);
        let name = whole.end..lower.len();
        self.push(whole, address.host.clone(), true);
        self.push(name, address.name.clone(), false);
    }

    /// Finds the pieces of a word.
    pub(crate) fn split_word(
        &mut self,
        text: &str,
        segments: &mut [WordSegment],
        language: Language,
        lower: &mut String,
    ) {
        self.pieces.clear();
        lower.clear();
        for segment in segments.iter_mut() {
            let from = lower.len();
            let raw = truncate(text.get(segment.source.clone()).unwrap_or_default(), MAX_RAW);
            let letters = raw.trim_end_matches(['+', '#']);
            push_lowercase(letters, lower);
            lower.push_str(raw.get(letters.len()..).unwrap_or_default());
            segment.lower = from..lower.len();
        }
        for unit in segments.chunk_by(|_, next| !next.joiner.is_loose()) {
            self.split_unit(unit, language, lower);
        }
        self.push_joined_units(segments, lower);
    }

    /// Finds the pieces of segments without a loose joiner: a number, a name, or a word with its article.
    fn split_unit(&mut self, segments: &[WordSegment], language: Language, lower: &mut String) {
        let segments = without_contraction(segments, lower);
        let all = |joiner| segments.iter().skip(1).all(|segment| segment.joiner == joiner);
        if let [only] = segments {
            self.push_word(only, lower);
            return;
        }
        match parse_number(segments, language, lower) {
            NumberReading::One(number) => return self.push_number(&number, segments, lower),
            NumberReading::Several => return self.push_words(segments, lower),
            NumberReading::Words => {}
        }
        if all(Joiner::Apostrophe) {
            self.split_at_apostrophes(segments, language, lower);
        } else if all(Joiner::Dot) {
            self.split_at_dots(segments, lower);
        } else if all(Joiner::Ampersand) && segments.len() == 2 {
            self.split_at_ampersand(segments, lower);
        } else {
            self.push_words(segments, lower);
        }
    }

    fn push_words(&mut self, segments: &[WordSegment], lower: &str) {
        for segment in segments {
            self.push_word(segment, lower);
        }
    }

    /// `v3` is also found by `3`, and `multicloud` by `multi cloud`.
    fn push_word(&mut self, segment: &WordSegment, lower: &str) {
        let word = segment.word(lower);
        let head = if segment.has_sign {
            None
        } else if word.len() <= 4 && is_version(word) {
            Some(1)
        } else {
            is_multi_compound(word).then_some("multi".len())
        };
        let Some(head) = head else {
            self.push(segment.lower.clone(), segment.source.clone(), false);
            return;
        };
        self.push(segment.lower.clone(), segment.source.clone(), true);
        // Both heads are ASCII, but their source may be written in full width. Then the parts share its bytes.
        let is_plain = segment.source.len() == segment.lower.len();
        let source = &segment.source;
        let split = source.start + head;
        let [start, end] = if is_plain {
            [source.start..split, split..source.end]
        } else {
            [source.clone(), source.clone()]
        };
        if head > 1 {
            self.push(segment.lower.start..segment.lower.start + head, start, false);
        }
        self.push(segment.lower.start + head..segment.lower.end, end, false);
    }

    fn push_number(&mut self, number: &str, segments: &[WordSegment], lower: &mut String) {
        let from = lower.len();
        lower.push_str(number);
        self.push(from..lower.len(), source_range(segments), false);
    }

    fn split_at_apostrophes(&mut self, segments: &[WordSegment], language: Language, lower: &mut String) {
        let Some((first, rest)) = segments.split_first() else { return };
        if language.words().tokens.elisions.contains(first.word(lower)) {
            self.push_word(first, lower);
            self.push_whole(rest, lower, false);
        } else {
            self.push_whole(segments, lower, false);
        }
    }

    /// `U.S.` becomes `us`; `node.js` becomes `nodejs`, with its parts.
    fn split_at_dots(&mut self, segments: &[WordSegment], lower: &mut String) {
        let is_acronym = segments.iter().all(|segment| segment.word(lower).chars().count() == 1);
        if is_acronym {
            self.push_whole(segments, lower, false);
            return;
        }
        if segments.len() <= MAX_JOINED {
            self.push_whole(segments, lower, true);
        }
        self.push_words(segments, lower);
    }

    /// `1&1`, `at&t` and `q&a` become one word. Longer words around `&` stay apart.
    fn split_at_ampersand(&mut self, segments: &[WordSegment], lower: &mut String) {
        if segments.iter().any(|segment| segment.lower.len() > 3) {
            self.push_words(segments, lower);
            return;
        }
        let from = lower.len();
        for (at, segment) in segments.iter().enumerate() {
            lower.push_str(if at == 0 { "" } else { "&" });
            lower.extend_from_within(segment.lower.clone());
        }
        self.push(from..lower.len(), source_range(segments), false);
    }

    /// Adds the compound as one word: `multi-cloud`, `CI/CD`, `re:Invent`.
    fn push_joined_units(&mut self, segments: &[WordSegment], lower: &mut String) {
        let Some((first, rest)) = segments.split_first() else { return };
        let Some(joiner) = rest.iter().map(|s| s.joiner).find(|joiner| joiner.is_loose()) else { return };
        let units = 1 + rest.iter().filter(|segment| segment.joiner.is_loose()).count();
        let one_joiner = rest.iter().all(|s| s.joiner == joiner || !s.joiner.is_loose());
        let words = || segments.iter().map(|segment| segment.word(lower));
        let has_letters = words().any(|word| word.contains(char::is_alphabetic));
        let is_plain = || words().all(|word| word.chars().all(char::is_alphabetic));
        let is_joined = match joiner {
            Joiner::Slash => is_plain() && words().all(|word| word.len() <= 4),
            Joiner::Colon => is_plain() && units == 2 && first.lower.len() <= 3,
            _ => has_letters,
        };
        if is_joined && one_joiner && units <= MAX_JOINED {
            let at = self.pieces.len();
            self.push_whole(without_contraction(segments, lower), lower, true);
            // There is no whole if it is too long for a term.
            if let Some(pieces) = self.pieces.get_mut(..=at) {
                pieces.rotate_right(1);
            }
        }
    }

    /// Adds all segments as one word. A whole that is too long for a term is left out.
    fn push_whole(&mut self, segments: &[WordSegment], lower: &mut String, is_whole: bool) {
        let from = lower.len();
        for segment in segments {
            lower.extend_from_within(segment.lower.clone());
        }
        if !is_whole || lower.len() - from <= MAX_TERM {
            self.push(from..lower.len(), source_range(segments), is_whole);
        }
    }

    fn push(&mut self, text: Range<usize>, source: Range<usize>, is_whole: bool) {
        self.pieces.push(TermPiece { text, source, is_whole });
    }
}

/// The segments without a contraction at their end: `Kubernetes` of `Kubernetes's`.
fn without_contraction<'s>(segments: &'s [WordSegment], lower: &str) -> &'s [WordSegment] {
    match segments {
        [rest @ .., last]
            if !rest.is_empty()
                && last.joiner == Joiner::Apostrophe
                && crate::language::all().tokens.contractions.contains(last.word(lower)) =>
        {
            rest
        }
        _ => segments,
    }
}

fn source_range(segments: &[WordSegment]) -> Range<usize> {
    let start = segments.first().map_or(0, |segment| segment.source.start);
    start..segments.last().map_or(start, |segment| segment.source.end)
}

/// Whether a word is `multi` followed by a word. `multiple`, `multiply` and `multitude` are not.
fn is_multi_compound(word: &str) -> bool {
    word.strip_prefix("multi").is_some_and(|rest| {
        rest.len() >= 4
            && rest.bytes().all(|byte| byte.is_ascii_lowercase())
            && !rest.starts_with("pl")
            && !rest.starts_with("tud")
    })
}

/// The meaning of segments that full stops and commas join.
enum NumberReading {
    /// Not a number.
    Words,
    /// Several numbers: a date, or a list without spaces.
    Several,
    /// One number in its searchable form: `12000`, `1.16`.
    One(String),
}

/// Whether a lower-case word is a version with one number, such as `v3`.
fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(is_digits)
}

/// Parses the segments of a word as a number.
fn parse_number(segments: &[WordSegment], language: Language, lower: &str) -> NumberReading {
    let words: Vec<&str> = segments.iter().map(|segment| segment.word(lower)).collect();
    let Some((&first, rest)) = words.split_first() else { return NumberReading::Words };
    let joined = segments.iter().skip(1).all(|s| matches!(s.joiner, Joiner::Dot | Joiner::Comma));
    let numeric = rest.iter().all(|word| *word == "x" || word.starts_with(|c: char| c.is_ascii_digit()));
    if !joined || !numeric || !(is_digits(first) || is_version(first)) {
        return NumberReading::Words;
    }
    if is_date(&words) {
        return NumberReading::Several;
    }
    parse_single_number(segments, &words, language)
}

fn parse_single_number(segments: &[WordSegment], words: &[&str], language: Language) -> NumberReading {
    let parts = || segments.iter().map(|s| s.joiner).zip(words.iter().copied()).skip(1);
    let first = words.first().copied().unwrap_or_default();
    let by_three = |sign| first.len() <= 3 && parts().filter(|p| p.0 == sign).all(|p| is_three_digits(p.1));
    let commas = parts().filter(|(joiner, _)| *joiner == Joiner::Comma).count();
    let comma_is_point = commas > 0 && !by_three(Joiner::Comma);
    let last_is_comma = segments.last().is_some_and(|s| s.joiner == Joiner::Comma);
    if comma_is_point && !(language.words().writing.decimal_comma && commas == 1 && last_is_comma) {
        return NumberReading::Several;
    }
    let dot_groups = language.words().writing.decimal_comma && by_three(Joiner::Dot);
    let mut number = first.trim_start_matches('v').to_owned();
    for (joiner, part) in parts() {
        let is_point = if joiner == Joiner::Comma { comma_is_point } else { !dot_groups };
        number.push_str(if is_point { "." } else { "" });
        number.push_str(part);
    }
    NumberReading::One(number)
}

/// `23.08.2025`
fn is_date(words: &[&str]) -> bool {
    matches!(words, [day, month, year] if day.len() <= 2 && month.len() <= 2 && year.len() == 4 && is_digits(year))
}

fn is_three_digits(word: &str) -> bool {
    word.len() == 3 && is_digits(word)
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
