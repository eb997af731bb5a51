//! Finds the words and phrases of lists in a text.
//!
//! Unlike `takeaways_text::phrases`, this keeps accents, because most of the words are function words: `él` is no `el`.

use std::collections::HashMap;

use takeaways_text::language::WordList;
use takeaways_text::language::{LanguageWords, all_words};
use takeaways_text::model::Language;
use takeaways_text::script::is_cjk;

/// The most words of a phrase.
const MAX_PHRASE_WORDS: usize = 5;

/// Words in lower case, separated by spaces, without signs except apostrophes and `%`.
#[derive(Debug)]
pub(crate) struct FoldedText {
    text: String,
    /// Start and end of each word, in bytes.
    words: Vec<(usize, usize)>,
    /// The positions of the words before which a sign ends a phrase.
    after_signs: Vec<usize>,
}

impl FoldedText {
    /// Folds a text.
    pub(crate) fn fold(text: &str) -> Self {
        let mut folded =
            Self { text: String::with_capacity(text.len()), words: Vec::new(), after_signs: Vec::new() };
        let mut start = None;
        for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
            let c = if c == '’' { '\'' } else { c };
            let at = folded.text.len();
            match (c.is_alphanumeric() || matches!(c, '\'' | '%'), start) {
                (true, word_start) => {
                    start = word_start.or(Some(at));
                    folded.text.push(c);
                }
                (false, Some(word_start)) => {
                    folded.words.push((word_start, at));
                    folded.text.push(' ');
                    start = None;
                }
                (false, None) => {}
            }
            if ends_phrase(c) && folded.after_signs.last() != Some(&folded.words.len()) {
                folded.after_signs.push(folded.words.len());
            }
        }
        folded
    }

    /// The words, in order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter_map(|(start, end)| self.text.get(*start..*end))
    }

    /// Whether the text has a phrase: as whole words, or anywhere in a script without spaces.
    pub(crate) fn has(&self, phrase: &str) -> bool {
        if phrase.starts_with(is_cjk) {
            return self.text.contains(phrase);
        }
        self.text.match_indices(phrase).any(|(at, _)| {
            let (before, after) = (self.text.get(..at), self.text.get(at + phrase.len()..));
            before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
                && after.is_some_and(|after| after.starts_with(' '))
        })
    }

    /// Whether a sign before the word at a position ends what is said before it: a comma, a colon, a bracket.
    pub(crate) fn is_after_sign(&self, at: usize) -> bool {
        self.after_signs.binary_search(&at).is_ok()
    }

    /// Returns `len` words from a position on.
    pub(crate) fn word_run(&self, at: usize, len: usize) -> Option<&str> {
        let (start, _) = self.words.get(at)?;
        let (_, end) = self.words.get(at + len - 1)?;
        self.text.get(*start..*end)
    }
}

/// Whether a sign ends a phrase. The dot of `v1.2` ends one too, which cuts its noun short and does no harm.
fn ends_phrase(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '(' | ')' | '–' | '—' | '…' | '、' | '。')
}

/// `N` lists of phrases to find, each over all languages.
#[derive(Debug)]
pub(crate) struct PhraseLists<const N: usize> {
    /// The lists of each phrase: bit `n` stands for list `n`.
    whole: HashMap<&'static str, u32>,
    /// Prefixes of words and of runs of words, by their first letter.
    prefixes: HashMap<char, Vec<Prefix>>,
    /// Phrases of scripts without spaces. They match anywhere.
    unspaced: Vec<(&'static str, u32)>,
}

/// Words of which the last one may have any ending.
#[derive(Debug)]
struct Prefix {
    text: &'static str,
    /// The number of words.
    words: usize,
    /// The list, a bit.
    list: u32,
}

/// Where the lists match in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PhraseMatches<const N: usize> {
    /// For each list, the number of places where a phrase of it begins.
    pub counts: [u8; N],
    /// The lists that match at the beginning of the text, a bit each.
    begins: u32,
}

impl<const N: usize> PhraseLists<N> {
    /// Reads the lists from the language files.
    pub(crate) fn new(lists: [fn(&LanguageWords) -> &WordList; N]) -> Self {
        Self::from_phrases(lists.map(all_words))
    }

    /// Reads the lists of each language, in the order of [`Language::ALL`].
    pub(crate) fn of_each_language(lists: [fn(&LanguageWords) -> &WordList; N]) -> Vec<Self> {
        let of = |language: Language| lists.map(|list| list(language.words()).iter().collect());
        Language::ALL.map(|language| Self::from_phrases(of(language))).into()
    }

    /// The last word of a phrase that ends in `*` may have any ending.
    fn from_phrases(lists: [Vec<&'static str>; N]) -> Self {
        let mut all = Self { whole: HashMap::new(), prefixes: HashMap::new(), unspaced: Vec::new() };
        for (at, phrases) in lists.into_iter().enumerate() {
            let bit = 1 << at;
            for phrase in phrases {
                match (phrase.strip_suffix('*'), phrase.chars().next()) {
                    (Some(text), Some(first)) => {
                        let prefix = Prefix { text, words: text.split(' ').count(), list: bit };
                        all.prefixes.entry(first).or_default().push(prefix);
                    }
                    (None, Some(first)) if is_cjk(first) => all.unspaced.push((phrase, bit)),
                    _ => *all.whole.entry(phrase).or_default() |= bit,
                }
            }
        }
        all
    }

    /// Finds the phrases of all lists.
    pub(crate) fn find(&self, folded: &FoldedText) -> PhraseMatches<N> {
        let mut found = PhraseMatches { counts: [0; N], begins: 0 };
        for at in 0..folded.words.len() {
            let lists = self.lists_at(folded, at);
            found.add(lists);
            if at == 0 {
                found.begins |= lists;
            }
        }
        if folded.text.contains(is_cjk) {
            for (phrase, bit) in self.unspaced.iter().filter(|(phrase, _)| folded.text.contains(phrase)) {
                found.add(*bit);
                if folded.text.starts_with(phrase) {
                    found.begins |= bit;
                }
            }
        }
        found
    }

    /// The longest phrase that begins at a word: its lists, a bit each, and the number of its words.
    pub(crate) fn longest_at(&self, folded: &FoldedText, at: usize) -> Option<(u32, usize)> {
        let lists_of = |len: usize| self.whole.get(folded.word_run(at, len)?);
        let longest = (2..=MAX_PHRASE_WORDS).rev().find_map(|len| Some((*lists_of(len)?, len)));
        let word = || Some((self.lists_at(folded, at), 1)).filter(|(lists, _)| *lists != 0);
        longest.or_else(word)
    }

    /// The lists with a phrase that begins at a word.
    fn lists_at(&self, folded: &FoldedText, at: usize) -> u32 {
        let runs = (1..=MAX_PHRASE_WORDS).map_while(|len| folded.word_run(at, len));
        let whole = runs.filter_map(|run| self.whole.get(run)).fold(0, |all, lists| all | lists);
        let Some(word) = folded.word_run(at, 1) else { return whole };
        let prefixes = word.chars().next().and_then(|first| self.prefixes.get(&first));
        let begins = |prefix: &&Prefix| {
            folded.word_run(at, prefix.words).is_some_and(|run| run.starts_with(prefix.text))
        };
        prefixes.into_iter().flatten().filter(begins).fold(whole, |all, prefix| all | prefix.list)
    }
}

impl<const N: usize> PhraseMatches<N> {
    /// Whether the text begins with a phrase of a list.
    pub(crate) fn begins_with(&self, list: usize) -> bool {
        self.begins & (1 << list) != 0
    }

    fn add(&mut self, lists: u32) {
        for (list, count) in self.counts.iter_mut().enumerate() {
            *count = count.saturating_add(u8::from(lists & (1 << list) != 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(phrases: &'static str, text: &str) -> (u8, bool) {
        let found = PhraseLists::from_phrases([vec!["first"], phrases.split('|').collect()])
            .find(&FoldedText::fold(text));
        assert_eq!(found.counts[0], 0);
        (found.counts[1], found.begins_with(1))
    }

    #[test]
    fn a_text_has_whole_words_with_their_accents() {
        let folded = FoldedText::fold("Q&A: ¿lo dijo ÉL?");
        for (phrase, expected) in
            [("q a", true), ("dijo él", true), ("él", true), ("el", false), ("ij", false), ("a", true)]
        {
            assert_eq!(folded.has(phrase), expected, "{phrase}");
        }
        assert!(FoldedText::fold("と言いました").has("言い"));
    }

    #[test]
    fn phrases_match_whole_words() {
        let text = "We’ve learned: service meshes aren't free!";
        assert_eq!(FoldedText::fold(text).text, "we've learned service meshes aren't free ");
        for (phrases, expected) in [
            ("learned", (1, false)),
            ("mesh*", (1, false)),
            ("service mesh*", (1, false)),
            ("learned serv*", (1, false)),
            ("free mesh*", (0, false)),
            ("learn|meshes aren't", (1, false)),
            ("learn|mesh|e|", (0, false)),
            ("free we've", (0, false)),
            ("we've|learned", (2, true)),
            ("we've|we've learned", (1, true)),
        ] {
            assert_eq!(find(phrases, text), expected, "{phrases}");
        }
        assert_eq!(find("more|less|fewer", "more and more, less"), (3, true));
        assert_eq!(find("学び", "とても学びがありました。"), (1, false));
        assert_eq!(find("とても", "とても学びがありました。"), (1, true));
        assert_eq!(find("a|学", ""), (0, false));
    }
}
