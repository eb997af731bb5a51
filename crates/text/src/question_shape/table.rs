//! The phrases of all languages by their first words, and the correction of typos in their words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::clauses::Clauses;
use super::patterns::{
    Alternative, Choice, Element, MEANINGS, Meaning, Pattern, PatternMatch, PatternReader, Strength,
};
use crate::language;
use crate::model::{Language, Shape};

/// The minimum number of letters of a word whose typos are corrected.
const MIN_TYPO_LETTERS: usize = 6;
/// The number of letters from which on a word is not compared with others.
const MAX_TYPO_LETTERS: usize = 40;

/// The phrases of all languages.
#[derive(Debug, Default)]
pub(crate) struct PatternTable {
    /// For each choice of words, the phrases that may begin with it.
    by_first_choice: Vec<Vec<usize>>,
    /// Phrases that may begin with any word.
    others: Vec<usize>,
    /// For each phrase, the choices of words of which each match has one.
    required: Vec<Vec<usize>>,
    /// The choices that have a word as the first one of a run.
    choices_by_word: HashMap<&'static str, Vec<usize>>,
    openings: HashMap<&'static str, Vec<&'static Pattern>>,
    stop_words: HashSet<&'static str>,
    /// The longer words of the phrases, by their first letter.
    long_words: HashMap<char, Vec<&'static str>>,
    known_words: HashSet<&'static str>,
}

/// The phrases of all languages; they are read once.
pub(crate) static TABLE: LazyLock<PatternTable> = LazyLock::new(PatternTable::new);

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let mut reader = PatternReader::default();
    let lists = Language::ALL
        .into_iter()
        .flat_map(|language| MEANINGS.map(|(meaning, list)| (language, meaning, list)));
    let phrases = lists.flat_map(|(language, meaning, list)| {
        list(&language.words().shapes).iter().map(move |phrase| (phrase, meaning, language))
    });
    phrases.map(|(phrase, meaning, language)| reader.read(phrase, meaning, language)).collect()
});

static OPENINGS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let mut reader = PatternReader::default();
    let openings =
        |language: Language| language.words().shapes.openings.iter().map(move |phrase| (phrase, language));
    let fact = Meaning::Shape(Shape::Fact);
    let all = Language::ALL.into_iter().flat_map(openings);
    all.map(|(phrase, language)| reader.read(phrase, fact, language)).collect()
});

impl PatternTable {
    fn new() -> Self {
        let mut table = Self {
            required: Vec::with_capacity(PATTERNS.len()),
            stop_words: language::all().tokens.stop_words.iter().collect(),
            ..Self::default()
        };
        for (at, pattern) in PATTERNS.iter().enumerate() {
            table.add_words(pattern);
            match pattern.first_choices() {
                Some(first) => first.iter().for_each(|choice| table.by_first_choice[choice.number].push(at)),
                None => table.others.push(at),
            }
            table.required.push(pattern.required_choices().collect());
        }
        for pattern in OPENINGS.iter() {
            let first = pattern.first_choices().unwrap_or_default();
            for word in first.into_iter().flat_map(Choice::first_words) {
                table.openings.entry(word).or_default().push(pattern);
            }
        }
        table
    }

    /// Adds the words of the choices that no phrase before had: they are numbered in the order of the phrases.
    fn add_words(&mut self, pattern: &'static Pattern) {
        for element in &pattern.elements {
            if let Element::Words { choice, .. } = element
                && choice.number >= self.by_first_choice.len()
            {
                self.by_first_choice.push(Vec::new());
                for word in choice.first_words() {
                    let choices = self.choices_by_word.entry(word).or_default();
                    if choices.last() != Some(&choice.number) {
                        choices.push(choice.number);
                    }
                }
                self.add_known_words(&choice.alternatives, pattern.strength);
            }
        }
    }

    fn add_known_words(&mut self, alternatives: &'static [Alternative], strength: Strength) {
        let runs = alternatives.iter().filter_map(|alternative| match alternative {
            Alternative::Run(run) | Alternative::Topic(run) => Some(run),
            Alternative::Ending(_) | Alternative::Number => None,
        });
        for word in runs.flatten() {
            let is_new = self.known_words.insert(word);
            // A word that tells a shape anywhere must be as it is written.
            if let Some(first) = word.chars().next()
                && is_new
                && strength != Strength::Weak
                && word.chars().count() >= MIN_TYPO_LETTERS
            {
                self.long_words.entry(first).or_default().push(word);
            }
        }
    }

    /// The phrases in a text, in the order of the words where they begin, each in its longest form.
    pub(crate) fn find_matches(&'static self, text: &[&str], clauses: &Clauses) -> Vec<PatternMatch> {
        let choices = text.iter().map(|word| self.choices_by_word.get(word).map(Vec::as_slice));
        let choices: Vec<&[usize]> = choices.map(Option::unwrap_or_default).collect();
        let mut is_in_text = vec![false; self.by_first_choice.len()];
        for number in choices.iter().copied().flatten() {
            is_in_text[*number] = true;
        }
        let is_possible = |at: &&usize| self.required[**at].iter().all(|number| is_in_text[*number]);
        let others: Vec<usize> = self.others.iter().filter(is_possible).copied().collect();
        let mut matches = Vec::new();
        for (at, choices) in choices.into_iter().enumerate() {
            let patterns = choices.iter().flat_map(|number| &self.by_first_choice[*number]);
            let mut patterns: Vec<usize> = patterns.filter(is_possible).copied().collect();
            patterns.sort_unstable();
            patterns.dedup();
            let patterns = patterns.iter().chain(&others).map(|pattern| &PATTERNS[*pattern]);
            matches.extend(patterns.filter_map(|pattern| pattern.match_at(text, at, clauses)));
        }
        matches
    }

    /// The end of the longest words at a place that only open a question: `can you tell me`.
    pub(crate) fn opening_end(&'static self, text: &[&str], at: usize) -> Option<usize> {
        let patterns = self.openings.get(text.get(at)?)?.iter();
        let clauses = Clauses::default();
        let matches = patterns.filter_map(|pattern| pattern.match_at(text, at, &clauses));
        matches.map(|found| at + found.len).max()
    }

    /// The word of a phrase that a misspelt word stands for, or the word itself. The ends must be equal: a singular is
    /// no misspelt plural.
    pub(crate) fn corrected<'a>(&'static self, word: &'a str) -> &'a str {
        let is_known = self.known_words.contains(word) || self.stop_words.contains(word);
        let len = word.chars().count();
        let candidates = word.chars().next().and_then(|first| self.long_words.get(&first));
        let Some(candidates) =
            candidates.filter(|_| !is_known && (MIN_TYPO_LETTERS..MAX_TYPO_LETTERS).contains(&len))
        else {
            return word;
        };
        let is_meant = |known: &&&str| {
            known.chars().count().abs_diff(len) <= 1
                && known.chars().last() == word.chars().last()
                && strsim::osa_distance(known, word) == 1
        };
        candidates.iter().find(is_meant).copied().unwrap_or(word)
    }

    /// Whether a word is a stop word of any language.
    pub(crate) fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }
}
