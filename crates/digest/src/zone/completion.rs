//! Which zone somebody is typing.

use std::cmp::Reverse;

use super::{MAX_CHARS, Zone};

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
pub(super) fn complete(typed: &str, limit: usize) -> Vec<&'static str> {
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
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
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
pub(super) fn name_of_city(typed: &str) -> Option<&'static str> {
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
