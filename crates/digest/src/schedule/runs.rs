//! The runs of a schedule in a zone.
//!
//! A schedule with times of the day goes date by date: each time of each of its dates is one run, so that no local day has it
//! twice. One with a run every hour goes hour by hour.
//!
//! Which instant a local time is.

use super::{Hours, Schedule, days::Days, hourly_grid};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

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
    let instant = resolve_local(rules, date.to_datetime(time))?;
    let is_another = || days.contains(rules.to_datetime(instant.at).date());
    let falls_away = skips_date(rules, date, instant) && is_another();
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
    resolve_local(rules, date.to_datetime(Time::midnight())).map(|instant| instant.at)
}

/// An instant for a local time, and whether the clock shows that time then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalInstant {
    pub(super) at: Timestamp,
    pub(super) is_in_gap: bool,
}

/// The instant of a local time: of one that comes twice its first, of one that the clock passes over the first after the
/// gap. `None` beyond the times that there are.
pub(super) fn resolve_local(rules: &TimeZone, local: DateTime) -> Option<LocalInstant> {
    match rules.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
            Some(LocalInstant { at: offset.to_timestamp(local).ok()?, is_in_gap: false })
        }
        AmbiguousOffset::Gap { before, after } => {
            // The clock goes on between these two: `after` is ahead of `before`.
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

/// Whether the zone leaves out the whole date, as Samoa did 2011-12-30; `instant` is that of one of its times.
pub(super) fn skips_date(rules: &TimeZone, date: Date, instant: LocalInstant) -> bool {
    let is_later = || rules.to_datetime(instant.at).date() > date;
    let begins = || self::resolve_local(rules, date.to_datetime(Time::midnight()));
    instant.is_in_gap && is_later() && begins() == Some(instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn at(zone: &str, local: &str) -> String {
        let zone: Zone = zone.parse().expect("a zone");
        resolve_local(zone.rules(), local.parse().expect("a time")).expect("an instant").at.to_string()
    }

    #[test]
    fn a_time_that_the_clock_passes_over_is_the_end_of_the_gap() {
        assert_eq!(at("Europe/Berlin", "2026-03-29T02:00"), "2026-03-29T01:00:00Z");
        assert_eq!(at("Europe/Berlin", "2026-03-29T02:30"), "2026-03-29T01:00:00Z");
        assert_eq!(at("Europe/Berlin", "2026-03-29T03:00"), "2026-03-29T01:00:00Z");
        assert_eq!(at("Australia/Lord_Howe", "2026-10-04T02:15"), "2026-10-03T15:30:00Z");
        assert_eq!(at("America/Nuuk", "2026-03-28T23:30"), "2026-03-29T01:00:00Z");
        assert_eq!(at("Pacific/Apia", "2011-12-30T09:00"), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn a_time_that_comes_twice_is_its_first() {
        assert_eq!(at("Europe/Berlin", "2026-10-25T02:30"), "2026-10-25T00:30:00Z");
        assert_eq!(at("Australia/Lord_Howe", "2026-04-05T01:45"), "2026-04-04T14:45:00Z");
    }

    #[test]
    fn a_date_may_be_left_out() {
        let zone: Zone = "Pacific/Apia".parse().expect("a zone");
        let is_out = |day: i8, hour: i8| {
            let date = jiff::civil::date(2011, 12, day);
            skips_date(
                zone.rules(),
                date,
                resolve_local(zone.rules(), date.at(hour, 0, 0, 0)).expect("an instant"),
            )
        };
        assert!(is_out(30, 0) && is_out(30, 9) && !is_out(29, 9) && !is_out(31, 0));
    }
}
