//! Cron expressions of five fields.
//!
//! `croner` parses the fields and decides which dates match. Local times that don't exist or come twice are resolved
//! as for all schedules: see `runs`.

use std::fmt;

use croner::parser::{CronParser, Seconds, Year};
use croner::{CronPattern, Weekday};
use jiff::civil::{Date, Time, date};

use super::ScheduleError;
use super::days::Days;
use super::parse::truncate_quote;
use super::{Hours, Schedule};

/// The names of the fields, in order.
const FIELDS: [&str; 5] = ["minute", "hour", "day of the month", "month", "weekday"];

/// The dates of a cron expression, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CronDays {
    /// The fields as written, in upper case.
    text: String,
    pattern: CronPattern,
}

impl CronDays {
    /// Whether a date matches.
    pub(super) fn contains(&self, date: Date) -> bool {
        let (year, month, day) = (i32::from(date.year()), to_u32(date.month()), to_u32(date.day()));
        self.has_dates_in_month(date.month())
            && self.pattern.day_match(year, month, day, weekday(date)).unwrap_or(false)
    }

    /// Whether a month, 1 to 12, has matching dates.
    pub(super) fn has_dates_in_month(&self, month: i8) -> bool {
        self.pattern.month_match(to_u32(month)).unwrap_or(false)
    }

    /// Whether every date matches because all its fields for dates are `*`.
    pub(super) fn is_every(&self) -> bool {
        self.text.split(' ').skip(2).all(|field| field == "*")
    }
}

impl fmt::Display for CronDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn to_u32(number: i8) -> u32 {
    u32::from(number.unsigned_abs())
}

fn weekday(date: Date) -> Weekday {
    use jiff::civil::Weekday as Day;
    match date.weekday() {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}

/// Whether words are a cron expression: no English schedule begins with two fields or contains `*`.
pub(super) fn is_cron(words: &[&str]) -> bool {
    let is_field = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || "*,-/".contains(c));
    let begins_with_fields = words.len() >= 4 && words.iter().take(2).all(is_field);
    begins_with_fields || words.iter().any(|word| word.contains('*'))
}

/// Parses the five fields.
pub(super) fn parse_cron(fields: &[&str]) -> Result<Schedule, ScheduleError> {
    if fields.len() != FIELDS.len() {
        return Err(ScheduleError::CronFields(fields.len()));
    }
    let text = fields.join(" ").to_ascii_uppercase();
    let pattern = parse_pattern(&text).ok_or_else(|| field_error(fields))?;
    let (minutes, hours) = (pattern.minutes.values(), pattern.hours.values());
    // With one minute runs are at least an hour apart, with two they are not.
    let &[minute] = minutes.as_slice() else {
        return Err(if minutes.is_empty() { field_error(fields) } else { ScheduleError::TooOften });
    };
    let minute = i8::try_from(minute).map_err(|_| field_error(fields))?;
    let times: Vec<Time> =
        hours.iter().filter_map(|hour| Time::new(i8::try_from(*hour).ok()?, minute, 0, 0).ok()).collect();
    let hours = if times.len() == 24 { Hours::Every(minute) } else { Hours::At(times) };
    let days = Days::Cron(Box::new(CronDays { text, pattern }));
    let has_times = hours != Hours::At(Vec::new());
    if !has_times || days.first_on_or_after(date(2000, 1, 1)).is_none() {
        return Err(ScheduleError::Never);
    }
    Ok(Schedule { days, hours })
}

/// Parses a pattern. `croner` ignores empty parts of lists; here they are errors.
fn parse_pattern(text: &str) -> Option<CronPattern> {
    let has_empty_part = text.split(' ').any(|field| field.split(',').any(str::is_empty));
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    parser.parse(text).ok().filter(|_| !has_empty_part).map(|cron| cron.pattern)
}

/// Returns an error that names the first field that is wrong by itself.
fn field_error(fields: &[&str]) -> ScheduleError {
    let is_wrong = |at: usize, value: &str| {
        let mut pattern = ["*"; FIELDS.len()];
        pattern[at] = value;
        parse_pattern(&pattern.join(" ").to_ascii_uppercase()).is_none()
    };
    let wrong = fields.iter().zip(FIELDS).enumerate().find(|(at, (value, _))| is_wrong(*at, value));
    let (value, field) = wrong.map_or(("", FIELDS[0]), |(_, (value, field))| (*value, field));
    ScheduleError::Cron { field, value: truncate_quote(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> ScheduleError {
        text.parse::<Schedule>().expect_err(text)
    }

    #[test]
    fn more_than_one_run_an_hour_is_refused() {
        for text in [
            "* * * * *",
            "0,30 * * * *",
            "*/45 * * * *",
            "*/59 3 * * *",
            "0-1 9 1 1 *",
            "0,59 9 * * MON",
            "*/1 9 * * *",
            "58,59 23 31 12 *",
        ] {
            assert_eq!(error(text), ScheduleError::TooOften, "{text}");
        }
        for text in ["0 * * * *", "*/60 * * * *", "59 * * * *", "7 */1 * * *", "0 9,10,11 * * *"] {
            assert!(text.parse::<Schedule>().is_ok(), "{text}");
        }
    }

    #[test]
    fn dates_that_never_come_are_refused() {
        for text in ["0 9 31 2 *", "0 9 30 FEB *", "0 9 31 4,6,9,11 *"] {
            assert_eq!(error(text), ScheduleError::Never, "{text}");
        }
        for text in ["0 9 29 2 *", "0 9 29 2 +MON#5", "0 9 31 * *", "0 9 31 2 MON"] {
            assert!(text.parse::<Schedule>().is_ok(), "{text}");
        }
    }

    #[test]
    fn an_error_names_its_field() {
        for (text, field) in [
            ("61 * * * *", "minute"),
            ("x * * * *", "minute"),
            ("0 24 * * *", "hour"),
            ("0 9, * * *", "hour"),
            ("0 9 32 * *", "day of the month"),
            ("0 9 * 13 *", "month"),
            ("0 9 * * 8", "weekday"),
            ("0 9 * * FOO", "weekday"),
            ("0 9 * * ,", "weekday"),
            ("0 9/0 * * *", "hour"),
        ] {
            match error(text) {
                ScheduleError::Cron { field: named, .. } => assert_eq!(named, field, "{text}"),
                other => panic!("{text}: {other}"),
            }
        }
        for text in ["0 0 9 * * *", "0 0 9 * * * 2026", "* * *", "*", "0 9 * *"] {
            assert_eq!(error(text), ScheduleError::CronFields(text.split(' ').count()), "{text}");
        }
    }

    #[test]
    fn the_text_is_kept_in_upper_case() {
        let schedule: Schedule = "  0  9 *  jan-mar mon-fri ".parse().expect("a schedule");
        assert_eq!(schedule.to_string(), "0 9 * JAN-MAR MON-FRI");
        assert_eq!(schedule.to_string().parse(), Ok(schedule));
    }
}
