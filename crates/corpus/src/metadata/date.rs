//! Parses dates and times as people write them in front matter, bylines, paths and addresses.
//!
//! Dates have digits only, or the month as a word of any language of the corpus. A date stays as it was written,
//! whatever its time zone.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use takeaways_text::{
    calendar::{is_weekday_prefix, month_from_short_name},
    language,
};
use thiserror::Error;

/// The first year in which a post can be published.
const FIRST_YEAR: i16 = 1990;
/// How many years after the current year a post can be dated.
const YEARS_AHEAD: i16 = 2;
/// Maximum length of a text that is searched for a date, in bytes.
const MAX_LEN: usize = 400;

/// A day in digits.
const COMPACT_DAY: &str = "20191126";
/// The number of the digits of a day with hours, minutes and seconds.
const TIMESTAMP_DIGITS: usize = 14;

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// Its form is not known.
    #[error("is not a date")]
    Unreadable,
    /// The day does not exist, as 0000-00-00 or 30 February.
    #[error("is not a calendar date")]
    Impossible,
    /// It is before 1990, or more than two years after the current year.
    #[error("is too far in the past or in the future")]
    OutOfRange,
    /// Day and month may be in either order.
    #[error("is ambiguous: day and month could be swapped")]
    Ambiguous,
}

/// Parses the date that a text consists of. `this_year` is the current year.
///
/// # Errors
/// The text is not a date, or the date is impossible, ambiguous or out of range.
pub fn parse_day(text: &str, this_year: i16) -> Result<Date, DateError> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LEN {
        return Err(DateError::Unreadable);
    }
    if let Some(time) = parse_epoch(text) {
        return check_year(time.to_zoned(TimeZone::UTC).date(), this_year);
    }
    let parts = parse_numeric_date(text)?.or_else(|| parse_worded_date(text));
    checked_date(parts.ok_or(DateError::Unreadable)?, this_year)
}

/// Parses the time that a text consists of. The default of the time zone is UTC, that of the time is midnight.
///
/// # Errors
/// The same as those of [`parse_day`].
pub(crate) fn parse_time(text: &str, this_year: i16) -> Result<Timestamp, DateError> {
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

fn checked_date((year, month, day): YearMonthDay, this_year: i16) -> Result<Date, DateError> {
    let date = || Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok();
    check_year(date().ok_or(DateError::Impossible)?, this_year)
}

fn check_year(date: Date, this_year: i16) -> Result<Date, DateError> {
    if (FIRST_YEAR..=this_year.saturating_add(YEARS_AHEAD)).contains(&date.year()) {
        Ok(date)
    } else {
        Err(DateError::OutOfRange)
    }
}

/// Parses seconds or milliseconds since 1970, as programs write them.
fn parse_epoch(text: &str) -> Option<Timestamp> {
    if !is_digits(text) {
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

/// Finds a date anywhere in a short text, such as `Author: Jane | 2018-05-03`.
pub(crate) fn find_day(text: &str, this_year: i16) -> Option<Date> {
    if text.len() > MAX_LEN {
        return None;
    }
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit()
            && !previous.is_alphanumeric()
            && !matches!(previous, '-' | '/' | '.' | '_' | '–')
        {
            let parts = text.get(at..).and_then(|rest| parse_numeric_date(rest).ok().flatten());
            if let Some(date) = parts.and_then(|parts| checked_date(parts, this_year).ok()) {
                return Some(date);
            }
        }
        previous = c;
    }
    parse_worded_date(text).and_then(|parts| checked_date(parts, this_year).ok())
}

/// Parses the time of day behind a date in digits, as ISO 8601 writes it without colons: `T100000Z`, `T1000+0100`, `100000`.
/// Returns it with the text after it.
fn compact_clock(text: &str) -> Option<(Time, &str)> {
    let marked = text.strip_prefix('T');
    let clock = marked.unwrap_or(text);
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    let number = |at: usize| clock.get(at..at + 2)?.parse::<i8>().ok();
    let second = match digits {
        4 if marked.is_some() => 0,
        6 => number(4)?.min(59),
        _ => return None,
    };
    Some((Time::new(number(0)?, number(2)?, second, 0).ok()?, clock.get(digits..)?))
}

/// Finds the first time of day in a text. Returns it with the text after it.
fn parse_clock(text: &str) -> Option<(Time, &str)> {
    let compact = || {
        let (day, clock) = text.trim_start().split_at_checked(COMPACT_DAY.len())?;
        compact_clock(clock).filter(|_| is_digits(day))
    };
    compact().or_else(|| parse_clock_with_colons(text))
}

fn parse_clock_with_colons(text: &str) -> Option<(Time, &str)> {
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
    // A leap second, or a higher number, becomes the last second of the minute.
    let time = Time::new(hour, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()?;
    Some((time, rest))
}

/// Parses the text after a time, such as `Z`, `+01:00`, ` -0400`, ` GMT+0200`, `.000Z` or ` PST`, into seconds east
/// of UTC. Names of zones are not known.
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

/// Year, month and day, which may not exist in the calendar.
type YearMonthDay = (i32, u32, u32);

/// Parses the start of a text as a date in digits: `2019-11-26`, `2019/4/18`, `2018. 8. 21.`, `2023年9月3日`,
/// `20191126`, `26.11.2019` or `11/26/2019`.
fn parse_numeric_date(text: &str) -> Result<Option<YearMonthDay>, DateError> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\'');
    let day = day_of_timestamp(text).unwrap_or(text);
    let Some((first, digits, rest)) = parse_leading_number(day) else { return Ok(None) };
    let is_time = |rest: &str| rest.starts_with('T') && compact_clock(rest).is_some();
    if digits == 8 && (!rest.starts_with(|c: char| c.is_alphanumeric()) || is_time(rest)) {
        return Ok(Some(split_digits(first)));
    }
    let Some((separator, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((second, second_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let Some((second_separator, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((third, third_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let are_alike =
        separator == second_separator || matches!((separator, second_separator), ('年', '月') | ('년', '월'));
    let is_end = !rest.starts_with(|c: char| c.is_ascii_digit() || c == separator && separator != '.');
    if !are_alike || !is_end || second_digits > 2 {
        return Ok(None);
    }
    match (digits, third_digits) {
        (4, 1 | 2) => Ok(Some((first.try_into().unwrap_or(0), second, third))),
        (1 | 2, 4) => order_day_and_month(separator, first, second, third).map(Some),
        _ => Ok(None),
    }
}

/// Returns the day before the time in a text such as `20191126100000`.
fn day_of_timestamp(text: &str) -> Option<&str> {
    let is_long = text.bytes().take_while(u8::is_ascii_digit).count() == TIMESTAMP_DIGITS;
    text.get(..COMPACT_DAY.len()).filter(|_| is_long)
}

/// Decides which of two numbers is the day. With dots the day is first; with slashes and hyphens both orders are in
/// use.
fn order_day_and_month(
    separator: char,
    first: u32,
    second: u32,
    year: u32,
) -> Result<YearMonthDay, DateError> {
    let year = year.try_into().unwrap_or(0);
    match () {
        () if separator == '.' || first > 12 || first == second => Ok((year, second, first)),
        () if second > 12 => Ok((year, first, second)),
        () => Err(DateError::Ambiguous),
    }
}

/// Splits `20191126` into its parts.
fn split_digits(number: u32) -> YearMonthDay {
    ((number / 10_000).try_into().unwrap_or(0), number / 100 % 100, number % 100)
}

/// Parses the digits at the start of a text. Returns the number, how many digits it has, and the rest.
fn parse_leading_number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, digits, rest))
}

fn parse_separator(text: &str) -> Option<(char, &str)> {
    let separator =
        text.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | '년' | '월' | '_'))?;
    Some((separator, text.get(separator.len_utf8()..)?.trim_start()))
}

/// Finds a date in a path: `_posts/2019-11-26-slug.md`, `2018/03/20/index.html` or `20191126-slug`. A year alone is
/// not a date.
pub(crate) fn date_in_path(path: &str, this_year: i16) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let folders = parts.windows(3).filter_map(|window| match window {
        [year, month, day] if year.len() == 4 && is_digits(year) && is_digits(month) => {
            let (number, digits, rest) = parse_leading_number(day)?;
            let is_end = !rest.starts_with(|c: char| c.is_alphanumeric());
            ((1..=2).contains(&month.len()) && (1..=2).contains(&digits) && is_end)
                .then(|| checked_date((year.parse().ok()?, month.parse().ok()?, number), this_year).ok())
                .flatten()
        }
        _ => None,
    });
    // `2023/10-14-slug.md`
    let year_folders = parts.windows(2).filter_map(|window| match window {
        [year, name] if year.len() == 4 && is_digits(year) && name.get(2..3) == Some("-") => {
            date_in_name(&format!("{year}-{name}"), this_year)
        }
        _ => None,
    });
    let names = parts.iter().rev().filter_map(|part| date_in_name(part, this_year));
    names.chain(folders).chain(year_folders).next()
}

/// Parses the date that the name of a file or folder begins with.
fn date_in_name(name: &str, this_year: i16) -> Option<Date> {
    let (first, digits, rest) = parse_leading_number(name)?;
    let (parts, rest) = match digits {
        8 => (split_digits(first), rest),
        4 => {
            let separator = rest.chars().next().filter(|c| matches!(c, '-' | '_' | '.'))?;
            let (month, month_digits, rest) = parse_leading_number(rest.strip_prefix(separator)?)?;
            let (day, day_digits, rest) = parse_leading_number(rest.strip_prefix(separator)?)?;
            if month_digits > 2 || day_digits > 2 {
                return None;
            }
            ((first.try_into().ok()?, month, day), rest)
        }
        _ => return None,
    };
    if rest.starts_with(|c: char| c.is_alphanumeric()) && !rest.starts_with('T') {
        return None;
    }
    checked_date(parts, this_year).ok()
}

/// Finds a date with the name of a month and the numbers nearest to it: `May 4th, 2018`, `4 May 2018`, `Dec.22.2024`
/// or `Wed Dec 04 2024 18:30:00 GMT+0000`.
fn parse_worded_date(text: &str) -> Option<YearMonthDay> {
    let words = date_words(text);
    let number = |word: &DateWord<'_>| (!word.is_clock_part).then(|| parse_ordinal(word.text)).flatten();
    let prepositions = &language::all().calendar.date_prepositions;
    let is_preposition =
        |word: &&DateWord<'_>| prepositions.iter().any(|it| word.text.eq_ignore_ascii_case(it));
    // `mar` is a month and, in `mar, 10 dic 2019`, a weekday.
    let is_weekday = |at: usize| {
        let mut after = words.iter().skip(at + 1);
        is_weekday_prefix(words[at].text)
            && after.next().is_some_and(|word| word.text.len() <= 2 && number(word).is_some())
            && after
                .find(|word| !is_preposition(word))
                .is_some_and(|word| month_from_short_name(word.text).is_some())
    };
    let (at, month) = words
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_weekday(*at))
        .find_map(|(at, word)| Some((at, month_from_short_name(word.text)?)))?;
    let after = words.get(at + 1..)?;
    let (year_at, year) = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.text.len() == 4 && !word.text.ends_with(char::is_alphabetic))
        .find_map(|(at, word)| Some((at, number(word)?)))?;
    // A word of four characters is a year, unless it has the ending of an ordinal.
    let day_of = |word: &DateWord<'_>| {
        number(word).filter(|_| word.text.len() != 4 || word.text.ends_with(char::is_alphabetic))
    };
    let before =
        at.checked_sub(1).and_then(|before| words.get(before)).filter(|_| at.checked_sub(1) != Some(year_at));
    // A preposition may separate the day from the month: "4 de mayo de 2018".
    let before = match before {
        Some(word) if is_preposition(&word) => at.checked_sub(2).and_then(|at| words.get(at)),
        word => word,
    };
    let day = before.and_then(day_of).or_else(|| after.first().and_then(day_of))?;
    // A span of days ("May 2-4, 2018") is the time of an event, not that of a post.
    let is_span = words.iter().filter(|word| day_of(word).is_some_and(|day| (1..=31).contains(&day))).count()
        > 1
        && !words.iter().any(|word| word.is_clock_part)
        && year_at > at + 2;
    (!is_span).then_some((year.try_into().ok()?, month.into(), day))
}

struct DateWord<'a> {
    text: &'a str,
    /// Whether it is part of a time of day, next to a colon.
    is_clock_part: bool,
}

fn date_words(text: &str) -> Vec<DateWord<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split(|c: char| !c.is_alphanumeric()) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + piece.len()..).unwrap_or_default();
        if !piece.is_empty() {
            let is_clock_part = before.ends_with([':', '+'])
                || after.starts_with(':') && after.get(1..2).is_some_and(is_digits);
            words.push(DateWord { text: piece, is_clock_part });
        }
        at += piece.len() + after.chars().next().map_or(0, char::len_utf8);
    }
    words
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses `4`, `04`, `4th` or `1er`.
fn parse_ordinal(word: &str) -> Option<u32> {
    let (number, _, rest) = parse_leading_number(word)?;
    let rest = rest.to_lowercase();
    (rest.is_empty() || language::all().calendar.ordinal_endings.contains(rest.as_str())).then_some(number)
}

/// Whether a text is a date and nothing else.
pub(crate) fn is_only_a_date(text: &str) -> bool {
    let words = date_words(text);
    words.len() <= 6
        && words.iter().all(|word| {
            let text = word.text;
            parse_leading_number(text).is_some()
                || month_from_short_name(text).is_some()
                || is_weekday_prefix(text)
                || language::all().calendar.date_words.contains(text.to_lowercase().as_str())
        })
}

#[cfg(test)]
mod tests;
