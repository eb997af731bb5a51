//! Which run is due, given what the ledger holds and the time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Schedule, Zone};

/// A run that was missed by more than this is skipped, however long its period is.
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(72);

/// A run that is to be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The time that it is the run of.
    pub slot: Timestamp,
    /// Whether so late that it is said.
    pub is_late: bool,
}

/// Runs that are not made, because nobody was there to make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skip {
    /// The first of them.
    pub first: Timestamp,
    /// The last of them.
    pub last: Timestamp,
    /// How many they are.
    pub count: u32,
}

/// What is to be done about a subscription at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decision {
    /// Runs that were missed for good.
    pub skip: Option<Skip>,
    /// The run that is due.
    pub due: Option<Due>,
    /// The first run after now.
    pub next: Option<Timestamp>,
}

/// Decides about all runs after `decided_until` and up to `now`, but those that the ledger holds already (`held`).
#[must_use]
pub fn decide(
    _schedule: &Schedule,
    _zone: &Zone,
    _decided_until: Timestamp,
    _held: &BTreeSet<Timestamp>,
    _now: Timestamp,
) -> Decision {
    Decision::default()
}
