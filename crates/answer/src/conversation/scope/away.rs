//! The editions in other years than those talked about.

use super::named::{NamedBy, NamedEventsOrYears, NamedScope};
use super::{ConversationEvents, ids, prefer};
use crate::find_name::known_edition;
use takeaways_text::model::{Event, Years};

impl ConversationEvents<'_> {
    /// The editions so many years after the events talked about.
    pub fn editions_away(&self, years: i16) -> Option<NamedScope> {
        // Of editions of many years it is the one that was shown.
        let is_of_years = |events: &[&Event]| events.iter().any(|event| event.year != events[0].year);
        let is_undated = self.years.is_none() && (self.events.is_empty() || is_of_years(&self.events));
        if is_undated
            && let Some(shown) = self.shown().filter(|it| self.series.is_empty() || self.is_of_series(it))
        {
            let shown = Self { events: vec![shown], series: vec![&shown.series], ..self.clone() };
            return shown.editions_away(years);
        }
        let known = self.events.iter().filter_map(|event| event.year);
        let known = known.chain(self.years.iter().flat_map(|years| [years.first, years.last]));
        // "Until 2018" has no first year.
        let known = known.filter(|year| *year != Years::FIRST);
        let years: Vec<i16> = known.map(|year| year.saturating_add(years)).collect();
        let years = Years::between(*years.iter().min()?, *years.iter().max()?);
        Some(self.scope_of_years(years))
    }

    /// The editions so many years after the events talked about that a message names by other words too: `Hamburg, the year
    /// before`. A named place is one in any part of the world, and in any year if it has none in those.
    pub fn named_away(&self, years: i16, named: Option<NamedScope>) -> Option<NamedScope> {
        let Some(away) = self.editions_away(years) else { return named };
        let Some(named) = named else { return Some(away) };
        let both: Vec<String> =
            named.event_ids().iter().filter(|id| away.event_ids().contains(id)).cloned().collect();
        if !both.is_empty() {
            return Some(NamedScope { authors: named.authors, ..NamedScope::of(both, NamedBy::Years) });
        }
        let known: Vec<i16> =
            self.events.iter().filter_map(|event| Some(event.year?.saturating_add(years))).collect();
        let there = named.known_events(self.facets);
        if there.is_empty() {
            return Some(NamedScope { authors: named.authors, ..away });
        }
        // "And the one after, in Budapest?"
        if let NamedEventsOrYears::NoEdition { name, .. } = &away.named
            && let Some(edition) = known_edition(name)
            && there.iter().all(|event| event.city.is_some() && event.city == edition.city)
        {
            return Some(NamedScope { authors: named.authors, ..away });
        }
        let is_of_year = |event: &&Event| event.year.is_some_and(|year| known.contains(&year));
        if let ([first, rest @ ..], [year]) = (there.as_slice(), known.as_slice())
            && !named.is_of_place()
            && rest.iter().all(|event| event.series == first.series)
            && !there.iter().any(is_of_year)
        {
            // "RustConf that year", in which it has no recaps.
            let years = Years::single(*year);
            let named_edition =
                NamedEventsOrYears::NoEdition { name: self.name_in(&first.series, years), years };
            return Some(NamedScope { named: named_edition, authors: named.authors });
        }
        let of_years = prefer(there, |event| is_of_year(&event));
        Some(named.with_events(ids(&of_years)))
    }

    /// Years alone name the editions in these years of the conferences talked about. If there are none, nothing is found.
    pub(super) fn scope_of_years(&self, years: Years) -> NamedScope {
        let editions = self.editions_in(years);
        let named = match (self.series.first(), editions.is_empty()) {
            (None, _) => NamedEventsOrYears::Years(years),
            (Some(_), false) => return NamedScope::of(ids(&editions), NamedBy::Years),
            (Some(series), true) => {
                NamedEventsOrYears::NoEdition { name: self.name_in(series, years), years }
            }
        };
        NamedScope { named, authors: Vec::new() }
    }

    /// The name that the edition in a year would have, of the conference or of the only event talked about: `Devoxx France 2023`.
    fn name_in(&self, series: &str, years: Years) -> String {
        let renamed = match self.events.as_slice() {
            [event] if event.series == series && years.first == years.last => {
                let old = event.year.map(|year| year.to_string());
                old.filter(|old| event.name.contains(old.as_str()))
                    .map(|old| event.name.replace(&old, &years.to_string()))
            }
            _ => None,
        };
        renamed.unwrap_or_else(|| format!("{series} {years}"))
    }
}
