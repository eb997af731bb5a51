//! Decides which run of a schedule is due, from the ledger and the time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::schedule::just_before;
use crate::{Schedule, Zone};

/// A run that is later than this is skipped, however long its period is.
pub(crate) const MAX_DELAY: SignedDuration = SignedDuration::from_hours(72);

/// A digest that is later than this says so.
const MAX_SILENT_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// Skipped runs are counted up to this number: those of a daily schedule in 54 years.
const MAX_COUNTED: u32 = 20_000;

/// Runs of different days are further apart than this: see [`DecidedRuns::is_open`].
const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

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
    pub due: Option<Timestamp>,
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
        due,
        next: runs.first_open(decided_until.max(now)),
        decided_until: schedule.last_run(zone, now).map_or(decided_until, |run| run.max(decided_until)),
    }
}

/// Whether a digest of a run that is sent at a time is so late that it says so.
pub fn is_late(slot: Timestamp, sent_at: Timestamp) -> bool {
    sent_at.duration_since(slot) > MAX_SILENT_DELAY
}

/// Returns until when a run may be made: half its period after its time, and at most `MAX_DELAY` after.
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);
    const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what may be none")]
    fn due(slot: &str) -> Option<Timestamp> {
        Some(at(slot))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what may be none")]
    fn skip(first: &str, last: &str, count: u32) -> Option<SkippedRuns> {
        Some(SkippedRuns { first: at(first), last: at(last), count })
    }

    /// Decides in UTC with an empty ledger.
    fn decide(schedule: &str, from: &str, now: &str) -> RunDecision {
        decide_runs(&schedule.parse().expect(schedule), &Zone::utc(), at(from), &BTreeSet::new(), at(now))
    }

    #[test]
    fn a_run_is_due_at_its_time() {
        let (monday, next) = ("2026-03-02T09:00:00Z", at("2026-03-09T09:00:00Z"));
        let before = decide("weekly", "2026-03-01T00:00:00Z", "2026-03-02T08:59:59.999Z");
        assert_eq!(
            before,
            RunDecision { next: Some(at(monday)), decided_until: at("2026-03-01T00:00:00Z"), ..before }
        );
        assert_eq!((before.due, before.skipped), (None, None));
        let then = decide("weekly", "2026-03-01T00:00:00Z", monday);
        assert_eq!(
            then,
            RunDecision { skipped: None, due: due(monday), next: Some(next), decided_until: at(monday) }
        );
        assert_eq!(decide("weekly", monday, "2026-03-02T10:00:00Z").due, None);
    }

    #[test]
    fn a_minute_is_not_late() {
        let slot = at("2026-03-02T09:00:00Z");
        assert!(!is_late(slot, at("2026-03-02T09:01:00Z")));
        assert!(is_late(slot, at("2026-03-02T09:01:00.001Z")));
    }

    #[test]
    fn half_a_period_late_is_made_and_more_is_skipped() {
        for (schedule, slot, latest) in [
            ("hourly", "2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z"),
            ("daily", "2026-03-02T09:00:00Z", "2026-03-02T21:00:00Z"),
            ("weekly", "2026-03-02T09:00:00Z", "2026-03-05T09:00:00Z"),
            ("monthly", "2026-03-01T09:00:00Z", "2026-03-04T09:00:00Z"),
            ("0 9,11 * * *", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"),
        ] {
            let from = at(slot).checked_sub(MINUTE).expect("a time").to_string();
            assert_eq!(decide(schedule, &from, latest).due, due(slot), "{schedule}");
            let over = at(latest).checked_add(INSTANT).expect("a time").to_string();
            let decision = decide(schedule, &from, &over);
            assert_eq!((decision.due, decision.skipped), (None, skip(slot, slot, 1)), "{schedule}");
            let schedule: Schedule = schedule.parse().expect(schedule);
            assert_eq!(deadline(&schedule, &Zone::utc(), at(slot)), at(latest));
        }
    }

    #[test]
    fn f33_asleep_for_three_days_is_one_late_digest() {
        let decision = decide("daily", "2026-03-02T09:00:00Z", "2026-03-05T10:00:00Z");
        assert_eq!(decision.due, due("2026-03-05T09:00:00Z"));
        assert_eq!(decision.skipped, skip("2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z", 2));
        assert_eq!(decision.next, Some(at("2026-03-06T09:00:00Z")));
    }

    #[test]
    fn a_year_of_hours_is_counted() {
        let decision = decide("hourly", "2025-03-02T09:00:00Z", "2026-03-02T09:45:00Z");
        assert_eq!(decision.skipped, skip("2025-03-02T10:00:00Z", "2026-03-02T09:00:00Z", 8_760));
        assert_eq!(decision.due, None);
        let all = decide("0 * * * 1-5", "1970-01-01T00:00:00Z", "9000-03-02T09:10:00Z");
        assert_eq!(all.skipped.map(|skip| skip.count), Some(MAX_COUNTED));
    }

    #[test]
    fn a_recorded_run_is_neither_due_nor_skipped() {
        let daily: Schedule = "daily".parse().expect("a schedule");
        let recorded =
            BTreeSet::from(["2026-03-03T09:00:00Z", "2026-03-05T09:00:00Z", "2026-03-06T09:00:00Z"].map(at));
        let decision = decide_runs(
            &daily,
            &Zone::utc(),
            at("2026-03-01T12:00:00Z"),
            &recorded,
            at("2026-03-05T10:00:00Z"),
        );
        assert_eq!(decision.due, None);
        assert_eq!(decision.skipped, skip("2026-03-02T09:00:00Z", "2026-03-04T09:00:00Z", 2));
        assert_eq!(decision.next, Some(at("2026-03-07T09:00:00Z")));
        assert_eq!(decision.decided_until, at("2026-03-05T09:00:00Z"));
    }

    #[test]
    fn f31_a_clock_that_goes_back_repeats_nothing_and_loses_nothing() {
        let daily: Schedule = "daily".parse().expect("a schedule");
        let decide_from = |from, recorded: &BTreeSet<Timestamp>, now| {
            decide_runs(&daily, &Zone::utc(), at(from), recorded, at(now))
        };
        let none = BTreeSet::new();
        // The clock was a year ahead: one run was made, the others skipped. Now it is right again.
        let ahead = decide_from("2026-03-02T09:00:00Z", &none, "2027-03-02T09:00:30Z");
        assert_eq!(ahead.due, due("2027-03-02T09:00:00Z"));
        assert_eq!(ahead.skipped.map(|skip| skip.count), Some(364));
        let recorded = BTreeSet::from([at("2027-03-02T09:00:00Z")]);
        let back = decide_from("2027-03-02T09:00:00Z", &recorded, "2026-03-02T10:00:00Z");
        assert_eq!((back.due, back.skipped), (None, None));
        assert_eq!(back.next, Some(at("2027-03-03T09:00:00Z")));
        assert_eq!(back.decided_until, at("2027-03-02T09:00:00Z"));
        // Skipped runs are opened again, so each day has its run. The run that was made is not made again.
        let open = decide_from("2026-03-02T10:00:00Z", &recorded, "2026-03-03T09:00:00Z");
        assert_eq!(open.due, due("2026-03-03T09:00:00Z"));
        let again = decide_from("2027-03-01T09:00:00Z", &recorded, "2027-03-02T09:00:00Z");
        assert_eq!((again.due, again.skipped, again.next), (None, None, Some(at("2027-03-03T09:00:00Z"))));
    }

    /// Schedules, and zones with changes of many kinds.
    fn schedules() -> impl Strategy<Value = (Schedule, Zone)> {
        let texts = [
            "daily at 02:30",
            "weekly on Sunday at 02:30",
            "monthly on the 31st at 00:15",
            "last Sunday at 02:00",
            "hourly",
            "30 * * * SUN",
            "0 1,2,3 * * *",
            "15 */6 * 3,10 *",
        ];
        let names = [
            "UTC",
            "Europe/Berlin",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "America/Sao_Paulo",
            "Africa/Casablanca",
        ];
        let read = |(text, name): (&str, &str)| (text.parse().expect(text), name.parse().expect(name));
        (prop::sample::select(texts.to_vec()), prop::sample::select(names.to_vec())).prop_map(read)
    }

    proptest! {
        #[test]
        fn each_run_up_to_now_is_recorded_due_or_skipped(
            (schedule, zone) in schedules(),
            second in 1_200_000_000_i64..2_000_000_000,
            minutes in 0_i64..60_000,
            picked in prop::collection::vec(any::<bool>(), 12),
        ) {
            let from = Timestamp::from_second(second).expect("a time");
            let now = from.checked_add(SignedDuration::from_mins(minutes)).expect("a time");
            let runs: Vec<Timestamp> = schedule.runs_after(&zone, from).take_while(|run| *run <= now).collect();
            let mut recorded: BTreeSet<Timestamp> =
                runs.iter().zip(picked.iter().cycle()).filter(|(_, picked)| **picked).map(|(run, _)| *run).collect();
            // The ledger may also record a run after now, and a time that is not a run.
            recorded.extend(schedule.next_run(&zone, now));
            recorded.insert(from.checked_add(SignedDuration::from_secs(61)).expect("a time"));
            let decision = decide_runs(&schedule, &zone, from, &recorded, now);

            let open: Vec<Timestamp> = runs.iter().copied().filter(|run| !recorded.contains(run)).collect();
            let (due, skipped) = match (decision.due, open.split_last()) {
                (Some(due), Some((last, rest))) => {
                    prop_assert_eq!(due, *last);
                    prop_assert!(now <= deadline(&schedule, &zone, due));
                    (1, rest)
                }
                (None, _) => {
                    prop_assert!(open.last().is_none_or(|last| now > deadline(&schedule, &zone, *last)));
                    (0, open.as_slice())
                }
                (Some(due), None) => return Err(TestCaseError::fail(format!("{due:?} of nothing"))),
            };
            prop_assert_eq!(decision.skipped.map_or(0, |skip| skip.count) as usize, skipped.len());
            prop_assert_eq!(decision.skipped.map(|skip| (skip.first, skip.last)),
                skipped.first().copied().zip(skipped.last().copied()));
            prop_assert_eq!(due + skipped.len() + runs.iter().filter(|run| recorded.contains(run)).count(), runs.len());
            prop_assert_eq!(decision.decided_until, runs.last().copied().unwrap_or(from));
            let next = schedule.runs_after(&zone, now).find(|run| !recorded.contains(run));
            prop_assert_eq!(decision.next, next);
        }

        /// The ledger follows the decisions, which are made at random times.
        #[test]
        fn no_run_is_made_twice_and_none_is_forgotten(
            (schedule, zone) in schedules(),
            second in 1_200_000_000_i64..2_000_000_000,
            steps in prop::collection::vec(prop_oneof![0_i64..90, 0_i64..2_000, 0_i64..20_000], 1..25),
        ) {
            let begin = Timestamp::from_second(second).expect("a time");
            let (mut now, mut decided_until) = (begin, begin);
            let (mut made, mut skipped) = (BTreeSet::new(), 0);
            for minutes in steps {
                now = now.checked_add(SignedDuration::from_mins(minutes)).expect("a time");
                let recorded = made.iter().copied().filter(|slot| *slot >= decided_until).collect();
                let decision = decide_runs(&schedule, &zone, decided_until, &recorded, now);
                skipped += decision.skipped.map_or(0, |skip| skip.count as usize);
                prop_assert!(decision.due.is_none_or(|due| made.insert(due)));
                prop_assert!(decision.decided_until >= decided_until && decision.decided_until <= now.max(decided_until));
                decided_until = decision.decided_until;
            }
            let runs = schedule.runs_after(&zone, begin).take_while(|run| *run <= now).count();
            prop_assert_eq!(made.len() + skipped, runs);
        }

        /// Up to the end of its deadline a run is due, and the next one never comes before that.
        #[test]
        fn a_deadline_is_before_the_next_run((schedule, zone) in schedules(), second in 1_200_000_000_i64..2_000_000_000) {
            let from = Timestamp::from_second(second).expect("a time");
            for slot in schedule.runs_after(&zone, from).take(5) {
                let latest = deadline(&schedule, &zone, slot);
                prop_assert!(latest > slot && schedule.next_run(&zone, slot).is_some_and(|next| latest < next));
                prop_assert!(latest.duration_since(slot) <= MAX_DELAY);
                prop_assert_eq!(decide_runs(&schedule, &zone, from, &BTreeSet::new(), latest).due, Some(slot));
            }
        }
    }
}
