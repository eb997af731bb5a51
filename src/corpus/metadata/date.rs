//! Days and times as people write them in front matter, bylines and paths.
//!
//! A day is the one that is written, in whatever zone the writer meant.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

/// First year that a post can be of.
pub const FIRST_YEAR: i16 = 1990;
/// How many years ahead of now a post can be dated.
pub const YEARS_AHEAD: i16 = 2;
/// Longest text that is searched for a date, in bytes.
const MAX_LEN: usize = 400;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateFault {
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
pub fn day(text: &str, this_year: i16) -> Result<Date, DateFault> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LEN {
        return Err(DateFault::Unreadable);
    }
    let (year, month, day) = match epoch(text) {
        Some(time) => {
            let date = time.to_zoned(TimeZone::UTC).date();
            (i32::from(date.year()), u32::from(date.month().unsigned_abs()), u32::from(date.day().unsigned_abs()))
        }
        None => numeric(text)?.or_else(|| worded(text)).ok_or(DateFault::Unreadable)?,
    };
    checked(year, month, day, this_year)
}

/// The time that a text names: UTC where it names no zone, the start of the day where it names no hour.
///
/// # Errors
/// As [`day`].
pub fn time(text: &str, this_year: i16) -> Result<Timestamp, DateFault> {
    if let Some(time) = epoch(text.trim()) {
        return day(text, this_year).map(|_| time);
    }
    let date = day(text, this_year)?;
    let (clock, rest) = clock(text).unwrap_or((Time::midnight(), ""));
    let local = DateTime::from_parts(date, clock);
    let offset = offset(rest).and_then(|seconds| Offset::from_seconds(seconds).ok()).unwrap_or(Offset::UTC);
    offset.to_timestamp(local).map_err(|_| DateFault::OutOfRange)
}

fn checked(year: i32, month: u32, day: u32, this_year: i16) -> Result<Date, DateFault> {
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .zip(i8::try_from(day).ok())
        .and_then(|((year, month), day)| Date::new(year, month, day).ok())
        .ok_or(DateFault::Impossible)?;
    if (FIRST_YEAR..=this_year.saturating_add(YEARS_AHEAD)).contains(&date.year()) {
        Ok(date)
    } else {
        Err(DateFault::OutOfRange)
    }
}

/// Seconds or milliseconds since 1970, as programs write them.
fn epoch(text: &str) -> Option<Timestamp> {
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

type Parts = (i32, u32, u32);

/// `2019-11-26`, `2019/4/18`, `2018. 8. 21.`, `2023年9月3日`, `20191126`, `26.11.2019`, `11/26/2019`.
fn numeric(text: &str) -> Result<Option<Parts>, DateFault> {
    let Some((first, digits, rest)) = number(text.trim_start_matches(|c: char| c.is_whitespace() || c == '\'')) else {
        return Ok(None);
    };
    if digits == 8 && !rest.starts_with(|c: char| c.is_alphanumeric()) {
        return Ok(Some(((first / 10_000).try_into().unwrap_or(0), first / 100 % 100, first % 100)));
    }
    let Some((mark, rest)) = separator(rest) else { return Ok(None) };
    let Some((second, second_digits, rest)) = number(rest) else { return Ok(None) };
    let Some((again, rest)) = separator(rest) else { return Ok(None) };
    let Some((third, third_digits, rest)) = number(rest) else { return Ok(None) };
    let same = mark == again || matches!((mark, again), ('年', '月') | ('년', '월'));
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit() || c == mark && mark != '.');
    if !same || !ends || second_digits > 2 {
        return Ok(None);
    }
    match (digits, third_digits) {
        (4, 1 | 2) => Ok(Some((first.try_into().unwrap_or(0), second, third))),
        (1 | 2, 4) => little_endian(mark, first, second, third).map(Some),
        _ => Ok(None),
    }
}

/// Dots put the day first; with slashes and hyphens both orders are in use.
fn little_endian(mark: char, first: u32, second: u32, year: u32) -> Result<Parts, DateFault> {
    let year = year.try_into().unwrap_or(0);
    match () {
        () if mark == '.' || first > 12 || first == second => Ok((year, second, first)),
        () if second > 12 => Ok((year, first, second)),
        () => Err(DateFault::Ambiguous),
    }
}

fn number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, digits, rest))
}

fn separator(text: &str) -> Option<(char, &str)> {
    let mark = text.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | '년' | '월' | '_'))?;
    Some((mark, text.get(mark.len_utf8()..)?.trim_start()))
}

/// Month names by their first letters, in the languages that posts are read in. A word counts where it is at
/// least three letters long and begins the name, or is the name.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "enero", "ene", "janeiro", "gennaio", "gen", "januari"],
    &["february", "februar", "février", "fevrier", "févr", "fév", "febrero", "fevereiro", "fev", "febbraio", "februari"],
    &["march", "märz", "maerz", "mrz", "mars", "marzo", "março", "marco", "maart", "mrt"],
    &["april", "avril", "avr", "abril", "abr", "aprile"],
    &["may", "mai", "mayo", "maio", "maggio", "mag", "mei"],
    &["june", "juni", "juin", "junio", "junho", "giugno", "giu"],
    &["july", "juli", "juillet", "julio", "julho", "luglio", "lug"],
    &["august", "août", "aout", "agosto", "ago", "augustus"],
    &["september", "septembre", "septiembre", "setembro", "set", "settembre", "sept"],
    &["october", "oktober", "okt", "octobre", "octubre", "outubro", "out", "ottobre", "ott"],
    &["november", "novembre", "noviembre", "novembro"],
    &["december", "dezember", "dez", "décembre", "déc", "decembre", "diciembre", "dic", "dezembro", "dicembre"],
];

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let named = |names: &&[&str]| {
        names.iter().any(|name| *name == word || (word.chars().count() == 3 && name.starts_with(word.as_str())))
    };
    MONTHS.iter().position(|names| named(&names)).and_then(|at| u32::try_from(at + 1).ok())
}

/// `May 4th, 2018`, `4 May 2018`, `Dec.22.2024`, `Wed Dec 04 2024 18:30:00 GMT+0000`: a month's name, and the
/// numbers that stand nearest to it.
fn worded(text: &str) -> Option<Parts> {
    let words = words(text);
    let (at, month) = words.iter().enumerate().find_map(|(at, word)| Some((at, month(word.text)?)))?;
    let numbers = |word: &Word<'_>| (!word.clock).then(|| ordinal(word.text)).flatten();
    let after = words.get(at + 1..)?;
    let (year_at, year) = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.text.len() == 4)
        .find_map(|(at, word)| Some((at, numbers(word)?)))?;
    let is_day = |word: &Word<'_>| numbers(word).filter(|_| word.text.len() != 4 || ordinal_suffix(word.text));
    let before = at.checked_sub(1).and_then(|before| words.get(before)).filter(|_| at.checked_sub(1) != Some(year_at));
    // "4 de mayo de 2018": a small word may stand between.
    let before = match before {
        Some(word) if word.text.eq_ignore_ascii_case("de") || word.text.eq_ignore_ascii_case("of") => {
            at.checked_sub(2).and_then(|at| words.get(at))
        }
        other => other,
    };
    let day = before.and_then(is_day).or_else(|| after.first().and_then(is_day))?;
    // A span of days ("May 2-4, 2018") is when an event was, not when a post was written.
    let spans = words.iter().filter(|word| is_day(word).is_some_and(|n| (1..=31).contains(&n))).count() > 1
        && !words.iter().any(|word| word.clock)
        && year_at > at + 2;
    (!spans).then_some((year.try_into().ok()?, month, day))
}

struct Word<'a> {
    text: &'a str,
    /// Part of a time of day: digits next to a colon.
    clock: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split(|c: char| !c.is_alphanumeric()) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + piece.len()..).unwrap_or_default();
        if !piece.is_empty() {
            let clock = before.ends_with([':', '+']) || after.starts_with(':') && after.get(1..2).is_some_and(is_digit);
            words.push(Word { text: piece, clock });
        }
        at += piece.len() + after.chars().next().map_or(0, char::len_utf8);
    }
    words
}

fn is_digit(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `4`, `04`, `4th`, `1er`.
fn ordinal(word: &str) -> Option<u32> {
    let (number, _, rest) = number(word)?;
    matches!(rest.to_lowercase().as_str(), "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª").then_some(number)
}

fn ordinal_suffix(word: &str) -> bool {
    word.ends_with(|c: char| c.is_alphabetic())
}

/// The time of day in a text and what follows it.
fn clock(text: &str) -> Option<(Time, &str)> {
    let colon = text.match_indices(':').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits).then_some((at - digits, at))
    });
    let (start, at) = colon?;
    let hour: i8 = text.get(start..at)?.parse().ok()?;
    let (minute, _, rest) = number(text.get(at + 1..)?)?;
    let (second, rest) = match rest.strip_prefix(':').and_then(number) {
        Some((second, _, rest)) => (second, rest),
        None => (0, rest),
    };
    // Leap seconds and nonsense fall to the last second that there is.
    let time = Time::new(hour, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()?;
    Some((time, rest))
}

/// Seconds east of UTC from what follows a time: `Z`, `+01:00`, ` -0400`, ` GMT+0200`, `.000Z`, ` PST`.
fn offset(rest: &str) -> Option<i32> {
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start();
    let rest = rest.strip_prefix("GMT").or_else(|| rest.strip_prefix("UTC")).unwrap_or(rest);
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = rest.chars().skip(1).filter(|c| *c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i32>().ok()? };
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes * 60))
}

/// A day that stands somewhere in a short text: `Author: Jane | 2018-05-03`.
#[must_use]
pub fn within(text: &str, this_year: i16) -> Option<Date> {
    if text.len() > MAX_LEN {
        return None;
    }
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && !before.is_alphanumeric() && !matches!(before, '-' | '/' | '.' | '_' | '–') {
            let parts = text.get(at..).and_then(|rest| numeric(rest).ok().flatten());
            if let Some(date) = parts.and_then(|(year, month, day)| checked(year, month, day, this_year).ok()) {
                return Some(date);
            }
        }
        before = c;
    }
    worded(text).and_then(|(year, month, day)| checked(year, month, day, this_year).ok())
}

/// Whether a text is a date and nothing else.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    const SMALL: &[&str] = &["of", "de", "the", "le", "den", "am", "on"];
    let words = words(text);
    let weekday = |word: &str| word.chars().count() >= 3 && WEEKDAYS.iter().any(|day| day.starts_with(&word.to_lowercase()));
    words.len() <= 6
        && words.iter().all(|word| {
            let text = word.text;
            number(text).is_some() || month(text).is_some() || weekday(text) || SMALL.contains(&text.to_lowercase().as_str())
        })
}

const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];

/// The day in a path: `_posts/2019-11-26-slug.md`, `2018/03/20/index.html`, `20191126-slug`. A year alone is none.
#[must_use]
pub fn in_path(path: &str, this_year: i16) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let folders = parts.windows(3).filter_map(|window| match window {
        [year, month, day] if year.len() == 4 && is_digit(year) && is_digit(month) => {
            let (number, digits, rest) = number(day)?;
            let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
            ((1..=2).contains(&month.len()) && (1..=2).contains(&digits) && ends)
                .then(|| checked(year.parse().ok()?, month.parse().ok()?, number, this_year).ok())
                .flatten()
        }
        _ => None,
    });
    let names = parts.iter().rev().filter_map(|part| in_name(part, this_year));
    names.chain(folders).next()
}

/// The day that a file's or folder's name begins with.
fn in_name(name: &str, this_year: i16) -> Option<Date> {
    let (first, digits, rest) = number(name)?;
    let (year, month, day, rest) = match digits {
        8 => (first / 10_000, first / 100 % 100, first % 100, rest),
        4 => {
            let mark = rest.chars().next().filter(|c| matches!(c, '-' | '_' | '.'))?;
            let (month, month_digits, rest) = number(rest.strip_prefix(mark)?)?;
            let (day, day_digits, rest) = number(rest.strip_prefix(mark)?)?;
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
    checked(year.try_into().ok()?, month, day, this_year).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_many_forms() {
        for (text, day_) in [
            ("2019-11-26 05:00:00 +0000", "2019-11-26"),
            ("2019-05-23T23:00:00-01:00", "2019-05-23"),
            ("2024-04-03T0:00:00+00:00", "2024-04-03"),
            ("2017-10-02T14:04:15.101Z", "2017-10-02"),
            ("2018-2-3", "2018-02-03"),
            ("2019/04/18", "2019-04-18"),
            ("2018. 8. 21.", "2018-08-21"),
            ("2023年9月3日", "2023-09-03"),
            ("2018년 10월 25일 목요일", "2018-10-25"),
            ("20191126", "2019-11-26"),
            ("1574744400", "2019-11-26"),
            ("1574744400000", "2019-11-26"),
            ("Dec.22.2024", "2024-12-22"),
            ("July.10.2024", "2024-07-10"),
            ("Wed Dec 04 2024 18:30:00 GMT+0000 (Coordinated Universal Time)", "2024-12-04"),
            ("Tue, 26 Nov 2019 05:00:00 +0000", "2019-11-26"),
            ("4 May 2018", "2018-05-04"),
            ("May 4th, 2018", "2018-05-04"),
            ("November 4th, 2022", "2022-11-04"),
            ("26-Nov-2019", "2019-11-26"),
            ("4. Mai 2018", "2018-05-04"),
            ("12. März 2018", "2018-03-12"),
            ("4 de mayo de 2018", "2018-05-04"),
            ("1er juin 2018", "2018-06-01"),
            ("le 14 février 2018", "2018-02-14"),
            ("7 de março de 2018", "2018-03-07"),
            ("26.11.2019", "2019-11-26"),
            ("11/26/2019", "2019-11-26"),
            ("26/11/2019", "2019-11-26"),
            ("2017-08-20 21:28:53 -0700 PDT", "2017-08-20"),
            ("18:30, 4 May 2018", "2018-05-04"),
            ("Sept 3, 2019", "2019-09-03"),
        ] {
            assert_eq!(day(text, 2026).map(|day| day.to_string()), Ok(day_.to_owned()), "{text}");
        }
    }

    #[test]
    fn a04_what_is_no_day() {
        for (text, fault) in [
            ("0000-00-00", DateFault::Impossible),
            ("2019-02-30", DateFault::Impossible),
            ("2019-13-01", DateFault::Impossible),
            ("99999999", DateFault::Impossible),
            ("1899-01-01", DateFault::OutOfRange),
            ("2029-01-01", DateFault::OutOfRange),
            ("05/04/2018", DateFault::Ambiguous),
            ("2018", DateFault::Unreadable),
            ("May 2018", DateFault::Unreadable),
            ("May 2-4, 2018", DateFault::Unreadable),
            ("TODO", DateFault::Unreadable),
            ("", DateFault::Unreadable),
            ("2019-11-266", DateFault::Unreadable),
            ("99999999999999999999", DateFault::Unreadable),
            ("2019-11-26-27", DateFault::Unreadable),
            ("\u{0}年\u{0}", DateFault::Unreadable),
        ] {
            assert_eq!(day(text, 2026), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_time_in_its_zone() {
        for (text, time_) in [
            ("2019-11-26", "2019-11-26T00:00:00Z"),
            ("2019-11-26 05:30:10 +0200", "2019-11-26T03:30:10Z"),
            ("2019-11-26T05:30:10-01:00", "2019-11-26T06:30:10Z"),
            ("2019-11-26T05:30Z", "2019-11-26T05:30:00Z"),
            ("2019-11-26T05:30:10.123Z", "2019-11-26T05:30:10Z"),
            ("Wed Dec 04 2024 18:30:00 GMT+0000 (Coordinated Universal Time)", "2024-12-04T18:30:00Z"),
            ("1574744400", "2019-11-26T05:00:00Z"),
            ("2019-11-26 99:99", "2019-11-26T00:00:00Z"),
        ] {
            assert_eq!(time(text, 2026).map(|time| time.to_string()), Ok(time_.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_day_somewhere_in_a_short_text() {
        for (text, day_) in [
            ("Author: Jane Doe | 2018-05-03", Some("2018-05-03")),
            ("Posted on May 3, 2018 by Jane", Some("2018-05-03")),
            ("Written by Jane Doe on August 20, 2017", Some("2017-08-20")),
            ("v1.2018-05-03", None),
            ("kubecon-2018-05-03", None),
            ("May 2-4, 2018 in Copenhagen", None),
        ] {
            assert_eq!(within(text, 2026).map(|day| day.to_string()).as_deref(), day_, "{text}");
        }
        assert!(is_whole("November 4th, 2022") && is_whole("Fri, 4 May 2018") && is_whole("2018-05-03"));
        assert!(!is_whole("KubeCon 2018 May 4") && !is_whole("May 4 in Oslo"));
    }

    #[test]
    fn a_day_in_a_path() {
        for (path, day_) in [
            ("_posts/2019-11-26-slug.md", Some("2019-11-26")),
            ("content/2018/03/20/index.html", Some("2018-03-20")),
            ("docs/2018/08/29/day2/index.html", Some("2018-08-29")),
            ("posts/2010-02-08-back-from/index.adoc", Some("2010-02-08")),
            ("2023/02/07/at-fosdem-2023", Some("2023-02-07")),
            ("20181210-containers/README.md", Some("2018-12-10")),
            ("/blog/2020/10/28/summit", Some("2020-10-28")),
            ("2022-06-12_events/index.md", Some("2022-06-12")),
            ("2019-kubecon-na.md", None),
            ("2018/1210-days/README.md", None),
            ("blog/posts/2023/10-14-eurorust.md", None),
            ("2019/99/99/x.md", None),
            ("2019-11-2656.md", None),
            ("12345678.md", None),
            ("202310-talk.md", None),
            ("", None),
        ] {
            assert_eq!(in_path(path, 2026).map(|day| day.to_string()).as_deref(), day_, "{path}");
        }
    }
}
