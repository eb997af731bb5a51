//! The events that posts are about, in words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use takeaways_text::model::{Card, Event, Language};

/// How many events of a card are named.
const MAX_EVENTS: usize = 4;
/// More events of several conferences are told by the names of these.
const MAX_EVENTS_OF_CARD: usize = 24;
/// How many lines tell of the events of a conference, or of the conferences.
const MAX_EVENT_LINES: usize = 16;
/// How many events of a year stand in a line.
const EVENTS_OF_LINE: usize = 3;
/// How many conferences stand in a line.
const CONFERENCES_OF_LINE: usize = 4;

/// The events of a card, the most frequent first: `12 events: KubeCon NA 2019, San Diego (5) · …`. `None` without one.
pub fn card_events(card: &Card, language: Language) -> Option<String> {
    let named: Vec<String> = card.events.iter().take(MAX_EVENTS).map(counted_event).collect();
    let events = number_of_events(card, language);
    match (card.events.len(), named.join(" · ")) {
        (0, _) => None,
        (1, named) => Some(named),
        (all, named) if all > MAX_EVENTS => Some(format!("{events}: {named} · …")),
        (_, named) => Some(format!("{events}: {named}")),
    }
}

fn number_of_events(card: &Card, language: Language) -> String {
    language.refusals().events.fill(&[("number", &card.events.len().to_string())])
}

fn counted_event((event, posts): &(Event, u32)) -> String {
    format!("{} ({posts})", event.label())
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
