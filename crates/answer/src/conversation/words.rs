//! The words of a message, and phrases among them.

use std::ops::Range;

use takeaways_text::language::{LanguageWords, WordList, all_words};
use takeaways_text::phrases::PhraseTable;
use takeaways_text::tokens::folding::fold;

/// A word of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case, without accents and apostrophes: `whats`.
    pub folded: String,
    /// Its place in the message, in bytes.
    pub range: Range<usize>,
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.folded
    }
}

/// The endings of English words after an apostrophe. They belong to the word; other apostrophes end one (`d'Istio`).
const CONTRACTIONS: [&str; 7] = ["s", "t", "d", "m", "re", "ve", "ll"];

/// Splits a message into words.
pub(crate) fn split_words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(char::is_alphanumeric).map(|offset| at + offset) {
        let mut end = end_of_letters(text, start);
        let mut folded = fold(&text[start..end]);
        if let Some(rest) = text[end..].strip_prefix(['\'', '’']) {
            let from = text.len() - rest.len();
            let to = end_of_letters(text, from);
            if CONTRACTIONS.contains(&text[from..to].to_lowercase().as_str()) {
                folded.push_str(&text[from..to].to_lowercase());
                end = to;
            }
        }
        words.push(Word { folded, range: start..end });
        at = end;
    }
    words
}

fn end_of_letters(text: &str, from: usize) -> usize {
    text[from..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |offset| from + offset)
}

/// The bytes of some words in a row; `None` for none.
pub(super) fn bytes_of(words: &[Word]) -> Option<Range<usize>> {
    Some(words.first()?.range.start..words.last()?.range.end)
}

/// Phrases of one list, split as messages are.
#[derive(Default)]
pub(crate) struct Phrases(PhraseTable<()>);

impl Phrases {
    pub fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Self {
        Self::of_words(phrases.into_iter().map(split_words))
    }

    pub fn of_words(phrases: impl IntoIterator<Item = Vec<Word>>) -> Self {
        let mut table = PhraseTable::default();
        phrases.into_iter().for_each(|words| table.add_words(words.iter().map(AsRef::as_ref), ()));
        Self(table)
    }

    /// Returns the number of words of the longest phrase at a place; `None` if there is none.
    pub fn match_at(&self, words: &[Word], at: usize) -> Option<usize> {
        self.0.matches_at(words, at).next().map(|(len, ())| len)
    }

    /// The bytes of the first phrase among the words.
    pub fn find(&self, words: &[Word]) -> Option<Range<usize>> {
        let (at, len) = (0..words.len()).find_map(|at| Some((at, self.match_at(words, at)?)))?;
        bytes_of(words.get(at..at + len)?)
    }

    /// Whether the words are phrases, one after another.
    pub fn cover(&self, words: &[Word]) -> bool {
        let mut at = 0;
        while let Some(len) = self.match_at(words, at) {
            at += len;
        }
        at > 0 && at == words.len()
    }

    /// Whether the words are one phrase.
    pub fn is(&self, words: &[Word]) -> bool {
        self.match_at(words, 0) == Some(words.len())
    }

    /// Whether a word alone is a phrase.
    pub fn is_word(&self, word: &Word) -> bool {
        self.is(std::slice::from_ref(word))
    }
}

/// The phrases of a list in all languages.
pub(crate) fn phrases_of(list: fn(&LanguageWords) -> &WordList) -> Phrases {
    Phrases::new(all_words(list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_english_contractions_and_lose_elisions() {
        let words = |text: &str| split_words(text).into_iter().map(|word| word.folded).collect::<Vec<_>>();
        assert_eq!(words("What’s d'Istio's, Über-was?"), ["whats", "d", "istios", "uber", "was"]);
        assert!(words("…?!").is_empty());
        let text = "so what's up";
        let word = &split_words(text)[1];
        assert_eq!((&text[word.range.clone()], word.folded.as_str()), ("what's", "whats"));
    }
}
