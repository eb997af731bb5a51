//! Text to the terms that the index holds and that questions are compared by.

use std::ops::Range;

use crate::model::Language;

/// A term and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The term: folded (case, width, accents) and stemmed.
    pub term: String,
    /// The bytes of the text that it was made from.
    pub range: Range<usize>,
    /// Counts words from 0; two tokens of one word (a compound and its parts) share a position or follow on.
    pub position: u32,
}

/// The tokens of a text in one language, in order.
#[must_use]
pub fn tokens(text: &str, language: Language) -> Vec<Token> {
    let _ = language;
    // PLACEHOLDER: lower-cased alphanumeric runs.
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            out.push(Token {
                term: word.to_lowercase(),
                range: at..at + word.len(),
                position: u32::try_from(out.len()).unwrap_or(u32::MAX),
            });
        }
        at += piece.len();
    }
    out
}

/// Every term that `word` may stand under in an index that holds posts in several languages: its term in each
/// of `languages`, without repeats, the first language's first.
#[must_use]
pub fn forms(word: &str, languages: &[Language]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for &language in languages {
        for token in tokens(word, language) {
            if !out.contains(&token.term) {
                out.push(token.term);
            }
        }
    }
    out
}

/// Whether a word (as typed, any case) says nothing about what is asked in this language: articles,
/// prepositions, pronouns, auxiliary verbs and question words.
#[must_use]
pub fn is_stop_word(word: &str, language: Language) -> bool {
    let _ = language;
    ["the", "a", "of", "what", "did", "in", "at", "to", "and"].contains(&word.to_lowercase().as_str()) // PLACEHOLDER
}

/// The language of a text, by script and words; `hint` (from front matter) wins where the text is too short to tell.
#[must_use]
pub fn detect(text: &str, hint: Option<Language>) -> Language {
    let _ = text;
    hint.unwrap_or(Language::En) // PLACEHOLDER
}

/// Whether a word says little in a corpus of recaps. PLACEHOLDER.
#[must_use]
pub fn is_boilerplate(word: &str) -> bool {
    word == "people"
}
