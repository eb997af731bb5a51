//! Recognises the names of months and weekdays in all languages.

use crate::language::{self, CalendarWords};

/// The month, 1 to 12, that a word names: by its full name or by a short form that is not another word.
pub fn month_from_name(word: &str) -> Option<u8> {
    let (word, calendar) = (word.to_lowercase(), calendar());
    to_month(calendar.months.position(&word).or_else(|| calendar.short_months.position(&word))?)
}

/// The same, but with all short forms: for words where only a date is expected.
pub fn month_from_short_name(word: &str) -> Option<u8> {
    month_from_name(word).or_else(|| {
        let (word, calendar) = (word.to_lowercase(), calendar());
        let begins = |name: &String| word.chars().count() == 3 && name.starts_with(word.as_str());
        let listed = calendar.short_months_in_dates.position(&word);
        to_month(listed.or_else(|| calendar.months.iter().position(|names| names.iter().any(begins)))?)
    })
}

fn calendar() -> &'static CalendarWords {
    &language::all().calendar
}

fn to_month(at: usize) -> Option<u8> {
    u8::try_from(at + 1).ok()
}

/// The full names of a month, 1 to 12, in lower case; none for another number.
pub fn month_names(month: i8) -> &'static [String] {
    let at = usize::try_from(month - 1).ok();
    at.and_then(|at| calendar().months.iter().nth(at)).unwrap_or_default()
}

/// Whether a word is the full name of a weekday.
pub fn is_weekday(word: &str) -> bool {
    weekday_from_name(word).is_some()
}

/// Returns the weekday of a full name, from 0 for Monday.
pub fn weekday_from_name(word: &str) -> Option<i8> {
    i8::try_from(calendar().weekdays.position(&word.to_lowercase())?).ok()
}

/// Whether a word begins the name of a weekday with at least three letters.
pub fn is_weekday_prefix(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() >= 3 && calendar().weekdays.iter().flatten().any(|name| name.starts_with(&word))
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
        for (at, names) in calendar().months.iter().enumerate() {
            // In French "jui" could be June or July; nobody writes it.
            for name in names.iter().filter(|name| *name != "juillet") {
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
