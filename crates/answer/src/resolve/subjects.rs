//! Conferences that a question names by their subject: "Go conferences".

use std::ops::Range;

use crate::question_syntax::QuestionWord;
use takeaways_corpus::events::{EventSeries, EventTable};
use takeaways_search::Facets;
use takeaways_text::language;
use takeaways_text::model::Event;
use takeaways_text::tokens::folding::fold;

/// The maximum number of words of a subject: "service mesh".
const MAX_WORDS: usize = 2;

/// The places in a question of a subject with a word for conferences after it, in bytes, each with the events of the index about it;
/// none of these if it has none.
pub(super) fn conferences_on_subjects<'f>(
    words: &[QuestionWord],
    facets: &'f Facets,
) -> Vec<(Range<usize>, Vec<&'f Event>)> {
    let mut found = Vec::new();
    for (end, word) in words.iter().enumerate() {
        // "Rust-Konferenzen"
        let (before, last) = word.text.rsplit_once('-').unwrap_or(("", &word.text));
        if !language::all().questions.conferences.has_word(last) {
            continue;
        }
        let subject = (0..=MAX_WORDS.min(end)).rev().find_map(|len| {
            let subject = words.get(end - len..end)?;
            let parts = subject.iter().map(|word| word.text.as_str()).chain([before]);
            let series = conferences_on(parts.filter(|part| !part.is_empty()));
            let first = subject.first().unwrap_or(word);
            (!series.is_empty()).then_some((first.range.start, series))
        });
        let place = subject.map(|(start, series)| (start..word.range.end, series));
        let Some((place, series)) = place.or_else(|| subject_after(words, end)) else { continue };
        let events = facets.events.iter().map(|(event, _)| event);
        let events = events.filter(|event| series.iter().any(|series| series.name == event.series)).collect();
        found.push((place, events));
    }
    found
}

/// The place of a word for conferences with a subject after it, and the conferences on that: "conferences on Rust", "conferências de
/// Python".
fn subject_after(words: &[QuestionWord], at: usize) -> Option<(Range<usize>, Vec<&'static EventSeries>)> {
    let questions = &language::all().questions;
    let preposition = words.get(at + 1)?.text.to_lowercase();
    let joins = [&questions.topic_prepositions, &questions.team_prepositions]
        .iter()
        .any(|list| list.contains(preposition.as_str()));
    let start = words.get(at)?.range.start;
    (1..=MAX_WORDS).rev().filter(|_| joins).find_map(|len| {
        let subject = words.get(at + 2..at + 2 + len)?;
        let series = conferences_on(subject.iter().map(|word| word.text.as_str()));
        (!series.is_empty()).then_some((start..subject.last()?.range.end, series))
    })
}

/// The conferences on a subject with these words.
fn conferences_on<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'static EventSeries> {
    EventTable::builtin().series_about(&words.map(fold).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;
    use crate::samples::event;

    #[test]
    fn conferences_are_named_by_their_subject() {
        let ids = ["gophercon-2018", "golab-2024", "rustconf-2017", "kubecon-eu-2019"];
        let facets = Facets { events: ids.map(|id| (event(id), 1)).to_vec(), ..Facets::default() };
        for (question, expected) in [
            ("what do people think of Go conferences?", vec!["gophercon-2018", "golab-2024"]),
            ("golang confs", vec!["gophercon-2018", "golab-2024"]),
            ("Was halten sie von Rust-Konferenzen?", vec!["rustconf-2017"]),
            ("what do people think of conferences on Rust?", vec!["rustconf-2017"]),
            ("o que acharam das conferências de Rust?", vec!["rustconf-2017"]),
            ("where should I go for conferences?", vec![]),
            ("how does Go run at conferences?", vec![]),
            ("garden conferences", vec![]),
        ] {
            let found = conferences_on_subjects(&parse_syntax(question).words, &facets);
            let ids: Vec<&str> =
                found.iter().flat_map(|(_, events)| events).map(|event| event.id.0.as_str()).collect();
            assert_eq!(ids, expected, "{question}");
        }
    }
}
