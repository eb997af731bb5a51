//! From the facts of a post to the events that it is about.

use jiff::civil::Date;

use super::cues::speaks_of_another_time;
use super::evidence::{Evidence, days_between};
use super::mentions::Mention;
use super::places::PlaceKind;
use super::table::{EventTable, Series, slug, words};
use crate::model::{Event, EventId};
use crate::text::phrases::Words;

/// The facts of a post that tell which event it is about.
#[derive(Debug, Clone, Copy)]
pub struct Clues<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The file's name without its extension: a weak clue, files are named freely.
    pub file_stem: &'a str,
    /// Tags and categories.
    pub tags: &'a [String],
    /// The day it was published. It may be years off.
    pub date: Option<Date>,
    /// The readable text.
    pub text: &'a str,
    /// The headings, in order.
    pub headings: &'a [&'a str],
    /// What the front matter says that it is about: ids, names or free text. Wins over all else.
    pub declared: &'a [String],
}

/// The events that a post is about, the main one first; several only where it declares or its title names several,
/// none where nothing tells.
#[must_use]
pub fn detect(table: &EventTable, clues: &Clues<'_>) -> Vec<Event> {
    let finder = Finder { table, evidence: Evidence::gather(table, clues) };
    let mut events = Vec::new();
    for declared in clues.declared {
        finder.declared(declared, &mut events);
    }
    if !events.is_empty() {
        return events;
    }
    for (at, mention) in titled(table, clues.title.unwrap_or_default()).iter().enumerate() {
        let event = finder.event(mention);
        // Further names in a title count where they say which edition is meant.
        if at == 0 || event.year.is_some() && table.edition(&event.id).is_some() || mention.place.is_some() {
            add(&mut events, event);
        }
    }
    if events.is_empty() {
        events.extend(finder.evidence.subject().map(|mention| finder.event(mention)));
    }
    events
}

/// The mentions of a title that name a conference; those of another time only where there are no others.
fn titled<'t>(table: &'t EventTable, title: &str) -> Vec<Mention<'t>> {
    let words = Words::of(title);
    let named = table.mentions_in(&words).into_iter().filter(|(_, mention)| mention.series.is_some());
    let (other_time, now): (Vec<_>, Vec<_>) =
        named.partition(|(range, _)| speaks_of_another_time(&words, range));
    let meant = if now.is_empty() { other_time } else { now };
    meant.into_iter().map(|(_, mention)| mention).collect()
}

struct Finder<'t> {
    table: &'t EventTable,
    evidence: Evidence<'t>,
}

impl Finder<'_> {
    fn declared(&self, declared: &str, events: &mut Vec<Event>) {
        let declared = declared.trim();
        if let Some(event) = self.table.edition(&EventId(declared.to_owned())) {
            add(events, event.clone());
            return;
        }
        let named: Vec<_> =
            self.table.mentions(declared).into_iter().filter(|mention| mention.series.is_some()).collect();
        for mention in &named {
            add(events, self.event(mention));
        }
        if named.is_empty() {
            events.extend(self.free(declared));
        }
    }

    /// An event that nothing is known of but what a person wrote.
    fn free(&self, declared: &str) -> Option<Event> {
        // A line, not a story: what is longer is no name.
        const MAX_CHARS: usize = 120;
        let name: String =
            declared.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_CHARS).collect();
        let words = Words::of(&name);
        let written = (0..words.len()).find_map(|at| super::dates::year(&words, at));
        let year = written.or(self.evidence.date.map(Date::year));
        let series = written.map_or_else(|| name.clone(), |year| name.replace(&year.to_string(), " "));
        let series = series.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = match (written, year) {
            (None, Some(year)) => slug(&format!("{name} {year}")),
            _ => slug(&name),
        };
        (!words.is_empty()).then(|| Event {
            id: EventId(id),
            series: if series.is_empty() { name.clone() } else { series },
            name,
            year,
            city: None,
            country: None,
            region: None,
            start: None,
            end: None,
        })
    }

    /// The edition that a mention means in this post.
    fn event(&self, mention: &Mention<'_>) -> Event {
        let candidates = mention.editions.as_slice();
        let best = match candidates {
            [] => None,
            [only] => Some(*only).filter(|only| self.is_likely(mention, only)),
            several => self.best_of(several),
        };
        best.cloned().unwrap_or_else(|| self.unlisted(mention))
    }

    /// Whether the only listed edition that fits is the one that is meant: series go on, and not all of their
    /// editions are listed.
    fn is_likely(&self, mention: &Mention<'_>, only: &Event) -> bool {
        let open = mention.series.is_some_and(|series| series.open);
        let told = mention.year.is_some() || (mention.place.is_some() && !open);
        let near = |date: Date| match only.start {
            Some(start) => (-60..300).contains(&days_between(start, date)),
            None => only.year.is_some_and(|year| (0..=1).contains(&(date.year() - year))),
        };
        told || self.evidence.date.is_none_or(near)
    }

    fn best_of<'e>(&self, candidates: &[&'e Event]) -> Option<&'e Event> {
        // Less than a city's name in passing tells nothing.
        const LEAD: f32 = 0.25;
        let mut scored: Vec<(f32, &Event)> =
            candidates.iter().map(|event| (self.evidence.score(event, candidates), *event)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        match scored.as_slice() {
            [(best, event), (second, _), ..] if best - second >= LEAD => Some(event),
            _ => None,
        }
    }

    /// An edition that is not listed, or one of several that can't be told apart: what is known of it.
    fn unlisted(&self, mention: &Mention<'_>) -> Event {
        let same_year = |year: i16| mention.editions.iter().all(|event| event.year == Some(year));
        let year = mention.year.or_else(|| match mention.editions.first().and_then(|event| event.year) {
            Some(year) if mention.editions.len() > 1 => Some(year).filter(|year| same_year(*year)),
            _ => mention.series.and_then(|series| self.evidence.year_of(&series.id)),
        });
        let (id, short, series) = mention.series.map_or(("event", "", ""), |series: &Series| {
            (series.id.as_str(), series.short.as_str(), series.name.as_str())
        });
        let known = mention.place.as_ref().and_then(|place| self.table.places.called(place));
        let region = mention.region.as_ref().and_then(|region| self.table.places.called(region));
        let code =
            region.and_then(|region| self.table.places.get(region)).and_then(|region| region.called.first());
        let label = mention.place.as_ref().or(code).cloned().unwrap_or_default();
        let year_text = year.map(|year| year.to_string()).unwrap_or_default();
        let id = EventId(slug(&words(&[id.to_owned(), label.clone(), year_text.clone()])));
        if let Some(listed) = self.table.edition(&id) {
            return listed.clone();
        }
        let is_country = known
            .and_then(|place| self.table.places.get(place))
            .is_some_and(|place| place.kind == PlaceKind::Country);
        let country = known.or(region).and_then(|place| self.table.places.country_of(place));
        Event {
            id,
            series: series.to_owned(),
            name: words(&[short.to_owned(), label, year_text]),
            year,
            city: mention.place.clone().filter(|_| !is_country),
            country: country.map(|place| place.name.clone()),
            region: mention.region.clone(),
            start: None,
            end: None,
        }
    }
}

fn add(events: &mut Vec<Event>, event: Event) {
    if !events.iter().any(|other| other.id == event.id) {
        events.push(event);
    }
}
