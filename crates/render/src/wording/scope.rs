//! The scope of an answer in words.

use jiff::civil::Date;

use super::{day_in, events::days, groups::months};
use takeaways_answer::{AnswerHeading, Notice, RecapList, Turn, TurnAnswer, VerifiedAnswer};
use takeaways_corpus::events::EventTable;
use takeaways_text::language::RefusalWords;
use takeaways_text::model::{Answer, Citation, Event, EventId, Excerpt, Language, Missing, Scope, Years};

/// Events, years and authors of a scope, separated by points. `events` are the known events of the scope, `language` the one to
/// write in. Several events are counted, a city may have dozens, with what they have in common, and with their months if they were in
/// one season.
pub fn scope(scope: &Scope, events: &[Event], language: Language) -> String {
    let words = language.refusals();
    let years_text = |Years { first, last }| match first {
        _ if first == last => first.to_string(),
        Years::FIRST => words.years_until.fill(&[("last", &last.to_string())]),
        _ => words.year_range.fill(&[("first", &first.to_string()), ("last", &last.to_string())]),
    };
    let ids = events_of_years(scope, events);
    let mut parts: Vec<String> = match ids.as_slice() {
        [] => Vec::new(),
        [id] => vec![event_name(id, events)],
        ids => {
            let count = words.events.fill(&[("number", &ids.len().to_string())]);
            let years = years_of(ids, events).filter(|_| scope.years.is_none());
            let season = season_of(ids, events).filter(|_| scope.years.is_none());
            let season = season.map(|days| months(days, language));
            let years = season.or_else(|| {
                years.map(|years| match years.as_slice() {
                    // "2017 or 2020" has no years between.
                    [first, last] if last - first > 1 => format!("{first}, {last}"),
                    [first, .., last] => years_text(Years::between(*first, *last)),
                    years => years.iter().map(i16::to_string).collect(),
                })
            });
            common_name(ids, events, words).into_iter().chain(years).chain([count]).collect()
        }
    };
    let is_named =
        |years: &Years| matches!(ids.as_slice(), [_]) && years_of(&ids, events) == Some(vec![years.first]);
    parts.extend(scope.years.filter(|years| !is_named(years)).map(years_text));
    if !scope.excluded_authors.is_empty() {
        parts.push(words.not_by.fill(&[("names", &words.any_of(&scope.excluded_authors))]));
    }
    if !scope.authors.is_empty() {
        parts.push(words.words_of.fill(&[("names", &words.any_of(&scope.authors))]));
    }
    parts.join(" · ")
}

/// The events of a scope that are of its years; all of them if none is known to be.
fn events_of_years(scope: &Scope, events: &[Event]) -> Vec<EventId> {
    let Some(years) = scope.years else { return scope.events.clone() };
    let is_of_years = |id: &&EventId| {
        let year = events.iter().find(|event| event.id == **id).and_then(|event| event.year);
        year.is_some_and(|year| years.contains(year))
    };
    let of_years: Vec<EventId> = scope.events.iter().filter(is_of_years).cloned().collect();
    if of_years.is_empty() { scope.events.clone() } else { of_years }
}

/// The years of these events, each once, in their order; `None` if one is unknown.
fn years_of(ids: &[EventId], events: &[Event]) -> Option<Vec<i16>> {
    let year = |id: &EventId| events.iter().find(|event| event.id == *id)?.year;
    let mut years: Vec<i16> = ids.iter().map(year).collect::<Option<_>>()?;
    years.sort_unstable();
    years.dedup();
    Some(years)
}

/// The first days of the first and of the last of these events, if they began in one year within a season; `None` for others, and
/// if one of them is unknown.
fn season_of(ids: &[EventId], events: &[Event]) -> Option<(Date, Date)> {
    const SEASON: i8 = 3;
    let start = |id: &EventId| events.iter().find(|event| event.id == *id)?.start;
    let starts: Vec<Date> = ids.iter().map(start).collect::<Option<_>>()?;
    let (first, last) = (*starts.iter().min()?, *starts.iter().max()?);
    (first.year() == last.year() && last.month() - first.month() < SEASON).then_some((first, last))
}

/// The maximum number of conferences that are named. More are only counted.
const MAX_SERIES: usize = 3;

/// What all these events have in common: their name without the year, their conference, their city or their country; else their
/// conferences, if they are few. `None` if one of them is unknown.
fn common_name(ids: &[EventId], events: &[Event], words: &RefusalWords) -> Option<String> {
    let known = |id: &EventId| events.iter().find(|it| it.id == *id);
    let known: Option<Vec<&Event>> =
        ids.iter().map(|id| known(id).or_else(|| EventTable::builtin().edition(id))).collect();
    let known = known?;
    let mut series: Vec<String> = known.iter().map(|event| event.series.clone()).collect();
    series.sort_unstable();
    series.dedup();
    if let [only] = series.as_slice() {
        let mut names = known.iter().map(|event| without_year(event));
        let first = names.next()?;
        return Some(if names.all(|name| name == first) { first.to_owned() } else { only.clone() });
    }
    let common = |place: fn(&Event) -> Option<&String>| {
        let first = place(known.first()?)?;
        known.iter().all(|event| place(event) == Some(first)).then(|| first.clone())
    };
    let place = common(|event| event.city.as_ref()).or_else(|| common(|event| event.country.as_ref()));
    place.or_else(|| (series.len() <= MAX_SERIES).then(|| words.any_of(&series)))
}

/// The name of an event without its year: `KubeCon EU`.
fn without_year(event: &Event) -> &str {
    let year = event.year.map(|year| year.to_string()).unwrap_or_default();
    event.name.strip_suffix(&year).map_or(event.name.as_str(), str::trim_end)
}

/// What stands above an answer in a conversation: its own heading, such as whose words they are, else what was understood of
/// a message that went on with the turn before. `None` above any other answer.
pub fn heading(answered: &TurnAnswer) -> Option<String> {
    let TurnAnswer { verified, is_follow_up, heading, turn, .. } = answered;
    let words = turn.language.refusals();
    let first = verified.answer.excerpts().first();
    match (heading, first) {
        (Some(AnswerHeading::Source(people)), Some(first)) => {
            Some(source(&first.citation, people, turn.language))
        }
        (Some(AnswerHeading::Sources), Some(_)) => Some(sources(verified.answer.excerpts())),
        (Some(AnswerHeading::Elsewhere(place)), Some(_)) => {
            let place = scope(place, &verified.events, turn.language);
            Some(words.elsewhere.fill(&[("scope", &place)]))
        }
        (Some(AnswerHeading::ByOthers(place)), Some(_)) => {
            let place = scope(place, &verified.events, turn.language);
            Some(words.by_others.fill(&[("scope", &place)]))
        }
        (Some(AnswerHeading::Speakers(people)), Some(_)) => {
            Some(words.speakers.fill(&[("names", &words.all_of(people))]))
        }
        (Some(AnswerHeading::NoSuchEvent(name)), Some(_)) => {
            let missing = words.no_event.fill(&[("names", name)]);
            Some(
                [Some(missing), understood_answer(turn, verified)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        }
        (Some(AnswerHeading::OneOfTwo(other)), Some(_)) => {
            let understood = understood_answer(turn, verified);
            let other = words.other_question.fill(&[("question", other)]);
            Some(understood.into_iter().chain([other]).collect::<Vec<_>>().join(" · "))
        }
        (Some(AnswerHeading::OwnWords), _) => Some(words.own_words.fill(&[])),
        // What recaps can't answer has no topic.
        _ if matches!(verified.answer, Answer::NothingFound { unanswerable: Some(_), .. }) => None,
        _ => understood_answer(turn, verified).filter(|_| *is_follow_up),
    }
}

/// An event with its days, if they are known: `KubeCon EU 2019, Barcelona, 20 to 23 May 2019`.
fn dated_event(event: &Event, language: Language) -> String {
    let days = event.start.zip(event.end).map(|(first, last)| format!(", {}", days(first, last, language)));
    event.label() + &days.unwrap_or_default()
}

/// Whose words they are, which other people the heading over them names, of which event they are, and from when.
fn source(from: &Citation, people: &[String], language: Language) -> String {
    let words = language.refusals();
    let person = from.speaker.clone().or_else(|| from.author.clone());
    let mut others = people.iter().filter(|name| person.as_ref() != Some(*name)).cloned().peekable();
    let others = others.peek().is_some().then(|| others.collect::<Vec<_>>().join(", "));
    let others = others.map(|names| words.heading_names.fill(&[("names", &names)]));
    let person = person.unwrap_or_else(|| words.unnamed_author.fill(&[]));
    let event = from.event.as_ref().map(|event| dated_event(event, language));
    let date = from.date.map(|date| words.posted.fill(&[("date", &day_in(date, language))]));
    [Some(person), others, event, date].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Whose words several excerpts are, and of which event, each once. A post that names no author has its title.
fn sources(excerpts: &[Excerpt]) -> String {
    let mut sources: Vec<String> = Vec::new();
    for Excerpt { citation, .. } in excerpts {
        let person = citation.speaker.clone().or_else(|| citation.author.clone());
        let event = citation.event.as_ref().map(Event::label);
        let source = std::iter::once(person.unwrap_or_else(|| citation.title.clone()))
            .chain(event)
            .collect::<Vec<_>>()
            .join(" · ");
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources.join("; ")
}

/// Whether posts of a scope were searched: not if no post is about any of its events, which the answer says beside it.
pub fn was_searched(scope: &Scope, missing: &[Missing]) -> bool {
    let name = |id: &EventId| EventTable::builtin().edition(id).map(|event| event.name.as_str());
    let is_missing = |id: &EventId| {
        missing.iter().any(|it| matches!(it, Missing::Event(words) if Some(words.as_str()) == name(id)))
    };
    !scope.is_everything() && (scope.events.is_empty() || !scope.events.iter().all(is_missing))
}

/// What was understood of a message in a conversation: its topic and its scope. `None` if it has neither.
pub fn understood(turn: &Turn, events: &[Event]) -> Option<String> {
    understood_in(turn, &[&scope(&turn.scope, events, turn.language)])
}

/// The same for the answer of a turn. Where nothing was found, the conversation may go on in another scope than that of the message.
pub fn understood_answer(turn: &Turn, verified: &VerifiedAnswer) -> Option<String> {
    let has_other_scope = match &verified.answer {
        Answer::NothingFound { scope, missing, .. } => {
            let is_unknown = |it: &Missing| matches!(it, Missing::Event(_) | Missing::Years(_));
            !scope.is_everything() || missing.iter().any(is_unknown)
        }
        _ => false,
    };
    let of = if has_other_scope { verified.answer.scope() } else { turn.scope_of_shown() };
    let scope = scope(of, &verified.events, turn.language);
    let unknown = match &verified.answer {
        Answer::NothingFound { missing, .. } if of.events.is_empty() => missing.as_slice(),
        _ => &[],
    };
    let unknown = unknown.iter().filter(|it| matches!(it, Missing::Event(_) | Missing::Years(_)));
    let unknown = unknown.map(Missing::words).collect::<Vec<_>>().join(", ");
    understood_in(turn, &[&unknown, &scope])
}

fn understood_in(turn: &Turn, scope: &[&str]) -> Option<String> {
    let series = turn.broad_series.as_deref();
    let origin = turn.origin.as_ref().map(|origin| origin.name.as_str());
    let scope = scope.iter().copied();
    let parts: Vec<&str> = turn
        .topic()
        .into_iter()
        .chain(series)
        .chain(scope)
        .chain(origin)
        .filter(|it| !it.is_empty())
        .collect();
    Some(parts.join(" · ")).filter(|text| !text.is_empty())
}

/// What a person reads instead of an answer in a conversation.
pub fn notice(notice: Notice, language: Language) -> String {
    let words = language.refusals();
    match notice {
        Notice::NoMore => words.no_more.fill(&[]),
        Notice::NothingShown => words.nothing_shown.fill(&[]),
        Notice::NoSuchExcerpt(count) => words.no_such_excerpt.fill(&[("number", &count.to_string())]),
        Notice::NoSpeaker => words.no_speaker.fill(&[]),
        Notice::PostGone => words.post_gone.fill(&[]),
        Notice::RecapsGone => words.recaps_gone.fill(&[]),
        Notice::NothingBefore => words.nothing_before.fill(&[]),
        Notice::NewTopic => words.new_topic.fill(&[]),
    }
}

/// Which of the posts of an answer are shown: `20 of 45`, `21–40 of 45`.
pub fn recaps_shown(list: &RecapList, shown: usize) -> String {
    let end = list.first + shown;
    let shown = if list.first == 0 { end.to_string() } else { format!("{}–{end}", list.first + 1) };
    list.turn.language.overviews().share.fill(&[("posts", &shown), ("all", &list.all.to_string())])
}

/// The label of an event, or its id if the event is unknown.
fn event_name(id: &EventId, events: &[Event]) -> String {
    let known = events.iter().find(|event| event.id == *id);
    let known = known.or_else(|| EventTable::builtin().edition(id));
    known.map_or_else(|| id.to_string(), Event::label)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::samples;

    #[test]
    fn a_scope_of_several_events_tells_their_years() {
        let event = |id: &str, year| Event {
            id: EventId(id.into()),
            name: id.into(),
            year: Some(year),
            start: None,
            city: None,
            ..samples::event()
        };
        let events = [event("a", 2019), event("b", 2019), event("c", 2023), event("d", 2020)];
        let text = |ids: &[&str], years: Option<i16>| {
            let events_of = ids.iter().map(|id| EventId((*id).into())).collect();
            let of = Scope { events: events_of, years: years.map(Years::single), ..Scope::default() };
            scope(&of, &events, Language::En)
        };
        let series = &samples::event().series;
        let held = |id: &str, day| Event { start: Some(day), ..event(id, day.year()) };
        let seasons = [
            held("a", date(2019, 5, 20)),
            held("b", date(2019, 5, 21)),
            held("c", date(2019, 7, 1)),
            held("d", date(2019, 11, 18)),
        ];
        for (ids, expected) in [
            (&["a", "b"][..], "May 2019 · 2 events"),
            (&["a", "c"], "May–July 2019 · 2 events"),
            (&["a", "d"], "2019 · 2 events"),
        ] {
            let of =
                Scope { events: ids.iter().map(|id| EventId((*id).into())).collect(), ..Scope::default() };
            assert_eq!(scope(&of, &seasons, Language::En), format!("{series} · {expected}"));
        }
        assert_eq!(text(&["a", "b"], None), format!("{series} · 2019 · 2 events"));
        assert_eq!(text(&["a", "b", "c"], None), format!("{series} · 2019, 2023 · 3 events"));
        assert_eq!(text(&["d", "a"], None), format!("{series} · 2019 to 2020 · 2 events"));
        assert_eq!(text(&["a", "d", "c"], None), format!("{series} · 2019 to 2023 · 3 events"));
        assert_eq!(text(&["a", "b", "c"], Some(2023)), "c");
        assert_eq!(text(&["a", "c"], Some(2018)), format!("{series} · 2 events · 2018"));
    }

    #[test]
    fn a_source_names_the_people_of_the_heading_and_the_days_of_the_event() {
        let citation = Citation { author: Some("Ada Lovelace".into()), ..samples::post_excerpt().citation };
        let citation = Citation { event: Some(samples::event()), ..citation };
        let people = ["Grace Hopper".to_owned(), "Ada Lovelace".to_owned()];
        let line = source(&citation, &people, Language::En);
        let expected = "Ada Lovelace · in its heading: Grace Hopper · \
                        KubeCon NA 2019, San Diego, 18 to 21 November 2019 · posted ";
        assert!(line.starts_with(expected), "{line}");
    }
}
