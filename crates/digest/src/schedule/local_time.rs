//! Which instant a local time is.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

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
