//! The runs of schedules, compared with a calendar that checks the clock of the zone every quarter of an hour.

use std::collections::BTreeSet;
use takeaways_testing::time;

use jiff::civil::{Date, Time, Weekday, date};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use takeaways_digest::{Schedule, Zone, decide_runs};

use crate::harness::root;

/// Two spans of twenty years, 2005 to 2024 and 2020 to 2039, with a day on each side for the zone's offset.
const FIRST: Date = date(2004, 12, 31);
const LAST: Date = date(2040, 1, 1);
const QUARTER: i64 = 900;
const A_DAY: usize = 96;

/// Zones, with the minute of UTC at which an hour of their standard time begins.
const ZONES: [(&str, i64); 12] = [
    ("UTC", 0),
    ("Europe/Berlin", 0),
    ("America/New_York", 0),
    ("Australia/Lord_Howe", 30), // summer time is half an hour
    ("Pacific/Apia", 0),         // had no 2011-12-30
    ("America/Sao_Paulo", 0),    // the gap is at midnight
    ("Asia/Kolkata", 30),
    ("Pacific/Chatham", 15),
    ("Africa/Casablanca", 0), // goes back for Ramadan
    ("Asia/Tehran", 30),      // the gap is at midnight, until 2022
    ("America/Nuuk", 0),      // since 2024 the gap ends a day
    ("America/Havana", 0),    // the gap is at midnight
];

/// A schedule with its dates and its times in minutes of the day, written independently.
type ScheduleCase = (&'static str, fn(Date) -> bool, &'static [usize]);

const SCHEDULES: [ScheduleCase; 16] = [
    ("daily at 09:00", |_| true, &[540]),
    ("daily at 02:30", |_| true, &[150]),
    ("daily at 00:00", |_| true, &[0]),
    ("daily at 23:45", |_| true, &[1_425]),
    ("weekly on Sunday at 02:00", |day| day.weekday() == Weekday::Sunday, &[120]),
    ("weekly on Friday at 09:00", |day| day.weekday() == Weekday::Friday, &[540]),
    ("weekdays at 00:15", |day| !is_weekend(day), &[15]),
    ("weekends at 23:30", is_weekend, &[1_410]),
    ("monthly on the 30th at 02:30", |day| day.day() == 30 || (is_last(day) && day.day() < 30), &[150]),
    ("monthly on the last day at 00:30", is_last, &[30]),
    ("first Monday of the month at 09:00", |day| day.weekday() == Weekday::Monday && day.day() <= 7, &[540]),
    (
        "last Sunday of the month at 02:30",
        |day| day.weekday() == Weekday::Sunday && is_last_week(day),
        &[150],
    ),
    ("30 1,2,3 * * *", |_| true, &[90, 150, 210]),
    ("0 */6 31 * *", |day| day.day() == 31, &[0, 360, 720, 1_080]),
    ("15 0 29 2 *", |day| day.month() == 2 && day.day() == 29, &[15]),
    ("45 1 L * SUN", |day| is_last(day) || day.weekday() == Weekday::Sunday, &[105]),
];

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn is_last(day: Date) -> bool {
    day.tomorrow().expect("a day").month() != day.month()
}

fn is_last_week(day: Date) -> bool {
    day.checked_add(7.days()).expect("a day").month() != day.month()
}

/// The first time at which the clock of a zone showed each quarter of an hour, or a later one, on each day.
struct Calendar {
    first: Vec<[i64; A_DAY]>,
    /// Whether the clock showed the day.
    was_shown: Vec<bool>,
}

impl Calendar {
    /// Reads the clock every quarter of an hour.
    fn of(zone: &Zone) -> Self {
        let days = usize::try_from((LAST - FIRST).get_days()).expect("some days");
        let mut calendar = Self { first: vec![[0; A_DAY]; days], was_shown: vec![false; days] };
        let place = |at: i64| {
            let clock = zone.rules().to_datetime(Timestamp::from_second(at).expect("a time"));
            assert_eq!(
                (clock.minute() % 15, clock.second()),
                (0, 0),
                "{zone} is no quarters off UTC: {clock}"
            );
            let day = usize::try_from((clock.date() - FIRST).get_days()).ok()?;
            Some(
                day * A_DAY
                    + usize::from(clock.hour().unsigned_abs()) * 4
                    + usize::from(clock.minute().unsigned_abs()) / 15,
            )
        };
        let begin = start().as_second() - 2 * 86_400;
        let mut next = 0;
        for at in (begin..).step_by(usize::try_from(QUARTER).expect("a step")) {
            let Some(shown) = place(at) else { continue };
            if shown >= days * A_DAY {
                return calendar;
            }
            calendar.was_shown[shown / A_DAY] = true;
            for passed in next..=shown {
                calendar.first[passed / A_DAY][passed % A_DAY] = at;
            }
            next = next.max(shown + 1);
        }
        calendar
    }

    /// Returns the distinct runs. A skipped day has runs only if the next day has none.
    fn runs(&self, holds: fn(Date) -> bool, minutes: &[usize]) -> Vec<i64> {
        let mut runs = BTreeSet::new();
        let mut day = FIRST;
        for (of_day, was_shown) in self.first.iter().zip(&self.was_shown) {
            let following = day.tomorrow().expect("a day");
            if holds(day) && (*was_shown || !holds(following)) {
                runs.extend(minutes.iter().map(|minute| of_day[minute / 15]));
            }
            day = following;
        }
        runs.into_iter().filter(|run| (start().as_second()..end().as_second()).contains(run)).collect()
    }
}

fn start() -> Timestamp {
    time("2005-01-01T00:00:00Z")
}

fn end() -> Timestamp {
    time("2039-12-31T00:00:00Z")
}

/// Returns the runs that the program finds.
fn found(schedule: &Schedule, zone: &Zone) -> Vec<i64> {
    let before = start().checked_sub(SignedDuration::from_nanos(1)).expect("a time");
    let runs = schedule.runs_after(zone, before).take_while(|run| *run < end());
    runs.map(Timestamp::as_second).collect()
}

fn zone(name: &str) -> Zone {
    name.parse().expect(name)
}

/// Reports only the first difference, since there are thousands of runs.
#[track_caller]
fn same(found: &[i64], expected: &[i64], what: &str) {
    let differ = found.iter().zip(expected).find(|(found, expected)| found != expected);
    let shown =
        differ.map(|(a, b)| [a, b].map(|at| Timestamp::from_second(*at).expect("a time").to_string()));
    assert!(shown.is_none(), "{what}: found and expected {shown:?}");
    assert_eq!(found.len(), expected.len(), "{what}");
}

#[test]
fn f32_runs_of_all_zones_are_those_that_the_clock_shows() {
    for (name, _) in ZONES {
        let zone = zone(name);
        let calendar = Calendar::of(&zone);
        for (text, holds, minutes) in SCHEDULES {
            let schedule: Schedule = text.parse().expect(text);
            let expected = calendar.runs(holds, minutes);
            assert!(expected.len() >= 8, "{name}, {text}: a test of nothing");
            same(&found(&schedule, &zone), &expected, &format!("{name}, {text}"));
        }
    }
}

#[test]
fn f32_every_hour_is_every_real_hour() {
    for (name, minute) in ZONES {
        let expected: Vec<i64> = (start().as_second()..end().as_second())
            .step_by(900)
            .filter(|at| at.rem_euclid(3_600) == minute * 60)
            .collect();
        let schedule = "hourly".parse().expect("a schedule");
        same(&found(&schedule, &zone(name)), &expected, name);
    }
}

/// Checks a daily schedule every hour for six days, as the service does, with a state that has only the schedule's text
/// and the zone's name. From `change` on the zone has other rules. Returns the runs.
fn made_over_a_change(text: &str, before: &Zone, after: &Zone, change: Timestamp) -> Vec<Timestamp> {
    assert_eq!(before.name(), after.name());
    let begin: Timestamp = time("2026-06-01T00:00:00Z");
    let (mut decided_until, mut made) = (begin, BTreeSet::new());
    let stored = text.parse::<Schedule>().expect(text).to_string();
    for hour in 0..144 {
        let now = begin.checked_add(SignedDuration::from_hours(hour)).expect("a time");
        let (schedule, zone) =
            (stored.parse().expect("it is read back"), if now < change { before } else { after });
        let held = made.iter().copied().filter(|slot| *slot >= decided_until).collect();
        let decision = decide_runs(&schedule, zone, decided_until, &held, now);
        assert_eq!(decision.skipped, None, "{text} at {now}");
        made.extend(decision.due);
        decided_until = decision.decided_until;
    }
    made.into_iter().collect()
}

#[test]
fn f32_a_change_of_the_rules_repeats_no_run_and_loses_none() {
    let casablanca = zone("Africa/Casablanca");
    for (text, from_hour) in [("daily at 09:00", 6), ("daily at 00:30", 21), ("daily at 23:30", 20)] {
        for rules in ["Etc/GMT", "Etc/GMT-3", "Asia/Kolkata", "Atlantic/Azores"] {
            let other = casablanca.with_rules(zone(rules).rules().clone());
            for half in 0..16 {
                let change = date(2026, 6, 4)
                    .at(from_hour, 0, 0, 0)
                    .to_zoned(jiff::tz::TimeZone::UTC)
                    .expect("a time");
                let change = change.timestamp() + SignedDuration::from_mins(half * 30);
                for (before, after) in [(&casablanca, &other), (&other, &casablanca)] {
                    let made = made_over_a_change(text, before, after, change);
                    let near = made.windows(2).find(|pair| pair[1].duration_since(pair[0]).as_hours() < 12);
                    assert_eq!(near, None, "{text}, {rules} at {change}: twice on one day");
                    let far = made.windows(2).find(|pair| pair[1].duration_since(pair[0]).as_hours() > 36);
                    assert_eq!(far, None, "{text}, {rules} at {change}: a day is lost");
                    assert!((5..=7).contains(&made.len()), "{text}, {rules} at {change}: {made:?}");
                }
            }
        }
    }
}

/// The state has no rules of zones: equal texts and names give the runs of the current rules.
#[test]
fn f32_a_stored_schedule_follows_the_rules_in_force() {
    let schedule: Schedule = "weekly on Monday at 09:00".parse().expect("a schedule");
    let (berlin, after) = (zone("Europe/Berlin"), time("2026-07-01T00:00:00Z"));
    // Rules without daylight saving time.
    let without = berlin.with_rules(jiff::tz::TimeZone::posix("CET-1").expect("rules"));
    assert_eq!((without.name(), &without), ("Europe/Berlin", &berlin));
    let next = |zone: &Zone| schedule.next_run(zone, after).map(|run| run.to_string());
    assert_eq!(next(&berlin).as_deref(), Some("2026-07-06T07:00:00Z"));
    assert_eq!(next(&without).as_deref(), Some("2026-07-06T08:00:00Z"));
    assert_eq!(zone(without.name()).rules(), berlin.rules());
    assert_eq!(berlin.rules().to_datetime(after).time(), Time::constant(2, 0, 0, 0));
}

#[test]
fn the_forms_in_the_manual_are_read_as_it_says() {
    let manual = std::fs::read_to_string(root().join("docs/digests.md")).expect("the manual");
    let forms = manual.split("| you write | it reads |\n|---|---|\n").nth(1).expect("the table of forms");
    let rows: Vec<&str> = forms.lines().take_while(|line| line.starts_with("| `")).collect();
    assert!(rows.len() > 15, "{rows:?}");
    for row in rows {
        let codes: Vec<&str> = row.split('`').collect();
        let [_, written, _, read, _] = codes[..] else { panic!("{row}") };
        assert_eq!(
            written.parse::<Schedule>().map(|schedule| schedule.to_string()),
            Ok(read.to_owned()),
            "{row}"
        );
    }
    let version = Zone::DATABASE.expect("a version");
    assert!(manual.contains(&format!("in its version {version};")), "the manual does not say {version}");
}
