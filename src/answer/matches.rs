//! Where a text says what a question looks for.

use std::collections::HashMap;
use std::ops::Range;

use super::concepts::Concept;
use crate::model::Language;
use crate::text::tokens::{Token, tokens};

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
    /// First term of an alternative to the concept, the terms that have to follow, and the weight.
    by_first_term: HashMap<&'q str, Vec<(usize, &'q [String], f32)>>,
}

impl<'q> Matcher<'q> {
    /// For the concepts of one question.
    #[must_use]
    pub fn new(concepts: &'q [Concept]) -> Self {
        let mut by_first_term: HashMap<&str, Vec<_>> = HashMap::new();
        for (at, concept) in concepts.iter().enumerate() {
            for alternative in &concept.alternatives {
                if let Some((first, rest)) = alternative.terms.split_first() {
                    by_first_term.entry(first).or_default().push((at, rest, alternative.weight));
                }
            }
        }
        Self { by_first_term }
    }

    /// The matches in a text, in its order.
    #[must_use]
    pub fn scan(&self, text: &str, language: Language) -> Vec<Match> {
        let tokens = tokens(text, language);
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for &(concept, rest, weight) in self.by_first_term.get(token.term.as_str()).into_iter().flatten()
            {
                if let Some(end) = follow(&tokens[at..], rest) {
                    found.push(Match {
                        concept,
                        weight,
                        range: token.range.start..end,
                        position: token.position,
                    });
                }
            }
        }
        found
    }
}

/// Whether `rest` follows the first of `tokens`, one position each; gives the byte at which the last one ends.
fn follow(tokens: &[Token], rest: &[String]) -> Option<usize> {
    let first = tokens.first()?;
    let mut end = first.range.end;
    let mut from = 1;
    for (position, wanted) in (first.position + 1..).zip(rest) {
        let step = tokens[from..].iter().take_while(|token| token.position <= position);
        let ahead = step.clone().position(|token| token.position == position && token.term == *wanted)?;
        end = tokens[from + ahead].range.end;
        from += ahead + 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retrieval::Alternative;

    fn concept(text: &str, alternatives: &[&[&str]]) -> Concept {
        Concept {
            text: text.into(),
            words: 0..1,
            alternatives: alternatives
                .iter()
                .map(|terms| Alternative { terms: terms.iter().map(|&t| t.into()).collect(), weight: 1.0 })
                .collect(),
            importance: 1.0,
            name: false,
            known: true,
            required: false,
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
