//! What the targets share: how their inputs are taken apart, and what must hold of what is made from them.

pub mod metadata;
pub mod posts;
pub mod questions;
pub mod stored_rows;

use takeaways_text::model::{Body, Language, invariants};
use takeaways_text::{MarkupFormat, passages, sentences, tokens};

/// Reads a source text in each of the formats, all the way to passages, and checks every step.
///
/// # Panics
/// Where something does not hold.
pub fn check_formats(formats: &[MarkupFormat], bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    for &format in formats {
        let mut body = takeaways_text::read_markup(format, &source, 1).body;
        holds(invariants::markup_violation(&body), format);
        let language = tokens::detect_language(&body.text, None);
        check_division(&mut body, language);
    }
}

/// Divides a body into sentences and passages, and checks both.
///
/// # Panics
/// Where something does not hold.
pub fn check_division(body: &mut Body, language: Language) {
    sentences::fill_sentences(body, language);
    holds(invariants::sentence_violation(body), language);
    passages::fill_passages(body);
    holds(invariants::passage_violation(body), language);
}

/// # Panics
/// Where there is a fault.
pub fn holds(fault: Option<String>, of: impl std::fmt::Debug) {
    assert!(fault.is_none(), "{of:?}: {}", fault.unwrap_or_default());
}

/// The language that a byte stands for; every eleventh is [`Language::Other`].
#[must_use]
pub fn language(byte: u8) -> Language {
    Language::ALL.get(usize::from(byte % 11)).copied().unwrap_or(Language::Other)
}

/// The first line and the rest, without the line end between.
#[must_use]
pub fn first_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}
