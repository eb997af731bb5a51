//! Completes what a person types for a time zone: a part of a name, an abbreviation or an offset.

use super::{BUNDLED_DATABASE, MAX_CHARS, Zone};
use jiff::{Timestamp, tz::Offset};
use std::{cmp::Reverse, collections::HashMap, sync::LazyLock};
use takeaways_text::nearest::typing_errors;

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

/// The first parts of the names of places. Others, such as `US` and `Etc`, are kept for compatibility only.
const REGIONS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// A zone that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneChoice {
    /// Its IANA name.
    pub name: &'static str,
    /// The name with the offset now: `Europe/Berlin (UTC+2)`.
    pub label: String,
}

/// How an input matches a name, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ZoneMatch {
    /// It is the name, the name of the city, or an abbreviation that is used there.
    Whole,
    /// The name of the city begins with it.
    CityPrefix,
    /// The name or another part of it begins with it.
    Prefix,
    /// The name contains it.
    Part,
    /// The name, or that of the city, begins like it with this number of typing errors.
    Similar(usize),
}

impl ZoneMatch {
    fn has_errors(self) -> bool {
        matches!(self, Self::Similar(_))
    }
}

impl Zone {
    /// Completes an input: returns at most `limit` zones, the best match first.
    ///
    /// An offset (`+2`, `UTC-7`) finds the zones that have it now, and an abbreviation (`CEST`) those that use it. Of
    /// equal matches the well-known zones come first, then the order of names decides. `Etc/GMT+2` is never offered: its
    /// sign is reversed.
    pub fn complete(input: &str, now: Timestamp, limit: usize) -> Vec<ZoneChoice> {
        let folded = fold_input(input);
        let mut names: Vec<&'static str> = if folded.is_empty() {
            WELL_KNOWN.to_vec()
        } else if let Some(offset) = parse_offset(input) {
            sort_by_rank(|name| (is_place(name) && offset_of(name, now) == Some(offset)).then_some(()))
        } else {
            let exact = sort_by_rank(|name| match_name(&folded, name).filter(|kind| !kind.has_errors()));
            if exact.is_empty() { sort_by_rank(|name| match_name(&folded, name)) } else { exact }
        };
        names.truncate(limit);
        names.into_iter().map(|name| ZoneChoice { name, label: label(name, now) }).collect()
    }

    /// Returns the zone of a city, or the best-known zone that uses an abbreviation.
    pub(crate) fn name_of_city_or_abbreviation(input: &str) -> Option<&'static str> {
        let folded = fold_input(input);
        let names = sort_by_rank(|name| {
            (is_place(name) && match_name(&folded, name) == Some(ZoneMatch::Whole)).then_some(())
        });
        names.first().copied()
    }
}

/// Returns the zone that an unknown name may mean.
pub(super) fn suggest(input: &str) -> Option<&'static str> {
    let folded = fold_input(input);
    let has_right_length = |name: &str| typing_errors(name, &folded).is_some();
    let names = sort_by_rank(|name| {
        let lower = name.to_lowercase();
        match_name(&folded, name).filter(|kind| match kind {
            ZoneMatch::Part => false,
            // The input is no longer being typed: it is not only the beginning of a name.
            ZoneMatch::Similar(_) => has_right_length(&lower) || has_right_length(city(&lower)),
            _ => !folded.is_empty(),
        })
    });
    names.first().copied()
}

/// The names that are offered and have a rank, the best rank first.
fn sort_by_rank<R: Ord>(rank: impl Fn(&str) -> Option<R>) -> Vec<&'static str> {
    let names = Zone::names().filter(|name| is_offered(name));
    let mut ranked: Vec<_> = names
        .filter_map(|name| Some((rank(name)?, Reverse(is_place(name)), popularity_rank(name), name)))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., name)| name).collect()
}

/// Whether a name is a place or a country. Others, such as `EST` and `Etc/GMT+2`, have no daylight saving time or a
/// reversed sign, and people do not expect that.
fn is_offered(name: &str) -> bool {
    let is_code = !name.chars().any(char::is_lowercase) || name.starts_with("Etc/");
    name == "UTC" || !is_code
}

fn is_place(name: &str) -> bool {
    name == "UTC" || name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region))
}

fn match_name(folded: &str, name: &str) -> Option<ZoneMatch> {
    let lower = name.to_lowercase().replace('-', "_");
    let city = city(&lower);
    let is_abbreviated = || is_place(name) && uses_abbreviation(name, folded);
    if lower == folded || city == folded || is_abbreviated() {
        Some(ZoneMatch::Whole)
    } else if city.starts_with(folded) {
        Some(ZoneMatch::CityPrefix)
    } else if lower.starts_with(folded) || lower.split(['/', '_']).any(|part| part.starts_with(folded)) {
        Some(ZoneMatch::Prefix)
    } else if lower.contains(folded) {
        Some(ZoneMatch::Part)
    } else {
        let errors = [lower.as_str(), city].into_iter().filter_map(|name| typing_errors(folded, name)).min();
        errors.map(ZoneMatch::Similar)
    }
}

/// The abbreviations that zones use by their present rules, in lower case.
static ABBREVIATIONS: LazyLock<HashMap<&str, Vec<String>>> =
    LazyLock::new(|| Zone::names().map(|name| (name, abbreviations(name))).collect());

/// Whether an abbreviation is used in a zone. `et` stands for `est` and `edt`, and so on.
fn uses_abbreviation(name: &str, folded: &str) -> bool {
    let is_used = |used: &String| {
        used == folded
            || matches!((used.as_bytes(), folded.as_bytes()), ([a, b's' | b'd', c], [d, e]) if (a, c) == (d, e))
    };
    ABBREVIATIONS.get(name).is_some_and(|all| all.iter().any(is_used))
}

fn abbreviations(name: &str) -> Vec<String> {
    let Some(zone) = Zone::find(name) else { return Vec::new() };
    // Far ahead, because only the rules that are in force go on for ever.
    let months = ["2100-01-15T00:00:00Z", "2100-07-15T00:00:00Z"];
    let times = months.into_iter().filter_map(|time| time.parse::<Timestamp>().ok());
    let mut all: Vec<String> =
        times.map(|time| zone.rules().to_offset_info(time).abbreviation().to_lowercase()).collect();
    // A zone without an abbreviation has its offset there.
    all.retain(|abbreviation| abbreviation.bytes().all(|b| b.is_ascii_alphabetic()));
    all.dedup();
    all
}

/// Reads an offset from UTC: `+2`, `UTC-7`, `GMT+05:30`, `+0530`.
fn parse_offset(input: &str) -> Option<Offset> {
    let upper = input.trim().to_uppercase();
    let rest = ["UTC", "GMT"].iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
    let rest = rest.trim_start();
    let digits = rest.strip_prefix(['+', '-', '−'])?.trim_start();
    let sign = if rest.starts_with('+') { 1 } else { -1 };
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        3 | 4 if !digits.contains(':') => digits.split_at_checked(digits.len() - 2)?,
        _ => digits.split_once(':').unwrap_or((digits, "0")),
    };
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok().filter(|it| *it < 60)?);
    Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
}

fn offset_of(name: &str, now: Timestamp) -> Option<Offset> {
    BUNDLED_DATABASE.get(name).ok().map(|rules| rules.to_offset(now))
}

/// The name with its offset at a time: `Asia/Kolkata (UTC+5:30)`.
fn label(name: &str, now: Timestamp) -> String {
    let Some(offset) = offset_of(name, now).filter(|_| name != "UTC") else { return name.to_owned() };
    let minutes = offset.seconds().unsigned_abs() / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let sign = if offset.is_negative() { '-' } else { '+' };
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
    format!("{name} (UTC{sign}{hours}{minutes})")
}

/// Returns an input in lower case, with `_` for spaces and hyphens, and of bounded length.
fn fold_input(input: &str) -> String {
    let short: String = input.trim().chars().take(MAX_CHARS).collect();
    short.to_lowercase().replace([' ', '-'], "_")
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
    use proptest::prelude::*;

    fn summer() -> Timestamp {
        "2026-07-01T12:00:00Z".parse().expect("a time")
    }

    fn names(input: &str, limit: usize) -> Vec<&'static str> {
        Zone::complete(input, summer(), limit).into_iter().map(|choice| choice.name).collect()
    }

    fn first(input: &str) -> Option<&'static str> {
        names(input, 1).first().copied()
    }

    #[test]
    fn the_well_known_are_offered_first() {
        assert_eq!(names("", 3), ["UTC", "Europe/Berlin", "America/New_York"]);
        assert_eq!(names("  ", 25).len(), 25);
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
            ("japan", "Japan"),
        ] {
            assert_eq!(first(input), Some(name), "{input}");
        }
        assert_eq!(names("europe", 25).len(), 25);
        assert_eq!(names("nowhere at all", 25), [""; 0]);
        assert_eq!(names(&"x".repeat(100_000), 25), [""; 0]);
        assert_eq!(names("berlin", 0), [""; 0]);
    }

    #[test]
    fn an_offset_finds_the_zones_that_have_it_now() {
        for (input, name) in [
            ("+2", "Europe/Berlin"),
            ("UTC+2", "Europe/Berlin"),
            ("utc +02:00", "Europe/Berlin"),
            ("-7", "America/Los_Angeles"),
            ("GMT-7", "America/Los_Angeles"),
            ("+5:30", "Asia/Kolkata"),
            ("+0530", "Asia/Kolkata"),
            ("−3", "America/Sao_Paulo"),
            ("+0", "UTC"),
            ("+13", "Pacific/Apia"),
        ] {
            assert_eq!(first(input), Some(name), "{input}");
        }
        let winter = "2026-01-01T12:00:00Z".parse().expect("a time");
        assert_eq!(Zone::complete("-7", winter, 1)[0].name, "America/Denver");
        assert_eq!(Zone::complete("+2", summer(), 1)[0].label, "Europe/Berlin (UTC+2)");
        assert_eq!(Zone::complete("+5:30", summer(), 1)[0].label, "Asia/Kolkata (UTC+5:30)");
        assert_eq!(Zone::complete("-330", summer(), 1), []);
        assert_eq!(Zone::complete("st_johns", summer(), 1)[0].label, "America/St_Johns (UTC-2:30)");
        for input in ["+", "-", "+99", "+1:2:3", "+2a", "+12345", "+é", "utc", "+2:75"] {
            assert_eq!(parse_offset(input), None, "{input}");
        }
    }

    #[test]
    fn an_abbreviation_finds_the_cities_that_use_it() {
        for (input, name) in [
            ("pst", "America/Los_Angeles"),
            ("PDT", "America/Los_Angeles"),
            ("PT", "America/Los_Angeles"),
            ("CEST", "Europe/Berlin"),
            ("cet", "Europe/Berlin"),
            ("EST", "America/New_York"),
            ("bst", "Europe/London"),
            ("IST", "Asia/Kolkata"),
            ("gmt", "Europe/London"),
        ] {
            assert_eq!(first(input), Some(name), "{input}");
        }
    }

    #[test]
    fn a_typing_error_finds_its_zone_too() {
        assert_eq!(names("berl", 25), ["Europe/Berlin"], "nothing else is offered beside a right name");
        for (input, name) in [
            ("tokio", "Asia/Tokyo"),
            ("Europe/Berln", "Europe/Berlin"),
            ("Amerika/New York", "America/New_York"),
            ("sidney", "Australia/Sydney"),
            ("los angelos", "America/Los_Angeles"),
            ("amsterdm", "Europe/Amsterdam"),
        ] {
            assert_eq!(first(input), Some(name), "{input}");
            assert_eq!(suggest(input), Some(name), "{input}");
        }
        assert_eq!(suggest("CEST"), Some("Europe/Berlin"));
        for input in ["monday", "", "x", "+02:00", "Mars"] {
            assert_eq!(suggest(input), None, "{input}");
        }
    }

    proptest! {
        #[test]
        fn what_is_offered_is_accepted_and_means_what_it_says(input in "[a-zA-Z+:0-9 _/-]{0,9}|\\PC{0,9}") {
            for choice in Zone::complete(&input, summer(), 25) {
                let zone: Zone = choice.name.parse().expect("a zone");
                prop_assert_eq!(zone.name(), choice.name);
                prop_assert!(choice.label.starts_with(choice.name) && !choice.name.starts_with("Etc/GMT"));
            }
        }
    }
}
