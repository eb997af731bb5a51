//! When a digest is posted: what a person wrote, and its runs.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::Zone;

/// When a digest is posted, in some zone. Its text reads back as the same schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(String);

/// Why something is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It can't be read.
    #[error("{0:?} is no schedule: write it like `weekly on Monday at 09:00`")]
    Unreadable(String),
}

impl Schedule {
    /// The first run after a time; `None` where there is none any more.
    #[must_use]
    pub fn next_run(&self, _zone: &Zone, _after: Timestamp) -> Option<Timestamp> {
        None
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        Ok(Self(text.to_owned()))
    }
}
