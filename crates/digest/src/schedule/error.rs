//! Why something is no schedule.

use jiff::civil::Weekday;

use super::MAX_CHARS;
use super::days::weekday_name;
use crate::ZoneError;

/// Why something is no schedule. Each says what to write instead. What it quotes was written by a person, in bounded length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// There is nothing.
    #[error("no schedule is given: write one like `weekly on Monday at 09:00`")]
    Empty,
    /// It is longer than a schedule can be.
    #[error("a schedule has at most {MAX_CHARS} characters: write one like `weekly on Monday at 09:00`")]
    TooLong,
    /// A word that no schedule has.
    #[error("{word:?} can't be read in a schedule: {}", suggestion(.nearest.as_deref()))]
    UnknownWord {
        /// The word.
        word: String,
        /// The word that may be meant.
        nearest: Option<String>,
    },
    /// What is no time of day.
    #[error("{0:?} is no time of day: write it like `09:00` or `5 pm`")]
    Time(String),
    /// Two times of day.
    #[error(
        "two times of day are given: a schedule has one, so make two of them, or write a cron expression like `0 9,17 * * *`"
    )]
    TwoTimes,
    /// Only a time of day.
    #[error("the days are missing: write them like `daily at 09:00` or `weekly on Monday at 09:00`")]
    NoDays,
    /// What is no day of a month.
    #[error(
        "a month has no day {0}: write one like `monthly on the 15th at 09:00`, or `monthly on the last day`"
    )]
    MonthDay(String),
    /// `second`, `third` … of what can't be counted so.
    #[error("it is not said which day {0:?} counts: write it like `first Monday of the month at 09:00`")]
    OrdinalWithoutDay(String),
    /// A fifth weekday.
    #[error("most months have no fifth {}: write `last {}`", weekday_name(*.0), weekday_name(*.0))]
    FifthWeekday(Weekday),
    /// Two parts that can't both hold.
    #[error("{0} and {1} can't both hold: write one of them, like `weekly on Monday at 09:00`")]
    Contradiction(&'static str, &'static str),
    /// Every other week and its like.
    #[error(
        "{0:?} is not offered: write `weekly on Monday at 09:00` or `monthly on the 1st at 09:00`, or a cron \
         expression like `0 9 1 */3 *`"
    )]
    Interval(String),
    /// An hourly one with a time of day.
    #[error("an hourly schedule has no time of day: for a quarter past each hour write `15 * * * *`")]
    HourlyWithTime,
    /// A cron expression that has not five fields.
    #[error(
        "a cron expression has five fields (minute, hour, day, month, weekday), without seconds and years, and this has {0}: write it like `0 9 * * MON`"
    )]
    CronFields(usize),
    /// A cron expression with a fault in a field.
    #[error(
        "the {field} of the cron expression can't be read: {value:?}; write the whole like `0 9 * * MON`"
    )]
    Cron {
        /// Which field.
        field: &'static str,
        /// What stands in it.
        value: String,
    },
    /// Runs less than an hour apart.
    #[error("that would run more than once an hour: name one minute, like `0 * * * *`")]
    TooOften,
    /// A date that never comes.
    #[error("that would never run: no year has such a day")]
    Never,
    /// What stands where the zone stands is none.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// A zone where only a schedule is read.
    #[error("the time zone {0} is to be given apart from the schedule")]
    UnexpectedZone(String),
}

fn suggestion(nearest: Option<&str>) -> String {
    let example = "write one like `weekly on Monday at 09:00`";
    nearest.map_or_else(
        || example.to_owned(),
        |nearest| format!("is `{nearest}` meant? {}", capitalised(example)),
    )
}

/// With a capital: a sentence begins.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
