//! Finds the concepts of a question in texts.

use std::collections::HashMap;
use std::ops::Range;

use crate::concepts::Concept;
use crate::passage_cache::AnalysedText;
use takeaways_search::Alternative;
use takeaways_text::model::{Language, LanguageSet};
use takeaways_text::tokens::for_each_token_from;

/// The weight of another form of a typed word: "meshes" for "mesh".
const INFLECTION_WEIGHT: f32 = 0.95;
/// The weight of another word with the same stem: "capitalize" for "capital".
const DERIVATION_WEIGHT: f32 = 0.6;
/// What a word of an address counts: where a page is tells little of what is said.
const ADDRESS_WEIGHT: f32 = 0.6;
/// Endings of the forms of one word. Two words that differ only in them are forms of the same word.
const ENDINGS: [&str; 21] = [
    "", "s", "es", "ies", "y", "e", "d", "ed", "ied", "ing", "n", "en", "er", "est", "st", "t", "a", "o",
    "as", "os", "x",
];

/// A place in a text that matches a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The index of the concept.
    pub concept: usize,
    /// 1 for the typed words, less for other forms and synonyms.
    pub weight: f32,
    /// Its bytes of the text.
    pub range: Range<usize>,
    /// The position of its first word.
    pub position: u32,
}

/// Finds a question's concepts in texts, with the terms that the index holds.
#[derive(Debug)]
pub struct Matcher<'q> {
    by_first_term: HashMap<&'q str, Vec<ConceptForm<'q>>>,
    /// What [`form_bit`] gives for the first terms, by their first bytes. Most words of a text differ and need no lookup.
    forms_by_byte: [u64; 256],
    /// The first bytes of all terms. The words of a text that begin with others are left out.
    first_bytes: [bool; 256],
}

/// One form of a concept, without its first term.
#[derive(Debug, Clone, Copy)]
struct ConceptForm<'q> {
    concept: usize,
    rest: &'q [String],
    weight: f32,
    /// The languages of the posts in which it counts.
    languages: LanguageSet,
    /// The typed words, if this is a form of them.
    original: Option<&'q str>,
}

/// A phrase whose first terms were found.
struct PartialPhrase<'q> {
    form: ConceptForm<'q>,
    /// The position of its next term.
    next: u32,
    found: Match,
}

impl<'q> Matcher<'q> {
    /// Returns a matcher for the concepts of a question.
    pub fn new(concepts: &'q [Concept]) -> Self {
        let mut by_first_term: HashMap<&str, Vec<_>> = HashMap::new();
        let (mut forms_by_byte, mut first_bytes) = ([0; 256], [false; 256]);
        for (concept, Concept { alternatives, own_forms, text, .. }) in concepts.iter().enumerate() {
            for (at, alternative) in alternatives.iter().enumerate() {
                if let Some((first, rest)) = alternative.terms.split_first() {
                    let original = (at < *own_forms).then_some(text.as_str());
                    let Alternative { weight, languages, .. } = *alternative;
                    let form = ConceptForm { concept, rest, weight, languages, original };
                    by_first_term.entry(first).or_default().push(form);
                    forms_by_byte[first_byte(first)] |= form_bit(first);
                    alternative.terms.iter().for_each(|term| first_bytes[first_byte(term)] = true);
                }
            }
        }
        Self { by_first_term, forms_by_byte, first_bytes }
    }

    /// Returns the matches in a text of a post in this language, in the order of their ends.
    pub fn scan(&self, text: &str, language: Language) -> Vec<Match> {
        let mut scan = MatchScan::new(self, text, language);
        for_each_token_from(&self.first_bytes, text, language, &mut |term, range, position| {
            scan.push_token(term, range, position);
        });
        scan.found
    }

    /// Returns the matches in an analysed text.
    pub fn scan_terms(&self, text: &str, terms: &AnalysedText) -> Vec<Match> {
        let mut scan = MatchScan::new(self, text, terms.language());
        for (term, range, position) in terms.iter() {
            scan.push_token(term, range, position);
        }
        scan.found
    }
}

/// One scan of a text.
struct MatchScan<'m, 'q> {
    matcher: &'m Matcher<'q>,
    text: &'m str,
    language: Language,
    partial_phrases: Vec<PartialPhrase<'q>>,
    found: Vec<Match>,
}

impl<'m, 'q> MatchScan<'m, 'q> {
    fn new(matcher: &'m Matcher<'q>, text: &'m str, language: Language) -> Self {
        Self { matcher, text, language, partial_phrases: Vec::new(), found: Vec::new() }
    }

    fn push_token(&mut self, term: &str, range: Range<usize>, position: u32) {
        let Self { matcher, text, language, partial_phrases, found } = self;
        if !partial_phrases.is_empty() {
            partial_phrases.retain_mut(|phrase| phrase.advance(term, &range, position, found));
        }
        if matcher.forms_by_byte[first_byte(term)] & form_bit(term) == 0 {
            return;
        }
        let forms = matcher.by_first_term.get(term).into_iter().flatten();
        for &form in forms.filter(|form| form.languages.contains(*language)) {
            let word = text.get(range.clone()).unwrap_or_default();
            let mut weight = form.weight * form.original.map_or(1.0, |typed| form_weight(typed, word));
            if is_in_address(text, range.start) {
                weight *= ADDRESS_WEIGHT;
            }
            let start = Match { concept: form.concept, weight, range: range.clone(), position };
            if form.rest.is_empty() {
                found.push(start);
            } else {
                partial_phrases.push(PartialPhrase { form, next: position + 1, found: start });
            }
        }
    }
}

fn first_byte(term: &str) -> usize {
    term.bytes().next().unwrap_or_default().into()
}

/// A bit for the length and the last byte of a term. Other terms may share it.
fn form_bit(term: &str) -> u64 {
    1 << ((term.len() + 5 * usize::from(term.bytes().next_back().unwrap_or_default())) % 64)
}

/// Whether a word stands in a web address that is written out.
fn is_in_address(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let begun =
        before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '<')).next().unwrap_or_default();
    begun.contains("://")
}

/// Returns the weight of a word of a text with the same stem as the typed words, or the first of them. Case does not
/// matter, and no sign between the parts of a compound.
fn form_weight(typed: &str, word: &str) -> f32 {
    let first = typed.split(|c: char| c.is_whitespace() || c == '-' || c == '/').next().unwrap_or(typed);
    if typed.eq_ignore_ascii_case(word) || first.eq_ignore_ascii_case(word) {
        return 1.0;
    }
    let (first, typed, word) = (first.to_lowercase(), joined(typed), joined(word));
    if typed == word {
        return 1.0;
    }
    // A compound matches as a whole or with its first part: "multi-cloud" in "multiclouds" and in "multi clouds".
    inflection_weight(&typed, &word).max(inflection_weight(&first, &word))
}

/// Returns a word in lower case without its genitive, and without the signs between its parts: "monorepo" of "mono-repo".
fn joined(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.chars().take_while(|c| !matches!(c, '\'' | '’')).filter(|c| c.is_alphanumeric()).collect()
}

/// Returns the weight of a word of a text with the same stem as a typed word.
fn inflection_weight(first: &str, word: &str) -> f32 {
    let common = first.chars().zip(word.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let endings = (first.get(common..).unwrap_or_default(), word.get(common..).unwrap_or_default());
    let is_ending = |ending: &str| {
        // "planned" doubles the last letter of "plan".
        let mut letters = ending.chars();
        let is_doubled =
            letters.next().is_some_and(|letter| first.get(..common).is_some_and(|it| it.ends_with(letter)));
        ENDINGS.contains(&ending) || is_doubled && ENDINGS.contains(&letters.as_str())
    };
    // The stemmer says that they have one stem. If not even their first letters agree, it knows them as irregular
    // forms.
    if common == 0 || is_ending(endings.0) && is_ending(endings.1) {
        INFLECTION_WEIGHT
    } else {
        DERIVATION_WEIGHT
    }
}

impl PartialPhrase<'_> {
    /// Takes the next token. Returns false if the phrase is complete or broken.
    fn advance(&mut self, term: &str, range: &Range<usize>, position: u32, found: &mut Vec<Match>) -> bool {
        if position < self.next {
            return true;
        }
        let Some((expected, rest)) = self.form.rest.split_first() else { return false };
        if position > self.next {
            return false;
        }
        if term != expected {
            // Another term at the same position may match.
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
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn concept(text: &str, alternatives: &[&[&str]]) -> Concept {
        Concept {
            text: text.into(),
            words: 0..1,
            alternatives: alternatives
                .iter()
                .map(|terms| Alternative::new(terms.iter().map(|&term| term.into()).collect()))
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
            ("monorepo", "mono-repo", 1.0),
            ("multi-cloud", "Multicloud", 1.0),
            ("monorepo", "mono-repos", INFLECTION_WEIGHT),
            ("CI/CD", "CI", 1.0),
            ("role-based", "roles", INFLECTION_WEIGHT),
        ] {
            assert!((form_weight(typed, word) - expected).abs() < f32::EPSILON, "{typed} {word}");
        }
    }

    #[test]
    fn words_and_phrases_are_found_at_their_places() {
        let concepts =
            [concept("opa", &[&["opa"], &["red", "green", "blue"]]), concept("mesh", &[&["mesh"]])];
        let matcher = Matcher::new(&concepts);
        let text = "A mesh of red green blue, red blue green; opa.";
        let found: Vec<(usize, &str)> =
            matcher.scan(text, Language::Other).iter().map(|m| (m.concept, &text[m.range.clone()])).collect();
        assert_eq!(found, [(1, "mesh"), (0, "red green blue"), (0, "opa")]);
    }

    #[test]
    fn an_analysed_text_has_the_same_matches() {
        let concepts = [concept("mesh", &[&["mesh"], &["service", "mesh"]]), concept("opa", &[&["opa"]])];
        let matcher = Matcher::new(&concepts);
        for text in ["", "A service mesh, or two meshes; opa!", "opa opa"] {
            let analysed = AnalysedText::analyse(text, Language::En);
            assert_eq!(matcher.scan_terms(text, &analysed), matcher.scan(text, Language::En), "{text}");
        }
    }

    /// Words whose terms begin with other letters than they do, and words of several terms.
    const WORDS: [&str; 30] = [
        "mesh",
        "Meshes",
        "service",
        "went",
        "better",
        "mice",
        "feet",
        "Been",
        "ging",
        "Häuser",
        "Öl",
        "ÉTAT",
        "état",
        "Straße",
        "CI/CD",
        "multi-cloud",
        "O'Reilly's",
        ".NET",
        "ASP.NET",
        "C++",
        "Node.js",
        "v1.16",
        "1,000",
        "会場",
        "クラスタ",
        "ＫｕｂｅＣｏｎ",
        "Ǆungla",
        "ﬁle",
        "a",
        "—",
    ];

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(select(WORDS.as_slice()), 0..12).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn no_term_is_lost_by_its_first_byte(asked in text(), read in text(), at in 0..Language::ALL.len()) {
            let language = Language::ALL[at];
            let terms = AnalysedText::analyse(&asked, language);
            let terms: Vec<&str> = terms.iter().map(|(term, ..)| term).collect();
            let phrases = terms.chunks(1).chain(terms.windows(2));
            let concepts: Vec<Concept> = phrases.map(|phrase| concept(&asked, &[phrase])).collect();
            let matcher = Matcher::new(&concepts);
            let analysed = AnalysedText::analyse(&read, language);
            prop_assert_eq!(matcher.scan(&read, language), matcher.scan_terms(&read, &analysed));
        }
    }

    #[test]
    fn a_form_of_one_language_matches_only_in_its_texts() {
        let mut concept = concept("theme", &[&["theme"], &["them"], &["them", "tag"]]);
        concept.alternatives[1].languages = Language::De.into();
        concept.alternatives[2].languages = Language::De.into();
        let concepts = [concept];
        let matcher = Matcher::new(&concepts);
        for (language, text, expected) in [
            (Language::En, "Tell them of the theme.", vec!["theme"]),
            (Language::De, "Die Themen des Tages", vec!["Themen"]),
            (Language::De, "Themen Tage", vec!["Themen", "Themen Tage"]),
            (Language::Other, "them theme", vec!["theme"]),
        ] {
            let found: Vec<&str> =
                matcher.scan(text, language).into_iter().map(|found| &text[found.range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_word_of_an_address_counts_less() {
        let concepts = [concept("github", &[&["github"]])];
        let matcher = Matcher::new(&concepts);
        let weight = |text| matcher.scan(text, Language::En).first().map(|found| found.weight);
        for (text, expected) in [
            ("See https://github.com/cncf, please.", Some(ADDRESS_WEIGHT)),
            ("GitHub (https://gh.example) runs it.", Some(1.0)),
            ("https://gh.example and GitHub", Some(1.0)),
        ] {
            assert_eq!(weight(text), expected, "{text}");
        }
    }

    #[test]
    fn synonyms_weigh_what_their_alternative_does() {
        let mut concept = concept("mesh", &[&["mesh"], &["linkerd"]]);
        concept.alternatives[1].weight = 0.5;
        let concepts = [concept];
        let weights: Vec<f32> = Matcher::new(&concepts)
            .scan("mesh meshes linkerd", Language::En)
            .into_iter()
            .map(|found| found.weight)
            .collect();
        assert_eq!(weights, [1.0, INFLECTION_WEIGHT, 0.5]);
    }
}
