//! Conferences that a question names by their subject: "Go conferences".

use std::ops::Range;

use crate::question_syntax::QuestionWord;
use takeaways_corpus::events::EventTable;
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
    let is_conference = |word: &QuestionWord| {
        // "Rust-Konferenzen"
        language::all().questions.conferences.contains_folded(&fold(&word.text))
    };
    let mut found = Vec::new();
    for (end, word) in words.iter().enumerate().filter(|(_, word)| is_conference(word)) {
        let subject = (1..=MAX_WORDS.min(end)).rev().find_map(|len| {
            let subject = words.get(end - len..end)?;
            let name: Vec<String> = subject.iter().map(|word| fold(&word.text)).collect();
            let series = EventTable::builtin().series_about(&name.join(" "));
            (!series.is_empty()).then_some((subject.first()?.range.start, series))
        });
        let Some((start, series)) = subject else { continue };
        let events = facets.events.iter().map(|(event, _)| event);
        let events = events.filter(|event| series.iter().any(|series| series.name == event.series)).collect();
        found.push((start..word.range.end, events));
    }
    found
}
