//! The table of conferences and their editions.

use super::lexicon::{CountryRow, Lexeme, PlaceId, PlaceKind, Places, RegionRow, SeriesName};
use jiff::civil::Date;
use serde::{Deserialize, de::Error as _};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;
use takeaways_text::model::{Event, EventId};
use takeaways_text::phrases::{PhraseTable, Words};
use takeaways_text::tokens::folding::fold_words;
use toml::de::Error;

/// The text of the compiled-in table.
pub(crate) const EVENTS_TOML: &str = include_str!("../../../../config/events.toml");

/// Conferences, their editions, and the names of both.
#[derive(Debug, Clone)]
pub struct EventTable {
    pub(super) series: Vec<EventSeries>,
    pub(super) editions: Vec<Edition>,
    pub(super) places: Places,
    /// Names of series, editions and places.
    pub(super) lexicon: PhraseTable<Lexeme>,
    by_id: HashMap<EventId, usize>,
}

/// A conference that takes place repeatedly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSeries {
    /// The id: `kubecon`. The ids of its editions begin with it.
    pub id: String,
    /// The full name: `KubeCon + CloudNativeCon`.
    pub name: String,
    /// The start of the names of its editions: `KubeCon`.
    pub short: String,
    /// Whether any city may have an edition, which is then named after the city.
    pub held_in_any_city: bool,
    /// What it is about, folded: `go`, `golang`.
    pub subjects: Vec<String>,
    /// The range of its editions in [`EventTable::editions`], newest first.
    pub(super) editions: Range<usize>,
}

/// An edition with the places of the table that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Edition {
    pub(super) event: Event,
    pub(super) label: String,
    pub(super) region: Option<PlaceId>,
    pub(super) place: Option<PlaceId>,
    /// The city where it was planned before it went online. People use that city in its name too.
    pub(super) planned_place: Option<PlaceId>,
}

impl EventTable {
    /// The compiled-in table.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<EventTable> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the text is compiled in and a test reads it")]
            EventTable::parse(EVENTS_TOML).expect("the table of events is sound")
        });
        &BUILTIN
    }

    /// Parses a table.
    ///
    /// # Errors
    /// The text is not TOML of the expected shape, an edition has an unknown city or impossible days, or two editions
    /// have the same id.
    pub fn parse(toml: &str) -> Result<Self, Error> {
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

    /// Returns the edition with an id.
    pub fn edition(&self, id: &EventId) -> Option<&Event> {
        self.by_id.get(id).and_then(|&at| self.editions.get(at)).map(|edition| &edition.event)
    }

    /// All editions, series by series, newest first within each series.
    pub fn editions(&self) -> impl Iterator<Item = &Event> {
        self.editions.iter().map(|edition| &edition.event)
    }

    /// All names of the city, country or region with this name; none if the table does not have it.
    pub fn names_of_place(&self, name: &str) -> &[String] {
        self.places.named(name).map(|place| place.names.as_slice()).unwrap_or_default()
    }

    /// The English name of the country with this adjective: Netherlands for `Dutch`.
    pub fn country_with_adjective(&self, word: &str) -> Option<&str> {
        self.places.with_adjective(word).map(|place| place.name.as_str())
    }

    /// All series, in the order of the table.
    pub fn series(&self) -> impl Iterator<Item = &EventSeries> {
        self.series.iter()
    }

    /// The series that are about a subject with this folded name.
    pub fn series_about(&self, subject: &str) -> Vec<&EventSeries> {
        self.series.iter().filter(|series| series.subjects.iter().any(|it| it == subject)).collect()
    }

    /// Returns the editions of a series, newest first.
    pub(super) fn editions_of(&self, series: usize) -> &[Edition] {
        self.series
            .get(series)
            .and_then(|series| self.editions.get(series.editions.clone()))
            .unwrap_or_default()
    }

    fn add_series(&mut self, row: &SeriesRow) -> Result<(), Error> {
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
            subjects: row.subjects.iter().map(|subject| fold_words(subject)).collect(),
            editions: first..self.editions.len(),
        });
        self.add_series_names(at, row);
        Ok(())
    }

    fn add_edition(
        &mut self,
        series: usize,
        series_row: &SeriesRow,
        short: &str,
        row: &EditionRow<'_>,
    ) -> Result<(), Error> {
        let edition = self.build_edition(series_row, short, row)?;
        let at = self.editions.len();
        if let Some(suffix) = row.name.and_then(|name| name.strip_prefix(short)) {
            let name = SeriesName { series, edition: Some(at), ..SeriesName::default() };
            for alias in &series_row.aliases {
                self.add_name(&format!("{alias}{suffix}"), name.clone());
            }
            for alias in &series_row.cased {
                let exact = format!("{alias}{suffix}");
                let exact_spelling = Some(exact.as_str().into());
                self.add_name(&exact, SeriesName { exact_spelling, ..name.clone() });
            }
        }
        if self.by_id.insert(edition.event.id.clone(), at).is_some() {
            return Err(Error::custom(format!("{} is in the table twice", edition.event.id)));
        }
        self.editions.push(edition);
        Ok(())
    }

    fn build_edition(&self, series: &SeriesRow, short: &str, row: &EditionRow<'_>) -> Result<Edition, Error> {
        let year = row.year.to_string();
        let name = row.name.map_or_else(|| join_words(&[short, row.label, &year]), str::to_owned);
        let id = EventId(row.name.map_or_else(|| slug(&join_words(&[&series.id, row.label, &year])), slug));
        let label = self.places.find(row.label);
        let label_place = label.and_then(|id| self.places.get(id));
        let is_region = label_place.is_some_and(|place| place.kind == PlaceKind::Region);
        let is_city = label_place.is_some_and(|place| place.kind == PlaceKind::City);
        let city = |city: &str| {
            let unknown = || format!("{id} is in {city}, which is in no country of the table");
            self.places.find(city).ok_or_else(|| Error::custom(unknown()))
        };
        let place = match row.city {
            Some(name) => Some(city(name)?),
            None => label.filter(|_| !is_region),
        };
        let planned_place = row.planned.map(city).transpose()?;
        let event = Event {
            id,
            series: series.name.clone(),
            name,
            year: Some(row.year),
            city: row.city.map(str::to_owned),
            country: place.and_then(|id| self.places.country_of(id)).map(|place| place.name.clone()),
            region: label_place.filter(|_| !is_city).map(|place| place.name.clone()),
            start: row.start,
            end: row.end,
        };
        let region = label.filter(|_| !is_city);
        Ok(Edition { event, label: row.label.to_owned(), region, place, planned_place })
    }
}

/// Returns a text in lower case without accents, its words joined by hyphens: `Jürgen's Conf 2019` becomes
/// `jurgen-s-conf-2019`.
pub(super) fn slug(text: &str) -> String {
    let words = Words::new(text);
    let mut slug = String::new();
    for at in 0..words.len() {
        if at > 0 && !words.gap(at).is_empty() {
            slug.push('-');
        }
        slug.push_str(words.folded(at));
    }
    slug
}

/// Joins the parts that are not empty with spaces.
pub(super) fn join_words(parts: &[&str]) -> String {
    let words: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    words.join(" ")
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
    pub(super) subjects: Vec<String>,
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
    /// The city where it was planned before it went online; in parentheses in the line.
    pub(super) planned: Option<&'t str>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
    pub(super) name: Option<&'t str>,
}

impl SeriesRow {
    /// Parses the editions, newest first.
    pub(super) fn editions(&self) -> Result<Vec<EditionRow<'_>>, Error> {
        let lines = self.editions.lines().filter(|line| !line.trim().is_empty());
        let invalid = |line: &str| format!("{} has an edition that can't be read: {line}", self.id);
        let rows = lines.map(|line| EditionRow::parse(line).ok_or_else(|| Error::custom(invalid(line))));
        let mut rows: Vec<EditionRow<'_>> = rows.collect::<Result<_, _>>()?;
        rows.sort_by_key(|row| std::cmp::Reverse((row.year, row.start)));
        Ok(rows)
    }
}

impl<'t> EditionRow<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let mut columns =
            line.split('|').map(|column| Some(column.trim()).filter(|column| !column.is_empty()));
        let label_and_year = columns.next()??;
        let (label, year) = label_and_year.rsplit_once(' ').unwrap_or(("", label_and_year));
        let year = year.parse().ok()?;
        let place = columns.next().flatten();
        let planned = place.and_then(|place| place.strip_prefix('(')?.strip_suffix(')')).map(str::trim);
        let city = place.filter(|_| planned.is_none());
        let start: Option<Date> = columns.next().flatten().map(str::parse).transpose().ok()?;
        let end: Option<Date> = columns.next().flatten().map(str::parse).transpose().ok()?;
        let name = columns.next().flatten();
        let is_possible = match (start, end) {
            (Some(start), Some(end)) => start <= end && start.year() == year,
            (None, None) => true,
            _ => false,
        };
        (is_possible && columns.next().is_none()).then(|| Self {
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
mod tests {
    use super::*;

    #[test]
    fn the_builtin_table_is_sound() {
        let table = EventTable::builtin();
        assert!(table.editions().count() > 400 && table.series().count() > 100);
        let mut ids: Vec<&str> = table.series().map(|series| series.id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "two series have one id");
        for event in table.editions() {
            assert_eq!(table.edition(&event.id), Some(event));
            let found = table.mentions(&event.name);
            let found = found.first().map(|mention| mention.editions.contains(&event));
            assert_eq!(found, Some(true), "{} does not name itself", event.name);
        }
    }

    #[test]
    fn every_kubecon_has_its_days() {
        let kubecons = EventTable::builtin().editions().filter(|event| event.id.0.starts_with("kubecon-"));
        let days: Vec<_> = kubecons.map(|event| (event.start.is_some(), event.region.is_some())).collect();
        assert_eq!(days, [(true, true); 35]);
        let event = EventTable::builtin().edition(&EventId("kubecon-na-2019".into())).expect("it is there");
        assert_eq!(event.label(), "KubeCon NA 2019, San Diego");
        assert_eq!(event.region.as_deref(), Some("North America"));
        assert_eq!(event.country.as_deref(), Some("United States"));
        let event = EventTable::builtin().edition(&EventId("kubecon-eu-2020".into())).expect("it is there");
        assert_eq!((event.label().as_str(), event.city.as_deref()), ("KubeCon EU 2020", None));
    }

    #[test]
    fn impossible_tables_are_errors() {
        let parse = |editions: &str| {
            EventTable::parse(&format!("[[series]]\nid = 'a'\nname = 'A'\neditions = \"{editions}\""))
        };
        for (editions, reason) in [
            ("2019\\n2019", "twice"),
            ("2019 | Atlantis", "in no country"),
            ("2019 | (Atlantis)", "in no country"),
            ("2019 | | soon | later", "an edition that can't be read"),
        ] {
            assert!(parse(editions).is_err_and(|error| error.to_string().contains(reason)), "{editions}");
        }
        assert!(EventTable::parse("series = 1").is_err());
        assert!(EventTable::parse("").is_ok_and(|table| table.mentions("KubeCon 2019").is_empty()));
    }

    #[test]
    fn slugs_are_lower_case_words() {
        for (text, expected) in
            [("Zürich 2017", "zurich-2017"), ("SCaLE 13x", "scale-13x"), ("会議 2019!", "会議-2019")]
        {
            assert_eq!(slug(text), expected);
        }
    }

    #[test]
    fn lines_of_editions() {
        for (line, read) in [
            ("EU 2019 | Barcelona | 2019-05-20 | 2019-05-23", true),
            ("2022", true),
            ("EU 2020 | | 2020-08-17 | 2020-08-20", true),
            ("EU 2020 | (Amsterdam) | 2020-08-17 | 2020-08-20", true),
            ("2015 | Los Angeles | 2015-02-19 | 2015-02-22 | SCaLE 13x", true),
            ("New York 2016 | New York", true),
            ("EU", false),
            ("EU 2019 | Barcelona | 2019-05-20", false), // no last day
            ("EU 2019 | Barcelona | 2019-05-23 | 2019-05-20", false), // the wrong way round
            ("EU 2019 | Barcelona | 2018-05-20 | 2018-05-23", false), // another year
            ("EU 2019 | Barcelona | 2019-02-30 | 2019-03-01", false), // no such day
            ("EU 2019 | Barcelona | | | a | b", false),
        ] {
            assert_eq!(EditionRow::parse(line).is_some(), read, "{line}");
        }
    }

    #[test]
    fn a_city_in_parentheses_was_only_planned() {
        let places = |line| EditionRow::parse(line).map(|row| (row.city, row.planned));
        assert_eq!(places("EU 2020 | (Amsterdam)"), Some((None, Some("Amsterdam"))));
        assert_eq!(places("EU 2023 | Amsterdam"), Some((Some("Amsterdam"), None)));
        assert_eq!(places("EU 2021"), Some((None, None)));
    }
}
