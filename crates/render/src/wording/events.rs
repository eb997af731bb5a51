//! The events that posts are about, in words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::day_in;
use takeaways_text::model::{Card, Event, Language};

/// How many events of a card are named.
const MAX_EVENTS: usize = 4;
/// More events of several conferences are told by the names of these.
const MAX_EVENTS_OF_CARD: usize = 24;
/// How many lines list the events of a conference, or the conferences.
const MAX_EVENT_LINES: usize = 16;
/// How many events of a year stand in a line.
const EVENTS_OF_LINE: usize = 3;
/// How many conferences stand in a line.
const CONFERENCES_OF_LINE: usize = 4;

/// The events of a card, the most frequent first: `12 events: KubeCon NA 2019, San Diego (5) · …`. `None` without one.
pub fn card_events(card: &Card, language: Language) -> Option<String> {
    let named: Vec<String> = card.events.iter().take(MAX_EVENTS).map(counted_event).collect();
    let events = number_of_events(card, language);
    let colon = language.refusals().colon.fill(&[]);
    match (card.events.len(), named.join(" · ")) {
        (0, _) => None,
        (1, named) => Some(named),
        (all, named) if all > MAX_EVENTS => Some(format!("{events}{colon} {named} · …")),
        (_, named) => Some(format!("{events}{colon} {named}")),
    }
}

fn number_of_events(card: &Card, language: Language) -> String {
    language.refusals().events.fill(&[("number", &card.events.len().to_string())])
}

fn counted_event((event, posts): &(Event, u32)) -> String {
    format!("{} ({posts})", event.label())
}

/// The place and the days of events as the table of events has them, a line each: `KubeCon EU 2019: Barcelona, 20 to 23 May 2019`.
pub fn listed(events: &[Event], language: Language) -> Vec<String> {
    let colon = language.refusals().colon.fill(&[]);
    let line = |event: &Event| {
        let days = event.start.zip(event.end).map(|(first, last)| days(first, last, language));
        let place = event.city.iter().chain(event.country.iter().filter(|_| event.city.is_none()));
        let facts: Vec<String> = place.cloned().chain(days).collect();
        language.refusals().listed.fill(&[("event", &format!("{}{colon} {}", event.name, facts.join(", ")))])
    };
    events.iter().map(line).collect()
}

/// The days from the first to the last, with what they share said once: `20 to 23 May 2019`.
pub(super) fn days(first: Date, last: Date, language: Language) -> String {
    let words = language.citations();
    let (year, month) = (last.year().to_string(), words.month_name(last.month()));
    let number = |date: Date| date.day().to_string();
    let day_of_year = |date: Date| {
        words.day_of_year.fill(&[("day", &number(date)), ("month", words.month_name(date.month()))])
    };
    match () {
        () if first == last => day_in(last, language),
        () if first.year() != last.year() => {
            words.days.fill(&[("first", &day_in(first, language)), ("last", &day_in(last, language))])
        }
        () if first.month() != last.month() => words.days_of_year.fill(&[
            ("first", &day_of_year(first)),
            ("last", &day_of_year(last)),
            ("year", &year),
        ]),
        () => words.days_of_month.fill(&[
            ("first", &number(first)),
            ("last", &number(last)),
            ("month", month),
            ("year", &year),
        ]),
    }
}

/// The events of a conference, or a few events, a line or more for each year; of many conferences, their names with the number of
/// posts.
pub fn conference_lines(card: &Card, language: Language) -> Vec<String> {
    let mut lines = vec![number_of_events(card, language)];
    if card.name.is_empty() && card.events.len() > MAX_EVENTS_OF_CARD {
        let named: Vec<String> =
            conferences(&card.events).iter().map(|(name, posts)| format!("{name} ({posts})")).collect();
        lines.extend(named.chunks(CONFERENCES_OF_LINE).map(|names| names.join(" · ")));
    } else {
        let years = card.events.chunk_by(|(a, _), (b, _)| a.year == b.year);
        let parts = years.flat_map(|year| year.chunks(EVENTS_OF_LINE));
        lines.extend(parts.map(|events| events.iter().map(counted_event).collect::<Vec<_>>().join(" · ")));
    }
    if lines.len() > MAX_EVENT_LINES {
        lines.truncate(MAX_EVENT_LINES);
        lines.push("…".to_owned());
    }
    lines
}

/// The conferences of some events with the number of posts on each, the most frequent first.
fn conferences(events: &[(Event, u32)]) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for (event, posts) in events {
        *counts.entry(&event.series).or_default() += posts;
    }
    let mut counts: Vec<(String, u32)> =
        counts.into_iter().map(|(series, posts)| (series.to_owned(), posts)).collect();
    counts.sort_by_key(|(_, posts)| Reverse(*posts));
    counts
}

/// What stands for the newest posts, or for those from a day on, if there are none.
pub fn no_newest_posts(since: Option<Date>) -> String {
    match since {
        Some(day) => format!("None of the recaps is from {} or later.", day_in(day, Language::En)),
        None => "None of the recaps has a date up to today, so I can't say which are the newest.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_told_with_what_they_share_said_once() {
        for (first, last, language, expected) in [
            (date(2019, 5, 20), date(2019, 5, 23), Language::En, "20 to 23 May 2019"),
            (date(2019, 5, 30), date(2019, 6, 2), Language::En, "30 May to 2 June 2019"),
            (date(2019, 12, 30), date(2020, 1, 2), Language::En, "30 December 2019 to 2 January 2020"),
            (date(2019, 5, 20), date(2019, 5, 20), Language::En, "20 May 2019"),
            (date(2019, 5, 20), date(2019, 5, 23), Language::De, "20.–23. Mai 2019"),
            (date(2019, 5, 30), date(2019, 6, 2), Language::De, "30. Mai bis 2. Juni 2019"),
            (date(2019, 12, 30), date(2020, 1, 2), Language::De, "30. Dezember 2019 bis 2. Januar 2020"),
            (date(2022, 5, 16), date(2022, 5, 20), Language::Fr, "du 16 au 20 mai 2022"),
            (date(2016, 8, 25), date(2016, 8, 26), Language::Es, "del 25 al 26 de agosto de 2016"),
            (date(2022, 10, 24), date(2022, 10, 28), Language::Pt, "de 24 a 28 de outubro de 2022"),
            (date(2024, 3, 19), date(2024, 3, 22), Language::It, "19–22 marzo 2024"),
            (date(2023, 4, 18), date(2023, 4, 21), Language::Nl, "18 t/m 21 april 2023"),
            (date(2019, 5, 30), date(2019, 6, 2), Language::Ja, "2019年5月30日～6月2日"),
        ] {
            assert_eq!(days(first, last, language), expected);
        }
    }

    #[test]
    fn an_event_is_told_as_the_table_has_it() {
        let event = crate::samples::event();
        assert_eq!(
            listed(std::slice::from_ref(&event), Language::En),
            ["KubeCon NA 2019: San Diego, 18 to 21 November 2019 (from my list of events, not from a recap)"]
        );
        let in_french = listed(std::slice::from_ref(&event), Language::Fr);
        assert!(in_french[0].starts_with("KubeCon NA 2019\u{a0}: San Diego, "), "{in_french:?}");
        let undated = Event { start: None, city: None, country: Some("United States".into()), ..event };
        assert!(listed(&[undated], Language::Es)[0].starts_with("KubeCon NA 2019: United States ("));
    }
}
