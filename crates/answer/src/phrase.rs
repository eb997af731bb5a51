//! Words in quotes, that have to stand in an excerpt as they were typed.

use std::ops::Range;

use super::question_syntax::QuestionSyntax;
use super::script::Script;
use takeaways_text::model::{Post, Span};
use takeaways_text::tokens::folding::fold;

/// Words that have to stand side by side, whatever their case, accents and punctuation; the last one may go on
/// ("service mesh" is in "service meshes").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedPhrase(String);

impl QuotedPhrase {
    /// Of the words of a question at some places; `None` for a single word, which counts in all its forms.
    #[must_use]
    pub fn new(typed: &QuestionSyntax, words: &Range<usize>) -> Option<Self> {
        let words = typed.words.get(words.clone()).filter(|words| words.len() > 1)?;
        let text = folded_words(typed.text.get(words.first()?.range.start..words.last()?.range.end)?);
        // A stretch without blanks may begin anywhere.
        let is_stretch = text.chars().nth(1).is_some_and(|c| Script::of_char(c).uses_bigrams());
        Some(Self(if is_stretch { text.trim_start().to_owned() } else { text }))
    }

    /// Whether it stands in what is shown of a post: in one of these spans, the title, or a heading over the section.
    #[must_use]
    pub fn is_shown_in(&self, post: &Post, section: u32, spans: &[Span]) -> bool {
        let body = &post.body;
        let shown = spans.iter().map(|span| body.slice(*span)).chain(post.title.as_deref());
        shown.chain(body.heading_path(section)).any(|text| self.is_in(text))
    }

    fn is_in(&self, text: &str) -> bool {
        folded_words(text).contains(&self.0)
    }
}

/// A text's words without case, accents and punctuation, a blank before each.
fn folded_words(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(|word| [" ", word]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::question_syntax::parse_syntax;
    use super::*;

    #[test]
    fn words_stand_as_they_were_typed() {
        let phrase = |question: &str| {
            let typed = parse_syntax(question);
            typed.phrases.first().and_then(|words| QuotedPhrase::new(&typed, words))
        };
        let held = |question: &str, text: &str| phrase(question).expect(question).is_in(text);
        assert!(held("\"service mesh\"", "All Service-Meshes, they said"));
        assert!(held("\"talked about all\"", "we talked about all of it"));
        assert!(!held("\"talked about all\"", "we talked about it"));
        assert!(!held("\"mesh of\"", "meshes of"));
        assert!(held("\"会場はどこ\"", "その会場はどこですか"));
        assert_eq!(phrase("\"mesh\""), None);
    }
}
