//! What a question looks for that names nothing but an event: the words with which people tell when and where it was,
//! how many came, and how it was.

use super::asked::Asked;
use super::concepts::{Concept, inverse_frequency};
use super::typed::Typed;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_search::{Alternative, Facets, Index};
use takeaways_text::calendar::month_names;
use takeaways_text::language::all_words;
use takeaways_text::model::Scope;
use takeaways_text::tokens::tokens;

/// Whether it is asked for what is known of an event as a whole: when and where it was, how many came.
pub(super) fn is_of_event(asked: Asked) -> bool {
    matches!(asked, Asked::When | Asked::Where | Asked::HowMany)
}

/// The words that tell of an event as a whole, and the place or the month of those in the scope where one is asked for.
pub(super) fn usual_words(asked: Asked, scope: &Scope, facets: &Facets, index: &Index) -> Concept {
    let mut words = words_about(asked).to_vec();
    let events =
        facets.events.iter().map(|(event, _)| event).filter(|event| scope.events.contains(&event.id));
    for event in events {
        match asked {
            Asked::Where => words.extend(event.city.as_deref().into_iter().chain(event.country.as_deref())),
            Asked::When => words.extend(event.start.iter().flat_map(|date| month_names(date.month()))),
            _ => {}
        }
    }
    any_of(&words, 1.0, index)
}

/// One concept that any of some words says; `share` is what it counts against a word in one of twenty passages.
fn any_of(words: &[&str], share: f32, index: &Index) -> Concept {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for word in words {
        for &language in index.languages() {
            let terms: Vec<String> = tokens(word, language).into_iter().map(|token| token.term).collect();
            if !terms.is_empty() && !alternatives.iter().any(|known| known.terms == terms) {
                alternatives.push(Alternative { terms, weight: 1.0 });
            }
        }
    }
    Concept {
        alternatives,
        importance: share * inverse_frequency(index.passages() / 20, index.passages()),
        known: true,
        ..Concept::default()
    }
}

/// The name of the scope itself, for questions that look for little else. It weighs little: all of the scope's
/// posts are about it.
pub(super) fn anchor(typed: &Typed, taken: &[Range<usize>], index: &Index) -> Option<Concept> {
    let words = taken.iter().flat_map(Clone::clone).filter_map(|at| typed.words.get(at));
    let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    (!words.is_empty()).then(|| any_of(&words, 0.4, index))
}

/// The words that tell of an event as a whole, by what is asked of it. A question that looks for nothing else
/// ("how was it?", "when was it?") looks for them.
fn words_about(asked: Asked) -> &'static [&'static str] {
    static DATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.date_words));
    static PLACE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.place_words));
    static ATTENDANCE: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.attendance_words));
    static IMPRESSION: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.impression_words));
    match asked {
        Asked::When => &DATE,
        Asked::Where => &PLACE,
        Asked::HowMany => &ATTENDANCE,
        _ => &IMPRESSION,
    }
}
