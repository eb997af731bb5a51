//! Corrects, for an offer, the words of a refused question that no post contains: more boldly than what is read at once.

use crate::{
    concepts::{Concept, MAX_CORRECTIONS},
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
    spelling::{find_words, has_same_start, spellings_in_posts},
};
use takeaways_search::Alternative;
use takeaways_text::{
    model::Language,
    nearest::is_typo_of,
    tokens::{folding::fold, is_boilerplate, tokenize},
};

/// The minimum number of letters of a word that is corrected.
const MIN_LETTERS: usize = 5;
/// A shorter word is corrected only to a name: "chose" and "choose" are both right, "istoi" is no word.
const MIN_LETTERS_OF_COMMON_WORDS: usize = 8;

/// Returns the question with each misspelt word as posts write it, and these spellings. `None` if no word is misspelt.
pub(super) fn corrected_question(
    engine: &Engine,
    plan: &QueryPlan,
) -> Result<Option<(String, Vec<String>)>, AnswerError> {
    let mut question = plan.request.question.text().to_owned();
    let mut spellings = Vec::new();
    let unknown = plan.concepts.iter().filter(|concept| !concept.is_known && !concept.text.is_empty());
    for concept in unknown.take(MAX_CORRECTIONS) {
        if let Some(spelling) = corrected_spelling(engine, &plan.request, concept)?
            && let Some(corrected) = replace_word(&question, &concept.text, &spelling)
        {
            question = corrected;
            spellings.push(spelling);
        }
    }
    Ok((!spellings.is_empty()).then_some((question, spellings)))
}

/// Returns a similar word of the posts, as they write it, for a word that no post contains in any form.
///
/// Authors' names are right. The two have the same first letters, and neither begins with the other: "given" is another form of "give".
fn corrected_spelling(
    engine: &Engine,
    request: &Request,
    concept: &Concept,
) -> Result<Option<String>, AnswerError> {
    let letters = concept.text.chars().count();
    if letters < MIN_LETTERS || concept.text.contains(' ') || is_boilerplate(&concept.text) {
        return Ok(None);
    }
    let facets = engine.index().facets(request.now)?;
    let folded = fold(&concept.text);
    if facets.authors.iter().any(|author| author.parts().any(|part| part == folded)) {
        return Ok(None);
    }
    let Some(token) = tokenize(&concept.text, Language::En).into_iter().next() else { return Ok(None) };
    let distance = if letters < 9 { 1 } else { 2 };
    let near = engine.index().similar_terms(&token.term, distance, 8)?;
    let is_other_form = |term: &str| term.starts_with(&token.term) || token.term.starts_with(term);
    let is_misspelt = |term: &str| has_same_start(term, &token.term) && !is_other_form(term);
    let Some((term, _)) = near.into_iter().find(|(term, frequency)| *frequency > 1 && is_misspelt(term))
    else {
        return Ok(None);
    };
    let spelling = spellings_in_posts(engine, request, vec![Alternative::term(term)], 1)?.into_iter().next();
    let is_right = |spelling: &String| {
        let is_name = spelling.starts_with(char::is_uppercase);
        is_typo_of(&concept.text, spelling) && (is_name || letters >= MIN_LETTERS_OF_COMMON_WORDS)
    };
    Ok(spelling.filter(is_right))
}

/// Replaces the first place where a text has a whole word.
fn replace_word(text: &str, word: &str, other: &str) -> Option<String> {
    let start = find_words(text, word).next()?;
    Some(format!("{}{other}{}", text.get(..start)?, text.get(start + word.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concepts, engine, request};

    #[test]
    fn a_word_that_no_post_contains_is_corrected() {
        let engine = engine();
        let correct = |word: &str| {
            let concept = &concepts(&[word])[0];
            corrected_spelling(&engine, &request("?x"), concept).expect("an index")
        };
        assert_eq!(correct("promethius").as_deref(), Some("Prometheus"));
        for word in ["mesk", "xylophonist", "given", "people"] {
            assert_eq!(correct(word), None, "{word}");
        }
    }

    #[test]
    fn only_whole_words_are_replaced() {
        for (text, expected) in [
            ("is istoi fast?", Some("is Istio fast?")),
            ("istois, istoi", Some("istois, Istio")),
            ("istois", None),
            ("", None),
        ] {
            assert_eq!(replace_word(text, "istoi", "Istio").as_deref(), expected, "{text}");
        }
    }
}
