//! The grid of a schedule that runs every hour: real hours, whatever the clock does.
//!
//! Its minute is that of the zone's standard time, so that summer time moves nothing, not even where it is half an hour (Lord
//! Howe: `0 * * * *` runs at half past in summer). Where standard time itself moves by a part of an hour, the grid moves
//! along, and what would come less than an hour after the last run falls away.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const HOUR: i64 = 3_600;

/// The first run after a time, on any day.
pub(super) fn next_run(rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let found = first_after(rules, minute, after)?;
    let last = last_until(rules, minute, found.checked_sub(SignedDuration::from_nanos(1)).ok()?);
    let is_near = last.is_some_and(|last| found.duration_since(last).as_secs() < HOUR);
    if is_near { first_after(rules, minute, found) } else { Some(found) }
}

/// The last run at or before a time, on any day.
pub(super) fn last_run(rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let found = last_until(rules, minute, until)?;
    let before = found.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    let earlier = last_until(rules, minute, before);
    earlier.filter(|earlier| found.duration_since(*earlier).as_secs() < HOUR).or(Some(found))
}

/// Whether the grid stands still from one run to another: then each hour between them has one.
pub(super) fn is_regular(rules: &TimeZone, first: Timestamp, last: Timestamp) -> bool {
    let part = standard_offset(rules, first);
    let changes = rules.following(first).map(|change| change.timestamp());
    changes.take_while(|at| *at <= last).all(|at| standard_offset(rules, at) == part)
}

/// The first time of the grid after another.
fn first_after(rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let from = whole_second(after) + 1;
    let found = Timestamp::from_second(from + (phase(rules, minute, after) - from).rem_euclid(HOUR)).ok()?;
    let mut changes = rules.following(after).map(|change| change.timestamp()).take_while(|at| *at <= found);
    let change = changes.find(|at| standard_offset(rules, *at) != standard_offset(rules, after));
    let Some(change) = change else { return Some(found) };
    let from = change.as_second();
    let moved = Timestamp::from_second(from + (phase(rules, minute, change) - from).rem_euclid(HOUR)).ok()?;
    Some(moved)
}

/// The last time of the grid at or before another.
fn last_until(rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let to = whole_second(until);
    let found = Timestamp::from_second(to - (to - phase(rules, minute, until)).rem_euclid(HOUR)).ok()?;
    let after = Timestamp::from_second(to + 1).unwrap_or(Timestamp::MAX);
    let mut changes = rules.preceding(after).map(|change| change.timestamp()).take_while(|at| *at > found);
    let change = changes.find(|at| {
        let before = at.checked_sub(SignedDuration::from_secs(1));
        before.is_ok_and(|before| standard_offset(rules, before) != standard_offset(rules, until))
    });
    let Some(change) = change else { return Some(found) };
    let to = change.as_second() - 1;
    let before = Timestamp::from_second(to).ok()?;
    Timestamp::from_second(to - (to - phase(rules, minute, before)).rem_euclid(HOUR)).ok()
}

/// The last whole second at or before a time.
fn whole_second(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

/// The second of an hour of UTC at which standard time shows the minute.
fn phase(rules: &TimeZone, minute: i8, at: Timestamp) -> i64 {
    (i64::from(minute) * 60 - standard_offset(rules, at)).rem_euclid(HOUR)
}

/// By how many seconds standard time is off the hours of UTC: that in force, or before summer time began.
fn standard_offset(rules: &TimeZone, at: Timestamp) -> i64 {
    let info = rules.to_offset_info(at);
    let offset = if info.dst().is_dst() {
        let mut before = rules.preceding(at).take(8);
        before.find(|change| !change.dst().is_dst()).map_or(info.offset(), |change| change.offset())
    } else {
        info.offset()
    };
    i64::from(offset.seconds()).rem_euclid(HOUR)
}
