//! Finds known words and phrases in a text, in one pass.
//!
//! The comparison ignores case and accents. A change from letters to digits begins a new word, so `RubyKaigi2019` is
//! two words. Each Chinese, Japanese or Korean character is a word of its own, so those languages need no spaces. The
//! caller decides what a phrase means.

use std::collections::HashMap;
use std::ops::Range;

use crate::language::WordList;
use crate::model::Language;
use crate::script::is_cjk;
use crate::tokens::folding::{push_lowercase, push_without_accents};
use unicode_normalization::char::is_combining_mark;

/// The words of a text, with their folded forms.
#[derive(Debug)]
pub struct Words<'t> {
    text: &'t str,
    folded: String,
    spans: Vec<WordSpan>,
}

#[derive(Debug, Clone, Copy)]
struct WordSpan {
    start: u32,
    end: u32,
    folded_start: u32,
    folded_end: u32,
    kind: WordKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKind {
    Letters,
    Digits,
    /// A character of a script without spaces, or (Korean) of one that attaches endings to words.
    Ideograph,
}

/// The maximum length of a text. Posts end at 2 MiB by default; text beyond it is ignored.
const MAX_BYTES: usize = 1 << 26;

impl<'t> Words<'t> {
    /// Splits a text into words.
    pub fn new(text: &'t str) -> Self {
        let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text);
        let mut words = Self {
            text,
            folded: String::with_capacity(text.len()),
            spans: Vec::with_capacity(text.len() / 5),
        };
        let mut chars = text.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            let Some(kind) = word_kind(first) else { continue };
            let mut end = start + first.len_utf8();
            while let Some(&(at, c)) = chars.peek() {
                if kind == WordKind::Ideograph || !continues_word(kind, c) {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
            words.push(start..end, kind);
        }
        words
    }

    /// The number of words.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether one of the words is in a list.
    pub fn has_any(&self, list: &WordList) -> bool {
        (0..self.len()).any(|at| list.contains_folded(self.folded(at)))
    }

    /// The folded form of a word; empty after the last one.
    pub fn folded(&self, at: usize) -> &str {
        self.spans
            .get(at)
            .and_then(|word| self.folded.get(word.folded_start as usize..word.folded_end as usize))
            .unwrap_or_default()
    }

    /// A word as it is written; empty after the last one.
    pub fn original(&self, at: usize) -> &'t str {
        self.slice(at..at + 1)
    }

    /// Some words with the text between them, as written; empty if there are no such words.
    pub fn slice(&self, words: Range<usize>) -> &'t str {
        self.text.get(self.byte_range(words)).unwrap_or_default()
    }

    /// The range of some words in the text; empty if there are no such words.
    pub fn byte_range(&self, words: Range<usize>) -> Range<usize> {
        match (self.spans.get(words.start), words.end.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some(first), Some(last)) if words.start < words.end => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    /// The text between a word and the previous one: the start of the text for the first word, its end after the last
    /// one.
    pub fn gap(&self, at: usize) -> &'t str {
        let at = at.min(self.spans.len());
        let from =
            at.checked_sub(1).and_then(|before| self.spans.get(before)).map_or(0, |word| word.end as usize);
        let to = self.spans.get(at).map_or(self.text.len(), |word| word.start as usize);
        self.text.get(from..to).unwrap_or_default()
    }

    /// Whether a word consists of digits.
    pub fn is_number(&self, at: usize) -> bool {
        self.spans.get(at).is_some_and(|word| word.kind == WordKind::Digits)
    }

    /// Whether a word begins with a capital letter.
    pub fn is_capitalised(&self, at: usize) -> bool {
        self.original(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether a word follows the previous one without a gap, as letters follow digits in `13x`.
    pub fn is_glued(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|before| self.spans.get(before)), self.spans.get(at)) {
            (Some(before), Some(word)) => {
                before.end == word.start
                    && before.kind != WordKind::Ideograph
                    && word.kind != WordKind::Ideograph
            }
            _ => false,
        }
    }

    fn push(&mut self, range: Range<usize>, kind: WordKind) {
        let folded_start = self.folded.len();
        let word = self.text.get(range.clone()).unwrap_or_default();
        if word.is_ascii() {
            self.folded.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else if kind == WordKind::Ideograph {
            self.folded.push_str(word);
        } else {
            let mut lower = String::with_capacity(word.len());
            push_lowercase(word, &mut lower);
            push_without_accents(&lower, &mut self.folded);
        }
        self.spans.push(WordSpan {
            start: to_u32(range.start),
            end: to_u32(range.end),
            folded_start: to_u32(folded_start),
            folded_end: to_u32(self.folded.len()),
            kind,
        });
    }
}

/// Words in order, which phrases are compared with. All of them must be folded as the words of the phrases are.
pub trait WordSequence {
    /// The folded form of a word; empty after the last one.
    fn folded(&self, at: usize) -> &str;

    /// Whether a word and the one before may belong to one phrase.
    fn is_joined(&self, at: usize) -> bool;
}

impl WordSequence for Words<'_> {
    fn folded(&self, at: usize) -> &str {
        self.folded(at)
    }

    fn is_joined(&self, at: usize) -> bool {
        may_join_words(self.gap(at))
    }
}

impl<S: AsRef<str>> WordSequence for [S] {
    fn folded(&self, at: usize) -> &str {
        self.get(at).map(AsRef::as_ref).unwrap_or_default()
    }

    fn is_joined(&self, _: usize) -> bool {
        true
    }
}

/// Stands for any one word of a phrase but the first.
const ANY_WORD: &str = "*";

/// Phrases with their meanings.
#[derive(Debug, Clone)]
pub struct PhraseTable<T> {
    by_first_word: HashMap<Box<str>, Vec<PhraseEntry<T>>>,
}

#[derive(Debug, Clone)]
struct PhraseEntry<T> {
    /// The folded words after the first, with spaces between them.
    rest: Box<str>,
    len: usize,
    value: T,
}

impl<T> Default for PhraseTable<T> {
    fn default() -> Self {
        Self { by_first_word: HashMap::new() }
    }
}

impl<T> PhraseTable<T> {
    /// Adds a phrase. One without a word is ignored. A phrase may have several meanings.
    pub fn add(&mut self, phrase: &str, value: T) {
        let words = Words::new(phrase);
        self.add_words((0..words.len()).map(|at| words.folded(at)), value);
    }

    /// Adds a phrase of these words, of which `*` is any one word.
    pub fn add_words<'w>(&mut self, words: impl IntoIterator<Item = &'w str>, value: T) {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return };
        let rest: Vec<&str> = words.collect();
        let phrase = PhraseEntry { rest: rest.join(" ").into(), len: rest.len() + 1, value };
        let phrases = self.by_first_word.entry(first.into()).or_default();
        let longer = phrases.partition_point(|other| other.len >= phrase.len);
        phrases.insert(longer, phrase);
    }

    /// The phrases that begin at a word, with the number of words of each, the longest first. Joining characters may
    /// stand between their words in a text: spaces, hyphens, `+`, `/`, `&`, an apostrophe, a colon.
    pub fn matches_at<'a, W: WordSequence + ?Sized>(
        &'a self,
        words: &W,
        at: usize,
    ) -> impl Iterator<Item = (usize, &'a T)> {
        let phrases = self.by_first_word.get(words.folded(at)).map(Vec::as_slice).unwrap_or_default();
        phrases
            .iter()
            .filter(move |phrase| phrase.matches(words, at))
            .map(|phrase| (phrase.len, &phrase.value))
    }
}

/// A table of phrases whose words are folded and separated by single blanks.
impl<'p> FromIterator<&'p str> for PhraseTable<()> {
    fn from_iter<I: IntoIterator<Item = &'p str>>(phrases: I) -> Self {
        phrases.into_iter().map(|phrase| (phrase, ())).collect()
    }
}

/// The same, with the meaning of each phrase.
impl<'p, T> FromIterator<(&'p str, T)> for PhraseTable<T> {
    fn from_iter<I: IntoIterator<Item = (&'p str, T)>>(phrases: I) -> Self {
        let mut table = Self::default();
        phrases.into_iter().for_each(|(phrase, value)| table.add_words(phrase.split(' '), value));
        table
    }
}

/// The phrases of each language, apart: those of one may mean something else in another.
#[derive(Debug)]
pub struct PhrasesByLanguage(Vec<PhraseTable<()>>);

impl PhrasesByLanguage {
    /// Returns a table for each language. `phrases` gives those of one.
    pub fn new(phrases: fn(Language) -> Vec<&'static str>) -> Self {
        let table = |language| {
            let mut table = PhraseTable::default();
            for phrase in phrases(language) {
                table.add(phrase, ());
            }
            table
        };
        Self(Language::ALL.map(table).into())
    }

    /// Whether a text in a language has one of its phrases.
    pub fn are_in(&self, text: &str, language: Language) -> bool {
        let Some(table) = self.0.get(language as usize) else { return false };
        let words = Words::new(text);
        (0..words.len()).any(|at| table.matches_at(&words, at).next().is_some())
    }
}

impl<T> PhraseEntry<T> {
    fn matches<W: WordSequence + ?Sized>(&self, words: &W, at: usize) -> bool {
        let is_at = |word: &str, at: usize| match words.folded(at) {
            "" => false,
            folded => folded == word || word == ANY_WORD,
        };
        self.len == 1
            || self.rest.split(' ').zip(at + 1..).all(|(word, at)| is_at(word, at) && words.is_joined(at))
    }
}

/// Whether two words with this text between them may belong to one phrase.
fn may_join_words(gap: &str) -> bool {
    gap.is_empty()
        || gap == " "
        || gap == "."
        || (gap.chars().count() <= 4
            && gap.matches('\n').count() <= 1
            && gap.chars().all(|c| c.is_whitespace() || "-‐‑–—+/&:'’_·・\u{200b}".contains(c)))
}

fn word_kind(c: char) -> Option<WordKind> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(WordKind::Letters),
        '0'..='9' => Some(WordKind::Digits),
        _ if c.is_ascii() || !c.is_alphanumeric() => None,
        _ if is_cjk(c) => Some(WordKind::Ideograph),
        _ if c.is_numeric() => Some(WordKind::Digits),
        _ => Some(WordKind::Letters),
    }
}

fn continues_word(kind: WordKind, c: char) -> bool {
    word_kind(c) == Some(kind) || (kind == WordKind::Letters && (is_combining_mark(c) || c == SOFT_HYPHEN))
}

const SOFT_HYPHEN: char = '\u{ad}';

fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded_words(text: &str) -> Vec<String> {
        let words = Words::new(text);
        (0..words.len()).map(|at| words.folded(at).to_owned()).collect()
    }

    #[test]
    fn words_are_folded_and_cut_at_digits_and_ideographs() {
        for (text, expected) in [
            ("KubeCon + CloudNativeCon", vec!["kubecon", "cloudnativecon"]),
            ("RubyKaigi2019に", vec!["rubykaigi", "2019", "に"]),
            ("FOSDEM'20", vec!["fosdem", "20"]),
            ("Zürich, Zu\u{308}rich", vec!["zurich", "zurich"]),
            ("Łódź, Groß, Йога", vec!["lodz", "gross", "йога"]),
            ("re:Invent\u{a0}2016", vec!["re", "invent", "2016"]),
            ("파이콘 ２０１８", vec!["파", "이", "콘", "2018"]),
            ("\0 … \u{300}", vec![]),
        ] {
            assert_eq!(folded_words(text), expected, "{text}");
        }
    }

    #[test]
    fn phrases_are_found_over_joiners_longest_first() {
        let mut phrases = PhraseTable::default();
        for phrase in ["service mesh", "service", "服务网格", "Node.js", ""] {
            phrases.add(phrase, phrase);
        }
        for (text, at, expected) in [
            ("a Service-Mesh", 1, vec!["service mesh", "service"]),
            ("service\nmesh", 0, vec!["service mesh", "service"]),
            ("service\n\nmesh", 0, vec!["service"]),
            ("service. Mesh", 0, vec!["service"]),
            ("用服务网格吗", 1, vec!["服务网格"]),
            ("node.js", 0, vec!["Node.js"]),
            ("", 0, vec![]),
        ] {
            let words = Words::new(text);
            assert_eq!(
                phrases.matches_at(&words, at).map(|(_, value)| *value).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_star_in_a_phrase_is_any_word() {
        let words = ["how", "very", "big"];
        for (phrase, expected) in [
            ("how * big", true),
            ("how", true),
            ("how big", false),
            ("how * big is", false),
            ("how very big *", false),
        ] {
            let table: PhraseTable<()> = [phrase].into_iter().collect();
            assert_eq!(table.matches_at(&words[..], 0).next().is_some(), expected, "{phrase}");
        }
    }

    #[test]
    fn words_out_of_range_are_empty() {
        let words = Words::new("one two");
        assert_eq!((words.original(2), words.folded(9), words.gap(9), words.slice(2..9)), ("", "", "", ""));
        assert_eq!(words.slice(0..2), "one two");
        assert!(Words::new("13x").is_glued(1) && !words.is_glued(1) && !words.is_glued(0));
    }
}
