//! Looking for words and phrases in a sentence.

use std::collections::HashSet;

use takeaways_text::language::{LanguageWords, WordList, all_words};

/// The most words of a phrase.
const MAX_PHRASE_WORDS: usize = 5;

/// A sentence as phrases are looked for in it: its words in lower case, without signs but apostrophes and `%`.
#[derive(Debug)]
pub(super) struct FoldedText {
    text: String,
    /// Where each word begins and ends.
    words: Vec<(usize, usize)>,
}

impl FoldedText {
    pub fn fold(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), words: Vec::new() };
        let mut start = None;
        for c in text.chars().flat_map(char::to_lowercase).chain([' ']) {
            let c = if c == '’' { '\'' } else { c };
            let at = folded.text.len();
            match (c.is_alphanumeric() || matches!(c, '\'' | '%'), start) {
                (true, begun) => {
                    start = begun.or(Some(at));
                    folded.text.push(c);
                }
                (false, Some(begun)) => {
                    folded.words.push((begun, at));
                    folded.text.push(' ');
                    start = None;
                }
                (false, None) => {}
            }
        }
        folded
    }

    /// The `len` words from one on.
    fn word_run(&self, at: usize, len: usize) -> Option<&str> {
        let (start, _) = self.words.get(at)?;
        let (_, end) = self.words.get(at + len - 1)?;
        self.text.get(*start..*end)
    }
}

/// Words and phrases that are looked for.
#[derive(Debug)]
pub(super) struct PhraseSet {
    whole: HashSet<&'static str>,
    /// Beginnings of words.
    beginnings: Vec<&'static str>,
    /// Of scripts without blanks: they stand anywhere.
    unspaced: Vec<&'static str>,
}

impl PhraseSet {
    /// One list of all languages.
    pub fn of(list: fn(&LanguageWords) -> &WordList) -> Self {
        Self::new(all_words(list))
    }

    /// A phrase that ends in `*` is the beginning of a word.
    fn new(listed: impl IntoIterator<Item = &'static str>) -> Self {
        let mut phrases = Self { whole: HashSet::new(), beginnings: Vec::new(), unspaced: Vec::new() };
        for phrase in listed {
            match phrase.strip_suffix('*') {
                Some(beginning) => phrases.beginnings.push(beginning),
                None if phrase.starts_with(is_unspaced) => phrases.unspaced.push(phrase),
                None => {
                    phrases.whole.insert(phrase);
                }
            }
        }
        phrases
    }

    /// How many places of a sentence hold one.
    pub fn count_in(&self, folded: &FoldedText) -> usize {
        let places = (0..folded.words.len()).filter(|at| self.matches_at(folded, *at)).count();
        places + self.unspaced.iter().filter(|phrase| folded.text.contains(*phrase)).count()
    }

    /// Whether a sentence holds one.
    pub fn is_in(&self, folded: &FoldedText) -> bool {
        (0..folded.words.len()).any(|at| self.matches_at(folded, at))
            || self.unspaced.iter().any(|phrase| folded.text.contains(phrase))
    }

    /// Whether a sentence begins with one.
    pub fn begins(&self, folded: &FoldedText) -> bool {
        self.matches_at(folded, 0) || self.unspaced.iter().any(|phrase| folded.text.starts_with(phrase))
    }

    fn matches_at(&self, folded: &FoldedText, at: usize) -> bool {
        let is_whole = |len| folded.word_run(at, len).is_some_and(|run| self.whole.contains(run));
        let begins = |word: &str| self.beginnings.iter().any(|beginning| word.starts_with(beginning));
        (1..=MAX_PHRASE_WORDS).any(is_whole) || folded.word_run(at, 1).is_some_and(begins)
    }
}

/// Han, kana and Hangul.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words() {
        let text = FoldedText::fold("We’ve learned: service meshes aren't free!");
        assert_eq!(text.text, "we've learned service meshes aren't free ");
        for (listed, found) in [
            ("learned", true),
            ("mesh*", true),
            ("learn|meshes aren't", true),
            ("learn|mesh|e|", false),
            ("free we've", false),
        ] {
            assert_eq!(PhraseSet::new(listed.split('|')).is_in(&text), found, "{listed}");
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
