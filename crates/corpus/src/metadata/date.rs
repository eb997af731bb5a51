//! Days and times as people write them in front matter, bylines and paths.
//!
//! A day is the one that is written, in whatever zone the writer meant.
//!
//! Times of day and zones.
//!
//! Dates in digits.
//!
//! Days in the paths of files and in addresses.
//!
//! Dates with the month as a word, in the languages that posts are read in.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use std::sync::LazyLock;
use takeaways_text::{
    calendar::{is_weekday_prefix, month_from_short_name},
    language::all_words,
};
use thiserror::Error;

/// First year that a post can be of.
pub const FIRST_YEAR: i16 = 1990;
/// How many years ahead of now a post can be dated.
pub const YEARS_AHEAD: i16 = 2;
/// Longest text that is searched for a date, in bytes.
const MAX_LEN: usize = 400;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// No form that is known here.
    #[error("can't be read as a date")]
    Unreadable,
    /// There is no such day: 0000-00-00, 30 February.
    #[error("is no day of the calendar")]
    Impossible,
    /// Before [`FIRST_YEAR`], or more than [`YEARS_AHEAD`] years after now.
    #[error("is too far in the past or in the future")]
    OutOfRange,
    /// Day and month could be either way round.
    #[error("could be read with day and month either way round")]
    Ambiguous,
}

/// The day that a text names. `this_year` is the year of now.
///
/// # Errors
/// A text that names none, or one that cannot be.
pub fn parse_day(text: &str, this_year: i16) -> Result<Date, DateError> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LEN {
        return Err(DateError::Unreadable);
    }
    let (year, month, day) = match parse_epoch(text) {
        Some(time) => {
            let date = time.to_zoned(TimeZone::UTC).date();
            (
                i32::from(date.year()),
                u32::from(date.month().unsigned_abs()),
                u32::from(date.day().unsigned_abs()),
            )
        }
        None => parse_numeric_date(text)?.or_else(|| parse_worded_date(text)).ok_or(DateError::Unreadable)?,
    };
    checked_date(year, month, day, this_year)
}

/// The time that a text names: UTC where it names no zone, the start of the day where it names no hour.
///
/// # Errors
/// As [`parse_day`].
pub fn parse_time(text: &str, this_year: i16) -> Result<Timestamp, DateError> {
    if let Some(time) = parse_epoch(text.trim()) {
        return parse_day(text, this_year).map(|_| time);
    }
    let date = parse_day(text, this_year)?;
    let (clock, rest) = parse_clock(text).unwrap_or((Time::midnight(), ""));
    let local = DateTime::from_parts(date, clock);
    let offset =
        parse_utc_offset(rest).and_then(|seconds| Offset::from_seconds(seconds).ok()).unwrap_or(Offset::UTC);
    offset.to_timestamp(local).map_err(|_| DateError::OutOfRange)
}

fn checked_date(year: i32, month: u32, day: u32, this_year: i16) -> Result<Date, DateError> {
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .zip(i8::try_from(day).ok())
        .and_then(|((year, month), day)| Date::new(year, month, day).ok())
        .ok_or(DateError::Impossible)?;
    if (FIRST_YEAR..=this_year.saturating_add(YEARS_AHEAD)).contains(&date.year()) {
        Ok(date)
    } else {
        Err(DateError::OutOfRange)
    }
}

/// Seconds or milliseconds since 1970, as programs write them.
fn parse_epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let since = match text.len() {
        9 | 10 => SignedDuration::from_secs(number),
        12 | 13 => SignedDuration::from_millis(number),
        _ => return None,
    };
    Timestamp::from_duration(since).ok()
}

/// A day that stands somewhere in a short text: `Author: Jane | 2018-05-03`.
#[must_use]
pub fn find_day(text: &str, this_year: i16) -> Option<Date> {
    if text.len() > MAX_LEN {
        return None;
    }
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && !before.is_alphanumeric() && !matches!(before, '-' | '/' | '.' | '_' | '–')
        {
            let parts = text.get(at..).and_then(|rest| parse_numeric_date(rest).ok().flatten());
            if let Some(date) =
                parts.and_then(|(year, month, day)| checked_date(year, month, day, this_year).ok())
            {
                return Some(date);
            }
        }
        before = c;
    }
    parse_worded_date(text).and_then(|(year, month, day)| checked_date(year, month, day, this_year).ok())
}

/// The time of day in a text and what follows it.
fn parse_clock(text: &str) -> Option<(Time, &str)> {
    let colon = text.match_indices(':').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits).then_some((at - digits, at))
    });
    let (start, at) = colon?;
    let hour: i8 = text.get(start..at)?.parse().ok()?;
    let (minute, _, rest) = parse_leading_number(text.get(at + 1..)?)?;
    let (second, rest) = match rest.strip_prefix(':').and_then(parse_leading_number) {
        Some((second, _, rest)) => (second, rest),
        None => (0, rest),
    };
    // Leap seconds and nonsense fall to the last second that there is.
    let time = Time::new(hour, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()?;
    Some((time, rest))
}

/// Seconds east of UTC from what follows a time: `Z`, `+01:00`, ` -0400`, ` GMT+0200`, `.000Z`, ` PST`.
fn parse_utc_offset(rest: &str) -> Option<i32> {
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start();
    let rest = rest.strip_prefix("GMT").or_else(|| rest.strip_prefix("UTC")).unwrap_or(rest);
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String =
        rest.chars().skip(1).filter(|c| *c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i32>().ok()? };
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes * 60))
}

/// Year, month and day, not yet held against the calendar.
type YearMonthDay = (i32, u32, u32);

/// `2019-11-26`, `2019/4/18`, `2018. 8. 21.`, `2023年9月3日`, `20191126`, `26.11.2019`, `11/26/2019`.
fn parse_numeric_date(text: &str) -> Result<Option<YearMonthDay>, DateError> {
    let Some((first, digits, rest)) =
        parse_leading_number(text.trim_start_matches(|c: char| c.is_whitespace() || c == '\''))
    else {
        return Ok(None);
    };
    if digits == 8 && !rest.starts_with(|c: char| c.is_alphanumeric()) {
        return Ok(Some(((first / 10_000).try_into().unwrap_or(0), first / 100 % 100, first % 100)));
    }
    let Some((mark, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((second, second_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let Some((again, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((third, third_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let same = mark == again || matches!((mark, again), ('年', '月') | ('년', '월'));
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit() || c == mark && mark != '.');
    if !same || !ends || second_digits > 2 {
        return Ok(None);
    }
    match (digits, third_digits) {
        (4, 1 | 2) => Ok(Some((first.try_into().unwrap_or(0), second, third))),
        (1 | 2, 4) => day_first_or_month_first(mark, first, second, third).map(Some),
        _ => Ok(None),
    }
}

/// Dots put the day first; with slashes and hyphens both orders are in use.
fn day_first_or_month_first(
    mark: char,
    first: u32,
    second: u32,
    year: u32,
) -> Result<YearMonthDay, DateError> {
    let year = year.try_into().unwrap_or(0);
    match () {
        () if mark == '.' || first > 12 || first == second => Ok((year, second, first)),
        () if second > 12 => Ok((year, first, second)),
        () => Err(DateError::Ambiguous),
    }
}

fn parse_leading_number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, digits, rest))
}

fn parse_separator(text: &str) -> Option<(char, &str)> {
    let mark =
        text.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | '년' | '월' | '_'))?;
    Some((mark, text.get(mark.len_utf8()..)?.trim_start()))
}

/// The day in a path: `_posts/2019-11-26-slug.md`, `2018/03/20/index.html`, `20191126-slug`. A year alone is none.
#[must_use]
pub fn date_in_path(path: &str, this_year: i16) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let folders = parts.windows(3).filter_map(|window| match window {
        [year, month, day] if year.len() == 4 && is_digits(year) && is_digits(month) => {
            let (number, digits, rest) = parse_leading_number(day)?;
            let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
            ((1..=2).contains(&month.len()) && (1..=2).contains(&digits) && ends)
                .then(|| checked_date(year.parse().ok()?, month.parse().ok()?, number, this_year).ok())
                .flatten()
        }
        _ => None,
    });
    // `2023/10-14-slug.md`
    let year_and_day = parts.windows(2).filter_map(|window| match window {
        [year, name] if year.len() == 4 && is_digits(year) && name.get(2..3) == Some("-") => {
            date_in_name(&format!("{year}-{name}"), this_year)
        }
        _ => None,
    });
    let names = parts.iter().rev().filter_map(|part| date_in_name(part, this_year));
    names.chain(folders).chain(year_and_day).next()
}

/// The day that a file's or folder's name begins with.
fn date_in_name(name: &str, this_year: i16) -> Option<Date> {
    let (first, digits, rest) = parse_leading_number(name)?;
    let (year, month, day, rest) = match digits {
        8 => (first / 10_000, first / 100 % 100, first % 100, rest),
        4 => {
            let mark = rest.chars().next().filter(|c| matches!(c, '-' | '_' | '.'))?;
            let (month, month_digits, rest) = parse_leading_number(rest.strip_prefix(mark)?)?;
            let (day, day_digits, rest) = parse_leading_number(rest.strip_prefix(mark)?)?;
            if month_digits > 2 || day_digits > 2 {
                return None;
            }
            (first, month, day, rest)
        }
        _ => return None,
    };
    if rest.starts_with(|c: char| c.is_alphanumeric()) && !rest.starts_with('T') {
        return None;
    }
    checked_date(year.try_into().ok()?, month, day, this_year).ok()
}

#[cfg(test)]
mod tests;

/// `May 4th, 2018`, `4 May 2018`, `Dec.22.2024`, `Wed Dec 04 2024 18:30:00 GMT+0000`: a month's name, and the
/// numbers that stand nearest to it.
fn parse_worded_date(text: &str) -> Option<YearMonthDay> {
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

fn is_digits(text: &str) -> bool {
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
