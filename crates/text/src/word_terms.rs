//! The terms of written words, and the names among them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use crate::{model::Language, tokens::for_each_token};

/// The terms of written words. A word with signs in it (`role-based`) has several.
pub(crate) struct WordTerms {
    language: Language,
    /// All terms with spaces between them.
    text: String,
    terms: Vec<WordTerm>,
}

/// A term: its range in the text of all terms, and the number of its word.
struct WordTerm {
    range: Range<usize>,
    word: usize,
}

impl WordTerms {
    /// The terms of words by the rules of a language.
    pub(crate) fn new(words: &[&str], language: Language) -> Self {
        let mut terms = Self { language, text: String::new(), terms: Vec::new() };
        terms.set_words(words);
        terms
    }

    /// Replaces the terms by those of `words`.
    pub(crate) fn set_words(&mut self, words: &[&str]) {
        self.text.clear();
        self.terms.clear();
        for (at, word) in words.iter().enumerate() {
            let mut last = None;
            for_each_token(word, self.language, &mut |term, _, position| {
                // Of the terms at one position the last is the part; the others are wholes.
                if last == Some(position) {
                    self.terms.pop();
                }
                last = Some(position);
                self.push(term, at);
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
        self.terms.push(WordTerm { range: start..self.text.len(), word });
    }

    /// The range of words and the joined terms of `length` terms from `start` on, if they are whole words.
    fn name_at(&self, start: usize, length: usize) -> Option<(Range<usize>, &str)> {
        let end = start + length;
        let terms = self.terms.get(start..end)?;
        let (first, last) = (terms.first()?, terms.last()?);
        self.is_whole_words(start, end).then_some(())?;
        Some((first.word..last.word + 1, self.text.get(first.range.start..last.range.end)?))
    }

    fn is_whole_words(&self, start: usize, end: usize) -> bool {
        let word = |at: usize| self.terms.get(at).map(|part| part.word);
        (start == 0 || word(start - 1) != word(start)) && word(end - 1) != word(end)
    }

    fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|part| self.text.get(part.range.clone()).unwrap_or_default())
    }

    /// All terms with spaces between them.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn len(&self) -> usize {
        self.terms.len()
    }
}

/// How many terms the names of a table have, by their first terms.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameLengths {
    /// Maps the first term of each name to the maximum number of terms of a name with this start.
    longest_by_first_term: HashMap<String, usize>,
}

impl NameLengths {
    /// Adds a name by its terms; `false` if it has none.
    pub(crate) fn add(&mut self, name: &WordTerms) -> bool {
        let Some(first) = name.terms().next() else { return false };
        match self.longest_by_first_term.get_mut(first) {
            Some(longest) => *longest = name.len().max(*longest),
            None => {
                self.longest_by_first_term.insert(first.to_owned(), name.len());
            }
        }
        true
    }

    /// The names among `words`, whose terms are `terms`: the range of words of each, and what `look_up` gives for it and its
    /// joined terms. The longest come first; none overlap.
    pub(crate) fn find<T>(
        &self,
        words: &[&str],
        terms: &WordTerms,
        look_up: impl Fn(&Range<usize>, &str) -> Option<T>,
    ) -> Vec<(Range<usize>, T)> {
        let mut is_used = vec![false; words.len()];
        let mut found = Vec::new();
        for (start, length) in self.candidates(terms) {
            let Some((range, key)) = terms.name_at(start, length) else { continue };
            let Some(unused) = is_used.get_mut(range.clone()).filter(|words| !words.contains(&true)) else {
                continue;
            };
            if let Some(value) = look_up(&range, key) {
                unused.fill(true);
                found.push((range, value));
            }
        }
        found
    }

    /// The starts and term counts of possible names, the longest first.
    fn candidates(&self, terms: &WordTerms) -> Vec<(usize, usize)> {
        let starts = terms
            .terms()
            .enumerate()
            .filter_map(|(at, term)| Some((at, *self.longest_by_first_term.get(term)?)));
        let mut candidates: Vec<(usize, usize)> =
            starts.flat_map(|(at, longest)| (1..=longest).map(move |length| (at, length))).collect();
        candidates.sort_by_key(|&(at, length)| (Reverse(length), at));
        candidates
    }
}
