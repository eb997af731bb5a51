//! Recognises the names of months and weekdays in all languages.

use std::sync::LazyLock;

use crate::language::all_groups;

type Months = [Vec<&'static str>; 12];

static MONTHS: LazyLock<Months> = LazyLock::new(|| all_groups(|words| &words.calendar.months));

static SHORT_MONTHS: LazyLock<Months> = LazyLock::new(|| all_groups(|words| &words.calendar.short_months));

static SHORT_MONTHS_IN_DATES: LazyLock<Months> =
    LazyLock::new(|| all_groups(|words| &words.calendar.short_months_in_dates));

static WEEKDAYS: LazyLock<[Vec<&'static str>; 7]> =
    LazyLock::new(|| all_groups(|words| &words.calendar.weekdays));

/// The month, 1 to 12, that a word names: by its full name or by a short form that is not another word.
pub fn month_from_name(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    position_to_month(|at| MONTHS[at].contains(&word.as_str()) || SHORT_MONTHS[at].contains(&word.as_str()))
}

/// The same, but with all short forms: for words where only a date is expected.
pub fn month_from_short_name(word: &str) -> Option<u8> {
    month_from_name(word).or_else(|| {
        let word = word.to_lowercase();
        let begins = |name: &&str| word.chars().count() == 3 && name.starts_with(word.as_str());
        position_to_month(|at| SHORT_MONTHS_IN_DATES[at].contains(&word.as_str()))
            .or_else(|| position_to_month(|at| MONTHS[at].iter().any(begins)))
    })
}

fn position_to_month(is_month: impl FnMut(usize) -> bool) -> Option<u8> {
    (0..MONTHS.len()).position(is_month).and_then(|at| u8::try_from(at + 1).ok())
}

/// The full names of a month, 1 to 12, in lower case; none for another number.
pub fn month_names(month: i8) -> &'static [&'static str] {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).map(Vec::as_slice).unwrap_or_default()
}

/// Whether a word is the full name of a weekday.
pub fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|names| names.contains(&word.to_lowercase().as_str()))
}

/// Whether a word begins the name of a weekday with at least three letters.
pub fn is_weekday_prefix(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() >= 3
        && WEEKDAYS.iter().flat_map(|names| names.iter()).any(|name| name.starts_with(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_by_their_names() {
        for (word, whole, short) in [
            ("May", Some(5), Some(5)),
            ("sept", Some(9), Some(9)),
            ("Août", Some(8), Some(8)),
            ("marz", Some(3), Some(3)),
            ("dez", None, Some(12)),
            ("fév", None, Some(2)),
            ("févr", None, Some(2)),
            ("mrt", None, Some(3)),
            ("out", None, Some(10)),
            ("de", None, None),
            ("word", None, None),
        ] {
            assert_eq!((month_from_name(word), month_from_short_name(word)), (whole, short), "{word}");
        }
    }

    #[test]
    fn every_three_letters_name_one_month() {
        for (at, names) in MONTHS.iter().enumerate() {
            // In French "jui" could be June or July; nobody writes it.
            for name in names.iter().filter(|name| **name != "juillet") {
                let short: String = name.chars().take(3).collect();
                let found = month_from_short_name(&short).map(usize::from);
                assert_eq!(found, Some(at + 1), "{name}");
            }
        }
    }

    #[test]
    fn weekdays_by_their_names() {
        assert!(is_weekday("Sonntag") && !is_weekday("Sonne") && !is_weekday("sun"));
        assert!(is_weekday_prefix("Sun") && is_weekday_prefix("mié") && !is_weekday_prefix("su"));
    }
}
