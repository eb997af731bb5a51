//! The phrases of all languages by their first words, and the correction of typos in their words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::clauses::Clauses;
use super::patterns::{Alternative, Element, MEANINGS, Meaning, Pattern, PatternMatch, Strength};
use crate::language;
use crate::model::{Language, Shape};

/// The minimum number of letters of a word whose typos are corrected.
const MIN_TYPO_LETTERS: usize = 6;
/// The number of letters from which on a word is not compared with others.
const MAX_TYPO_LETTERS: usize = 40;

/// The phrases of all languages.
#[derive(Debug)]
pub(crate) struct PatternTable {
    by_first_word: HashMap<&'static str, Vec<&'static Pattern>>,
    /// Phrases that may begin with any word.
    others: Vec<&'static Pattern>,
    openings: HashMap<&'static str, Vec<&'static Pattern>>,
    stop_words: HashSet<&'static str>,
    /// The longer words of the phrases, by their first letter.
    long_words: HashMap<char, Vec<&'static str>>,
    known_words: HashSet<&'static str>,
}

/// The phrases of all languages; they are read once.
pub(crate) static TABLE: LazyLock<PatternTable> = LazyLock::new(PatternTable::new);

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let lists = Language::ALL
        .into_iter()
        .flat_map(|language| MEANINGS.map(|(meaning, list)| (language, meaning, list)));
    lists
        .flat_map(|(language, meaning, list)| {
            let phrases = list(&language.words().shapes).iter();
            phrases.map(move |phrase| Pattern::new(phrase, meaning, language))
        })
        .collect()
});

static OPENINGS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let openings =
        |language: Language| language.words().shapes.openings.iter().map(move |phrase| (phrase, language));
    let fact = Meaning::Shape(Shape::Fact);
    let all = Language::ALL.into_iter().flat_map(openings);
    all.map(|(phrase, language)| Pattern::new(phrase, fact, language)).collect()
});

impl PatternTable {
    fn new() -> Self {
        let mut table = Self {
            by_first_word: HashMap::new(),
            others: Vec::new(),
            openings: HashMap::new(),
            stop_words: language::all().tokens.stop_words.iter().collect(),
            long_words: HashMap::new(),
            known_words: HashSet::new(),
        };
        for pattern in PATTERNS.iter() {
            match pattern.first_words() {
                Some(first) => first.into_iter().for_each(|word| {
                    table.by_first_word.entry(word).or_default().push(pattern);
                }),
                None => table.others.push(pattern),
            }
            table.add_known_words(pattern);
        }
        for pattern in OPENINGS.iter() {
            for word in pattern.first_words().unwrap_or_default() {
                table.openings.entry(word).or_default().push(pattern);
            }
        }
        table
    }

    fn add_known_words(&mut self, pattern: &'static Pattern) {
        let alternatives = pattern.elements.iter().filter_map(|element| match element {
            Element::Words { alternatives, .. } => Some(alternatives),
            _ => None,
        });
        let runs = alternatives.flatten().filter_map(|alternative| match alternative {
            Alternative::Run(run) | Alternative::Topic(run) => Some(run),
            Alternative::Ending(_) | Alternative::Number => None,
        });
        for word in runs.flatten() {
            let is_new = self.known_words.insert(word);
            // A word that tells a shape anywhere must be as it is written.
            if let Some(first) = word.chars().next()
                && is_new
                && pattern.strength != Strength::Weak
                && word.chars().count() >= MIN_TYPO_LETTERS
            {
                self.long_words.entry(first).or_default().push(word);
            }
        }
    }

    /// The phrases that begin at a word, each in its longest form.
    pub(crate) fn matches_at<'a>(
        &'static self,
        text: &'a [&'a str],
        at: usize,
        clauses: &'a Clauses,
    ) -> impl Iterator<Item = PatternMatch> + 'a {
        let word = text.get(at).copied().unwrap_or_default();
        let patterns = self.by_first_word.get(word).into_iter().flatten().chain(&self.others);
        patterns.filter_map(move |pattern| pattern.match_at(text, at, clauses))
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
