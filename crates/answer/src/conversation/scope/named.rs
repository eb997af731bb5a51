//! What a message names of a scope.

use super::{ConversationEvents, all_events, ids, name_of};
use crate::engine::events_of;
use crate::question_names::QuestionNames;
use crate::resolve::ScopeOptions;
use takeaways_corpus::events::EventTable;
use takeaways_search::Facets;
use takeaways_text::model::{Event, EventId, Missing, Scope, Years};

/// What a message names of a scope.
#[derive(Debug, Clone, Default)]
pub(in crate::conversation) struct NamedScope {
    pub(super) named: NamedEventsOrYears,
    pub(super) authors: Vec<String>,
}

/// The events or years that a message names.
#[derive(Debug, Clone, Default)]
pub(super) enum NamedEventsOrYears {
    #[default]
    Nothing,
    /// All events and years.
    Everything,
    Events {
        ids: Vec<String>,
        years: Option<Years>,
        by: NamedBy,
    },
    Years(Years),
    /// Years in which the conference talked about has no edition.
    NoEdition {
        name: String,
        years: Years,
    },
    /// Events that are not known, as the message writes them.
    Unknown(Vec<String>),
}

/// By which words events are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// By their conference, or by their place among those talked about.
    Name,
    /// By a place, where only events of the conferences talked about are, or only others.
    Place,
    /// By a place, of whose events only those of the conferences talked about are meant.
    PlaceOfMore,
    /// By years, for editions of the conferences talked about.
    Years,
}

impl NamedScope {
    /// All events and years.
    pub fn everything() -> Self {
        Self { named: NamedEventsOrYears::Everything, authors: Vec::new() }
    }

    /// An event that is not known.
    pub fn unknown(name: String) -> Self {
        Self { named: NamedEventsOrYears::Unknown(vec![name]), authors: Vec::new() }
    }

    pub(super) fn of(ids: Vec<String>, by: NamedBy) -> Self {
        Self { named: NamedEventsOrYears::Events { ids, years: None, by }, authors: Vec::new() }
    }

    /// Returns what a message names; `None` if it names nothing. A place alone names the events there of the conferences
    /// talked about, if there are any.
    pub fn new(names: &QuestionNames, conversation_events: &ConversationEvents<'_>) -> Option<Self> {
        let found = &names.resolved;
        let unknown = found.missing.iter().filter(|it| matches!(it, Missing::Event(_) | Missing::Words(_)));
        let unknown: Vec<String> = unknown.map(|missing| missing.words().to_owned()).collect();
        let place_and_time = if !found.scope.events.is_empty() {
            let events = events_of(&found.scope.events, conversation_events.facets);
            let same_series: Vec<&Event> =
                events.iter().copied().filter(|event| conversation_events.is_of_series(event)).collect();
            let is_of_place = names_no_series(names);
            let is_narrowed = is_of_place && !same_series.is_empty();
            let by = match is_of_place {
                true if is_narrowed && same_series.len() < events.len() => NamedBy::PlaceOfMore,
                true => NamedBy::Place,
                false => NamedBy::Name,
            };
            let ids = ids(if is_narrowed { &same_series } else { &events });
            NamedEventsOrYears::Events { ids, years: found.scope.years, by }
        } else if !unknown.is_empty() {
            // "In Mexico in 2023" is not the edition of that year.
            NamedEventsOrYears::Unknown(unknown)
        } else {
            let years = found.scope.years.or_else(|| missing_years(&found.missing));
            years.map_or(NamedEventsOrYears::Nothing, |years| conversation_events.scope_of_years(years).named)
        };
        let own = Self { named: place_and_time, authors: found.scope.authors.clone() };
        (own.names_events_or_years() || !own.authors.is_empty()).then_some(own)
    }

    /// The ids of the events that it names.
    pub(super) fn event_ids(&self) -> &[String] {
        match &self.named {
            NamedEventsOrYears::Events { ids, .. } => ids,
            _ => &[],
        }
    }

    /// Its events, of which there are recaps.
    pub(super) fn known_events<'f>(&self, facets: &'f Facets) -> Vec<&'f Event> {
        all_events(facets).filter(|event| self.event_ids().contains(&event.id.0)).collect()
    }

    /// The same with some of its events only.
    pub(super) fn with_events(mut self, kept: Vec<String>) -> Self {
        if let NamedEventsOrYears::Events { ids, .. } = &mut self.named {
            *ids = kept;
        }
        self
    }

    /// Returns these years of all events where the conferences talked about have no edition in them.
    pub fn of_any_event(self) -> Self {
        match self.named {
            NamedEventsOrYears::NoEdition { years, .. } => {
                Self { named: NamedEventsOrYears::Years(years), ..self }
            }
            _ => self,
        }
    }

    /// The same without the events of another scope, unless it has no others.
    pub fn without(self, other: &Self) -> Self {
        let kept: Vec<String> =
            self.event_ids().iter().filter(|id| !other.event_ids().contains(id)).cloned().collect();
        if kept.is_empty() { self } else { self.with_events(kept) }
    }

    /// Whether it names events or years.
    pub fn names_events_or_years(&self) -> bool {
        !matches!(self.named, NamedEventsOrYears::Nothing)
    }

    /// Whether it has only those of the events that the words may name that are of the conferences talked about.
    pub fn is_narrowed(&self) -> bool {
        matches!(self.named, NamedEventsOrYears::Events { by: NamedBy::PlaceOfMore, .. })
    }

    /// Whether it names one author and nothing else.
    pub fn is_of_author(&self) -> bool {
        self.authors.len() == 1 && !self.names_events_or_years()
    }

    /// Whether it names events by more than their years.
    pub fn names_events(&self) -> bool {
        !self.is_of_years() && matches!(self.named, NamedEventsOrYears::Events { .. })
    }

    /// Whether the words name its events by a place only.
    pub(super) fn is_of_place(&self) -> bool {
        matches!(self.named, NamedEventsOrYears::Events { by: NamedBy::Place | NamedBy::PlaceOfMore, .. })
    }

    /// Whether it has the editions in some years of the conferences talked about, of which the words name the years only.
    pub fn is_of_years(&self) -> bool {
        matches!(self.named, NamedEventsOrYears::Events { by: NamedBy::Years, .. })
    }

    /// The name of its event, or of the editions of a conference in one year, or its years; `None` if it has none or others.
    pub fn time(&self, facets: &Facets) -> Option<String> {
        if let NamedEventsOrYears::Years(years) = &self.named {
            return Some(years.to_string());
        }
        let known = self.known_events(facets);
        let is_known = known.len() == self.event_ids().len();
        name_of(&known, facets).filter(|_| is_known)
    }

    /// Returns the options of a scope of which this replaces what it names. Of an event without recaps the answer tells that. Years stay
    /// in which one of several editions was: "since 2020", "at KubeCon".
    pub fn over(self, previous: &Scope) -> ScopeOptions {
        let previous = ScopeOptions::of(previous);
        let (events, years) = match self.named {
            NamedEventsOrYears::Nothing => (previous.events, previous.years),
            NamedEventsOrYears::Everything => (Vec::new(), None),
            NamedEventsOrYears::Events { ids, years, .. } => {
                let kept = previous.years.filter(|_| previous.events.is_empty() && ids.len() > 1);
                let kept = kept.filter(|kept| ids.iter().any(|id| has_edition_in(id, *kept)));
                (ids, years.or(kept))
            }
            NamedEventsOrYears::Years(years) => (Vec::new(), Some(years)),
            NamedEventsOrYears::NoEdition { name, .. } => (vec![name], None),
            NamedEventsOrYears::Unknown(names) => (names, None),
        };
        let authors = if self.authors.is_empty() { previous.authors } else { self.authors };
        ScopeOptions { events, years, authors }
    }
}

/// Whether an event was in some years.
fn has_edition_in(id: &str, years: Years) -> bool {
    let edition = EventTable::builtin().edition(&EventId(id.to_owned()));
    edition.and_then(|event| event.year).is_some_and(|year| years.contains(year))
}

/// Whether the words name events by a place or a time only, and not by their conference.
fn names_no_series(names: &QuestionNames) -> bool {
    let mentions = EventTable::builtin().mentions(&names.parsed.syntax.text);
    mentions.iter().all(|mention| mention.series.is_none())
}

fn missing_years(missing: &[Missing]) -> Option<Years> {
    missing.iter().find_map(|missing| match missing {
        Missing::Years(years) => years.parse().ok(),
        _ => None,
    })
}
