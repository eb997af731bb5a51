//! The words that a schedule is written in.

use jiff::civil::Weekday;

use super::days::{WEEKDAYS, WeekdaySet};

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScheduleWord {
    /// Nothing of its own: `on`, `the`.
    Filler,
    /// `every`.
    Every,
    /// `to`, between two weekdays.
    To,
    /// `at`: a time of day comes.
    At,
    /// `daily`, `weekly` and the like.
    Unit(Period),
    /// `day`: the end of `every day` and `last day`, or a number comes.
    Day,
    /// Days of the week at once.
    Week(WeekdaySet),
    /// One day of the week.
    Weekday(Weekday),
    /// `first`, or a number with an ending.
    Ordinal(i8),
    /// `last`.
    Last,
    /// What counts more than one week, and is not offered.
    Interval,
}

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Hour,
    Day,
    Week,
    Month,
}

/// No word with more characters is quoted whole.
const MAX_QUOTED: usize = 40;

/// Below this two words have too little in common to suggest one for the other (slips by the length, 1 for none).
const MIN_LIKENESS: f64 = 0.6;

/// All words but the weekdays; those at the head of a row are suggested for a slip.
const WORDS: [(&[&str], ScheduleWord); 19] = [
    (&["on", "the", "of", "in", "and", "&", "+", "a", "run", "runs", "post"], ScheduleWord::Filler),
    (&["every", "each", "per"], ScheduleWord::Every),
    (&["to", "through", "thru", "until", "till", "-"], ScheduleWord::To),
    (&["at", "@", "around"], ScheduleWord::At),
    (&["hourly", "hour", "hours"], ScheduleWord::Unit(Period::Hour)),
    (&["daily", "everyday", "nightly"], ScheduleWord::Unit(Period::Day)),
    (&["day", "days"], ScheduleWord::Day),
    (&["weekly", "week"], ScheduleWord::Unit(Period::Week)),
    (&["monthly", "month", "months"], ScheduleWord::Unit(Period::Month)),
    (&["weekdays", "weekday", "workdays", "workday"], ScheduleWord::Week(WeekdaySet::WORKDAYS)),
    (&["weekends", "weekend"], ScheduleWord::Week(WeekdaySet::WEEKEND)),
    (&["first"], ScheduleWord::Ordinal(1)),
    (&["second"], ScheduleWord::Ordinal(2)),
    (&["third"], ScheduleWord::Ordinal(3)),
    (&["fourth"], ScheduleWord::Ordinal(4)),
    (&["fifth"], ScheduleWord::Ordinal(5)),
    (&["last", "final"], ScheduleWord::Last),
    (&["other", "biweekly", "bi-weekly", "fortnightly", "fortnight", "alternate"], ScheduleWord::Interval),
    (
        &["weeks", "quarterly", "quarter", "yearly", "annually", "year", "minutes", "minute"],
        ScheduleWord::Interval,
    ),
];

/// What a word in lower case says.
pub(super) fn parse_word(word: &str) -> Option<ScheduleWord> {
    let known = WORDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, meaning)| *meaning);
    known
        .or_else(|| weekday(word).map(ScheduleWord::Weekday))
        .or_else(|| ordinal(word).map(ScheduleWord::Ordinal))
}

/// Whether a word in lower case names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    weekday(word).is_some()
}

/// `monday`, `mondays`, `mon`, `tues`, `thurs`.
fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.');
    let whole = word.strip_suffix('s').filter(|stem| stem.ends_with("day")).unwrap_or(word);
    let is_it = |name: &str| {
        let name = name.to_lowercase();
        let is_short = whole.len() >= 3 && name.starts_with(whole) && !whole.ends_with("da");
        whole == name || is_short
    };
    WEEKDAYS.iter().find(|(_, name)| is_it(name)).map(|(weekday, _)| *weekday)
}

/// `1st`, `22nd`, `31th`; any number, whether a month has it or not.
fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th", "."].iter().find_map(|ending| word.strip_suffix(ending))?;
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// The word that somebody may have meant.
pub(super) fn nearest_word(word: &str) -> Option<String> {
    let heads =
        WORDS.iter().filter(|(_, meaning)| *meaning != ScheduleWord::Interval).map(|(words, _)| words[0]);
    let known = heads.chain(["noon", "midnight"]).chain(WEEKDAYS.iter().map(|(_, name)| *name));
    let alike = known.map(|name| (strsim::normalized_damerau_levenshtein(word, &name.to_lowercase()), name));
    let best = alike.filter(|(likeness, _)| *likeness >= MIN_LIKENESS).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name.to_owned())
}

/// A word to be quoted: of bounded length.
pub(super) fn truncate_quote(word: &str) -> String {
    word.chars().take(MAX_QUOTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_have_short_and_long_names() {
        for (word, weekday) in [
            ("monday", Weekday::Monday),
            ("mondays", Weekday::Monday),
            ("mon", Weekday::Monday),
            ("mon.", Weekday::Monday),
            ("tues", Weekday::Tuesday),
            ("weds", Weekday::Wednesday),
            ("wednes", Weekday::Wednesday),
            ("thurs", Weekday::Thursday),
            ("sun", Weekday::Sunday),
        ] {
            let expected = if word == "weds" { None } else { Some(ScheduleWord::Weekday(weekday)) };
            assert_eq!(parse_word(word), expected, "{word}");
        }
        for word in ["mo", "s", "sund ay", "days", "m"] {
            assert!(!matches!(parse_word(word), Some(ScheduleWord::Weekday(_))), "{word}");
        }
    }

    #[test]
    fn a_slip_finds_its_word() {
        for (word, meant) in [
            ("mondey", Some("Monday")),
            ("wendesday", Some("Wednesday")),
            ("dayly", Some("daily")),
            ("montly", Some("monthly")),
            ("weekley", Some("weekly")),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest_word(word).as_deref(), meant, "{word}");
        }
    }
}
