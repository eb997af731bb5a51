//! A word with all that is joined to it to the pieces that are searched: parts, and wholes over parts.

use std::ops::Range;

use super::{
    address::Address,
    clitics,
    folding::{cut, push_lower},
    number::{self, Reading},
    stemming::MAX_TERM,
};
use crate::model::Language;

/// The most bytes of one part that are looked at.
const MAX_RAW: usize = 256;

/// The most parts that are also searched as one word.
const MAX_JOINED: usize = 4;

/// What stands between two parts of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joiner {
    /// Nothing: the first part.
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
pub struct Segment {
    /// Its bytes.
    pub source: Range<usize>,
    /// What stands before it.
    pub joiner: Joiner,
    /// Ends with `++` or `#`.
    pub has_sign: bool,
    /// In lower case, within the buffer.
    pub lower: Range<usize>,
}

/// What becomes a term.
#[derive(Debug, Clone)]
pub struct Piece {
    /// In lower case, within the buffer.
    pub text: Range<usize>,
    /// Its bytes.
    pub source: Range<usize>,
    /// Is made of the pieces that follow, and shares the first one's position.
    pub is_whole: bool,
}

/// The pieces of one word, in the order of their positions.
#[derive(Default)]
pub struct Pieces {
    pieces: Vec<Piece>,
}

impl Segment {
    /// A segment that was not looked into yet.
    #[must_use]
    pub fn new(source: Range<usize>, joiner: Joiner) -> Self {
        Self { source, joiner, has_sign: false, lower: 0..0 }
    }

    fn is_tight(&self) -> bool {
        !matches!(self.joiner, Joiner::Hyphen | Joiner::Slash | Joiner::Colon)
    }
}

impl Pieces {
    /// The pieces.
    pub fn iter(&self) -> std::slice::Iter<'_, Piece> {
        self.pieces.iter()
    }

    /// An address gives its host in one word, and the host's name.
    pub fn address(&mut self, text: &str, address: &Address, lower: &mut String) {
        self.pieces.clear();
        lower.clear();
        let host = text.get(address.host.clone()).unwrap_or_default();
        let push = |words: &str, lower: &mut String| {
            cut(words, MAX_RAW).split(['.', '-']).for_each(|word| push_lower(word, lower));
        };
        push(host, lower);
        let whole = 0..lower.len();
        push(text.get(address.name.clone()).unwrap_or_default(), lower);
        let name = whole.end..lower.len();
        self.push(whole, address.host.clone(), true);
        self.push(name, address.name.clone(), false);
    }

    /// Finds the pieces of a word.
    pub fn resolve(&mut self, text: &str, segments: &mut [Segment], language: Language, lower: &mut String) {
        self.pieces.clear();
        lower.clear();
        for segment in segments.iter_mut() {
            let from = lower.len();
            let raw = cut(text.get(segment.source.clone()).unwrap_or_default(), MAX_RAW);
            let letters = raw.trim_end_matches(['+', '#']);
            push_lower(letters, lower);
            lower.push_str(raw.get(letters.len()..).unwrap_or_default());
            segment.lower = from..lower.len();
        }
        for unit in segments.chunk_by(|_, next| next.is_tight()) {
            self.unit(unit, language, lower);
        }
        self.join_units(segments, lower);
    }

    /// Segments joined by signs within words: one number, one name, or a word with its article.
    fn unit(&mut self, segments: &[Segment], language: Language, lower: &mut String) {
        let segments = clitics::without(segments, lower);
        let all = |joiner| segments.iter().skip(1).all(|segment| segment.joiner == joiner);
        if let [only] = segments {
            self.word(only, lower);
            return;
        }
        match number::read(segments, language, lower) {
            Reading::One(number) => return self.number(&number, segments, lower),
            Reading::Several => return self.words(segments, lower),
            Reading::Words => {}
        }
        if all(Joiner::Apostrophe) {
            self.with_apostrophes(segments, language, lower);
        } else if all(Joiner::Dot) {
            self.dotted(segments, lower);
        } else if all(Joiner::Ampersand) && segments.len() == 2 {
            self.with_ampersand(segments, lower);
        } else {
            self.words(segments, lower);
        }
    }

    fn words(&mut self, segments: &[Segment], lower: &str) {
        for segment in segments {
            self.word(segment, lower);
        }
    }

    /// `v3` is also found as `3`, and `multicloud` as `multi cloud`.
    fn word(&mut self, segment: &Segment, lower: &str) {
        let word = lower.get(segment.lower.clone()).unwrap_or_default();
        let head = if segment.has_sign {
            None
        } else if word.len() <= 4 && number::is_version(word) {
            Some(1)
        } else {
            is_multi(word).then_some("multi".len())
        };
        let Some(head) = head else {
            self.push(segment.lower.clone(), segment.source.clone(), false);
            return;
        };
        self.push(segment.lower.clone(), segment.source.clone(), true);
        // Both heads are ASCII, but their source may be written at full width: then the parts share it.
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

    fn number(&mut self, number: &str, segments: &[Segment], lower: &mut String) {
        let from = lower.len();
        lower.push_str(number);
        self.push(from..lower.len(), source(segments), false);
    }

    fn with_apostrophes(&mut self, segments: &[Segment], language: Language, lower: &mut String) {
        let Some((first, rest)) = segments.split_first() else { return };
        if clitics::is_elided(lower.get(first.lower.clone()).unwrap_or_default(), language) {
            self.word(first, lower);
            self.whole(rest, lower, false);
        } else {
            self.whole(segments, lower, false);
        }
    }

    /// `U.S.` is `us`; `node.js` is `nodejs`, and also its parts.
    fn dotted(&mut self, segments: &[Segment], lower: &mut String) {
        let is_acronym =
            segments.iter().all(|s| lower.get(s.lower.clone()).is_some_and(|word| word.chars().count() == 1));
        if is_acronym {
            self.whole(segments, lower, false);
            return;
        }
        if segments.len() <= MAX_JOINED {
            self.whole(segments, lower, true);
        }
        self.words(segments, lower);
    }

    /// `1&1`, `at&t` and `q&a` are one word; of longer words each is its own.
    fn with_ampersand(&mut self, segments: &[Segment], lower: &mut String) {
        if segments.iter().any(|segment| segment.lower.len() > 3) {
            self.words(segments, lower);
            return;
        }
        let from = lower.len();
        for (at, segment) in segments.iter().enumerate() {
            lower.push_str(if at == 0 { "" } else { "&" });
            lower.extend_from_within(segment.lower.clone());
        }
        self.push(from..lower.len(), source(segments), false);
    }

    /// A compound is also searched as one word: `multi-cloud`, `CI/CD`, `re:Invent`.
    fn join_units(&mut self, segments: &[Segment], lower: &mut String) {
        let Some((first, rest)) = segments.split_first() else { return };
        let Some(joiner) = rest.iter().map(|s| s.joiner).find(|j| is_loose(*j)) else { return };
        let units = 1 + rest.iter().filter(|segment| is_loose(segment.joiner)).count();
        let one_joiner = rest.iter().all(|s| s.joiner == joiner || s.is_tight());
        let words = || segments.iter().map(|s| lower.get(s.lower.clone()).unwrap_or_default());
        let has_letters = words().any(|word| word.contains(char::is_alphabetic));
        let is_plain = || words().all(|word| word.chars().all(char::is_alphabetic));
        let joins = match joiner {
            Joiner::Slash => is_plain() && words().all(|word| word.len() <= 4),
            Joiner::Colon => is_plain() && units == 2 && first.lower.len() <= 3,
            _ => has_letters,
        };
        if joins && one_joiner && units <= MAX_JOINED {
            let at = self.pieces.len();
            let end = clitics::without(segments, lower).len();
            self.whole(segments.get(..end).unwrap_or(segments), lower, true);
            // One that is too long for a term was left out.
            if let Some(pieces) = self.pieces.get_mut(..=at) {
                pieces.rotate_right(1);
            }
        }
    }

    /// All segments as one word.
    fn whole(&mut self, segments: &[Segment], lower: &mut String, is_whole: bool) {
        let from = lower.len();
        for segment in segments {
            lower.extend_from_within(segment.lower.clone());
        }
        if !is_whole || lower.len() - from <= MAX_TERM {
            self.push(from..lower.len(), source(segments), is_whole);
        }
    }

    fn push(&mut self, text: Range<usize>, source: Range<usize>, is_whole: bool) {
        self.pieces.push(Piece { text, source, is_whole });
    }
}

fn is_loose(joiner: Joiner) -> bool {
    matches!(joiner, Joiner::Hyphen | Joiner::Slash | Joiner::Colon)
}

fn source(segments: &[Segment]) -> Range<usize> {
    let start = segments.first().map_or(0, |segment| segment.source.start);
    start..segments.last().map_or(start, |segment| segment.source.end)
}

/// Whether a word is `multi` and a word; `multiple`, `multiply` and `multitude` are not.
fn is_multi(word: &str) -> bool {
    word.strip_prefix("multi").is_some_and(|rest| {
        rest.len() >= 4
            && rest.bytes().all(|byte| byte.is_ascii_lowercase())
            && !rest.starts_with("pl")
            && !rest.starts_with("tud")
    })
}
