//! What a message names of a scope, given the events that a conversation is about.

use std::cmp::Reverse;
use std::collections::HashSet;

mod away;
mod named;

use super::Turn;
use super::editions::EditionWords;
use super::turn_facts::MAX_EVENTS;
use crate::{attendance, engine::events_of, resolve::cover_most_posts};
pub(super) use named::NamedScope;
use named::{NamedBy, NamedEventsOrYears};
use takeaways_corpus::events::EventTable;
use takeaways_search::Facets;
use takeaways_text::model::{Event, EventId, Scope, Years};

/// The events and conferences that a conversation is about.
#[derive(Clone)]
pub(super) struct ConversationEvents<'c> {
    facets: &'c Facets,
    events: Vec<&'c Event>,
    series: Vec<&'c str>,
    years: Option<Years>,
    /// Whether the topic is how many people came, if there is one.
    is_of_attendance: bool,
    shown_event: Option<&'c EventId>,
    /// The events talked about, each as often as it was gone to, the last one last.
    talked_about: Vec<&'c Event>,
    /// Whether events between the first and the last of them may be missing.
    may_have_forgotten: bool,
}

impl<'c> ConversationEvents<'c> {
    pub fn new(turn: &'c Turn, facets: &'c Facets) -> Self {
        let events = events_of(&turn.scope.events, facets);
        let mut series: Vec<&str> = events.iter().map(|event| event.series.as_str()).collect();
        series.extend(turn.series.iter().map(String::as_str));
        let shown_event = turn.shown_event.as_ref();
        let talked_about = turn.events_talked_about();
        let talked_about =
            talked_about.iter().filter_map(|id| all_events(facets).find(|event| event.id == *id)).collect();
        let may_have_forgotten = turn.may_have_forgotten();
        let years = turn.scope.years;
        let is_of_attendance =
            turn.topic().is_none_or(|topic| topic.split(' ').all(attendance::is_asked_for));
        Self {
            facets,
            events,
            series,
            years,
            is_of_attendance,
            shown_event,
            talked_about,
            may_have_forgotten,
        }
    }

    /// The names of the conferences.
    pub fn into_series(self) -> impl Iterator<Item = String> {
        self.series.into_iter().map(str::to_owned)
    }

    /// Whether the conversation is about a conference.
    pub fn is_of(&self, series: &str) -> bool {
        self.series.contains(&series)
    }

    /// The event that the first excerpt is about.
    fn shown(&self) -> Option<&'c Event> {
        all_events(self.facets).find(|event| self.shown_event == Some(&event.id))
    }

    fn is_of_series(&self, event: &Event) -> bool {
        self.is_of(&event.series)
    }

    /// All editions of the conferences talked about.
    fn editions(&self) -> impl Iterator<Item = &'c Event> {
        all_events(self.facets).filter(|event| self.is_of_series(event))
    }

    /// The editions in some years of the conferences talked about, in the same part of the world where there is one.
    fn editions_in(&self, years: Years) -> Vec<&'c Event> {
        let in_years = |event: &&Event| event.year.is_some_and(|year| years.contains(year));
        let in_region = |event: &Event| {
            self.events.iter().any(|known| known.series == event.series && known.region == event.region)
        };
        prefer(self.editions().filter(in_years).collect(), in_region)
    }

    /// The editions with recaps of the conferences talked about that came after or before those talked about.
    pub fn with_recaps_beside(&self, is_after: bool) -> Vec<String> {
        let day = |event: &Event| (event.year, event.start);
        let days = || self.events.iter().map(|event| day(event));
        let is_beside = |event: &&Event| match (is_after, days().min(), days().max()) {
            (true, _, Some(last)) => day(event) > last,
            (false, Some(first), _) => event.year.is_some() && day(event) < first,
            _ => false,
        };
        ids(&self.editions().filter(is_beside).collect::<Vec<_>>())
    }

    /// The editions in some countries or parts of the world of the conferences talked about, else all events there: those of
    /// `years`, or of those `away` from those talked about, else of all years; `None` if there are none.
    pub fn editions_at(&self, places: &[&str], years: Option<Years>, away: i16) -> Option<NamedScope> {
        let table = EventTable::builtin();
        let is_there = |event: &&Event| places.iter().any(|place| table.is_held_in(event, place));
        let known = self.events.iter().filter_map(|known| Some(known.year?.saturating_add(away)));
        let wanted: Vec<i16> =
            years.map_or_else(|| known.collect(), |years| (years.first..=years.last).collect());
        let is_wanted = |event: &Event| event.year.is_some_and(|year| wanted.contains(&year));
        let there = all_events(self.facets).filter(is_there);
        let there: Vec<&Event> = there.filter(|event| years.is_none() || is_wanted(event)).collect();
        if let (Some(years), [place], true) = (years, places, there.is_empty()) {
            return Some(NamedScope::unknown(format!("{place} {years}")));
        }
        let of_series = prefer(there, |event| self.is_of_series(event));
        let editions = prefer(of_series, is_wanted);
        (!editions.is_empty()).then(|| NamedScope::of(ids(&editions), NamedBy::Name))
    }

    /// The edition that is asked for, of the events talked about or else of their only conference; `None` if there is none.
    pub fn edition(&self, wanted: EditionWords) -> Option<NamedScope> {
        if wanted == EditionWords::Other {
            return self.other_edition();
        }
        let mut editions = self.events.clone();
        if editions.len() < 2 {
            let first = self.series.first()?;
            if self.series.iter().any(|other| other != first) {
                return None;
            }
            editions = self.editions().collect();
        }
        // Of some only the year is known.
        editions.sort_by_key(|event| (event.year, event.start));
        let edition = match wanted {
            EditionWords::Oldest => editions.first(),
            EditionWords::Newest => editions.last(),
            EditionWords::Nth(at) => editions.get(at),
            EditionWords::Other => None,
        }?;
        Some(NamedScope::of(ids(&[edition]), NamedBy::Name))
    }

    /// The other one of the two events of the scope, which the first excerpt is not about; of one event, the one talked about before.
    fn other_edition(&self) -> Option<NamedScope> {
        let other = match self.events.as_slice() {
            [current] => self.before(current),
            [_, _] => {
                let shown = self.shown_event?;
                self.events.iter().copied().rfind(|event| event.id != *shown)
            }
            _ => None,
        }?;
        Some(NamedScope::of(ids(&[other]), NamedBy::Name))
    }

    /// All events of which a message that names none may mean one, if there are several: `at one of them`.
    pub fn any_of_several(&self) -> Option<NamedScope> {
        let events = self.several();
        (events.len() > 1).then(|| NamedScope::of(events, NamedBy::Name))
    }

    /// What a scope has beside the events or years of another one: years where they are one range, else events, and nothing if none is
    /// left. `None` if the scope is everything.
    pub fn rest_of(&self, scope: &Scope, unwanted: &NamedScope) -> Option<NamedScope> {
        let base = self.base_scope(scope, false);
        if let (NamedEventsOrYears::Years(unwanted), Some(years), true) =
            (&unwanted.named, base.years, base.events.is_empty())
            && let Some(rest) = years.without(*unwanted)
        {
            return Some(NamedScope { named: NamedEventsOrYears::Years(rest), authors: Vec::new() });
        }
        let is_unwanted = |event: &Event| match &unwanted.named {
            NamedEventsOrYears::Events { ids, .. } => ids.contains(&event.id.0),
            NamedEventsOrYears::Years(years) => event.year.is_some_and(|year| years.contains(year)),
            _ => false,
        };
        let is_of_years = |event: &Event| {
            base.years.is_none_or(|years| event.year.is_some_and(|year| years.contains(year)))
        };
        let is_in = |event: &&Event| {
            let is_in_events = match (base.events.is_empty(), self.series.is_empty()) {
                (true, true) => true,
                (true, false) => self.is_of_series(event),
                (false, _) => base.events.contains(&event.id),
            };
            is_in_events && is_of_years(event)
        };
        if base.events.is_empty() && base.years.is_none() && self.series.is_empty() {
            return None;
        }
        let kept: Vec<&Event> =
            all_events(self.facets).filter(is_in).filter(|event| !is_unwanted(event)).collect();
        Some(if kept.is_empty() { NamedScope::default() } else { NamedScope::of(ids(&kept), NamedBy::Name) })
    }

    /// The scope that a follow-up keeps: that of the turn before. If that is everything or several events, it is the event of the
    /// first excerpt for a message that points at a place. Else everything is the conferences talked about.
    pub fn base_scope(&self, previous: &Scope, points_at_place: bool) -> Scope {
        let is_everything = previous.events.is_empty() && previous.years.is_none();
        let is_of_several = previous.events.len() > 1;
        let shown = self.shown_event.filter(|_| points_at_place);
        let shown = shown.filter(|it| !is_of_several || previous.events.contains(it));
        let events = match shown {
            _ if !is_everything && !is_of_several => return previous.clone(),
            Some(event) => vec![event.clone()],
            None if is_of_several => return previous.clone(),
            None => {
                let editions: Vec<&Event> = self.editions().collect();
                // In a corpus of KubeCon posts "KubeCon" is no scope.
                let is_broad = cover_most_posts(&editions, self.facets);
                editions.into_iter().filter(|_| !is_broad).map(|event| event.id.clone()).collect()
            }
        };
        Scope { events, ..previous.clone() }
    }

    /// The only conference talked about, if it has so many posts that its name is no scope.
    pub fn broad_series(&self) -> Option<&'c str> {
        let first = *self.series.first().filter(|_| self.events.is_empty() && self.years.is_none())?;
        let editions: Vec<&Event> = self.editions().collect();
        let is_only = self.series.iter().all(|other| *other == first);
        (is_only && cover_most_posts(&editions, self.facets)).then_some(first)
    }

    /// The event talked about before another one.
    fn before(&self, last: &Event) -> Option<&'c Event> {
        self.talked_about.iter().copied().rfind(|event| event.id != last.id)
    }

    /// The names of the two events talked about last, in this order; `None` if there are not two.
    pub fn both_names(&self) -> Option<[&'c str; 2]> {
        match self.events.as_slice() {
            [one, other] => Some([&one.name, &other.name]),
            [last] => Some([&self.before(last)?.name, &last.name]),
            _ => None,
        }
    }

    /// The events of the scope, if there are several, else the two talked about last: `in both`.
    pub fn both(&self) -> Option<NamedScope> {
        let mut both = ids(&self.events);
        if let [last] = self.events.as_slice() {
            both.extend(self.before(last).map(|event| event.id.0.clone()));
        }
        (both.len() > 1).then(|| NamedScope::of(both, NamedBy::Name))
    }

    /// The events talked about among those of a scope, the last one; `None` if there is none, or if the scope has one event.
    pub fn last_of(&self, named: &NamedScope) -> Option<NamedScope> {
        let wanted = Some(named.event_ids()).filter(|events| events.len() > 1)?;
        let event = self.talked_about.iter().rfind(|event| wanted.contains(&event.id.0))?;
        Some(named.clone().with_events(ids(&[event])))
    }

    /// Those events of a scope that are in the city of the event talked about, if there are any: `the ContainerDays there`.
    pub fn in_same_city(&self, named: NamedScope) -> NamedScope {
        let cities: Vec<&str> = self.events.iter().filter_map(|event| event.city.as_deref()).collect();
        let is_there = |event: &&Event| event.city.as_deref().is_some_and(|city| cities.contains(&city));
        let there: Vec<&Event> = named.known_events(self.facets).into_iter().filter(is_there).collect();
        if there.is_empty() { named } else { named.with_events(ids(&there)) }
    }

    /// The name of the only conference talked about in the city that a scope names, if it was never there: `Devoxx London`.
    pub fn missing_in(&self, named: &NamedScope) -> Option<String> {
        let first = *self.series.first().filter(|_| named.is_of_place())?;
        let there = named.known_events(self.facets);
        let city = there.first()?.city.as_deref()?;
        let is_one =
            there.iter().all(|event| event.city.as_deref() == Some(city) && !self.is_of_series(event))
                && self.series.iter().all(|series| *series == first);
        let series = EventTable::builtin().series().find(|series| series.name == first)?;
        is_one.then(|| format!("{} {city}", series.short))
    }

    /// Whether a scope has events of other conferences only, and names them by more than their place.
    pub fn is_other_conference(&self, named: &NamedScope, facets: &Facets) -> bool {
        let events = named.known_events(facets);
        let is_other = |event: &&Event| !self.is_of_series(event);
        !events.is_empty() && !named.is_of_place() && events.iter().all(is_other)
    }

    /// The ids of the events talked about, in the order in which they came up.
    pub fn talked_about(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        ids(&self.talked_about).into_iter().filter(|id| seen.insert(id.clone())).collect()
    }

    /// The event talked about with this number, if there are several; `None` if there is none, or if it may be another one.
    pub fn returned_to(&self, at: usize) -> Option<NamedScope> {
        let events = self.talked_about();
        let is_known = events.len() > 1 && (at == 0 || !self.may_have_forgotten);
        let event = events.into_iter().nth(at).filter(|_| is_known)?;
        Some(NamedScope::of(vec![event], NamedBy::Name))
    }

    /// The ids of the events of which a message that names none may mean one: those talked about, those of the scope, or, if who
    /// came is talked about, those of its years with the most posts.
    pub fn several(&self) -> Vec<String> {
        match (self.events.as_slice(), self.years) {
            ([_], _) => self.talked_about(),
            ([], Some(_)) if self.series.is_empty() && !self.is_of_attendance => Vec::new(),
            ([], Some(years)) if self.series.is_empty() => {
                let in_years = |event: &&Event| event.year.is_some_and(|year| years.contains(year));
                let mut events: Vec<&(Event, u64)> =
                    self.facets.events.iter().filter(|(event, _)| in_years(&event)).collect();
                events.sort_by_key(|(_, posts)| Reverse(*posts));
                events.into_iter().take(MAX_EVENTS).map(|(event, _)| event.id.0.clone()).collect()
            }
            ([], Some(years)) => ids(&self.editions_in(years)),
            (events, _) => ids(events),
        }
    }

    /// The ids of the events of the scope, else of all editions of the conferences talked about.
    pub fn all(&self) -> Vec<String> {
        if self.events.is_empty() { self.all_editions() } else { ids(&self.events) }
    }

    /// All editions of the conferences talked about; `None` if there are none.
    pub fn every_edition(&self) -> Option<NamedScope> {
        let events = self.all_editions();
        (!events.is_empty()).then(|| NamedScope::of(events, NamedBy::Name))
    }

    /// The names of the event of the scope and of the one before: of the same conference, in the same part of the world where there
    /// is one. Or those of its year and the year before, of the only conference where there is one. `None` if no post is about what was
    /// before.
    pub fn with_one_before(&self) -> Option<[String; 2]> {
        let Some((first, rest)) = self.events.split_first() else {
            let years = self.years.filter(|years| years.first == years.last && self.series.is_empty())?;
            let before = years.first.checked_sub(1)?;
            let is_known = self.facets.years.iter().any(|(year, _)| *year == before);
            return is_known.then(|| [years.first.to_string(), before.to_string()]);
        };
        let editions = || self.editions().filter(|event| event.series == first.series);
        if !rest.is_empty() {
            let year = first.year?;
            let of_year: Vec<&Event> = editions().filter(|event| event.year == Some(year)).collect();
            let before = editions().filter_map(|event| event.year).filter(|it| *it < year).max()?;
            let series = EventTable::builtin().series().find(|series| series.name == first.series)?;
            let name = |year: i16| format!("{} {year}", series.short);
            return (of_year == self.events).then(|| [name(year), name(before)]);
        }
        let is_before = |event: &&Event| match (event.start, first.start) {
            (Some(start), Some(of_first)) => start < of_first,
            _ => event.year.zip(first.year).is_some_and(|(year, of_first)| year < of_first),
        };
        let earlier = prefer(editions().filter(is_before).collect(), |event| event.region == first.region);
        let before = earlier.into_iter().max_by_key(|event| (event.year, event.start, &event.id))?;
        Some([first.name.clone(), before.name.clone()])
    }

    /// The ids of all editions of some conferences.
    pub fn editions_of(&self, series: &[String]) -> Vec<String> {
        ids(&all_events(self.facets).filter(|event| series.contains(&event.series)).collect::<Vec<_>>())
    }

    /// The ids of all editions of the conferences talked about; none if there are none.
    pub fn all_editions(&self) -> Vec<String> {
        ids(&self.editions().collect::<Vec<_>>())
    }

    /// The name of the time of a scope: of its event, of the editions of a conference in one year, or its years; `None` if it has
    /// others or none.
    pub fn time_of(&self, scope: &Scope) -> Option<String> {
        if scope.events.is_empty() {
            return scope.years.map(|years| years.to_string());
        }
        name_of(&events_of(&scope.events, self.facets), self.facets)
    }

    /// Whether all events talked about, or the years, are of one year.
    pub fn is_of_one_year(&self) -> bool {
        let of_events = self.events.iter().filter_map(|event| event.year);
        let years = self.years.iter().flat_map(|years| [years.first, years.last]);
        let years: HashSet<i16> = of_events.chain(years).collect();
        years.len() == 1
    }
}

fn all_events(facets: &Facets) -> impl Iterator<Item = &Event> {
    facets.events.iter().map(|(event, _)| event)
}

/// The event that some are: the only one, or of those in one city and year the one that most posts are about, beside which the others
/// are held; `None` if there are none, or in several places.
fn main_event<'f>(events: &[&'f Event], facets: &Facets) -> Option<&'f Event> {
    let (first, rest) = events.split_first()?;
    let is_beside =
        |event: &&Event| event.city.is_some() && event.city == first.city && event.year == first.year;
    let count =
        |event: &Event| facets.events.iter().find(|(it, _)| it.id == event.id).map(|(_, posts)| *posts);
    let are_beside = rest.iter().all(is_beside);
    events.iter().copied().filter(|_| are_beside).max_by_key(|event| (count(event), Reverse(&event.id)))
}

/// The name of the event that some are, or of the editions of one conference in one year: `KubeCon 2019`; `None` if there are others.
fn name_of(events: &[&Event], facets: &Facets) -> Option<String> {
    if let Some(event) = main_event(events, facets) {
        return Some(event.name.clone());
    }
    let first = events.first()?;
    let is_same = |event: &&Event| event.series == first.series && event.year == first.year;
    let series = EventTable::builtin().series().find(|series| series.name == first.series)?;
    first.year.filter(|_| events.iter().all(is_same)).map(|year| format!("{} {year}", series.short))
}

/// Returns the preferred events; all, if none is preferred.
fn prefer(events: Vec<&Event>, is_preferred: impl Fn(&Event) -> bool) -> Vec<&Event> {
    let preferred: Vec<&Event> = events.iter().copied().filter(|event| is_preferred(event)).collect();
    if preferred.is_empty() { events } else { preferred }
}

fn ids(events: &[&Event]) -> Vec<String> {
    events.iter().map(|event| event.id.0.clone()).collect()
}
