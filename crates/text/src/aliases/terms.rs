//! Words to the terms that names are recognised by.

use std::ops::Range;

use crate::model::Language;
use crate::tokens::for_each_token;

/// The terms of words as typed; a word with signs in it (`role-based`) has several.
#[derive(Default)]
pub struct AliasTerms {
    /// The terms with a space between them.
    text: String,
    terms: Vec<AliasTerm>,
}

/// A term: where it stands in the text of all, and the word that it is of.
struct AliasTerm {
    range: Range<usize>,
    word: usize,
}

impl AliasTerms {
    /// The terms of `words`.
    pub fn new(words: &[&str]) -> Self {
        let mut parts = Self::default();
        parts.set_words(words);
        parts
    }

    /// Takes the terms of `words` in place of its own, by the rules of English, whatever the language: the table
    /// and the question only have to agree.
    pub fn set_words(&mut self, words: &[&str]) {
        self.text.clear();
        self.terms.clear();
        for (word, typed) in words.iter().enumerate() {
            let mut last = None;
            for_each_token(typed, Language::En, &mut |term, _, position| {
                // Of the terms at one position the last is the part, the others are wholes.
                if last == Some(position) {
                    self.terms.pop();
                }
                last = Some(position);
                self.push(term, word);
            });
        }
    }

    fn push(&mut self, term: &str, word: usize) {
        self.text.truncate(self.terms.last().map_or(0, |part| part.range.end));
        if !self.terms.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(term);
        self.terms.push(AliasTerm { range: start..self.text.len(), word });
    }

    /// `length` terms from `start` on, if they are whole words: which words, and the terms in one text.
    pub fn name_at(&self, start: usize, length: usize) -> Option<(Range<usize>, &str)> {
        let end = start + length;
        let parts = self.terms.get(start..end)?;
        let (first, last) = (parts.first()?, parts.last()?);
        self.is_whole_words(start, end).then_some(())?;
        Some((first.word..last.word + 1, self.text.get(first.range.start..last.range.end)?))
    }

    fn is_whole_words(&self, start: usize, end: usize) -> bool {
        let word = |at: usize| self.terms.get(at).map(|part| part.word);
        (start == 0 || word(start - 1) != word(start)) && word(end - 1) != word(end)
    }

    /// The terms.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|part| self.text.get(part.range.clone()).unwrap_or_default())
    }

    /// The terms with a space between them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }
}
