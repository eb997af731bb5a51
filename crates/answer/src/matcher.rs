//! Where a text says what a question looks for.

use std::collections::HashMap;
use std::ops::Range;

use super::concepts::Concept;
use super::passage_cache::AnalysedText;
use takeaways_text::model::Language;
use takeaways_text::tokens::for_each_token;

/// What a form of a word counts against the word as typed: "meshes" for "mesh".
const INFLECTION_WEIGHT: f32 = 0.95;
/// What another word of the same stem counts: stems make "capital" and "capitalize" one.
const DERIVATION_WEIGHT: f32 = 0.6;
/// Endings of forms of one word; behind any two of them stands the same word.
const ENDINGS: [&str; 21] = [
    "", "s", "es", "ies", "y", "e", "d", "ed", "ied", "ing", "n", "en", "er", "est", "st", "t", "a", "o",
    "as", "os", "x",
];

/// A place in a text that says one of the question's concepts.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Which, an index into the question's concepts.
    pub concept: usize,
    /// 1 where it is said as it was typed, below 1 for a synonym.
    pub weight: f32,
    /// The bytes of the text.
    pub range: Range<usize>,
    /// The position of its first word.
    pub position: u32,
}

/// Finds a question's concepts in texts, with the terms that the index holds.
#[derive(Debug)]
pub struct Matcher<'q> {
    by_first_term: HashMap<&'q str, Vec<ConceptForm<'q>>>,
    /// Which bytes the terms begin with: most words of a text begin with none of them.
    first_bytes: [bool; 256],
}

/// One way to say a concept, from its second term on.
#[derive(Debug, Clone, Copy)]
struct ConceptForm<'q> {
    concept: usize,
    rest: &'q [String],
    weight: f32,
    /// The words as they were typed, where this is a form of them and no other name.
    original: Option<&'q str>,
}

/// A phrase of which some terms have been seen.
struct PartialPhrase<'q> {
    form: ConceptForm<'q>,
    /// The position at which the next of its terms has to stand.
    next: u32,
    found: Match,
}

impl<'q> Matcher<'q> {
    /// For the concepts of one question.
    #[must_use]
    pub fn new(concepts: &'q [Concept]) -> Self {
        let mut by_first_term: HashMap<&str, Vec<_>> = HashMap::new();
        let mut first_bytes = [false; 256];
        for (concept, Concept { alternatives, own_forms: own, text, .. }) in concepts.iter().enumerate() {
            for (at, alternative) in alternatives.iter().enumerate() {
                if let Some((first, rest)) = alternative.terms.split_first() {
                    let typed = (at < *own).then_some(text.as_str());
                    let way = ConceptForm { concept, rest, weight: alternative.weight, original: typed };
                    by_first_term.entry(first).or_default().push(way);
                    first_bytes[usize::from(first.bytes().next().unwrap_or_default())] = true;
                }
            }
        }
        Self { by_first_term, first_bytes }
    }

    /// The matches in a text, in the order of their ends.
    #[must_use]
    pub fn scan(&self, text: &str, language: Language) -> Vec<Match> {
        let mut scan = MatchScan::new(self, text);
        for_each_token(text, language, &mut |term, range, position| scan.push_token(term, range, position));
        scan.found
    }

    /// The matches in a text whose terms are known.
    #[must_use]
    pub fn scan_terms(&self, text: &str, terms: &AnalysedText) -> Vec<Match> {
        let mut scan = MatchScan::new(self, text);
        for (term, range, position) in terms.iter() {
            scan.push_token(term, range, position);
        }
        scan.found
    }
}

/// A way through a text.
struct MatchScan<'m, 'q> {
    matcher: &'m Matcher<'q>,
    text: &'m str,
    partial_phrases: Vec<PartialPhrase<'q>>,
    found: Vec<Match>,
}

impl<'m, 'q> MatchScan<'m, 'q> {
    fn new(matcher: &'m Matcher<'q>, text: &'m str) -> Self {
        Self { matcher, text, partial_phrases: Vec::new(), found: Vec::new() }
    }

    fn push_token(&mut self, term: &str, range: Range<usize>, position: u32) {
        let Self { matcher, text, partial_phrases: begun, found } = self;
        begun.retain_mut(|phrase| phrase.advance(term, &range, position, found));
        let first = term.bytes().next().unwrap_or_default();
        if !matcher.first_bytes[usize::from(first)] {
            return;
        }
        for &way in matcher.by_first_term.get(term).into_iter().flatten() {
            let word = text.get(range.clone()).unwrap_or_default();
            let weight = way.weight * way.original.map_or(1.0, |typed| form_weight(typed, word));
            let here = Match { concept: way.concept, weight, range: range.clone(), position };
            if way.rest.is_empty() {
                found.push(here);
            } else {
                begun.push(PartialPhrase { form: way, next: position + 1, found: here });
            }
        }
    }
}

/// What a text's word of the same stem counts against the typed one, or the first of the typed ones, whatever their
/// case.
fn form_weight(typed: &str, word: &str) -> f32 {
    let first = typed.split(|c: char| c.is_whitespace() || c == '-' || c == '/').next().unwrap_or(typed);
    if typed.eq_ignore_ascii_case(word) || first.eq_ignore_ascii_case(word) {
        return 1.0;
    }
    let (first, word) = (first.to_lowercase(), word.to_lowercase());
    let word = word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(&word);
    let common = first.chars().zip(word.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (rest, other) = (first.get(common..).unwrap_or_default(), word.get(common..).unwrap_or_default());
    let is_ending = |rest: &str| {
        // "planned" of "plan" has its last letter twice.
        let mut letters = rest.chars();
        let doubled =
            letters.next().is_some_and(|letter| first.get(..common).is_some_and(|it| it.ends_with(letter)));
        ENDINGS.contains(&rest) || doubled && ENDINGS.contains(&letters.as_str())
    };
    // Stemming has told that they are one word; where even their beginnings differ, so has a table of forms.
    if common == 0 || is_ending(rest) && is_ending(other) { INFLECTION_WEIGHT } else { DERIVATION_WEIGHT }
}

impl PartialPhrase<'_> {
    /// Takes the next token; false where the phrase is whole or broken.
    fn advance(&mut self, term: &str, range: &Range<usize>, position: u32, found: &mut Vec<Match>) -> bool {
        if position < self.next {
            return true;
        }
        let Some((wanted, rest)) = self.form.rest.split_first() else { return false };
        if position > self.next {
            return false;
        }
        if term != wanted {
            // Another term at the same position may still fit.
            return true;
        }
        self.found.range.end = range.end;
        if rest.is_empty() {
            found.push(self.found.clone());
            return false;
        }
        self.form.rest = rest;
        self.next += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_search::Alternative;

    fn concept(text: &str, alternatives: &[&[&str]]) -> Concept {
        Concept {
            text: text.into(),
            words: 0..1,
            alternatives: alternatives
                .iter()
                .map(|terms| Alternative { terms: terms.iter().map(|&t| t.into()).collect(), weight: 1.0 })
                .collect(),
            own_forms: 1,
            importance: 1.0,
            is_known: true,
            ..Concept::default()
        }
    }

    #[test]
    fn forms_of_a_word_count_more_than_other_words_of_its_stem() {
        for (typed, word, expected) in [
            ("mesh", "Mesh", 1.0),
            ("mesh", "meshes", INFLECTION_WEIGHT),
            ("Migrating", "migrated", INFLECTION_WEIGHT),
            ("planning", "plan", INFLECTION_WEIGHT),
            ("companies", "company's", INFLECTION_WEIGHT),
            ("capital", "capitalize", DERIVATION_WEIGHT),
            ("organization", "organ", DERIVATION_WEIGHT),
        ] {
            assert!((form_weight(typed, word) - expected).abs() < f32::EPSILON, "{typed} {word}");
        }
    }

    #[test]
    fn words_and_phrases_are_found_where_they_stand() {
        let concepts =
            [concept("opa", &[&["opa"], &["red", "green", "blue"]]), concept("mesh", &[&["mesh"]])];
        let matcher = Matcher::new(&concepts);
        let text = "A mesh of red green blue, red blue green; opa.";
        let found: Vec<(usize, &str)> =
            matcher.scan(text, Language::Other).iter().map(|m| (m.concept, &text[m.range.clone()])).collect();
        assert_eq!(found, [(1, "mesh"), (0, "red green blue"), (0, "opa")]);
    }
}
