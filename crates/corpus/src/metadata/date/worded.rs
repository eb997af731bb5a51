//! Dates with the month as a word, in the languages that posts are read in.

use std::sync::LazyLock;

use super::numeric::{YearMonthDay, parse_leading_number};
use takeaways_text::calendar::{is_weekday_prefix, month_from_short_name};
use takeaways_text::language::all_words;

/// `May 4th, 2018`, `4 May 2018`, `Dec.22.2024`, `Wed Dec 04 2024 18:30:00 GMT+0000`: a month's name, and the
/// numbers that stand nearest to it.
pub(super) fn parse_worded_date(text: &str) -> Option<YearMonthDay> {
    let words = date_words(text);
    let (at, month) =
        words.iter().enumerate().find_map(|(at, word)| Some((at, month_from_short_name(word.text)?)))?;
    let numbers = |word: &DateWord<'_>| (!word.is_clock_part).then(|| parse_ordinal(word.text)).flatten();
    let after = words.get(at + 1..)?;
    let (year_at, year) = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.text.len() == 4)
        .find_map(|(at, word)| Some((at, numbers(word)?)))?;
    let is_day =
        |word: &DateWord<'_>| numbers(word).filter(|_| word.text.len() != 4 || has_ordinal_suffix(word.text));
    let before =
        at.checked_sub(1).and_then(|before| words.get(before)).filter(|_| at.checked_sub(1) != Some(year_at));
    // "4 de mayo de 2018": a small word may stand between.
    let before = match before {
        Some(word) if PREPOSITIONS.iter().any(|preposition| word.text.eq_ignore_ascii_case(preposition)) => {
            at.checked_sub(2).and_then(|at| words.get(at))
        }
        other => other,
    };
    let day = before.and_then(is_day).or_else(|| after.first().and_then(is_day))?;
    // A span of days ("May 2-4, 2018") is when an event was, not when a post was written.
    let spans = words.iter().filter(|word| is_day(word).is_some_and(|n| (1..=31).contains(&n))).count() > 1
        && !words.iter().any(|word| word.is_clock_part)
        && year_at > at + 2;
    (!spans).then_some((year.try_into().ok()?, month.into(), day))
}

static PREPOSITIONS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.date_prepositions));

static ORDINAL_ENDINGS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.ordinal_endings));

struct DateWord<'a> {
    text: &'a str,
    /// Part of a time of day: digits next to a colon.
    is_clock_part: bool,
}

fn date_words(text: &str) -> Vec<DateWord<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split(|c: char| !c.is_alphanumeric()) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + piece.len()..).unwrap_or_default();
        if !piece.is_empty() {
            let clock = before.ends_with([':', '+'])
                || after.starts_with(':') && after.get(1..2).is_some_and(is_digits);
            words.push(DateWord { text: piece, is_clock_part: clock });
        }
        at += piece.len() + after.chars().next().map_or(0, char::len_utf8);
    }
    words
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `4`, `04`, `4th`, `1er`.
fn parse_ordinal(word: &str) -> Option<u32> {
    let (number, _, rest) = parse_leading_number(word)?;
    let rest = rest.to_lowercase();
    (rest.is_empty() || ORDINAL_ENDINGS.contains(&rest.as_str())).then_some(number)
}

fn has_ordinal_suffix(word: &str) -> bool {
    word.ends_with(|c: char| c.is_alphabetic())
}

/// Whether a text is a date and nothing else.
#[must_use]
pub fn is_only_a_date(text: &str) -> bool {
    static SMALL: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.calendar.date_words));
    let words = date_words(text);
    words.len() <= 6
        && words.iter().all(|word| {
            let text = word.text;
            parse_leading_number(text).is_some()
                || month_from_short_name(text).is_some()
                || is_weekday_prefix(text)
                || SMALL.contains(&text.to_lowercase().as_str())
        })
}
