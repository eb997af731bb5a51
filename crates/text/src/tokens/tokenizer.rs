//! Splits text into words, in one pass over the bytes.
//!
//! Plain English words take a fast path.

use super::{
    address,
    compound::{CompoundSplitter, Joiner, WordSegment},
    folding::{CharClass, char_class, continues_syllable, push_lowercase, truncate},
    stemming::{MAX_TERM, StemCache, keeps_first_letter},
};
use crate::{model::Language, script::Script};
use std::ops::Range;

/// The maximum number of parts of a written word. A longer one continues as another word.
const MAX_SEGMENTS: usize = 16;

/// Prefixes that are also written as words of their own: `multi cloud`.
const PREFIXES: [&str; 5] = ["multi", "micro", "hyper", "inter", "anti"];

/// Buffers that one pass leaves for the next.
#[derive(Default)]
pub(crate) struct TokenizerBuffers {
    stem_cache: StemCache,
    lower: String,
    segments: Vec<WordSegment>,
    splitter: CompoundSplitter,
}

/// One pass over a text.
pub(crate) struct Tokenizer<'t, F> {
    text: &'t str,
    language: Language,
    /// The bytes that the terms of plain words must begin with; `None` if any may.
    wanted: Option<&'t [bool; 256]>,
    at: usize,
    position: u32,
    buffers: &'t mut TokenizerBuffers,
    each: &'t mut F,
}

impl<'t, F: FnMut(&str, Range<usize>, u32)> Tokenizer<'t, F> {
    /// A pass. It calls `each` with each term, its bytes and its position. It may leave out terms that begin with other bytes than
    /// the `wanted` ones.
    pub(crate) fn new(
        text: &'t str,
        language: Language,
        wanted: &'t [bool; 256],
        buffers: &'t mut TokenizerBuffers,
        each: &'t mut F,
    ) -> Self {
        let wanted = Some(wanted).filter(|_| keeps_first_letter(language));
        Self { text, language, wanted, at: 0, position: 0, buffers, each }
    }

    /// Processes the whole text.
    pub(crate) fn run(mut self) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' => {
                    if !self.scan_plain_word() {
                        self.scan_compound();
                    }
                }
                b'0'..=b'9' => self.scan_compound(),
                b'.' => self.scan_dot(),
                0..=0x7f => self.at += 1,
                _ => self.scan_non_ascii(),
            }
        }
    }

    /// The fast path: a run of ASCII letters with a plain end. Returns false, and does nothing, if the word continues.
    fn scan_plain_word(&mut self) -> bool {
        let rest = self.bytes_from(self.at);
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let continues = match (rest.get(length), rest.get(length + 1)) {
            (Some(b'0'..=b'9' | b'+' | b'#' | 0x80..), _) | (Some(b':'), Some(b'/')) => true,
            (Some(b'-' | b'.' | b'\'' | b'_' | b'/' | b'&' | b':'), Some(&after)) => {
                after.is_ascii_alphanumeric() || after >= 0x80
            }
            _ => false,
        };
        let range = self.at..self.at + length;
        if continues || self.may_be_compound(&range) || !self.words_of_hashtag(&range).is_empty() {
            return false;
        }
        let first = rest.first().map_or(0, |byte| usize::from(byte.to_ascii_lowercase()));
        if self.wanted.is_none_or(|wanted| wanted[first]) {
            let word = self.text.get(range.clone()).unwrap_or_default();
            let term = self.buffers.stem_cache.term(word, self.language);
            (self.each)(term, range.clone(), self.position);
        }
        self.position = self.position.saturating_add(1);
        self.at = range.end;
        true
    }

    /// Whether the letters begin like one of [`PREFIXES`]. Cheap, since most words do not.
    fn may_be_compound(&self, word: &Range<usize>) -> bool {
        let word = self.text.as_bytes().get(word.clone()).unwrap_or_default();
        matches!(word.first(), Some(b'm' | b'M' | b'h' | b'H' | b'i' | b'I' | b'a' | b'A'))
            && word.len() >= 4
            && PREFIXES.iter().any(|prefix| {
                word.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
            })
    }

    /// `.net` is a word. Any other full stop before letters is not part of the word.
    fn scan_dot(&mut self) {
        let name = self.text.get(self.at + 1..self.at + 4).unwrap_or_default();
        let before = self.text.get(..self.at).and_then(|text| text.chars().next_back());
        let after = self.text.get(self.at + 4..).and_then(|text| text.chars().next());
        let is_gap = |c: Option<char>| c.is_none_or(|c| char_class(c) == CharClass::Gap);
        if name.eq_ignore_ascii_case("net") && is_gap(before) && is_gap(after) {
            (self.each)(".net", self.at..self.at + 4, self.position);
            self.position = self.position.saturating_add(1);
            self.at += 4;
        } else {
            self.at += 1;
        }
    }

    fn scan_non_ascii(&mut self) {
        let Some(c) = self.char_at(self.at) else {
            self.at += 1;
            return;
        };
        match char_class(c) {
            CharClass::Word => self.scan_compound(),
            CharClass::Bigram(script) => self.scan_bigrams(script.run()),
            CharClass::Mark | CharClass::Gap => self.at += c.len_utf8(),
        }
    }

    /// A word with all its joining signs: `co-located`, `v1.16`, `l'annonce`, `1&1`, an address.
    fn scan_compound(&mut self) {
        let start = self.at;
        if let Some(address) = address::parse_address(self.text, start) {
            self.at = address.end;
            self.buffers.splitter.split_address(self.text, &address, &mut self.buffers.lower);
        } else {
            self.collect_segments();
            let segments = &mut self.buffers.segments;
            self.buffers.splitter.split_word(self.text, segments, self.language, &mut self.buffers.lower);
        }
        // A segment has a letter, so `at` has advanced. This guards against an endless loop.
        self.at = self.at.max(start + 1);
        self.emit();
    }

    fn emit(&mut self) {
        let TokenizerBuffers { stem_cache, lower, splitter, .. } = &mut *self.buffers;
        for piece in splitter.iter() {
            let word = lower.get(piece.text.clone()).unwrap_or_default();
            let term = stem_cache.term(word, self.language);
            if !term.is_empty() {
                (self.each)(term, piece.source.clone(), self.position);
            }
            if !piece.is_whole {
                self.position = self.position.saturating_add(1);
            }
        }
    }

    fn collect_segments(&mut self) {
        self.buffers.segments.clear();
        let mut joiner = Joiner::None;
        loop {
            let start = self.at;
            self.at = self.segment_end(start);
            let words = self.words_of_hashtag(&(start..self.at));
            if words.is_empty() {
                self.buffers.segments.push(WordSegment::new(start..self.at, joiner));
            }
            for word in words {
                self.buffers.segments.push(WordSegment::new(word, joiner));
                joiner = Joiner::Hyphen;
            }
            if self.buffers.segments.len() >= MAX_SEGMENTS {
                return;
            }
            match self.joiner_at_position() {
                Some((next, length)) => {
                    joiner = next;
                    self.at += length;
                }
                None => return self.take_sign(),
            }
        }
    }

    /// The words of a hashtag such as `#ServiceMesh`; none of any other word. Short words are parts of names: `#KubeCon`.
    fn words_of_hashtag(&self, word: &Range<usize>) -> Vec<Range<usize>> {
        /// The minimum number of letters of a word.
        const MIN_LETTERS: usize = 4;
        let bytes = self.text.as_bytes();
        if word.start.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'#') {
            return Vec::new();
        }
        let is_inner_capital = |at: &usize| {
            bytes.get(*at).is_some_and(u8::is_ascii_uppercase) && bytes[at - 1].is_ascii_lowercase()
        };
        let inner = (word.start + 1..word.end).filter(is_inner_capital);
        let borders: Vec<usize> = [word.start].into_iter().chain(inner).chain([word.end]).collect();
        let words: Vec<Range<usize>> = borders.windows(2).map(|pair| pair[0]..pair[1]).collect();
        let is_split = words.len() > 1 && words.iter().all(|word| word.len() >= MIN_LETTERS);
        if is_split { words } else { Vec::new() }
    }

    fn segment_end(&self, start: usize) -> usize {
        let ascii = self.bytes_from(start).iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let mut end = start + ascii;
        while let Some(c) = self.char_at(end) {
            if !matches!(char_class(c), CharClass::Word | CharClass::Mark) {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    /// The sign that joins the segment that ends here to the next one, with its length.
    fn joiner_at_position(&self) -> Option<(Joiner, usize)> {
        let sign = self.char_at(self.at)?;
        let joiner = match sign {
            '-' | '\u{2010}' | '\u{2011}' | '_' => Joiner::Hyphen,
            '/' => Joiner::Slash,
            ':' => Joiner::Colon,
            '.' => Joiner::Dot,
            '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{ff07}' => Joiner::Apostrophe,
            '&' => Joiner::Ampersand,
            ',' if self.ends_with_digit() && self.digit_at(self.at + 1) => Joiner::Comma,
            ' ' if self.is_prefix_alone() => Joiner::Hyphen,
            _ => return None,
        };
        let next = self.char_at(self.at + sign.len_utf8())?;
        (char_class(next) == CharClass::Word).then_some((joiner, sign.len_utf8()))
    }

    /// Whether the word so far is a prefix that another word follows.
    fn is_prefix_alone(&self) -> bool {
        let [only] = self.buffers.segments.as_slice() else { return false };
        let word = self.text.get(only.source.clone()).unwrap_or_default();
        PREFIXES.iter().any(|prefix| word.eq_ignore_ascii_case(prefix))
            && self.bytes_from(self.at + 1).first().is_some_and(u8::is_ascii_alphabetic)
    }

    /// Includes `++` and `#` in the name of a language: `c++`, `f#`.
    fn take_sign(&mut self) {
        let rest = self.bytes_from(self.at);
        let [only] = self.buffers.segments.as_mut_slice() else { return };
        let length = match rest {
            [b'+', b'+', after @ ..] if after.first() != Some(&b'+') => 2,
            [b'#', after @ ..]
                if only.source.len() == 1 && !after.first().is_some_and(u8::is_ascii_alphanumeric) =>
            {
                1
            }
            _ => return,
        };
        self.at += length;
        only.source.end = self.at;
        only.has_sign = true;
    }

    /// A run of letters that are searched by overlapping pairs. A single letter is searched as it is.
    fn scan_bigrams(&mut self, run: Script) {
        let mut before: Option<(usize, Range<usize>)> = None;
        let mut is_alone = true;
        self.buffers.lower.clear();
        while let Some(source) = self.next_syllable(run) {
            let from = self.buffers.lower.len();
            let raw = truncate(self.text.get(source.clone()).unwrap_or_default(), 24);
            push_lowercase(raw, &mut self.buffers.lower);
            if let Some((first, start)) = before {
                is_alone = false;
                self.emit_bigram(first, start.start..source.end);
                self.buffers.lower.drain(..from);
                before = Some((0, source));
            } else {
                before = Some((from, source));
            }
        }
        if let (true, Some((first, source))) = (is_alone, before) {
            self.emit_bigram(first, source);
        }
    }

    fn emit_bigram(&mut self, from: usize, source: Range<usize>) {
        let term = truncate(self.buffers.lower.get(from..).unwrap_or_default(), MAX_TERM);
        if !term.is_empty() {
            (self.each)(term, source, self.position);
        }
        self.position = self.position.saturating_add(1);
    }

    /// The next letter of the run with its marks. Advances past it.
    fn next_syllable(&mut self, run: Script) -> Option<Range<usize>> {
        let start = self.at;
        let is_in_run = |c: &char| matches!(char_class(*c), CharClass::Bigram(script) if script.run() == run);
        let first = self.char_at(start).filter(is_in_run)?;
        self.at += first.len_utf8();
        while let Some(c) = self.char_at(self.at) {
            if char_class(c) != CharClass::Mark && !continues_syllable(c) {
                break;
            }
            self.at += c.len_utf8();
        }
        Some(start..self.at)
    }

    fn bytes_from(&self, at: usize) -> &'t [u8] {
        self.text.as_bytes().get(at..).unwrap_or_default()
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    fn ends_with_digit(&self) -> bool {
        self.at.checked_sub(1).is_some_and(|before| self.digit_at(before))
    }

    fn digit_at(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
    }
}

/// A name without its English genitive: that of `Ada's` is `Ada`.
pub fn strip_genitive(name: &str) -> &str {
    name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name)
}

/// A word without the elided word before it: `Istio` for `d'Istio`. It changes nothing before a single letter, because
/// such a word is often not an elision.
pub fn strip_elision(word: &str) -> &str {
    let Some((head, rest)) = word.split_once('\'') else { return word };
    let head = head.to_lowercase();
    if crate::language::all().tokens.elisions.contains(head.as_str()) && rest.chars().count() > 1 {
        rest
    } else {
        word
    }
}
