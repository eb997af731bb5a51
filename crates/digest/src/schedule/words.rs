//! The words that a schedule is written in.

use jiff::civil::Weekday;

use super::days::{WEEKDAYS, Week};

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing of its own: `on`, `the`.
    Filler,
    /// `every`.
    Every,
    /// `to`, between two weekdays.
    To,
    /// `at`: a time of day comes.
    At,
    /// `daily`, `weekly` and the like.
    Unit(Unit),
    /// `day`: the end of `every day` and `last day`, or a number comes.
    Day,
    /// Days of the week at once.
    Week(Week),
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
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
}

/// No word with more characters is quoted whole.
const MAX_QUOTED: usize = 40;

/// Below this two words have too little in common to suggest one for the other (slips by the length, 1 for none).
const ALIKE: f64 = 0.6;

/// All words but the weekdays; those at the head of a row are suggested for a slip.
const WORDS: [(&[&str], Word); 19] = [
    (&["on", "the", "of", "in", "and", "&", "+", "a", "run", "runs", "post"], Word::Filler),
    (&["every", "each", "per"], Word::Every),
    (&["to", "through", "thru", "until", "till", "-"], Word::To),
    (&["at", "@", "around"], Word::At),
    (&["hourly", "hour", "hours"], Word::Unit(Unit::Hour)),
    (&["daily", "everyday", "nightly"], Word::Unit(Unit::Day)),
    (&["day", "days"], Word::Day),
    (&["weekly", "week"], Word::Unit(Unit::Week)),
    (&["monthly", "month", "months"], Word::Unit(Unit::Month)),
    (&["weekdays", "weekday", "workdays", "workday"], Word::Week(Week::WORKING)),
    (&["weekends", "weekend"], Word::Week(Week::END)),
    (&["first"], Word::Ordinal(1)),
    (&["second"], Word::Ordinal(2)),
    (&["third"], Word::Ordinal(3)),
    (&["fourth"], Word::Ordinal(4)),
    (&["fifth"], Word::Ordinal(5)),
    (&["last", "final"], Word::Last),
    (&["other", "biweekly", "bi-weekly", "fortnightly", "fortnight", "alternate"], Word::Interval),
    (&["weeks", "quarterly", "quarter", "yearly", "annually", "year", "minutes", "minute"], Word::Interval),
];

/// What a word in lower case says.
pub(super) fn read(word: &str) -> Option<Word> {
    let known = WORDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, meaning)| *meaning);
    known.or_else(|| weekday(word).map(Word::Weekday)).or_else(|| ordinal(word).map(Word::Ordinal))
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
pub(super) fn nearest(word: &str) -> Option<String> {
    let heads = WORDS.iter().filter(|(_, meaning)| *meaning != Word::Interval).map(|(words, _)| words[0]);
    let known = heads.chain(["noon", "midnight"]).chain(WEEKDAYS.iter().map(|(_, name)| *name));
    let alike = known.map(|name| (strsim::normalized_damerau_levenshtein(word, &name.to_lowercase()), name));
    let best = alike.filter(|(likeness, _)| *likeness >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name.to_owned())
}

/// A word to be quoted: of bounded length.
pub(super) fn shortened(word: &str) -> String {
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
            let expected = if word == "weds" { None } else { Some(Word::Weekday(weekday)) };
            assert_eq!(read(word), expected, "{word}");
        }
        for word in ["mo", "s", "sund ay", "days", "m"] {
            assert!(!matches!(read(word), Some(Word::Weekday(_))), "{word}");
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
            assert_eq!(nearest(word).as_deref(), meant, "{word}");
        }
    }
}
