//! Questions for the facts of an event as a whole: when and where it was, and how many came.

use std::ops::Range;

use jiff::civil::Date;

use crate::{
    answer_type::AnswerType,
    attendance,
    concepts::{Concept, inverse_frequency},
    question_syntax::QuestionSyntax,
    resolve::is_next_word,
    word_forms::{PostLanguages, push_form, word_forms},
};
use takeaways_corpus::events::{EventMention, EventSeries, EventTable};
use takeaways_search::{Alternative, Index};
use takeaways_text::calendar::month_names;
use takeaways_text::language;
use takeaways_text::model::Event;
use takeaways_text::tokens::folding::fold;

/// The maximum number of events whose place and days are listed. A question for more of them is one for a list.
const MAX_LISTED: usize = 3;

/// Whether facts of an event as a whole are asked for.
pub(crate) fn asks_for_event_facts(answer_type: AnswerType) -> bool {
    matches!(answer_type, AnswerType::When | AnswerType::Where | AnswerType::HowMany)
}

/// Returns the concept of the words that describe an event as a whole, with the places or the months of these events if
/// the question asks for them.
pub(crate) fn event_facts(answer_type: AnswerType, events: &[Event], index: &Index) -> Concept {
    let mut words = event_fact_words(answer_type);
    for event in events {
        match answer_type {
            AnswerType::Where => {
                words.extend(event.city.as_deref().into_iter().chain(event.country.as_deref()));
            }
            AnswerType::When => words.extend(
                event.start.iter().flat_map(|date| month_names(date.month()).iter().map(String::as_str)),
            ),
            _ => {}
        }
    }
    any_word_concept(&words, 1.0, index)
}

/// Returns the words that describe an event as a whole, for each answer type.
fn event_fact_words(answer_type: AnswerType) -> Vec<&'static str> {
    let facts = &language::all().event_facts;
    match answer_type {
        AnswerType::When => facts.date_words.iter().collect(),
        AnswerType::Where => facts.place_words.iter().collect(),
        AnswerType::HowMany => attendance::words().collect(),
        _ => facts.impression_words.iter().collect(),
    }
}

/// Returns the concept of the words that name the scope, for questions with little else. It weighs little, because all
/// posts of the scope are about it. Where options or a conversation set the scope, the words are the names of the conferences of
/// these events.
pub(crate) fn scope_name(
    syntax: &QuestionSyntax,
    consumed: &[Range<usize>],
    events: &[Event],
    index: &Index,
) -> Option<Concept> {
    let words = consumed.iter().flat_map(Clone::clone).filter_map(|at| syntax.words.get(at));
    let mut words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    if words.is_empty() {
        let table = EventTable::builtin();
        let of_events = |series: &&EventSeries| events.iter().any(|event| event.series == series.name);
        words.extend(table.series().filter(of_events).flat_map(|series| series.short.split_whitespace()));
    }
    (!words.is_empty()).then(|| any_word_concept(&words, 0.4, index))
}

/// Returns one concept that any of these words covers. `share` is its importance against a word in one of twenty
/// passages.
fn any_word_concept(words: &[&str], share: f32, index: &Index) -> Concept {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for word in words {
        for form in word_forms(word, 1.0, PostLanguages::of_index(index)) {
            push_form(&mut alternatives, form);
        }
    }
    Concept {
        alternatives,
        other_words: words.iter().map(|word| ((*word).to_owned(), 1.0)).collect(),
        importance: share * inverse_frequency(index.passages() / 20, index.passages()),
        is_known: true,
        ..Concept::default()
    }
}

/// Returns the events whose place and days a question asks for: the `named` ones, or those of the table that its words name and
/// no post is about. After a word like "next", it is the edition that follows. None if they are many.
pub(crate) fn listed_events(syntax: &QuestionSyntax, named: &[Event], today: Date) -> Vec<Event> {
    let table = EventTable::builtin();
    let mentions = table.mentions(syntax.read_text());
    let of_series: Vec<&EventMention<'_>> =
        mentions.iter().filter(|mention| mention.series.is_some()).collect();
    let editions = || of_series.iter().flat_map(|mention| &mention.editions).map(|event| (*event).clone());
    let mut listed: Vec<Event> = if let ([mention], true) = (of_series.as_slice(), asks_for_following(syntax))
    {
        let places: Vec<&str> = mentions.iter().filter_map(|mention| mention.place.as_deref()).collect();
        let years: Vec<i16> = syntax.words.iter().filter_map(|word| word.text.parse().ok()).collect();
        let is_before = |event: &&Event| {
            let is_there = places.iter().all(|place| table.is_held_in(event, place));
            let is_then = years.is_empty() || event.year.is_some_and(|year| years.contains(&year));
            is_there && is_then && !(places.is_empty() && years.is_empty())
        };
        // Without a year or a place, it is the one after today.
        let before = mention.editions.iter().copied().find(is_before);
        let newest = before.or(mention.editions.first().copied());
        let day = before.map_or(Some(today), first_day);
        newest.zip(day).and_then(|(event, day)| following(event, day)).into_iter().collect()
    } else if named.is_empty() {
        editions().collect()
    } else {
        named.to_vec()
    };
    listed.retain(|event| event.city.is_some() || event.start.is_some());
    listed.sort_by_key(first_day);
    listed.dedup();
    if listed.len() > MAX_LISTED { Vec::new() } else { listed }
}

/// Whether a text has the month, or the place, that the table has for one of these events.
pub(crate) fn states_event_fact(text: &str, answer_type: AnswerType, events: &[Event]) -> bool {
    let text = fold(text);
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |name: &str| {
        let name = fold(name);
        if name.is_ascii() && !name.contains(' ') {
            words.contains(&name.as_str())
        } else {
            text.contains(&name)
        }
    };
    let is_stated = |event: &Event| match (answer_type, event.start) {
        (AnswerType::When, Some(start)) => {
            month_names(start.month()).iter().any(|name| has(name)) || text.contains(&start.to_string())
        }
        (AnswerType::Where, _) => {
            let places = [&event.city, &event.country].into_iter().flatten();
            let table = EventTable::builtin();
            places
                .flat_map(|place| [place].into_iter().chain(table.names_of_place(place)))
                .any(|name| has(name))
        }
        _ => true,
    };
    events.iter().any(is_stated)
}

/// Whether a question has a word like "next" or "after".
fn asks_for_following(syntax: &QuestionSyntax) -> bool {
    let is_after = |word: &str| is_next_word(word) || language::all().times.after.contains(word);
    syntax.words.iter().any(|word| is_after(&word.text.to_lowercase()))
}

/// The next edition of the series of an event in its part of the world after a day.
fn following(event: &Event, day: Date) -> Option<Event> {
    let editions = EventTable::builtin().editions();
    let later = editions.filter(|it| {
        it.series == event.series
            && it.region == event.region
            && first_day(it).is_some_and(|first| first > day)
    });
    later.min_by_key(|it| first_day(it)).cloned()
}

/// The first day of an event, or of its year.
fn first_day(event: &Event) -> Option<Date> {
    event.start.or_else(|| Date::new(event.year?, 1, 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;
    use crate::samples::event;
    use AnswerType::{When, Where};

    #[test]
    fn the_events_of_a_question_are_listed_with_those_of_no_post() {
        let today = jiff::civil::date(2026, 11, 21);
        for (question, named, expected) in [
            ("when was KubeCon EU 2019?", &["kubecon-eu-2019"][..], "kubecon-eu-2019"),
            ("when was Curry On 2016?", &[], "curry-on-2016"),
            ("where was Curry On after the one in 2018?", &["curry-on-2018"], "curry-on-2019"),
            ("in which city is the Curry On after the Amsterdam one?", &[], "curry-on-2019"),
            ("where is the next Curry On?", &[], ""),
            ("when was KubeCon 2019?", &[], "kubecon-eu-2019 kubecon-china-2019 kubecon-na-2019"),
            ("when was KubeCon?", &[], ""),
        ] {
            let named: Vec<Event> = named.iter().map(|id| event(id)).collect();
            let listed = listed_events(&parse_syntax(question), &named, today);
            let ids: Vec<&str> = listed.iter().map(|event| event.id.0.as_str()).collect();
            assert_eq!(ids.join(" "), expected, "{question}");
        }
    }

    #[test]
    fn an_excerpt_tells_the_month_or_the_place_of_the_table() {
        let edition = event("kubecon-eu-2019");
        for (text, answer_type, expected) in [
            ("It began on the 20th of May.", When, true),
            ("Maybe it began.", When, false),
            ("It began on 2019-05-20.", When, true),
            ("It was in Barcelona.", Where, true),
            ("It was in Paris.", Where, false),
        ] {
            assert_eq!(
                states_event_fact(text, answer_type, std::slice::from_ref(&edition)),
                expected,
                "{text}"
            );
        }
    }
}
