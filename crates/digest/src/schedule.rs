//! Schedules: parsed from English or cron, printed, and resolved to runs in a time zone.

mod cron;
mod days;
mod hourly_grid;
mod parse;
mod runs;
mod time;

use crate::{Zone, ZoneError};
use days::{Days, weekday_name};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Time, Weekday},
};
use std::{fmt, str::FromStr};

/// The most characters of a schedule.
const MAX_CHARS: usize = 200;

/// The days and times of a digest, in a zone that is given apart. Its text parses to the same schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    days: Days,
    hours: Hours,
}

/// The times of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hours {
    /// Every hour at this minute. Daylight saving time does not matter.
    Every(i8),
    /// At these times of each local day, in order. There is at least one.
    At(Vec<Time>),
}

impl Schedule {
    /// Parses a schedule, with an optional zone at its end: `weekly on Monday at 09:00 Europe/Berlin`.
    ///
    /// # Errors
    /// Fails if a word can't be parsed or contradicts the rest, or if the schedule would never run.
    pub fn parse_with_zone(text: &str) -> Result<(Self, Option<Zone>), ScheduleError> {
        parse::parse_with_zone(text)
    }

    /// Returns the first run after a time; `None` if there is none up to the year 9999.
    pub fn next_run(&self, zone: &Zone, after: Timestamp) -> Option<Timestamp> {
        runs::next_run(self, zone.rules(), after)
    }

    /// Returns the last run at or before a time.
    pub(crate) fn last_run(&self, zone: &Zone, until: Timestamp) -> Option<Timestamp> {
        runs::last_run(self, zone.rules(), until)
    }

    /// Iterates over the runs after a time.
    pub fn runs_after<'a>(
        &'a self,
        zone: &'a Zone,
        after: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + use<'a> {
        std::iter::successors(self.next_run(zone, after), |run| self.next_run(zone, *run))
    }

    /// Returns the time from a run to the next one.
    pub fn period(&self, zone: &Zone, slot: Timestamp) -> Option<SignedDuration> {
        self.next_run(zone, slot).map(|next| next.duration_since(slot))
    }

    /// Counts the runs from `first` to `last`, which must be runs, up to `limit`.
    pub(super) fn count(&self, zone: &Zone, first: Timestamp, last: Timestamp, limit: u32) -> u32 {
        runs::count_runs(self, zone.rules(), first, last, limit)
    }

    /// Whether it has at most one run each local day.
    pub(super) fn is_once_a_day(&self) -> bool {
        matches!(&self.hours, Hours::At(times) if times.len() == 1)
    }
}

/// Prints canonical English or the cron expression.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.days, &self.hours) {
            (Days::Cron(cron), _) => cron.fmt(f),
            (_, Hours::Every(_)) => f.write_str("hourly"),
            (days, Hours::At(times)) => {
                days.fmt(f)?;
                times.iter().try_for_each(|time| write!(f, " at {}", time.strftime("%H:%M")))
            }
        }
    }
}

/// Parses a schedule without a zone.
impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        match parse::parse_with_zone(text)? {
            (schedule, None) => Ok(schedule),
            (_, Some(zone)) => Err(ScheduleError::UnexpectedZone(zone.name().to_owned())),
        }
    }
}

/// Returns the last instant before a time.
pub(super) fn just_before(time: Timestamp) -> Option<Timestamp> {
    time.checked_sub(SignedDuration::from_nanos(1)).ok()
}

/// Why a text is not a schedule. Each message says what to write instead. Quoted input has a bounded length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The text is empty.
    #[error("the schedule is empty: write one like `weekly on Monday at 09:00`")]
    Empty,
    /// The text is too long.
    #[error("a schedule has at most {MAX_CHARS} characters: write one like `weekly on Monday at 09:00`")]
    TooLong,
    /// A word is unknown.
    #[error("a schedule can't contain \"{word}\": {}", suggestion(.nearest.as_deref()))]
    UnknownWord {
        /// The word.
        word: String,
        /// The nearest known word.
        nearest: Option<String>,
    },
    /// A time of day can't be parsed.
    #[error("\"{0}\" is not a time of day: write it like `09:00` or `5 pm`")]
    Time(String),
    /// There are two times of day.
    #[error(
        "a schedule has only one time of day: make two schedules, or write a cron expression like `0 9,17 * * *`"
    )]
    TwoTimes,
    /// There are no days.
    #[error("the days are missing: write them like `daily at 09:00` or `weekly on Monday at 09:00`")]
    NoDays,
    /// No month has such a day.
    #[error(
        "a month has no day {0}: write one like `monthly on the 15th at 09:00`, or `monthly on the last day`"
    )]
    MonthDay(String),
    /// An ordinal such as `third` is not followed by a day.
    #[error("\"{0}\" needs a weekday: write it like `first Monday of the month at 09:00`")]
    OrdinalWithoutDay(String),
    /// A fifth weekday is asked for.
    #[error("most months have no fifth {}: write `last {}`", weekday_name(*.0), weekday_name(*.0))]
    FifthWeekday(Weekday),
    /// Two parts contradict each other.
    #[error("{0} and {1} contradict each other: write one of them, like `weekly on Monday at 09:00`")]
    Contradiction(&'static str, &'static str),
    /// An interval such as every other week is not offered.
    #[error(
        "\"{0}\" is not supported: write `weekly on Monday at 09:00` or `monthly on the 1st at 09:00`, or a cron \
         expression like `0 9 1 */3 *`"
    )]
    Interval(String),
    /// An hourly schedule has a time of day.
    #[error("an hourly schedule has no time of day: for a quarter past each hour write `15 * * * *`")]
    HourlyWithTime,
    /// A cron expression does not have five fields.
    #[error(
        "a cron expression has five fields (minute, hour, day, month, weekday), but this one has {0}: write it like `0 9 * * MON`"
    )]
    CronFields(usize),
    /// A field of a cron expression can't be parsed.
    #[error("the {field} of the cron expression can't be read: \"{value}\"; an example is `0 9 * * MON`")]
    Cron {
        /// The name of the field.
        field: &'static str,
        /// The value of the field.
        value: String,
    },
    /// Runs would be less than an hour apart.
    #[error("this would run more than once an hour: name one minute, like `0 * * * *`")]
    TooOften,
    /// No date matches.
    #[error("this would never run: no year has such a day")]
    Never,
    /// The zone is unknown.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// There is a zone, but only a schedule is expected.
    #[error("give the time zone {0} separately from the schedule")]
    UnexpectedZone(String),
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "write one like `weekly on Monday at 09:00`".to_owned(),
        |nearest| format!("did you mean `{nearest}`? Write one like `weekly on Monday at 09:00`"),
    )
}

#[cfg(test)]
mod tests;
