//! Corrects the words of a question that no post contains.

use std::collections::HashMap;

use crate::{
    concepts::{Concept, MAX_CORRECTIONS},
    conversation::{Word, split_words},
    engine::{AnswerError, Engine, Request},
    matcher::Matcher,
    people::full_names,
    plan::QueryPlan,
};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Query};
use takeaways_text::{
    language,
    model::Language,
    nearest::{is_typo_of, misspelt},
    tokens::{folding::fold, is_boilerplate, strip_genitive, tokenize},
};

/// The minimum number of letters of a word that is corrected.
const MIN_LETTERS: usize = 5;
/// A shorter word is corrected only to a name: "chose" and "choose" are both right, "istoi" is no word.
const MIN_LETTERS_OF_COMMON_WORDS: usize = 8;
/// The number of passages that are read to see how posts write a name.
const MAX_PASSAGES_WITH_NAME: usize = 4;

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

/// Returns a request with each misspelt name of a city where an event was as events have it: a scope that is dropped for a slip changes
/// the answer. Only a word after a preposition of places or a conference is taken for a city. A word that posts have, names of
/// authors and speakers, and what is quoted, stay.
pub(crate) fn with_places_spelled(engine: &Engine, request: Request) -> Result<Request, AnswerError> {
    let text = request.question.text();
    if text.contains('"') || request.subject.is_some() {
        return Ok(request);
    }
    let facets = engine.index().facets(request.now)?;
    let mut spelled = text.to_owned();
    let words = split_words(text);
    for (at, Word { folded, range }) in words.iter().enumerate().rev() {
        if folded.chars().count() < MIN_LETTERS {
            continue;
        }
        // Few cities are compared letter by letter.
        let cities = facets.events.iter().filter_map(|(event, _)| event.city.as_deref());
        let cities = cities.filter(|city| begins_like(city, folded));
        let cities: HashMap<String, &str> = cities.map(|city| (fold(city), city)).collect();
        let misspelt = misspelt(folded, cities.keys().map(String::as_str)).filter(|city| city != folded);
        let Some(city) = misspelt.and_then(|city| cities.get(city)) else { continue };
        let Some(token) = tokenize(folded, Language::En).into_iter().next() else { continue };
        let is_of_person = || facets.authors.iter().any(|author| author.parts().any(|part| part == folded));
        if tells_place(text, &words, at)
            && !is_of_person()
            && engine.index().frequency(&Alternative::term(token.term))? == 0
        {
            spelled.replace_range(range.clone(), city);
        }
    }
    Ok(request.with_text(&spelled))
}

/// Returns a request with the apostrophe that a name lacks: "Ann Lees talk" is Ann Lee's, if posts name her and nobody called Lees. What
/// is quoted stays.
pub(crate) fn with_genitives_spelled(engine: &Engine, request: Request) -> Result<Request, AnswerError> {
    let text = request.question.text();
    if text.contains('"') || request.subject.is_some() {
        return Ok(request);
    }
    let mut spelled = text.to_owned();
    for name in full_names(text) {
        let Some(owner) = name.strip_suffix('s').filter(|owner| !owner.ends_with('s')) else { continue };
        // The words of both have the same stems.
        let terms = tokenize(owner, Language::En).into_iter().map(|token| token.term).collect();
        let clauses = vec![Clause::new(Alternative::new(terms), ClauseRole::Must)];
        let filter = Filter { visible_at: request.now, ..Filter::default() };
        let hits = engine.index().search(&Query { clauses, filter }, MAX_PASSAGES_WITH_NAME)?;
        let texts = hits.iter().filter_map(|hit| {
            let passage = hit.post.body.passages.get(hit.passage)?;
            Some(hit.post.body.slice(passage.span))
        });
        let texts: Vec<&str> = texts.collect();
        let is_named = |name: &str| texts.iter().any(|text| find_words(text, name).next().is_some());
        if is_named(owner) && !is_named(&name) {
            spelled = replace_word(&spelled, &name, &format!("{owner}'s")).unwrap_or(spelled);
        }
    }
    Ok(request.with_text(&spelled))
}

/// Whether a name has the same first letters as a folded word. Accents are looked up only where there are any, since that takes longer.
fn begins_like(name: &str, folded: &str) -> bool {
    let head = name.char_indices().nth(2).map_or(name, |(end, _)| &name[..end]);
    let lowercase = head.chars().flat_map(char::to_lowercase);
    lowercase.eq(folded.chars().take(2)) || !head.is_ascii() && has_same_start(&fold(head), folded)
}

/// Whether a word stands where a text names the place of an event: after a preposition of places or the name of a conference. What
/// somebody has is no place: "in Austen's talk".
fn tells_place(text: &str, words: &[Word], at: usize) -> bool {
    let Some((word, before)) = words[..=at].split_last() else { return false };
    let Some(last) = before.last() else { return false };
    let is_written = text.get(word.range.clone());
    let is_owner = is_written.is_some_and(|word| strip_genitive(word) != word);
    let names_series = || {
        let mentions = EventTable::builtin().mentions(text.get(..word.range.start).unwrap_or_default());
        mentions.iter().any(|it| it.series.is_some() && it.range.end >= last.range.end)
    };
    !is_owner && (language::all().questions.in_places.contains_folded(&last.folded) || names_series())
}

/// Whether two words have the same first letters, which people rarely get wrong.
fn has_same_start(word: &str, other: &str) -> bool {
    word.chars().take(2).eq(other.chars().take(2))
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
    let spelling = spelling_in_posts(engine, request, concept, Alternative::term(term))?;
    let is_right = |spelling: &String| {
        let is_name = spelling.starts_with(char::is_uppercase);
        is_typo_of(&concept.text, spelling) && (is_name || letters >= MIN_LETTERS_OF_COMMON_WORDS)
    };
    Ok(spelling.filter(is_right))
}

/// Returns a term as a post writes it.
fn spelling_in_posts(
    engine: &Engine,
    request: &Request,
    concept: &Concept,
    term: Alternative,
) -> Result<Option<String>, AnswerError> {
    let filter = Filter { visible_at: request.now, ..Filter::default() };
    let clauses = vec![Clause::new(term.clone(), ClauseRole::Must)];
    let hits = engine.index().search(&Query { clauses, filter }, 1)?;
    let concepts = [Concept { alternatives: vec![term], ..concept.clone() }];
    let matcher = Matcher::new(&concepts);
    Ok(hits.first().and_then(|hit| {
        let passage = hit.post.body.passages.get(hit.passage)?;
        let text = hit.post.body.slice(passage.span);
        let found = matcher.scan(text, hit.post.language).into_iter().next()?;
        text.get(found.range).map(str::to_owned)
    }))
}

/// Replaces the first place where a text has a whole word.
fn replace_word(text: &str, word: &str, other: &str) -> Option<String> {
    let start = find_words(text, word).next()?;
    Some(format!("{}{other}{}", text.get(..start)?, text.get(start + word.len()..)?))
}

/// Returns the places where a text has these whole words, in the same letters.
pub(super) fn find_words(text: &str, words: &str) -> impl Iterator<Item = usize> {
    let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let places = text.match_indices(words).map(|(start, _)| start);
    places.filter(move |start| {
        let (before, after) = (text.get(..*start), text.get(start + words.len()..));
        !is_inside(before.and_then(|it| it.chars().next_back()))
            && !is_inside(after.and_then(|it| it.chars().next()))
    })
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
    fn a_name_with_an_s_but_no_apostrophe_has_it() {
        let posts = ["Ann Lee said that meshes are hard.", "Chris Jones said that they are not."];
        let engine = crate::samples::engine_over(&[("a.md", posts[0]), ("b.md", posts[1])]);
        for (typed, expected) in [
            ("Ann Lees advice on meshes", "Ann Lee's advice on meshes"),
            ("what did Chris Jones say?", "what did Chris Jones say?"),
            ("what did Chris Jone say?", "what did Chris Jone say?"),
            ("Ann Lake Lees \"Ann Lees\"", "Ann Lake Lees \"Ann Lees\""),
        ] {
            let spelled = with_genitives_spelled(&engine, request(typed)).expect("an index");
            assert_eq!(spelled.question.text(), expected, "{typed}");
        }
    }

    #[test]
    fn a_misspelt_city_of_an_event_is_one() {
        let engine = engine();
        for (typed, expected) in [
            ("how was KubeCon san deigo?", "how was KubeCon san deigo?"),
            ("how was KubeCon in Barcelone?", "how was KubeCon in Barcelona?"),
            ("KubeCon barcalona", "KubeCon Barcelona"),
            ("in \"barcalona\"", "in \"barcalona\""),
            ("what did barcalona say?", "what did barcalona say?"),
            ("how was the mesh in Barcelone's talk?", "how was the mesh in Barcelone's talk?"),
            ("mesh in San Diego", "mesh in San Diego"),
        ] {
            let spelled = with_places_spelled(&engine, request(typed)).expect("an index");
            assert_eq!(spelled.question.text(), expected);
        }
    }

    #[test]
    fn the_first_letters_of_a_city_may_have_accents() {
        for (city, typed, expected) in [
            ("Málaga", "malagga", true),
            ("Évora", "evorra", true),
            ("Zürich", "zurrich", true),
            ("São Paulo", "saopaolo", true),
            ("Zürich", "zebra", false),
            ("Berlin", "berlim", true),
            ("Bern", "barn", false),
        ] {
            assert_eq!(begins_like(city, typed), expected, "{city} {typed}");
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
