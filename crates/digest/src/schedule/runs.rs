//! Finds the runs of a schedule in a zone, and resolves local times to instants.
//!
//! A schedule with times of the day goes date by date: each time of a date is one run, so that no local day has it
//! twice. An hourly schedule goes hour by hour.

use super::{Hours, Schedule, days::Days, hourly_grid, just_before};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

/// Returns the first run after a time.
pub(super) fn next_run(schedule: &Schedule, rules: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    match &schedule.hours {
        Hours::Every(minute) => next_hour(&schedule.days, rules, *minute, after),
        Hours::At(times) => next_time(&schedule.days, rules, times, after),
    }
}

/// Returns the last run at or before a time.
pub(super) fn last_run(schedule: &Schedule, rules: &TimeZone, until: Timestamp) -> Option<Timestamp> {
    match &schedule.hours {
        Hours::Every(minute) => last_hour(&schedule.days, rules, *minute, until),
        Hours::At(times) => last_time(&schedule.days, rules, times, until),
    }
}

/// Counts the runs from `first` to `last`, up to `limit`. Regular hourly runs are counted without visiting them.
pub(super) fn count_runs(
    schedule: &Schedule,
    rules: &TimeZone,
    first: Timestamp,
    last: Timestamp,
    limit: u32,
) -> u32 {
    let is_every_hour = matches!(schedule.hours, Hours::Every(_)) && schedule.days.is_every();
    if is_every_hour && hourly_grid::is_regular(rules, first, last) {
        let hours = last.duration_since(first).as_hours();
        return u32::try_from(hours).unwrap_or(limit).saturating_add(1).min(limit);
    }
    let mut run = first;
    let mut count = 1;
    while run < last && count < limit {
        let Some(next) = next_run(schedule, rules, run) else { break };
        run = next;
        count += 1;
    }
    count
}

fn next_time(days: &Days, rules: &TimeZone, times: &[Time], after: Timestamp) -> Option<Timestamp> {
    let mut date = days.first_on_or_after(rules.to_datetime(after).date())?;
    loop {
        let runs = times.iter().filter_map(|time| run_on(days, rules, date, *time));
        if let Some(run) = runs.into_iter().find(|run| *run > after) {
            return Some(run);
        }
        date = days.first_on_or_after(date.tomorrow().ok()?)?;
    }
}

fn last_time(days: &Days, rules: &TimeZone, times: &[Time], until: Timestamp) -> Option<Timestamp> {
    let today = rules.to_datetime(until).date();
    // If the clock goes back over midnight, a run of tomorrow may be before now.
    let mut date = days.last_on_or_before(today.tomorrow().unwrap_or(today))?;
    loop {
        let runs = times.iter().rev().filter_map(|time| run_on(days, rules, date, *time));
        if let Some(run) = runs.into_iter().find(|run| *run <= until) {
            return Some(run);
        }
        date = days.last_on_or_before(date.yesterday().ok()?)?;
    }
}

/// Returns the run of a date at a time. A date that the zone skips has a run only if the day after it has none.
fn run_on(days: &Days, rules: &TimeZone, date: Date, time: Time) -> Option<Timestamp> {
    let instant = resolve_local(rules, date.to_datetime(time))?;
    let is_replaced = skips_date(rules, date, instant) && days.contains(rules.to_datetime(instant.at).date());
    (!is_replaced).then_some(instant.at)
}

fn next_hour(days: &Days, rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let mut after = after;
    loop {
        let run = hourly_grid::next_run(rules, minute, after)?;
        let date = rules.to_datetime(run).date();
        if days.contains(date) {
            return Some(run);
        }
        let next_start = start_of_date(rules, days.first_on_or_after(date.tomorrow().ok()?)?)?;
        after = run.max(just_before(next_start)?);
    }
}

fn last_hour(days: &Days, rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let mut until = until;
    loop {
        let run = hourly_grid::last_run(rules, minute, until)?;
        let date = rules.to_datetime(run).date();
        if days.contains(date) {
            return Some(run);
        }
        let end_date = days.last_on_or_before(date.yesterday().ok()?)?.tomorrow().ok()?;
        until = just_before(run)?.min(start_of_date(rules, end_date)?);
    }
}

/// Returns the first instant of a date.
fn start_of_date(rules: &TimeZone, date: Date) -> Option<Timestamp> {
    resolve_local(rules, date.to_datetime(Time::midnight())).map(|instant| instant.at)
}

/// The instant of a local time, and whether the clock skips that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalInstant {
    pub(super) at: Timestamp,
    pub(super) is_in_gap: bool,
}

/// Returns the instant of a local time. An ambiguous time means its first instant, a skipped time the end of the gap.
/// `None` if it is out of range.
pub(super) fn resolve_local(rules: &TimeZone, local: DateTime) -> Option<LocalInstant> {
    match rules.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            Some(LocalInstant { at: offset.to_timestamp(local).ok()?, is_in_gap: false })
        }
        AmbiguousOffset::Gap { before, after } => {
            // The gap is between these two instants: the offset `after` is ahead of `before`.
            let (early, late) = (after.to_timestamp(local).ok()?, before.to_timestamp(local).ok()?);
            let changes = rules.following(early).map(|change| change.timestamp());
            let at = changes
                .take_while(|at| *at <= late)
                .find(|at| shows_later_time(rules, *at, local))
                .unwrap_or(late);
            Some(LocalInstant { at, is_in_gap: true })
        }
    }
}

fn shows_later_time(rules: &TimeZone, at: Timestamp, local: DateTime) -> bool {
    rules.to_datetime(at) > local
}

/// Whether the zone skips a whole date, as Samoa did 2011-12-30. `instant` is the instant of a time of the date.
pub(super) fn skips_date(rules: &TimeZone, date: Date, instant: LocalInstant) -> bool {
    let is_later = || rules.to_datetime(instant.at).date() > date;
    let midnight = || resolve_local(rules, date.to_datetime(Time::midnight()));
    instant.is_in_gap && is_later() && midnight() == Some(instant)
}
