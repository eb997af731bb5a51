//! The runs of a schedule in a zone.
//!
//! A schedule with times of the day goes date by date: each time of each of its dates is one run, so that no local day has it
//! twice. One with a run every hour goes hour by hour.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Hours, Schedule, hourly_grid, local_time};
use crate::schedule::days::Days;

/// The first run after a time.
pub(super) fn next_run(schedule: &Schedule, rules: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    match &schedule.hours {
        Hours::Every(minute) => next_hour(&schedule.days, rules, *minute, after),
        Hours::At(times) => next_time(&schedule.days, rules, times, after),
    }
}

/// The last run at or before a time.
pub(super) fn last_run(schedule: &Schedule, rules: &TimeZone, until: Timestamp) -> Option<Timestamp> {
    match &schedule.hours {
        Hours::Every(minute) => last_hour(&schedule.days, rules, *minute, until),
        Hours::At(times) => last_time(&schedule.days, rules, times, until),
    }
}

/// How many runs there are from one to another, at most `most`; without going through them where it is one for each hour.
pub(super) fn count_runs(
    schedule: &Schedule,
    rules: &TimeZone,
    first: Timestamp,
    last: Timestamp,
    most: u32,
) -> u32 {
    let is_every_hour = matches!(schedule.hours, Hours::Every(_)) && schedule.days.is_every();
    if is_every_hour && hourly_grid::is_regular(rules, first, last) {
        let between = last.duration_since(first).as_hours();
        return u32::try_from(between).unwrap_or(most).saturating_add(1).min(most);
    }
    let mut run = first;
    let mut count = 1;
    while run < last && count < most {
        let Some(following) = next_run(schedule, rules, run) else { break };
        run = following;
        count += 1;
    }
    count
}

fn next_time(days: &Days, rules: &TimeZone, times: &[Time], after: Timestamp) -> Option<Timestamp> {
    let mut date = days.first_on_or_after(rules.to_datetime(after).date())?;
    loop {
        let runs = times.iter().filter_map(|time| run_on(days, rules, date, *time));
        if let Some(found) = runs.into_iter().find(|run| *run > after) {
            return Some(found);
        }
        date = days.first_on_or_after(date.tomorrow().ok()?)?;
    }
}

fn last_time(days: &Days, rules: &TimeZone, times: &[Time], until: Timestamp) -> Option<Timestamp> {
    let today = rules.to_datetime(until).date();
    // Where the clock goes back over midnight, tomorrow may have been before.
    let mut date = days.last_on_or_before(today.tomorrow().unwrap_or(today))?;
    loop {
        let runs = times.iter().rev().filter_map(|time| run_on(days, rules, date, *time));
        if let Some(found) = runs.into_iter().find(|run| *run <= until) {
            return Some(found);
        }
        date = days.last_on_or_before(date.yesterday().ok()?)?;
    }
}

/// The run of a date at a time. A date that the zone leaves out has one only where the day after it has none.
fn run_on(days: &Days, rules: &TimeZone, date: Date, time: Time) -> Option<Timestamp> {
    let instant = local_time::resolve_local(rules, date.to_datetime(time))?;
    let is_another = || days.contains(rules.to_datetime(instant.at).date());
    let falls_away = local_time::skips_date(rules, date, instant) && is_another();
    (!falls_away).then_some(instant.at)
}

fn next_hour(days: &Days, rules: &TimeZone, minute: i8, after: Timestamp) -> Option<Timestamp> {
    let mut after = after;
    loop {
        let found = hourly_grid::next_run(rules, minute, after)?;
        let date = rules.to_datetime(found).date();
        if days.contains(date) {
            return Some(found);
        }
        let begin = start_of_date(rules, days.first_on_or_after(date.tomorrow().ok()?)?)?;
        after = found.max(begin.checked_sub(SignedDuration::from_nanos(1)).ok()?);
    }
}

fn last_hour(days: &Days, rules: &TimeZone, minute: i8, until: Timestamp) -> Option<Timestamp> {
    let mut until = until;
    loop {
        let found = hourly_grid::last_run(rules, minute, until)?;
        let date = rules.to_datetime(found).date();
        if days.contains(date) {
            return Some(found);
        }
        let next = days.last_on_or_before(date.yesterday().ok()?)?.tomorrow().ok()?;
        let before = found.checked_sub(SignedDuration::from_nanos(1)).ok()?;
        until = before.min(start_of_date(rules, next)?);
    }
}

/// The first instant of a date.
fn start_of_date(rules: &TimeZone, date: Date) -> Option<Timestamp> {
    local_time::resolve_local(rules, date.to_datetime(Time::midnight())).map(|instant| instant.at)
}
