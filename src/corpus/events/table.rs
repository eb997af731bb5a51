//! The table of conferences and their editions.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::places::{CountryRow, PlaceId, PlaceKind, Places, RegionRow};
use crate::model::{Event, EventId};
use crate::text::phrases::Phrases;

/// Conferences, their editions, and what people call both.
#[derive(Debug, Clone)]
pub struct EventTable {
    pub(super) series: Vec<Series>,
    pub(super) editions: Vec<Edition>,
    pub(super) places: Places,
    /// Names of series, editions and places.
    pub(super) lexicon: Phrases<Lexeme>,
    by_id: HashMap<EventId, usize>,
}

/// A conference that takes place again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its id, which its editions' ids begin with: `kubecon`.
    pub id: String,
    /// Its full name: `KubeCon + CloudNativeCon`.
    pub name: String,
    /// What its editions' names begin with: `KubeCon`.
    pub short: String,
    /// Whether it is a family of events named by their city, so that any city may have one.
    pub open: bool,
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
}

/// What a phrase of the lexicon stands for.
#[derive(Debug, Clone)]
pub(super) enum Lexeme {
    /// A series, or one of its labels or editions.
    Name(Name),
    /// A place; `exact` where it must be typed as in the table, as short forms must.
    Place { id: PlaceId, exact: Option<Box<str>> },
}

#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) series: usize,
    /// An edition's label that the name says as well.
    pub(super) label: Option<String>,
    /// An edition that it names.
    pub(super) edition: Option<usize>,
    /// It must be typed like this.
    pub(super) exact: Option<Box<str>>,
    /// It says something only beside a year or a place.
    pub(super) weak: bool,
    /// It must be typed with a colon.
    pub(super) colon: bool,
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// Not the TOML that is expected.
    #[error("the table of events is not what is expected")]
    Toml(#[from] toml::de::Error),
    /// An edition's city is in no country's list.
    #[error("{event} is in {city}, which is in no country of the table")]
    City {
        /// The edition's id.
        event: String,
        /// The city's name.
        city: String,
    },
    /// A first or last day is no day, or the last comes before the first.
    #[error("{event} has a first or last day that cannot be")]
    Day {
        /// The edition's id.
        event: String,
    },
    /// Two editions have one id.
    #[error("{0} is in the table twice")]
    Twice(EventId),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    region: Vec<RegionRow>,
    #[serde(default)]
    country: Vec<CountryRow>,
    #[serde(default)]
    series: Vec<SeriesRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeriesRow {
    id: String,
    name: String,
    short: Option<String>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    cased: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    names: Vec<Vec<String>>,
    #[serde(default)]
    editions: Vec<EditionRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionRow {
    id: Option<String>,
    name: Option<String>,
    #[serde(default)]
    label: String,
    region: Option<String>,
    year: i16,
    city: Option<String>,
    start: Option<toml::value::Datetime>,
    end: Option<toml::value::Datetime>,
    #[serde(default)]
    aliases: Vec<String>,
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
            EventTable::parse(include_str!("../../../config/events.toml"))
                .expect("the table of events is sound")
        });
        &BUILTIN
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Where the text is not TOML of the expected shape, an edition's city is unknown or its days can't be, or two
    /// editions have one id.
    pub fn parse(toml: &str) -> Result<Self, EventsError> {
        let file: File = toml::from_str(toml)?;
        let mut table = Self {
            series: Vec::with_capacity(file.series.len()),
            editions: Vec::new(),
            places: Places::new(file.region, file.country),
            lexicon: Phrases::default(),
            by_id: HashMap::new(),
        };
        table.learn_places();
        for row in file.series {
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
    pub fn series(&self) -> impl Iterator<Item = &Series> {
        self.series.iter()
    }

    /// The editions of a series, newest first.
    pub(super) fn editions_of(&self, series: usize) -> &[Edition] {
        self.series
            .get(series)
            .and_then(|series| self.editions.get(series.editions.clone()))
            .unwrap_or_default()
    }

    fn learn_places(&mut self) {
        for (id, place) in self.places.ids() {
            for called in &place.called {
                let exact = is_short_form(called).then(|| called.as_str().into());
                self.lexicon.add(called, Lexeme::Place { id, exact });
            }
        }
    }

    fn add_series(&mut self, row: SeriesRow) -> Result<(), EventsError> {
        let at = self.series.len();
        let short = row.short.unwrap_or_else(|| row.name.clone());
        let mut series =
            Series { id: row.id, name: row.name, short, open: row.open, editions: self.editions.len()..0 };
        let mut rows = row.editions;
        rows.sort_by_key(|row| std::cmp::Reverse((row.year, row.start.as_ref().map(ToString::to_string))));
        for row in rows {
            self.add_edition(at, &series, row)?;
        }
        series.editions.end = self.editions.len();
        self.series.push(series);
        let plain = Name { series: at, label: None, edition: None, exact: None, weak: false, colon: false };
        for alias in &row.aliases {
            self.learn(alias, Name { colon: alias.contains(':'), ..plain.clone() });
            self.learn_run_together(alias, &plain);
        }
        for alias in &row.cased {
            self.learn(alias, Name { exact: Some(alias.as_str().into()), ..plain.clone() });
            self.learn_run_together(alias, &plain);
        }
        for alias in &row.weak {
            self.learn(alias, Name { exact: Some(alias.as_str().into()), weak: true, ..plain.clone() });
        }
        for label_and_aliases in row.names {
            if let Some((label, aliases)) = label_and_aliases.split_first() {
                for alias in aliases {
                    self.learn(alias, Name { label: Some(label.clone()), ..plain.clone() });
                }
            }
        }
        Ok(())
    }

    fn add_edition(&mut self, series: usize, of: &Series, row: EditionRow) -> Result<(), EventsError> {
        let at = self.editions.len();
        let edition = self.edition_of(of, &row)?;
        for alias in &row.aliases {
            let name =
                Name { series, label: None, edition: Some(at), exact: None, weak: false, colon: false };
            self.learn(alias, name);
        }
        if self.by_id.insert(edition.event.id.clone(), at).is_some() {
            return Err(EventsError::Twice(edition.event.id));
        }
        self.editions.push(edition);
        Ok(())
    }

    fn edition_of(&self, series: &Series, row: &EditionRow) -> Result<Edition, EventsError> {
        let parts = [series.short.as_str(), &row.label, &row.year.to_string()].map(str::to_owned);
        let name = row.name.clone().unwrap_or_else(|| words(&parts));
        let id = row.id.clone().unwrap_or_else(|| slug(&format!("{} {} {}", series.id, row.label, row.year)));
        let city = row.city.as_ref().map(|city| {
            self.places
                .called(city)
                .ok_or_else(|| EventsError::City { event: id.clone(), city: city.clone() })
        });
        let label = self.places.called(row.region.as_ref().unwrap_or(&row.label));
        let of_label = label.and_then(|id| self.places.get(id));
        let place =
            city.transpose()?.or(label.filter(|_| of_label.is_some_and(|p| p.kind != PlaceKind::Region)));
        let country = place.and_then(|id| self.places.country_of(id));
        let (start, end) = days(row).ok_or_else(|| EventsError::Day { event: id.clone() })?;
        let event = Event {
            id: EventId(id),
            series: series.name.clone(),
            name,
            year: Some(row.year),
            city: row.city.clone(),
            country: country.map(|place| place.name.clone()),
            region: of_label.filter(|p| p.kind != PlaceKind::City).map(|p| p.name.clone()),
            start,
            end,
        };
        let region = label.filter(|_| of_label.is_some_and(|p| p.kind != PlaceKind::City));
        Ok(Edition { event, label: row.label.clone(), region, place })
    }

    fn learn(&mut self, alias: &str, name: Name) {
        self.lexicon.add(alias, Lexeme::Name(name));
    }

    /// Name and label in one word, as in hashtags: `KubeConEU`, `PyConKR`.
    fn learn_run_together(&mut self, alias: &str, name: &Name) {
        if !alias.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return;
        }
        let mut known: Vec<&str> = Vec::new();
        let mut run_together = Vec::new();
        for edition in self
            .series
            .get(name.series)
            .and_then(|s| self.editions.get(s.editions.clone()))
            .unwrap_or_default()
        {
            if edition.label.is_empty() || known.contains(&edition.label.as_str()) {
                continue;
            }
            known.push(&edition.label);
            let called = self.places.called(&edition.label).and_then(|id| self.places.get(id));
            for word in called.map(|place| place.called.as_slice()).unwrap_or_default() {
                let letters: String = word.chars().filter(|c| *c != ' ').collect();
                if letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    run_together.push((format!("{alias}{letters}"), edition.label.clone()));
                }
            }
        }
        for (alias, label) in run_together {
            self.learn(&alias, Name { label: Some(label), ..name.clone() });
        }
    }
}

/// Lower case, words joined by hyphens, accents left out: `Jürgen's Conf 2019` is `jurgen-s-conf-2019`.
pub(super) fn slug(text: &str) -> String {
    let words = crate::text::phrases::Words::of(text);
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
pub(super) fn words(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// First and last day; `None` where they can't be.
fn days(row: &EditionRow) -> Option<(Option<Date>, Option<Date>)> {
    let start = day(row.start.as_ref())?;
    let end = day(row.end.as_ref())?;
    let in_order = match (start, end) {
        (Some(start), Some(end)) => start <= end && start.year() == row.year,
        (None, None) => true,
        _ => false,
    };
    in_order.then_some((start, end))
}

fn day(written: Option<&toml::value::Datetime>) -> Option<Option<Date>> {
    written.map(|written| written.to_string().parse().ok()).map_or(Some(None), |day| day.map(Some))
}

/// `NA`, `L.A.`, `UK`: they mean a place only in capitals.
fn is_short_form(called: &str) -> bool {
    let letters = called.chars().filter(|c| c.is_alphabetic());
    called.is_ascii() && letters.clone().count() <= 4 && letters.clone().all(char::is_uppercase)
}
