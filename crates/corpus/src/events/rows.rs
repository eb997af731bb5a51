//! `config/events.toml` as it is written.

use jiff::civil::Date;
use serde::Deserialize;

use super::places::{CountryRow, RegionRow};
use takeaways_text::model::EventId;

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
    Twice(EventId),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
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
        let rows = lines.map(|line| EditionRow::read(line).ok_or_else(|| broken(line)));
        let mut rows: Vec<EditionRow<'_>> = rows.collect::<Result<_, _>>()?;
        rows.sort_by_key(|row| std::cmp::Reverse((row.year, row.start)));
        Ok(rows)
    }
}

impl<'t> EditionRow<'t> {
    fn read(line: &'t str) -> Option<Self> {
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
mod tests {
    use super::*;

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
            assert_eq!(EditionRow::read(line).is_some(), read, "{line}");
        }
    }

    #[test]
    fn a_city_in_parentheses_was_only_planned() {
        let places = |line| EditionRow::read(line).map(|row| (row.city, row.planned));
        assert_eq!(places("EU 2020 | (Amsterdam)"), Some((None, Some("Amsterdam"))));
        assert_eq!(places("EU 2023 | Amsterdam"), Some((Some("Amsterdam"), None)));
        assert_eq!(places("EU 2021"), Some((None, None)));
    }
}
