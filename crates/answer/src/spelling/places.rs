//! Misspelt names of the cities of events: a scope that is dropped for a slip changes the answer.

use std::collections::HashMap;

use super::{Replacement, has_same_start};
use crate::{
    conversation::{Word, split_words},
    engine::{AnswerError, Engine, Request},
};
use takeaways_corpus::events::EventTable;
use takeaways_search::Alternative;
use takeaways_text::{
    language,
    model::Language,
    nearest,
    tokens::{folding::fold, strip_genitive, tokenize},
};

/// The minimum number of letters of a name that is corrected.
const MIN_LETTERS: usize = 5;

/// The maximum number of words of a name.
const MAX_WORDS: usize = 2;

/// Returns each misspelt name of a city where an event was, and the name as events have it. Only what stands after a preposition of
/// places or a conference is taken for a city. Words that posts have, and names of authors and speakers, stay.
pub(super) fn misspelt(engine: &Engine, request: &Request) -> Result<Vec<Replacement>, AnswerError> {
    let text = request.question.text();
    let facets = engine.index().facets(request.now)?;
    let words = split_words(text);
    let mut replacements = Vec::new();
    for (count, at) in (1..=MAX_WORDS).flat_map(|count| (0..words.len()).map(move |at| (count, at))) {
        let (Some(before), Some(name)) = (words.get(..at), words.get(at..at + count)) else { continue };
        let mut gaps = name.windows(2).filter_map(|pair| text.get(pair[0].range.end..pair[1].range.start));
        if gaps.any(|gap| !gap.trim().is_empty()) {
            continue;
        }
        let folded = name.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
        if folded.chars().count() < MIN_LETTERS {
            continue;
        }
        // Few cities are compared letter by letter.
        let cities = facets.events.iter().filter_map(|(event, _)| event.city.as_deref());
        let cities = cities.filter(|city| begins_like(city, &folded) && city.split(' ').count() == count);
        let cities: HashMap<String, &str> = cities.map(|city| (fold(city), city)).collect();
        let meant =
            nearest::misspelt(&folded, cities.keys().map(String::as_str)).filter(|city| *city != folded);
        let Some(city) = meant.and_then(|city| cities.get(city)) else { continue };
        let terms: Vec<String> =
            tokenize(&folded, Language::En).into_iter().map(|token| token.term).collect();
        let is_of_person = || facets.authors.iter().any(|author| author.parts().any(|part| part == folded));
        if tells_place(text, before, name)
            && !is_of_person()
            && !terms.is_empty()
            && engine.index().frequency(&Alternative::new(terms))? == 0
        {
            let range = name.iter().map(|word| word.range.clone());
            let range = range.reduce(|first, last| first.start..last.end).unwrap_or_default();
            replacements.push((range, (*city).to_owned()));
        }
    }
    Ok(replacements)
}

/// Whether a name has the same first letters as a folded word. Accents are looked up only where there are any, since that takes longer.
fn begins_like(name: &str, folded: &str) -> bool {
    let head = name.char_indices().nth(2).map_or(name, |(end, _)| &name[..end]);
    let lowercase = head.chars().flat_map(char::to_lowercase);
    lowercase.eq(folded.chars().take(2)) || !head.is_ascii() && has_same_start(&fold(head), folded)
}

/// Whether words stand where a text names the place of an event: after a preposition of places or the name of a conference. What
/// somebody has is no place: "in Austen's talk".
fn tells_place(text: &str, before: &[Word], name: &[Word]) -> bool {
    let (Some(last), [first, ..]) = (before.last(), name) else { return false };
    let written = name.last().and_then(|word| text.get(word.range.clone()));
    let is_owner = written.is_some_and(|word| strip_genitive(word) != word);
    let names_series = || {
        let mentions = EventTable::builtin().mentions(text.get(..first.range.start).unwrap_or_default());
        mentions.iter().any(|it| it.series.is_some() && it.range.end >= last.range.end)
    };
    !is_owner && (language::all().questions.in_places.contains_folded(&last.folded) || names_series())
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;
    use crate::samples::engine;

    #[test]
    fn a_misspelt_city_of_an_event_is_one() {
        let engine = engine();
        for (typed, expected) in [
            ("how was KubeCon san deigo?", "how was KubeCon San Diego?"),
            ("how many people were in San Deigo?", "how many people were in San Diego?"),
            ("how was KubeCon in Barcelone?", "how was KubeCon in Barcelona?"),
            ("KubeCon barcalona", "KubeCon Barcelona"),
            ("KubeCon Barcelona 3 takeaways", "KubeCon Barcelona 3 takeaways"),
            ("in San, Deigo", "in San, Deigo"),
            ("in \"barcalona\"", "in \"barcalona\""),
            ("what did barcalona say?", "what did barcalona say?"),
            ("how was the mesh in Barcelone's talk?", "how was the mesh in Barcelone's talk?"),
            ("mesh in San Diego", "mesh in San Diego"),
        ] {
            assert_eq!(read(&engine, typed).0, expected);
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
}
