//! Days and times as people write them in front matter, bylines and paths.
//!
//! A day is the one that is written, in whatever zone the writer meant.

mod clock;
mod numeric;
mod path;
mod worded;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use clock::{parse_clock, parse_utc_offset};
use numeric::parse_numeric_date;
pub use path::date_in_path;
pub use worded::is_only_a_date;
use worded::parse_worded_date;

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

#[cfg(test)]
mod tests;
