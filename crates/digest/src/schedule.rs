//! When a digest is posted: what a person wrote, and its runs.

mod cron;
mod days;
mod error;
mod hourly_grid;
mod local_time;
mod parse;
mod runs;
mod time;
mod vocabulary;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

pub use error::ScheduleError;

use self::days::Days;
use super::Zone;

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
