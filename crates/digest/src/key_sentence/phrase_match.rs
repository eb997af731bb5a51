//! Finds words and phrases of the word lists in a sentence.

use std::collections::HashSet;

use takeaways_text::language::{LanguageWords, WordList, all_words};

/// The most words of a phrase.
const MAX_PHRASE_WORDS: usize = 5;

/// A sentence prepared for phrase search: words in lower case, separated by spaces, without signs except apostrophes
/// and `%`.
#[derive(Debug)]
pub(super) struct FoldedText {
    text: String,
    /// Start and end of each word, in bytes.
    words: Vec<(usize, usize)>,
}

impl FoldedText {
    /// Folds a sentence.
    pub fn fold(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), words: Vec::new() };
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
        }
        folded
    }

    /// Returns `len` words from a position on.
    fn word_run(&self, at: usize, len: usize) -> Option<&str> {
        let (start, _) = self.words.get(at)?;
        let (_, end) = self.words.get(at + len - 1)?;
        self.text.get(*start..*end)
    }
}

/// A set of words and phrases to find.
#[derive(Debug)]
pub(super) struct PhraseSet {
    whole: HashSet<&'static str>,
    /// Prefixes of words.
    prefixes: Vec<&'static str>,
    /// Phrases of scripts without spaces. They match anywhere.
    unspaced: Vec<&'static str>,
}

impl PhraseSet {
    /// Makes a set of one word list, over all languages.
    pub fn of(list: fn(&LanguageWords) -> &WordList) -> Self {
        Self::new(all_words(list))
    }

    /// Makes a set of phrases. A phrase that ends in `*` is the prefix of a word.
    fn new(phrases: impl IntoIterator<Item = &'static str>) -> Self {
        let mut set = Self { whole: HashSet::new(), prefixes: Vec::new(), unspaced: Vec::new() };
        for phrase in phrases {
            match phrase.strip_suffix('*') {
                Some(prefix) => set.prefixes.push(prefix),
                None if phrase.starts_with(is_unspaced) => set.unspaced.push(phrase),
                None => {
                    set.whole.insert(phrase);
                }
            }
        }
        set
    }

    /// Counts the positions in a sentence where a phrase matches.
    pub fn count_in(&self, folded: &FoldedText) -> usize {
        let words = (0..folded.words.len()).filter(|at| self.matches_at(folded, *at)).count();
        words + self.unspaced.iter().filter(|phrase| folded.text.contains(*phrase)).count()
    }

    /// Whether a sentence contains a phrase.
    pub fn is_in(&self, folded: &FoldedText) -> bool {
        (0..folded.words.len()).any(|at| self.matches_at(folded, at))
            || self.unspaced.iter().any(|phrase| folded.text.contains(phrase))
    }

    /// Whether a sentence begins with a phrase.
    pub fn begins(&self, folded: &FoldedText) -> bool {
        self.matches_at(folded, 0) || self.unspaced.iter().any(|phrase| folded.text.starts_with(phrase))
    }

    fn matches_at(&self, folded: &FoldedText, at: usize) -> bool {
        let is_whole = |len| folded.word_run(at, len).is_some_and(|run| self.whole.contains(run));
        let has_prefix = |word: &str| self.prefixes.iter().any(|prefix| word.starts_with(prefix));
        (1..=MAX_PHRASE_WORDS).any(is_whole) || folded.word_run(at, 1).is_some_and(has_prefix)
    }
}

/// Whether a character is Han, kana or Hangul.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_match_whole_words() {
        let text = FoldedText::fold("We’ve learned: service meshes aren't free!");
        assert_eq!(text.text, "we've learned service meshes aren't free ");
        for (phrases, expected) in [
            ("learned", true),
            ("mesh*", true),
            ("learn|meshes aren't", true),
            ("learn|mesh|e|", false),
            ("free we've", false),
        ] {
            assert_eq!(PhraseSet::new(phrases.split('|')).is_in(&text), expected, "{phrases}");
        }
        assert!(PhraseSet::new(["we've"]).begins(&text) && !PhraseSet::new(["learned"]).begins(&text));
        assert_eq!(
            PhraseSet::new("more|less|fewer".split('|')).count_in(&FoldedText::fold("more and more, less")),
            3
        );
        let japanese = FoldedText::fold("とても学びがありました。");
        assert!(PhraseSet::new(["学び"]).is_in(&japanese) && PhraseSet::new(["とても"]).begins(&japanese));
        assert!(!PhraseSet::new("a|学".split('|')).is_in(&FoldedText::fold("")));
    }
}
