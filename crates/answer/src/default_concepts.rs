//! What a question looks for that names nothing but an event: the words with which people tell when and where it was,
//! how many came, and how it was.

use super::answer_type::AnswerType;
use super::concepts::{Concept, inverse_frequency};
use super::question_syntax::QuestionSyntax;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_search::{Alternative, Index};
use takeaways_text::calendar::month_names;
use takeaways_text::language::all_words;
use takeaways_text::model::Event;
use takeaways_text::tokens::tokenize;

/// Whether it is asked for what is known of an event as a whole: when and where it was, how many came.
pub(super) fn asks_for_event_facts(asked: AnswerType) -> bool {
    matches!(asked, AnswerType::When | AnswerType::Where | AnswerType::HowMany)
}

/// The words that tell of an event as a whole, and the place or the month of those in the scope where one is asked for.
pub(super) fn usual_words(asked: AnswerType, events: &[Event], index: &Index) -> Concept {
    let mut words = default_words(asked).to_vec();
    for event in events {
        match asked {
            AnswerType::Where => {
                words.extend(event.city.as_deref().into_iter().chain(event.country.as_deref()));
            }
            AnswerType::When => words.extend(event.start.iter().flat_map(|date| month_names(date.month()))),
            _ => {}
        }
    }
    concept_of_words(&words, 1.0, index)
}

/// One concept that any of some words says; `share` is what it counts against a word in one of twenty passages.
fn concept_of_words(words: &[&str], share: f32, index: &Index) -> Concept {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for word in words {
        for &language in index.languages() {
            let terms: Vec<String> = tokenize(word, language).into_iter().map(|token| token.term).collect();
            if !terms.is_empty() && !alternatives.iter().any(|known| known.terms == terms) {
                alternatives.push(Alternative { terms, weight: 1.0 });
            }
        }
    }
    Concept {
        alternatives,
        importance: share * inverse_frequency(index.passages() / 20, index.passages()),
        is_known: true,
        ..Concept::default()
    }
}

/// The name of the scope itself, for questions that look for little else. It weighs little: all of the scope's
/// posts are about it.
pub(super) fn anchor(typed: &QuestionSyntax, taken: &[Range<usize>], index: &Index) -> Option<Concept> {
    let words = taken.iter().flat_map(Clone::clone).filter_map(|at| typed.words.get(at));
    let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    (!words.is_empty()).then(|| concept_of_words(&words, 0.4, index))
}

/// The words that tell of an event as a whole, by what is asked of it. A question that looks for nothing else
/// ("how was it?", "when was it?") looks for them.
fn default_words(asked: AnswerType) -> &'static [&'static str] {
    static DATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.date_words));
    static PLACE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.event_facts.place_words));
    static ATTENDANCE: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.attendance_words));
    static IMPRESSION: LazyLock<Vec<&str>> =
        LazyLock::new(|| all_words(|words| &words.event_facts.impression_words));
    match asked {
        AnswerType::When => &DATE,
        AnswerType::Where => &PLACE,
        AnswerType::HowMany => &ATTENDANCE,
        _ => &IMPRESSION,
    }
}
