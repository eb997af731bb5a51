//! Hourly runs. They follow real hours and ignore daylight saving time.
//!
//! The minute is that of standard time, even if daylight saving time is half an hour (Lord Howe: `0 * * * *` runs at
//! half past in summer). If standard time itself moves by a part of an hour, the runs move with it, and a run less
//! than an hour after the last one is dropped.

use super::just_before;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

const HOUR: i64 = 3_600;

/// Returns the first run after a time, on any day.
pub(super) fn next_run(rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let run = first_after(rules, minute, after)?;
    let last = last_until(rules, minute, just_before(run)?);
    let is_too_soon = last.is_some_and(|last| run.duration_since(last).as_secs() < HOUR);
    if is_too_soon { first_after(rules, minute, run) } else { Some(run) }
}

/// Returns the last run at or before a time, on any day.
pub(super) fn last_run(rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let run = last_until(rules, minute, until)?;
    let earlier = last_until(rules, minute, just_before(run)?);
    earlier.filter(|earlier| run.duration_since(*earlier).as_secs() < HOUR).or(Some(run))
}

/// Whether standard time does not change between two runs, so that each hour between them has a run.
pub(super) fn is_regular(rules: &TimeZone, first: Timestamp, last: Timestamp) -> bool {
    let offset = standard_offset(rules, first);
    let changes = rules.following(first).map(|change| change.timestamp());
    changes.take_while(|at| *at <= last).all(|at| standard_offset(rules, at) == offset)
}

/// Returns the first grid time after a time.
fn first_after(rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let grid_time = |start: i64, at: Timestamp| {
        Timestamp::from_second(start + (phase(rules, minute, at) - start).rem_euclid(HOUR)).ok()
    };
    let time = grid_time(whole_second(after) + 1, after)?;
    let mut changes = rules.following(after).map(|change| change.timestamp()).take_while(|at| *at <= time);
    match changes.find(|at| standard_offset(rules, *at) != standard_offset(rules, after)) {
        Some(change) => grid_time(change.as_second(), change),
        None => Some(time),
    }
}

/// Returns the last grid time at or before a time.
fn last_until(rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let grid_time = |end: i64, at: Timestamp| {
        Timestamp::from_second(end - (end - phase(rules, minute, at)).rem_euclid(HOUR)).ok()
    };
    let end = whole_second(until);
    let time = grid_time(end, until)?;
    let after = Timestamp::from_second(end + 1).unwrap_or(Timestamp::MAX);
    let mut changes = rules.preceding(after).map(|change| change.timestamp()).take_while(|at| *at > time);
    let change = changes.find(|at| {
        let before = at.checked_sub(SignedDuration::from_secs(1));
        before.is_ok_and(|before| standard_offset(rules, before) != standard_offset(rules, until))
    });
    let Some(change) = change else { return Some(time) };
    let end = change.as_second() - 1;
    grid_time(end, Timestamp::from_second(end).ok()?)
}

/// Returns the last whole second at or before a time.
fn whole_second(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

/// Returns the second of an hour of UTC at which standard time shows the minute.
fn phase(rules: &TimeZone, minute: i8, at: Timestamp) -> i64 {
    (i64::from(minute) * 60 - standard_offset(rules, at)).rem_euclid(HOUR)
}

/// Returns by how many seconds the hours of standard time differ from those of UTC. During daylight saving time the
/// standard time before it counts.
fn standard_offset(rules: &TimeZone, at: Timestamp) -> i64 {
    let info = rules.to_offset_info(at);
    let offset = if info.dst().is_dst() {
        let mut changes = rules.preceding(at).take(8);
        changes.find(|change| !change.dst().is_dst()).map_or(info.offset(), |change| change.offset())
    } else {
        info.offset()
    };
    i64::from(offset.seconds()).rem_euclid(HOUR)
}
