//! When a digest is posted: what a person wrote, and its runs.
//!
//! Why something is no schedule.

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

/// What is longer is no schedule, in characters.
const MAX_CHARS: usize = 200;

/// When a digest is posted, in some zone. Its text reads back as the same schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    days: Days,
    hours: Hours,
}

/// At which times of its days.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hours {
    /// Once in every hour that elapses, when the clock shows this minute. What the clock does to its hours does not matter.
    Every(i8),
    /// At these times, in their order, once each local day. There is at least one.
    At(Vec<Time>),
}

impl Schedule {
    /// Reads a schedule and the zone that may stand at its end: `weekly on Monday at 09:00 Europe/Berlin`.
    ///
    /// # Errors
    /// Where something can't be read, contradicts the rest or would never run.
    pub fn parse_with_zone(text: &str) -> Result<(Self, Option<Zone>), ScheduleError> {
        parse::parse_with_zone(text)
    }

    /// The first run after a time; `None` where there is none any more, up to the year 9999.
    #[must_use]
    pub fn next_run(&self, zone: &Zone, after: Timestamp) -> Option<Timestamp> {
        runs::next_run(self, zone.rules(), after)
    }

    /// The last run at or before a time.
    #[must_use]
    pub fn last_run(&self, zone: &Zone, until: Timestamp) -> Option<Timestamp> {
        runs::last_run(self, zone.rules(), until)
    }

    /// All runs after a time, in their order.
    pub fn runs_after<'a>(
        &'a self,
        zone: &'a Zone,
        after: Timestamp,
    ) -> impl Iterator<Item = Timestamp> + use<'a> {
        std::iter::successors(self.next_run(zone, after), |run| self.next_run(zone, *run))
    }

    /// How long after a run the next one is.
    #[must_use]
    pub fn period(&self, zone: &Zone, slot: Timestamp) -> Option<SignedDuration> {
        self.next_run(zone, slot).map(|next| next.duration_since(slot))
    }

    /// How many runs there are from `first` to `last`, which are two of them; at most `most`.
    pub(super) fn count(&self, zone: &Zone, first: Timestamp, last: Timestamp, most: u32) -> u32 {
        runs::count_runs(self, zone.rules(), first, last, most)
    }

    /// Whether it has at most one run on a local day.
    pub(super) fn is_once_a_day(&self) -> bool {
        matches!(&self.hours, Hours::At(times) if times.len() == 1)
    }
}

/// Canonical English, or the cron expression.
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

/// Reads a schedule without a zone.
impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        match parse::parse_with_zone(text)? {
            (schedule, None) => Ok(schedule),
            (_, Some(zone)) => Err(ScheduleError::UnexpectedZone(zone.name().to_owned())),
        }
    }
}

#[cfg(test)]
mod tests;

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
