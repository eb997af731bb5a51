//! Looking for words and phrases in a sentence.

use std::collections::HashSet;

use takeaways_text::language::{LanguageWords, WordList, all_words};

/// The most words of a phrase.
const LONGEST: usize = 5;

/// A sentence as phrases are looked for in it: its words in lower case, without signs but apostrophes and `%`.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// Where each word begins and ends.
    words: Vec<(usize, usize)>,
}

impl Folded {
    pub fn of(text: &str) -> Self {
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
    fn run(&self, at: usize, len: usize) -> Option<&str> {
        let (start, _) = self.words.get(at)?;
        let (_, end) = self.words.get(at + len - 1)?;
        self.text.get(*start..*end)
    }
}

/// Words and phrases that are looked for.
#[derive(Debug)]
pub(super) struct Phrases {
    whole: HashSet<&'static str>,
    /// Beginnings of words.
    beginnings: Vec<&'static str>,
    /// Of scripts without blanks: they stand anywhere.
    unspaced: Vec<&'static str>,
}

impl Phrases {
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
    pub fn count(&self, folded: &Folded) -> usize {
        let places = (0..folded.words.len()).filter(|at| self.stands_at(folded, *at)).count();
        places + self.unspaced.iter().filter(|phrase| folded.text.contains(*phrase)).count()
    }

    /// Whether a sentence holds one.
    pub fn any(&self, folded: &Folded) -> bool {
        (0..folded.words.len()).any(|at| self.stands_at(folded, at))
            || self.unspaced.iter().any(|phrase| folded.text.contains(phrase))
    }

    /// Whether a sentence begins with one.
    pub fn begin(&self, folded: &Folded) -> bool {
        self.stands_at(folded, 0) || self.unspaced.iter().any(|phrase| folded.text.starts_with(phrase))
    }

    fn stands_at(&self, folded: &Folded, at: usize) -> bool {
        let is_whole = |len| folded.run(at, len).is_some_and(|run| self.whole.contains(run));
        let begins = |word: &str| self.beginnings.iter().any(|beginning| word.starts_with(beginning));
        (1..=LONGEST).any(is_whole) || folded.run(at, 1).is_some_and(begins)
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
        let text = Folded::of("We’ve learned: service meshes aren't free!");
        assert_eq!(text.text, "we've learned service meshes aren't free ");
        for (listed, found) in [
            ("learned", true),
            ("mesh*", true),
            ("learn|meshes aren't", true),
            ("learn|mesh|e|", false),
            ("free we've", false),
        ] {
            assert_eq!(Phrases::new(listed.split('|')).any(&text), found, "{listed}");
        }
        assert!(Phrases::new(["we've"]).begin(&text) && !Phrases::new(["learned"]).begin(&text));
        assert_eq!(Phrases::new("more|less|fewer".split('|')).count(&Folded::of("more and more, less")), 3);
        let japanese = Folded::of("とても学びがありました。");
        assert!(Phrases::new(["学び"]).any(&japanese) && Phrases::new(["とても"]).begin(&japanese));
        assert!(!Phrases::new("a|学".split('|')).any(&Folded::of("")));
    }
}
