//! Words to the terms that names are recognised by.

use std::ops::Range;

use crate::model::Language;
use crate::tokens::for_each_token;

/// The terms of words as typed; a word with signs in it (`role-based`) has several.
#[derive(Default)]
pub struct Parts {
    /// The terms with a space between them.
    text: String,
    parts: Vec<Part>,
}

/// A term: where it stands in the text of all, and the word that it is of.
struct Part {
    range: Range<usize>,
    word: usize,
}

impl Parts {
    /// The terms of `words`.
    pub fn of(words: &[&str]) -> Self {
        let mut parts = Self::default();
        parts.fill(words);
        parts
    }

    /// Takes the terms of `words` in place of its own, by the rules of English, whatever the language: the table
    /// and the question only have to agree.
    pub fn fill(&mut self, words: &[&str]) {
        self.text.clear();
        self.parts.clear();
        for (word, typed) in words.iter().enumerate() {
            let mut last = None;
            for_each_token(typed, Language::En, &mut |term, _, position| {
                // Of the terms at one position the last is the part, the others are wholes.
                if last == Some(position) {
                    self.parts.pop();
                }
                last = Some(position);
                self.push(term, word);
            });
        }
    }

    fn push(&mut self, term: &str, word: usize) {
        self.text.truncate(self.parts.last().map_or(0, |part| part.range.end));
        if !self.parts.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(term);
        self.parts.push(Part { range: start..self.text.len(), word });
    }

    /// `length` terms from `start` on, if they are whole words: which words, and the terms in one text.
    pub fn name(&self, start: usize, length: usize) -> Option<(Range<usize>, &str)> {
        let end = start + length;
        let parts = self.parts.get(start..end)?;
        let (first, last) = (parts.first()?, parts.last()?);
        self.is_whole(start, end).then_some(())?;
        Some((first.word..last.word + 1, self.text.get(first.range.start..last.range.end)?))
    }

    fn is_whole(&self, start: usize, end: usize) -> bool {
        let word = |at: usize| self.parts.get(at).map(|part| part.word);
        (start == 0 || word(start - 1) != word(start)) && word(end - 1) != word(end)
    }

    /// The terms.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| self.text.get(part.range.clone()).unwrap_or_default())
    }

    /// The terms with a space between them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }
}
