//! Finds the ends of sentences in running text.
//!
//! A mark may also belong to an abbreviation, a name, a number or a remark in brackets.

use super::{CLOSERS, OPENERS, OTHER_CLOSERS, is_emoji, is_sentence_mark, is_spaceless_mark};
use crate::{
    language::Abbreviations,
    model::Language,
    tokens::{
        folding::{CharClass, char_class},
        is_stop_word,
    },
};
use std::cell::OnceCell;

/// The maximum distance of the word before a full stop, in bytes.
const MAX_WORD: usize = 40;

/// The maximum number of digits in the number of an item.
const MAX_ITEM_DIGITS: usize = 3;

/// Iterates over the ends of the sentences of a text, except the last one's. Each is the exclusive end of a mark.
pub(crate) struct SentenceEnds<'t> {
    text: &'t str,
    language: Language,
    /// The start of the sentence.
    start: usize,
    /// The position from which to search on.
    at: usize,
    /// Whether the sentence has a letter or digit before `at`.
    has_words: bool,
    is_lower_case: OnceCell<bool>,
}

/// The text after a [`SentenceMark`].
enum SentenceStart<'t> {
    /// A sentence may begin here with this text.
    Start(&'t str),
    /// A sentence may begin here only if the author writes in lower case.
    LowerCase(&'t str),
    /// No sentence begins here.
    Nothing,
}

impl<'t> SentenceEnds<'t> {
    /// The ends in `text`.
    pub(crate) fn new(text: &'t str, language: Language) -> Self {
        Self { text, language, start: 0, at: 0, has_words: false, is_lower_case: OnceCell::new() }
    }

    fn next_mark(&mut self) -> Option<SentenceMark> {
        let rest = self.text.get(self.at..)?;
        let offset = rest.find(is_sentence_mark)?;
        self.has_words = self.has_words || rest.get(..offset)?.contains(char::is_alphanumeric);
        let mark = SentenceMark::parse(self.text, self.at + offset, self.language);
        self.at = mark.end;
        Some(mark)
    }

    fn is_sentence_end(&self, mark: &SentenceMark) -> bool {
        let rest = self.text.get(mark.end..).unwrap_or_default();
        if !self.has_words {
            return false;
        }
        let Some(next) = rest.chars().next() else { return false };
        // `(!!!)` is a remark within a sentence.
        let is_remark = self.text_before(mark.at).ends_with(['(', '[', '（', '［']);
        if mark.kind == MarkKind::Spaceless {
            if self.is_number_point(mark, next) {
                return false;
            }
            let continues = mark.has_closer && continues_after_quote(next);
            return !(is_remark || continues);
        }
        if !next.is_whitespace() {
            let is_bigram_letter = matches!(char_class(next), CharClass::Bigram(_));
            return is_bigram_letter || self.lacks_space(mark, rest);
        }
        let is_remark = is_remark || mark.kind != MarkKind::Dot && self.closes_remark(mark);
        match SentenceStart::parse(rest.trim_start()) {
            SentenceStart::Start(next) if is_remark => self.begins_sentence(next),
            SentenceStart::Start(next) => self.ends_before(mark, next),
            SentenceStart::LowerCase(next) => {
                !is_remark && self.is_lower_case() && self.ends_before(mark, next)
            }
            SentenceStart::Nothing => false,
        }
    }

    /// Whether the sentence ends, given that the text after it may begin another.
    fn ends_before(&self, mark: &SentenceMark, next: &str) -> bool {
        if mark.kind == MarkKind::Dot {
            return self.dot_ends(mark, next);
        }
        let is_name = mark.kind == MarkKind::Exclamation && is_name_with_mark(self.word_before(mark.at));
        !is_name || self.begins_sentence(next)
    }

    fn dot_ends(&self, mark: &SentenceMark, next: &str) -> bool {
        let word = self.word_before(mark.at);
        let sentence = self.text_before(mark.at).trim_start();
        let writing = &self.language.words().writing;
        if is_number_of_item(sentence)
            || (writing.spaces_in_abbreviations && self.is_abbreviation_part(mark, word, next))
        {
            return false;
        }
        let is_ordinal = writing.full_stop_after_ordinals
            && (1..=2).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_digit());
        if is_ordinal || is_initials(word) {
            return self.begins_sentence(next)
                && full_stop_after(word, self.language) != FullStopMeaning::Never;
        }
        let before_number = next.starts_with(|c: char| c.is_numeric());
        match full_stop_after(word, self.language) {
            FullStopMeaning::Never => false,
            FullStopMeaning::NotBeforeNumber => !before_number,
            FullStopMeaning::Maybe => !before_number && self.begins_sentence(next),
            FullStopMeaning::EndsSentence => true,
        }
    }

    /// Whether a full stop belongs to the first part of an abbreviation with a space: `z. B.`, `p. ex.`
    ///
    /// A letter is no such part if it is the end of a word, as in `geht's` and `allez-y`, or if the next word can only
    /// begin a sentence, as in `Il y en a. Le lendemain`.
    fn is_abbreviation_part(&self, mark: &SentenceMark, word: &str, next: &str) -> bool {
        let before = self.text_before(mark.at);
        let written = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let start = written.strip_suffix(word).unwrap_or_default();
        let joined = start.trim_end_matches(['\'', '’', '-', '‐']);
        let ends_word = joined.len() < start.len()
            && joined.ends_with(char::is_alphanumeric)
            // `c.-à-d.` is an abbreviation.
            && !joined.contains('.');
        let is_abbreviated = next.chars().nth(1) == Some('.');
        is_lower_letter(word) && !ends_word && (is_abbreviated || !self.begins_sentence(next))
    }

    /// Whether a wide full stop stands in a number or behind that of an item: `１．５`, `１．はじめに`.
    fn is_number_point(&self, mark: &SentenceMark, next: char) -> bool {
        let before = self.text_before(mark.at);
        let numbered = before.trim_start_matches(|c: char| c.is_whitespace() || OPENERS.contains(&c));
        let is_item = numbered.chars().all(char::is_numeric) && numbered.chars().count() <= MAX_ITEM_DIGITS;
        let is_point = self.text.get(mark.at..mark.end) == Some("．");
        is_point && before.ends_with(char::is_numeric) && (is_item || next.is_numeric())
    }

    /// Whether a mark closes a bracket that was opened within the sentence: `my second (and last!) visit`.
    fn closes_remark(&self, mark: &SentenceMark) -> bool {
        let closes = |close: char| self.text.get(..mark.end).is_some_and(|text| text.ends_with(close));
        let before = self.text_before(mark.at).trim_start();
        [('(', ')'), ('[', ']')].into_iter().any(|(open, close)| {
            closes(close) && before.rfind(open).is_some_and(|at| at > 0 && !before[at..].contains(close))
        })
    }

    /// Whether the next word is a capitalised function word. Only the start of a sentence capitalises one.
    fn begins_sentence(&self, next: &str) -> bool {
        let word =
            next.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).next().unwrap_or_default();
        is_stop_word(word, self.language) || is_stop_word(word, Language::En)
    }

    /// `done.The next`: both are words, and not parts of a name.
    fn lacks_space(&self, mark: &SentenceMark, rest: &str) -> bool {
        let before = self.text_before(mark.at);
        let word = self.word_before(mark.at);
        // `System.Collections` is a name; `Done!There` is not.
        let letters =
            if mark.kind == MarkKind::Dot { word } else { word.trim_start_matches(char::is_uppercase) };
        let is_word = letters.chars().count() >= 3 && letters.chars().all(char::is_lowercase);
        let stands_alone = before.strip_suffix(word).is_none_or(|text| {
            text.chars().next_back().is_none_or(|c| c.is_whitespace() || OPENERS.contains(&c))
        });
        let next = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let mut letters = next.chars();
        let is_start = letters.next().is_some_and(char::is_uppercase)
            && next.chars().count() >= 3
            && letters.all(char::is_lowercase);
        let after = rest.get(next.len()..).unwrap_or_default();
        let is_whole = after.is_empty() || after.starts_with([' ', ',', '\u{a0}', '\n', '’', '\'']);
        is_word && stands_alone && is_start && is_whole && !is_name_ending(next)
    }

    fn text_before(&self, at: usize) -> &'t str {
        let from = self.text.floor_char_boundary(at.saturating_sub(MAX_WORD)).max(self.start);
        self.text.get(from..at).unwrap_or_default()
    }

    /// The word that ends at `at`, including full stops within it.
    fn word_before(&self, at: usize) -> &'t str {
        let is_edge = |c: char| c.is_whitespace() || OPENERS.contains(&c) || CLOSERS.contains(&c);
        self.text_before(at).rsplit(is_edge).next().unwrap_or_default()
    }

    /// Whether the author does not capitalise the starts of sentences.
    fn is_lower_case(&self) -> bool {
        *self.is_lower_case.get_or_init(|| {
            let starts_lower = |part: &str| {
                part.trim_start().chars().find(|c| c.is_alphabetic()).is_none_or(char::is_lowercase)
            };
            self.text.split_inclusive(". ").all(starts_lower)
        })
    }
}

impl Iterator for SentenceEnds<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let mark = self.next_mark()?;
            if self.is_sentence_end(&mark) {
                self.start = mark.end;
                self.has_words = false;
                return Some(mark.end);
            }
        }
    }
}

impl<'t> SentenceStart<'t> {
    fn parse(rest: &'t str) -> Self {
        let start = rest.trim_start_matches(|c: char| OPENERS.contains(&c) || c == ' ');
        let Some(first) = start.chars().next() else { return Self::Nothing };
        if first.is_lowercase() {
            // `eBPF`, `iPhone`: a name keeps its lower-case letter at the start.
            let word = start.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_name = word.contains(char::is_uppercase);
            return if is_name { Self::Start(start) } else { Self::LowerCase(start) };
        }
        let is_start =
            first.is_alphanumeric() || is_emoji(first) || matches!(first, '#' | '@' | '$' | '€' | '£');
        if is_start { Self::Start(start) } else { Self::Nothing }
    }
}

/// Text that continues the sentence after a quotation: 「…。」と, “…！”的.
fn continues_after_quote(next: char) -> bool {
    matches!(
        next,
        'と' | 'っ' | 'は' | 'が' | 'の' | 'を' | 'に' | 'で' | 'も' | 'や' | 'な' | '的' | '、' | '，'
    )
}

/// Only `1.` or `(a.` so far.
fn is_number_of_item(sentence: &str) -> bool {
    if sentence.len() > 8 {
        return false;
    }
    let number = sentence.trim_start_matches(OPENERS);
    let is_number = number.len() <= MAX_ITEM_DIGITS && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number || number.chars().count() == 1
}

/// `J`, `U.S`, `a.m`: single letters with full stops between them.
fn is_initials(word: &str) -> bool {
    let is_letter = |part: &str| only_char(part).is_some_and(char::is_alphabetic);
    word.split('.').all(is_letter) && (word.contains('.') || word.starts_with(char::is_uppercase))
}

/// `z. B.`, `p. ex.`: the first part of an abbreviation with a space.
fn is_lower_letter(word: &str) -> bool {
    only_char(word).is_some_and(char::is_lowercase)
}

fn only_char(word: &str) -> Option<char> {
    let mut chars = word.chars();
    chars.next().filter(|_| chars.as_str().is_empty())
}

/// The role of the full stop after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FullStopMeaning {
    /// Never the end of a sentence: another word always follows (`Dr.`).
    Never,
    /// Not the end if a number follows (`No. 5`).
    NotBeforeNumber,
    /// Possibly the end (`etc.`).
    Maybe,
    /// Always the end: the word is not an abbreviation.
    EndsSentence,
}

/// The role of the full stop after `word`, which is given without it and in any case.
fn full_stop_after(word: &str, language: Language) -> FullStopMeaning {
    let is_acronym = word.len() > 1 && word.chars().all(char::is_uppercase);
    if is_acronym && !language.words().writing.full_stop_after_acronyms {
        return FullStopMeaning::EndsSentence;
    }
    let lower = word.to_lowercase();
    let is_capitalised = word.starts_with(char::is_uppercase);
    // English words occur in texts of every language, but a language's own list says more of its own words:
    // `max.` stands before German nouns.
    [language, Language::En]
        .into_iter()
        .find_map(|language| meaning_in(&language.words().abbreviations, &lower, is_capitalised))
        .unwrap_or(FullStopMeaning::EndsSentence)
}

/// The role of the full stop after `word`, which is given in lower case, in one language; `None` if it is no abbreviation.
fn meaning_in(lists: &Abbreviations, word: &str, is_capitalised: bool) -> Option<FullStopMeaning> {
    if (is_capitalised && lists.titles.contains(word)) || lists.never_ending.contains(word) {
        Some(FullStopMeaning::Never)
    } else if lists.before_numbers.contains(word) {
        Some(FullStopMeaning::NotBeforeNumber)
    } else if lists.maybe_ending.contains(word) {
        Some(FullStopMeaning::Maybe)
    } else {
        None
    }
}

/// Names that end with an exclamation mark.
fn is_name_with_mark(word: &str) -> bool {
    ["yahoo", "jeopardy", "joomla"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// The parts after a full stop in the names of hosts and files, in lower case.
fn is_name_ending(word: &str) -> bool {
    const ENDINGS: &str = "app asp bat blog cfg cloud com conf css csv dev dll doc docx edu env exe gif git gov html \
        info ini ipynb jar java jpeg jpg json jsx key lock log mod net org pdf php png ppt pptx proto rst svg tar tech \
        toml tsx txt vue wasm xls xlsx xml yaml yml zip";
    ENDINGS.split_ascii_whitespace().any(|ending| word.eq_ignore_ascii_case(ending))
}

/// Whether a sign behind a mark closes a quotation as German does, „…“ or »…«, and opens none: no letter follows.
fn is_opener_that_closes(c: char, next: Option<char>, language: Language) -> bool {
    // French puts a space behind an opening `«`.
    let may_close = OTHER_CLOSERS.contains(&c) && !(language == Language::Fr && matches!(c, '«' | '‹'));
    let follows = |next: char| {
        next.is_whitespace()
            || CLOSERS.contains(&next)
            || OTHER_CLOSERS.contains(&next)
            || is_sentence_mark(next)
    };
    may_close && next.is_none_or(follows)
}

/// The length, in bytes, of the number of a footnote that a text begins with: `[1]`, `²`. 0 without one.
fn note_number_len(text: &str) -> usize {
    let superscript = text.len() - text.trim_start_matches(is_superscript).len();
    let Some(number) = text.strip_prefix('[') else { return superscript };
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=3).contains(&digits) && number[digits..].starts_with(']');
    if is_number { digits + "[]".len() } else { 0 }
}

/// `¹`, `²`
fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// A run of marks that may end a sentence, with the quotes and brackets that it closes and the numbers of notes.
struct SentenceMark {
    /// The start of the last mark, which is the one that counts.
    at: usize,
    /// The end of the last mark, exclusive.
    end: usize,
    kind: MarkKind,
    /// Whether it closes a quote or a bracket.
    has_closer: bool,
}

impl SentenceMark {
    /// The mark that begins at `at`.
    fn parse(text: &str, at: usize, language: Language) -> Self {
        let mut kind: Option<MarkKind> = None;
        let mut mark = Self { at, end: at, kind: MarkKind::Other, has_closer: false };
        loop {
            let rest = text.get(mark.end..).unwrap_or_default();
            let mut letters = rest.chars();
            let Some(c) = letters.next() else { break };
            let closes = CLOSERS.contains(&c) || is_opener_that_closes(c, letters.next(), language);
            let number = note_number_len(rest);
            if is_sentence_mark(c) {
                if mark.has_closer {
                    // `(?).`: the mark outside the bracket counts.
                    kind = None;
                    mark.at = mark.end;
                    mark.has_closer = false;
                }
                let next = MarkKind::from_char(c);
                kind = Some(kind.map_or(next, |kind| kind.combine(next)));
            } else if closes {
                mark.has_closer = true;
            } else if number == 0 && !is_emoji(c) {
                break;
            }
            mark.end += number.max(c.len_utf8());
        }
        mark.kind = kind.unwrap_or(MarkKind::Other);
        if language == Language::Fr {
            mark.take_spaced_quote(text);
        }
        mark
    }

    /// French puts a space before a closing quote: `quoi ? »`.
    fn take_spaced_quote(&mut self, text: &str) {
        let rest = text.get(self.end..).unwrap_or_default();
        let mut letters = rest.chars();
        if let (Some(space @ (' ' | '\u{a0}' | '\u{202f}')), Some('»')) = (letters.next(), letters.next()) {
            self.end += space.len_utf8() + '»'.len_utf8();
            self.has_closer = true;
        }
    }
}

/// The kind of a [`SentenceMark`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkKind {
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

    /// The kind of a run of marks that gets one more.
    fn combine(self, next: Self) -> Self {
        match (self, next) {
            (Self::Spaceless, _) | (_, Self::Spaceless) => Self::Spaceless,
            (Self::Exclamation, _) | (_, Self::Exclamation) => Self::Exclamation,
            _ => Self::Other,
        }
    }
}
