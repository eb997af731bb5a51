//! The table of conferences and their editions.

use super::lexicon::{CountryRow, RegionRow};
use super::lexicon::{Lexeme, SeriesName};
use super::lexicon::{PlaceId, PlaceKind, Places};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::model::{Event, EventId};
use takeaways_text::phrases::PhraseTable;

/// The text of the compiled-in table.
pub(crate) const EVENTS_TOML: &str = include_str!("../../../../config/events.toml");

/// Conferences, their editions, and what people call both.
#[derive(Debug, Clone)]
pub struct EventTable {
    pub(super) series: Vec<EventSeries>,
    pub(super) editions: Vec<Edition>,
    pub(super) places: Places,
    /// Names of series, editions and places.
    pub(super) lexicon: PhraseTable<Lexeme>,
    by_id: HashMap<EventId, usize>,
}

/// A conference that takes place again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSeries {
    /// Its id, which its editions' ids begin with: `kubecon`.
    pub id: String,
    /// Its full name: `KubeCon + CloudNativeCon`.
    pub name: String,
    /// What its editions' names begin with: `KubeCon`.
    pub short: String,
    /// Whether it is a family of events named by their city, so that any city may have one.
    pub held_in_any_city: bool,
    /// Its editions in [`EventTable::editions`], newest first.
    pub(super) editions: Range<usize>,
}

/// An edition and what its place means.
#[derive(Debug, Clone)]
pub(super) struct Edition {
    pub(super) event: Event,
    pub(super) label: String,
    pub(super) region: Option<PlaceId>,
    pub(super) place: Option<PlaceId>,
    /// Where it was announced for before it went online; people name it by that city too.
    pub(super) planned_place: Option<PlaceId>,
}

impl EventTable {
    /// The table that is compiled in.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they read the same text.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<EventTable> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
            EventTable::parse(EVENTS_TOML).expect("the table of events is sound")
        });
        &BUILTIN
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Where the text is not TOML of the expected shape, an edition's city is unknown or its days can't be,
    /// or two editions have one id.
    pub fn parse(toml: &str) -> Result<Self, EventsError> {
        let file: EventsFile = toml::from_str(toml)?;
        let mut table = Self {
            series: Vec::with_capacity(file.series.len()),
            editions: Vec::new(),
            places: Places::new(file.region, file.country),
            lexicon: PhraseTable::default(),
            by_id: HashMap::new(),
        };
        table.add_place_names();
        for row in &file.series {
            table.add_series(row)?;
        }
        Ok(table)
    }

    /// The edition of this id.
    #[must_use]
    pub fn edition(&self, id: &EventId) -> Option<&Event> {
        self.by_id.get(id).and_then(|&at| self.editions.get(at)).map(|edition| &edition.event)
    }

    /// All editions, series by series, newest first within one.
    pub fn editions(&self) -> impl Iterator<Item = &Event> {
        self.editions.iter().map(|edition| &edition.event)
    }

    /// All series, in the table's order.
    pub fn series(&self) -> impl Iterator<Item = &EventSeries> {
        self.series.iter()
    }

    /// The editions of a series, newest first.
    pub(super) fn editions_of(&self, series: usize) -> &[Edition] {
        self.series
            .get(series)
            .and_then(|series| self.editions.get(series.editions.clone()))
            .unwrap_or_default()
    }

    fn add_series(&mut self, row: &SeriesRow) -> Result<(), EventsError> {
        let at = self.series.len();
        let first = self.editions.len();
        let short = row.short.as_ref().unwrap_or(&row.name);
        for edition in row.editions()? {
            self.add_edition(at, row, short, &edition)?;
        }
        self.series.push(EventSeries {
            id: row.id.clone(),
            name: row.name.clone(),
            short: short.clone(),
            held_in_any_city: row.open,
            editions: first..self.editions.len(),
        });
        self.add_series_names(at, row);
        Ok(())
    }

    fn add_edition(
        &mut self,
        series: usize,
        of: &SeriesRow,
        short: &str,
        row: &EditionRow<'_>,
    ) -> Result<(), EventsError> {
        let edition = self.build_edition(of, short, row)?;
        let at = self.editions.len();
        if let Some(own) = row.name.and_then(|name| name.strip_prefix(short)) {
            let name = SeriesName { edition: Some(at), ..SeriesName::plain(series) };
            for alias in &of.aliases {
                self.add_name(&format!("{alias}{own}"), name.clone());
            }
            for alias in &of.cased {
                let exact = format!("{alias}{own}");
                self.add_name(
                    &exact,
                    SeriesName { exact_spelling: Some(exact.as_str().into()), ..name.clone() },
                );
            }
        }
        if self.by_id.insert(edition.event.id.clone(), at).is_some() {
            return Err(EventsError::DuplicateId(edition.event.id));
        }
        self.editions.push(edition);
        Ok(())
    }

    fn build_edition(
        &self,
        series: &SeriesRow,
        short: &str,
        row: &EditionRow<'_>,
    ) -> Result<Edition, EventsError> {
        let year = row.year.to_string();
        let name = row.name.map_or_else(|| join_words(&[short, row.label, &year]), str::to_owned);
        let id = EventId(row.name.map_or_else(|| slug(&join_words(&[&series.id, row.label, &year])), slug));
        let label = self.places.find(row.label);
        let of_label = label.and_then(|id| self.places.get(id));
        let is_region = of_label.is_some_and(|place| place.kind == PlaceKind::Region);
        let is_city = of_label.is_some_and(|place| place.kind == PlaceKind::City);
        let city = |city: &str| {
            let unknown = || EventsError::City { event: id.clone(), city: city.to_owned() };
            self.places.find(city).ok_or_else(unknown)
        };
        let place = match row.city {
            Some(name) => Some(city(name)?),
            None => label.filter(|_| !is_region),
        };
        let planned = row.planned.map(city).transpose()?;
        let event = Event {
            id,
            series: series.name.clone(),
            name,
            year: Some(row.year),
            city: row.city.map(str::to_owned),
            country: place.and_then(|id| self.places.country_of(id)).map(|place| place.name.clone()),
            region: of_label.filter(|_| !is_city).map(|place| place.name.clone()),
            start: row.start,
            end: row.end,
        };
        let region = label.filter(|_| !is_city);
        Ok(Edition { event, label: row.label.to_owned(), region, place, planned_place: planned })
    }
}

/// Lower case, words joined by hyphens, accents left out: `Jürgen's Conf 2019` is `jurgen-s-conf-2019`.
pub(super) fn slug(text: &str) -> String {
    let words = takeaways_text::phrases::Words::new(text);
    let mut slug = String::new();
    for at in 0..words.len() {
        if at > 0 && !words.gap(at).is_empty() {
            slug.push('-');
        }
        slug.push_str(words.folded(at));
    }
    slug
}

/// Words with a space between, empty ones left out.
pub(super) fn join_words(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// Not the TOML that is expected.
    #[error("the table of events is not what is expected")]
    Toml(#[from] toml::de::Error),
    /// A line of editions is not `label year | city | first day | last day | name`, or its days can't be.
    #[error("{series} has an edition that can't be read: {line}")]
    Edition {
        /// The series' id.
        series: String,
        /// The line.
        line: String,
    },
    /// An edition's city is in no country's list.
    #[error("{event} is in {city}, which is in no country of the table")]
    City {
        /// The edition's id.
        event: EventId,
        /// The city's name.
        city: String,
    },
    /// Two editions have one id.
    #[error("{0} is in the table twice")]
    DuplicateId(EventId),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsFile {
    #[serde(default)]
    pub(super) region: Vec<RegionRow>,
    #[serde(default)]
    pub(super) country: Vec<CountryRow>,
    #[serde(default)]
    pub(super) series: Vec<SeriesRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeriesRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) short: Option<String>,
    #[serde(default)]
    pub(super) open: bool,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) cased: Vec<String>,
    #[serde(default)]
    pub(super) weak: Vec<String>,
    #[serde(default)]
    pub(super) names: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) editions: String,
}

/// A line of [`SeriesRow::editions`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EditionRow<'t> {
    pub(super) label: &'t str,
    pub(super) year: i16,
    pub(super) city: Option<&'t str>,
    /// Where it was announced for before it went online.
    pub(super) planned: Option<&'t str>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) name: Option<&'t str>,
}

impl SeriesRow {
    /// The editions, newest first.
    pub(super) fn editions(&self) -> Result<Vec<EditionRow<'_>>, EventsError> {
        let lines = self.editions.lines().filter(|line| !line.trim().is_empty());
        let broken = |line: &str| EventsError::Edition { series: self.id.clone(), line: line.to_owned() };
        let rows = lines.map(|line| EditionRow::parse(line).ok_or_else(|| broken(line)));
        let mut rows: Vec<EditionRow<'_>> = rows.collect::<Result<_, _>>()?;
        rows.sort_by_key(|row| std::cmp::Reverse((row.year, row.start)));
        Ok(rows)
    }
}

impl<'t> EditionRow<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let mut columns =
            line.split('|').map(|column| Some(column.trim()).filter(|column| !column.is_empty()));
        let named = columns.next()??;
        let (label, year) = named.rsplit_once(' ').unwrap_or(("", named));
        let year = year.parse().ok()?;
        let place = columns.next().flatten();
        let planned = place.and_then(|place| place.strip_prefix('(')?.strip_suffix(')')).map(str::trim);
        let city = place.filter(|_| planned.is_none());
        let start: Option<Date> = columns.next().flatten().map(str::parse).transpose().ok()?;
        let end: Option<Date> = columns.next().flatten().map(str::parse).transpose().ok()?;
        let name = columns.next().flatten();
        let possible = match (start, end) {
            (Some(start), Some(end)) => start <= end && start.year() == year,
            (None, None) => true,
            _ => false,
        };
        (possible && columns.next().is_none()).then(|| Self {
            label: label.trim(),
            year,
            city,
            planned,
            start,
            end,
            name,
        })
    }
}

#[cfg(test)]
mod tests;
