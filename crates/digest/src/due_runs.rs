//! Decides which run of a schedule is due, from the ledger and the time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::schedule::just_before;
use crate::{Schedule, Zone};

/// A run that is later than this is skipped, however long its period is.
pub(crate) const MAX_DELAY: SignedDuration = SignedDuration::from_hours(72);

/// A digest that is later than this says so.
pub const MAX_SILENT_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// Skipped runs are counted up to this number: those of a daily schedule in 54 years.
const MAX_COUNTED: u32 = 20_000;

/// Runs of different days are further apart than this: see [`DecidedRuns::is_open`].
const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

/// A run that is due now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueRun {
    /// The time of the run.
    pub slot: Timestamp,
    /// Whether it is so late that the digest says so.
    pub is_late: bool,
}

/// Runs that are skipped, because they were missed for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedRuns {
    /// The first skipped run.
    pub first: Timestamp,
    /// The last skipped run.
    pub last: Timestamp,
    /// Their number; at most 20,000 are counted.
    pub count: u32,
}

/// The decision about the runs of a subscription at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunDecision {
    /// Runs that are skipped.
    pub skipped: Option<SkippedRuns>,
    /// The run that is due. It is later than all skipped runs.
    pub due: Option<DueRun>,
    /// The first run after now that the ledger does not record.
    pub next: Option<Timestamp>,
    /// All runs up to this time are decided now: the last run up to now, or the former value.
    pub decided_until: Timestamp,
}

/// Decides every run after `decided_until` and up to `now` that the ledger does not record. At most one is due: the
/// last one, if it may still be late. All others are skipped.
///
/// `recorded` has the slots that the ledger records from `decided_until` on. If `decided_until` is one of them (the
/// run that was made last) but is not a run any more, because the rules of the zone have changed since, it counts as
/// the run of its day: that day gets no second one.
///
/// If `now` is before `decided_until`, the clock went back and nothing is due, since runs up to then are decided. To
/// decide them again, the caller sets `decided_until` to now.
pub fn decide_runs(
    schedule: &Schedule,
    zone: &Zone,
    decided_until: Timestamp,
    recorded: &BTreeSet<Timestamp>,
    now: Timestamp,
) -> RunDecision {
    let runs = DecidedRuns {
        schedule,
        zone,
        decided_until,
        recorded,
        moved_run: moved_run(schedule, zone, decided_until, recorded),
    };
    let last = runs.last_open(now);
    let due = last.filter(|slot| now <= deadline(schedule, zone, *slot));
    let skipped = match due {
        Some(slot) => just_before(slot).and_then(|before| runs.last_open(before)),
        None => last,
    };
    RunDecision {
        skipped: skipped.and_then(|last| runs.skipped_runs(last)),
        due: due.map(|slot| DueRun { slot, is_late: now.duration_since(slot) > MAX_SILENT_DELAY }),
        next: runs.first_open(decided_until.max(now)),
        decided_until: schedule.last_run(zone, now).map_or(decided_until, |run| run.max(decided_until)),
    }
}

/// Returns until when a run may be made: half its period after its time, and at most [`MAX_DELAY`] after.
pub fn deadline(schedule: &Schedule, zone: &Zone, slot: Timestamp) -> Timestamp {
    let half = schedule.period(zone, slot).map_or(MAX_DELAY, |period| period / 2);
    slot.saturating_add(half.min(MAX_DELAY)).unwrap_or(slot)
}

/// Returns the last run that was made, if it is not a run under the current rules of the zone.
fn moved_run(
    schedule: &Schedule,
    zone: &Zone,
    decided_until: Timestamp,
    recorded: &BTreeSet<Timestamp>,
) -> Option<Timestamp> {
    let is_moved = schedule.is_once_a_day()
        && recorded.contains(&decided_until)
        && schedule.last_run(zone, decided_until) != Some(decided_until);
    is_moved.then_some(decided_until)
}

/// The runs of a schedule, with the decisions so far.
struct DecidedRuns<'a> {
    schedule: &'a Schedule,
    zone: &'a Zone,
    decided_until: Timestamp,
    recorded: &'a BTreeSet<Timestamp>,
    moved_run: Option<Timestamp>,
}

impl DecidedRuns<'_> {
    /// Whether a run after `decided_until` is neither recorded nor the run of a day whose run was made at another time.
    fn is_open(&self, run: Timestamp) -> bool {
        let is_on_moved_day = self.moved_run.is_some_and(|moved| run.duration_since(moved) < HALF_A_DAY);
        !self.recorded.contains(&run) && !is_on_moved_day
    }

    /// Returns the first open run after a time, which must not be before `decided_until`.
    fn first_open(&self, after: Timestamp) -> Option<Timestamp> {
        self.schedule.runs_after(self.zone, after).find(|run| self.is_open(*run))
    }

    /// Returns the last open run up to a time.
    fn last_open(&self, until: Timestamp) -> Option<Timestamp> {
        let mut until = until;
        loop {
            let run = self.schedule.last_run(self.zone, until).filter(|run| *run > self.decided_until)?;
            if self.is_open(run) {
                return Some(run);
            }
            until = just_before(run)?;
        }
    }

    /// Counts the open runs up to `last`, which must be one of them.
    fn skipped_runs(&self, last: Timestamp) -> Option<SkippedRuns> {
        let first = self.first_open(self.decided_until).filter(|first| *first <= last)?;
        let runs = self.schedule.count(self.zone, first, last, MAX_COUNTED);
        let is_run = |slot: &&Timestamp| self.schedule.last_run(self.zone, **slot) == Some(**slot);
        let recorded = self.recorded.range(first..=last).filter(is_run).count();
        let count = runs.saturating_sub(u32::try_from(recorded).unwrap_or(u32::MAX)).max(1);
        Some(SkippedRuns { first, last, count })
    }
}

#[cfg(test)]
mod tests;
