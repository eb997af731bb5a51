//! The ways in which words of a question may stand in the index.

use takeaways_search::Alternative;
use takeaways_text::model::Language;
use takeaways_text::tokens::{Token, tokenize};

/// The terms that words may stand under, in each language of the index: a phrase where they are several. `asked_in` is
/// the language of the question.
pub(super) fn word_forms(
    text: &str,
    weight: f32,
    asked_in: Language,
    languages: &[Language],
) -> Vec<Alternative> {
    let with_default = languages.iter().copied().chain(languages.is_empty().then_some(Language::En));
    // To a French stemmer "GenAI" ends like a verb: a name of which another language leaves a stump is none there.
    let is_name = text.chars().skip(1).any(char::is_uppercase);
    let letters = text.chars().count();
    let mut out: Vec<Alternative> = Vec::new();
    let mut push = |terms: Vec<String>| {
        if !terms.is_empty() && !out.iter().any(|known| known.terms == terms) {
            out.push(Alternative { terms, weight });
        }
    };
    for language in with_default {
        let tokens = tokenize(text, language);
        let Some(last) = tokens.iter().map(|token| token.position).max() else { continue };
        if last == 0 {
            let is_stump = |token: &Token| is_name && token.term.chars().count() * 3 < letters * 2;
            let fits = |token: &Token| language == asked_in || !is_stump(token);
            for token in tokens.into_iter().filter(fits) {
                push(vec![token.term]);
            }
            continue;
        }
        // Of the terms at one position the shortest is the part of a compound, a longer one the whole.
        let part = |position| {
            tokens.iter().filter(|token| token.position == position).min_by_key(|token| token.range.len())
        };
        push((0..=last).filter_map(part).map(|token| token.term.clone()).collect());
        let whole = tokens.iter().find(|token| token.range == (0..text.len()));
        push(whole.map(|token| vec![token.term.clone()]).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stump_of_another_language_is_no_form() {
        let terms = |text: &str, asked_in| {
            let forms = word_forms(text, 1.0, asked_in, &[Language::En, Language::Fr]);
            forms.into_iter().map(|form| form.terms.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(terms("GenAI", Language::En), ["genai"]);
        assert_eq!(terms("gen AI", Language::En), ["gen ai"]);
        assert_eq!(terms("parlerai", Language::Fr), ["parlerai", "parl"]);
        assert_eq!(terms("parlerai", Language::En), ["parlerai", "parl"]);
    }
}
