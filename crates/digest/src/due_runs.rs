//! Which run is due, given what the ledger holds and the time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Schedule, Zone};

/// A run that was missed by more than this is skipped, however long its period is.
pub const MAX_DELAY: SignedDuration = SignedDuration::from_hours(72);

/// A run is late, and says so, where it is made later than this after its time.
pub const MAX_SILENT_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// No more missed runs are counted one by one: those of a daily schedule in 54 years. Every hour's are not gone through.
const MAX_COUNTED: u32 = 20_000;

/// Runs of one day are further apart than this: see `DecidedRuns::allows_all`.
const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

/// A run that is to be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueRun {
    /// The time that it is the run of.
    pub slot: Timestamp,
    /// Whether so late that it is said.
    pub is_late: bool,
}

/// Runs that are not made, because nobody was there to make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkippedRuns {
    /// The first of them.
    pub first: Timestamp,
    /// The last of them.
    pub last: Timestamp,
    /// How many they are; of more than 20,000 only so many are counted.
    pub count: u32,
}

/// What is to be done about a subscription at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunDecision {
    /// Runs that were missed for good.
    pub skipped: Option<SkippedRuns>,
    /// The run that is due. It is after all that are skipped.
    pub due: Option<DueRun>,
    /// The first run after now that the ledger does not hold.
    pub next: Option<Timestamp>,
    /// Up to where runs are decided with this: the last run that there was, else as before.
    pub decided_until: Timestamp,
}

/// Decides about all runs after `decided_until` and up to `now`, but those that the ledger holds already (`held`): each of
/// them is due or skipped. At most one is due, the last one, and only as long as it may be made late.
///
/// `held` are the slots that the ledger holds from `decided_until` on. Where `decided_until` itself is among them (it is the run
/// that was made last) and is no run any more, because the rules of the zone have changed since, it stands for the run of
/// its day, which is then not made again.
///
/// Where `now` is before `decided_until`, nothing is due: the clock went back, and runs up to then are decided. Who opens them again
/// sets `decided_until` to now.
#[must_use]
pub fn decide_runs(
    schedule: &Schedule,
    zone: &Zone,
    decided_until: Timestamp,
    held: &BTreeSet<Timestamp>,
    now: Timestamp,
) -> RunDecision {
    let ledger = DecidedRuns {
        schedule,
        zone,
        decided_until,
        recorded: held,
        moved_run: moved_run(schedule, zone, decided_until, held),
    };
    let last = ledger.last_open(now);
    let due = last.filter(|slot| now <= deadline(schedule, zone, *slot));
    let skipped = match due {
        Some(slot) => {
            slot.checked_sub(SignedDuration::from_nanos(1)).ok().and_then(|before| ledger.last_open(before))
        }
        None => last,
    };
    RunDecision {
        skipped: skipped.and_then(|last| ledger.skipped_runs(last)),
        due: due.map(|slot| DueRun { slot, is_late: now.duration_since(slot) > MAX_SILENT_DELAY }),
        next: ledger.first_open(decided_until.max(now)),
        decided_until: schedule.last_run(zone, now).map_or(decided_until, |run| run.max(decided_until)),
    }
}

/// Until when a run may be made late: half its period after its time, and at most [`MAX_DELAY`].
#[must_use]
pub fn deadline(schedule: &Schedule, zone: &Zone, slot: Timestamp) -> Timestamp {
    let half = schedule.period(zone, slot).map_or(MAX_DELAY, |period| period / 2);
    slot.saturating_add(half.min(MAX_DELAY)).unwrap_or(slot)
}

/// The last run that was made, where it is none under the rules of now.
fn moved_run(
    schedule: &Schedule,
    zone: &Zone,
    decided_until: Timestamp,
    held: &BTreeSet<Timestamp>,
) -> Option<Timestamp> {
    let is_moved = schedule.is_once_a_day()
        && held.contains(&decided_until)
        && schedule.last_run(zone, decided_until) != Some(decided_until);
    is_moved.then_some(decided_until)
}

/// What is decided already.
struct DecidedRuns<'a> {
    schedule: &'a Schedule,
    zone: &'a Zone,
    decided_until: Timestamp,
    recorded: &'a BTreeSet<Timestamp>,
    moved_run: Option<Timestamp>,
}

impl DecidedRuns<'_> {
    /// Whether a run after `decided_until` is neither held, nor that of a day whose run was made at another time.
    fn is_open(&self, run: Timestamp) -> bool {
        let is_of_moved = self.moved_run.is_some_and(|moved| run.duration_since(moved) < HALF_A_DAY);
        !self.recorded.contains(&run) && !is_of_moved
    }

    /// The first open run after a time, which is not before `decided_until`.
    fn first_open(&self, after: Timestamp) -> Option<Timestamp> {
        self.schedule.runs_after(self.zone, after).find(|run| self.is_open(*run))
    }

    /// The last open run up to a time.
    fn last_open(&self, until: Timestamp) -> Option<Timestamp> {
        let mut until = until;
        loop {
            let run = self.schedule.last_run(self.zone, until).filter(|run| *run > self.decided_until)?;
            if self.is_open(run) {
                return Some(run);
            }
            until = run.checked_sub(SignedDuration::from_nanos(1)).ok()?;
        }
    }

    /// All open runs up to `last`, which is one.
    fn skipped_runs(&self, last: Timestamp) -> Option<SkippedRuns> {
        let first = self.first_open(self.decided_until).filter(|first| *first <= last)?;
        let runs = self.schedule.count(self.zone, first, last, MAX_COUNTED);
        let is_run = |slot: &&Timestamp| self.schedule.last_run(self.zone, **slot) == Some(**slot);
        let held = self.recorded.range(first..=last).filter(is_run).count();
        let count = runs.saturating_sub(u32::try_from(held).unwrap_or(u32::MAX)).max(1);
        Some(SkippedRuns { first, last, count })
    }
}

#[cfg(test)]
mod tests;
