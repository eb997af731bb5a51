//! The events and the times that the words of a question name. Times narrow the events, or are the scope by themselves.

use std::ops::Range;

use jiff::civil::Date;

use super::editions::{are_alternatives, find_landmarks};
use super::name_reader::NameReader;
use super::neighbours::{is_negated, is_part_of_a_name, may_be_initials, with_negations};
use super::subjects::conferences_on_subjects;
use super::unlisted::unlisted_conferences;
use super::{NameRole, ResolvedQuestion, event_ids, is_function_word, words_in};
use crate::answer_type::AnswerType;
use crate::circumstances::is_circumstance;
use crate::question_syntax::{QuestionSyntax, QuestionWord, blank_out, contains, overlap};
use crate::times::{Landmark, NamedTime, Period, find_times, join_times};
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_search::Facets;
use takeaways_text::model::{Event, Missing, Years};
use takeaways_text::tokens::is_boilerplate;

/// What the words of a text name. Ranges are in bytes of the text.
#[derive(Debug, Default)]
pub(crate) struct NamedEvents<'f> {
    /// The events.
    pub(crate) events: Vec<&'f Event>,
    /// The conferences that most posts are about and that are named without an edition.
    pub(crate) broad: Vec<(String, Vec<&'f Event>)>,
    /// The events of conferences that are not wanted.
    pub(super) excluded: Vec<&'f Event>,
    /// The words that name events or limit them.
    pub(super) used: Vec<Range<usize>>,
    /// Those of them that name an edition by its number, or as one online, and are searched too.
    pub(super) edition_words: Vec<Range<usize>>,
    /// The words that name an event that no post is about, with the words of the time that it is limited to.
    pub(super) missing: Vec<(Range<usize>, String)>,
    /// The times.
    pub(super) times: Vec<NamedTime>,
    /// Whether the times limit named events.
    pub(super) are_times_used: bool,
    /// Whether an event or a place is named that events are limited to.
    pub(super) has_names: bool,
}

/// Adds the events and the times of the words of a question to its scope.
pub(super) fn add_events_and_times(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    answer_type: AnswerType,
    role: NameRole,
    facets: &Facets,
    today: Date,
) {
    let words = |range: &Range<usize>| words_in(range, &syntax.words);
    let mut landmarks = find_landmarks(syntax.read_text(), facets, today);
    // "Where was the meetup before KubeCon San Diego?" asks about its days, and so may a question that finds nothing.
    let is_fact = matches!(
        answer_type,
        AnswerType::Who | AnswerType::Company | AnswerType::When | AnswerType::Where | AnswerType::HowMany
    );
    landmarks.retain(|landmark| role != NameRole::Landmark && !(is_fact && landmark.is_named));
    let mut named = find_named_events(syntax, &landmarks, facets, today);
    resolved.has_landmarks = named.times.iter().any(|time| time.series.is_some());
    resolved.is_after_event =
        !named.are_times_used && named.events.is_empty() && named.times.iter().any(NamedTime::is_after_event);
    // A time that is told by an event, or in months, is a list of events, which an answer only mentions if it is of them.
    let is_in_years =
        |time: &NamedTime| time.period.whole_years(today.year()).is_some() && time.series.is_none();
    if role == NameRole::Mention && named.times.iter().all(is_in_years) {
        let mentions = EventTable::builtin().mentions(syntax.read_text());
        resolved.mentioned_events.extend(mentions.iter().map(|mention| words(&mention.range)));
        let is_in_mention =
            |time: &NamedTime| mentions.iter().any(|mention| overlap(&mention.range, &time.range));
        named.times.retain(|time| !is_in_mention(time));
        // A year that is written out may be mentioned too.
        let is_written = |time: &NamedTime| {
            mentions.is_empty()
                && syntax.text.get(time.range.clone()).is_some_and(|text| text.contains(char::is_numeric))
        };
        let written = named.times.extract_if(.., |time| is_written(time));
        resolved.mentioned_years.extend(written.map(|time| words(&time.range)));
        add_times(resolved, syntax, &named.times, facets, today);
        return;
    }
    let consumed = named.used.iter().filter(|range| !named.edition_words.contains(range));
    resolved.consumed_words.extend(consumed.map(words));
    resolved.edition_words.extend(named.edition_words.iter().map(words));
    resolved.mentioned_events.extend(named.missing.iter().map(|(range, _)| words(range)));
    resolved.missing.extend(named.missing.into_iter().map(|(_, text)| Missing::Event(text)));
    resolved.series.extend(named.broad.into_iter().map(|(series, _)| series));
    if named.are_times_used {
        resolved.consumed_words.extend(named.times.iter().map(|time| words(&time.range)));
    } else if named.events.is_empty() {
        add_times(resolved, syntax, &named.times, facets, today);
    }
    if !named.events.is_empty() {
        resolved.scope.events = event_ids(named.events);
    }
}

/// Adds the times of a question that names no event: years, or the events of shorter times.
fn add_times(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    times: &[NamedTime],
    facets: &Facets,
    today: Date,
) {
    let periods = join_times(times);
    if periods.is_empty() {
        return;
    }
    let words: Vec<Range<usize>> = times.iter().map(|time| words_in(&time.range, &syntax.words)).collect();
    let text = || {
        let texts = times.iter().filter_map(|time| syntax.text.get(time.range.clone()));
        texts.collect::<Vec<_>>().join(" ")
    };
    let Some(years) = years_of(&periods, today) else {
        let events: Vec<&Event> = events_in(&periods, facets);
        if events.is_empty() {
            resolved.missing.push(Missing::Years(text()));
            resolved.mentioned_years.extend(words);
        } else {
            resolved.scope.events = event_ids(events);
            resolved.consumed_words.extend(words);
        }
        return;
    };
    // "Before 2018" is always a scope, even without such posts.
    let is_open = periods.iter().any(|(period, _)| period.has_no_beginning()) && years.last > Years::FIRST;
    if !is_open && !facets.years.iter().any(|(year, _)| years.contains(*year)) {
        // No post is from these years, but one may mention them.
        resolved.missing.push(Missing::Years(years.to_string()));
        resolved.mentioned_years.extend(words);
        return;
    }
    resolved.scope.years = Some(years);
    resolved.consumed_words.extend(words);
}

/// Returns the years of these periods; `None` if one is told by an event or in months, or if there are years between them.
fn years_of(periods: &[(Period, Option<&str>)], today: Date) -> Option<Years> {
    let years = |(period, series): &(Period, Option<&str>)| {
        period.whole_years(today.year()).filter(|_| series.is_none())
    };
    Years::join(periods.iter().map(years).collect::<Option<_>>()?)
}

/// Returns the events in periods, each of its series if it is told by one.
fn events_in<'f>(periods: &[(Period, Option<&str>)], facets: &'f Facets) -> Vec<&'f Event> {
    facets.events.iter().map(|(event, _)| event).filter(|event| are_of_event(periods, event, false)).collect()
}

/// Whether an event is in one of some periods; unless it `is_of_series` that is named, in one that is told by no other series.
fn are_of_event(periods: &[(Period, Option<&str>)], event: &Event, is_of_series: bool) -> bool {
    periods.iter().any(|(period, series)| {
        period.contains(event) && (is_of_series || series.is_none_or(|series| series == event.series))
    })
}

/// Returns the events of a text that is the name of events or a time: the value of an option. All its words must name one. In "kubecon
/// ott" the last word does not yet.
pub(crate) fn events_of_whole_text<'f>(
    syntax: &QuestionSyntax,
    facets: &'f Facets,
    today: Date,
) -> Vec<&'f Event> {
    let named = find_named_events(syntax, &find_landmarks(syntax.read_text(), facets, today), facets, today);
    let times = named.times.iter().map(|time| &time.range);
    let ranges: Vec<&Range<usize>> = named.used.iter().chain(times).collect();
    let is_named = |word: &QuestionWord| {
        word.text.char_indices().all(|(at, c)| {
            !c.is_alphanumeric() || ranges.iter().any(|range| range.contains(&(word.range.start + at)))
        })
    };
    let is_filler = |word: &QuestionWord| is_boilerplate(&word.text.to_lowercase()) || is_function_word(word);
    // The last word may be the beginning of a name.
    let is_whole = syntax.words.last().is_some_and(is_named)
        && syntax.words.iter().all(|word| is_named(word) || is_filler(word));
    if !is_whole || !named.missing.is_empty() {
        return Vec::new();
    }
    let mut events = named.events;
    events.extend(named.broad.into_iter().flat_map(|(_, events)| events));
    if events.is_empty() && !named.has_names {
        events = events_in(&join_times(&named.times), facets);
    }
    events
}

/// Returns the events that a text names, with the times that limit them.
pub(crate) fn find_named_events<'f>(
    syntax: &QuestionSyntax,
    landmarks: &[Landmark],
    facets: &'f Facets,
    today: Date,
) -> NamedEvents<'f> {
    let table = EventTable::builtin();
    let times = find_times(syntax.read_text(), landmarks, today);
    let (circumstances, mut times): (Vec<_>, Vec<_>) =
        times.into_iter().partition(|time| is_circumstance(&time.range, syntax));
    // "CloudNative Days Summer 2025" is a name. But a month is in none: "KubeCon in November 2019".
    let whole = table.mentions(syntax.read_text());
    // "KubeCon in November" may be of any year.
    let names_series = whole.iter().any(|name| name.series.is_some());
    times.retain(|time| !time.is_latest || !names_series);
    times.retain(|time| {
        time.is_plain_year
            || time.is_month
            || !whole.iter().any(|name| name.series.is_some() && contains(&name.range, &time.range))
    });
    // A time is no part of a name, but for a year: "KubeCon, Dec 2018".
    let mut text = syntax.read_text().to_owned();
    for time in times.iter().chain(&circumstances).filter(|time| !time.is_plain_year) {
        blank_out(&mut text, time.range.clone());
    }
    let mentions: Vec<EventMention<'_>> = table
        .mentions(&text)
        .into_iter()
        .filter(|mention| {
            let may_be_initials = || mention.year.is_none() && may_be_initials(&mention.range, &syntax.words);
            mention.series.is_some()
                || !is_part_of_a_name(&mention.range, &syntax.words) && !may_be_initials()
        })
        .collect();
    times.retain(|time| {
        !time.is_plain_year || !mentions.iter().any(|mention| overlap(&mention.range, &time.range))
    });
    let plain_years = times.iter().filter(|time| time.is_plain_year).map(|time| time.range.clone());
    let plain_years: Vec<Range<usize>> = plain_years.collect();
    let negations = with_negations(&plain_years, syntax);
    let is_unwanted = |time: &NamedTime| {
        plain_years.iter().zip(&negations).any(|(year, unwanted)| unwanted.is_some() && *year == time.range)
    };
    let (unwanted, times): (Vec<_>, Vec<_>) = times.into_iter().partition(is_unwanted);
    let reader = NameReader { text: &text, syntax, facets, today };
    let excluded = events_in(&join_times(&unwanted), facets);
    let unwanted = negations.into_iter().flatten();
    let used = circumstances.into_iter().map(|time| time.range).chain(unwanted).collect();
    let mut named = NamedEvents { excluded, used, times, ..NamedEvents::default() };
    for mention in mentions.iter().filter(|mention| mention.series.is_some()) {
        reader.add_series(&mut named, mention);
    }
    for (range, events) in conferences_on_subjects(&syntax.words, facets) {
        let is_mentioned = mentions.iter().any(|mention| overlap(&mention.range, &range));
        if events.is_empty() || is_mentioned || is_negated(&range, &syntax.words) {
            continue;
        }
        named.has_names = true;
        named.are_times_used |= !named.times.is_empty();
        named.used.push(range);
        named.events.extend(limit(&events, &named.times, true));
    }
    for (range, events) in unlisted_conferences(syntax, facets) {
        let is_mentioned = mentions.iter().any(|it| it.series.is_some() && overlap(&it.range, &range));
        if !is_mentioned {
            reader.add_unlisted(&mut named, range, events);
        }
    }
    reader.add_places(&mut named, &mentions);
    if are_alternatives(&mentions, &syntax.words) {
        named.events.extend(std::mem::take(&mut named.broad).into_iter().flat_map(|(_, events)| events));
    }
    if !named.excluded.is_empty() {
        if named.events.is_empty() && named.missing.is_empty() {
            let broad: Vec<&Event> =
                std::mem::take(&mut named.broad).into_iter().flat_map(|(_, events)| events).collect();
            let all = || facets.events.iter().map(|(event, _)| event).collect::<Vec<_>>();
            named.events = limit(&if broad.is_empty() { all() } else { broad }, &named.times, false);
            named.are_times_used = !named.times.is_empty();
        }
        named.events.retain(|event| !named.excluded.contains(event));
    }
    named
}

/// Returns the events in these times; all if there are none. A conference that is named may be another than that of the
/// event by which a time is told.
pub(super) fn limit<'f>(events: &[&'f Event], times: &[NamedTime], is_of_series: bool) -> Vec<&'f Event> {
    let periods = join_times(times);
    let is_in = |event: &&Event| periods.is_empty() || are_of_event(&periods, event, is_of_series);
    events.iter().copied().filter(is_in).collect()
}
