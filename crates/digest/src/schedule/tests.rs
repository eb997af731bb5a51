//! Schedules as people write them, and their runs.

use proptest::prelude::*;

use super::*;

fn canonical(text: &str) -> String {
    let (schedule, zone) = Schedule::parse_with_zone(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    zone.map_or_else(|| schedule.to_string(), |zone| format!("{schedule} {zone}"))
}

fn error(text: &str) -> ScheduleError {
    Schedule::parse_with_zone(text).expect_err(text)
}

/// Returns the first runs after a time, in UTC.
#[track_caller]
fn runs(text: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let (schedule, zone) = (text.parse::<Schedule>().expect(text), zone.parse::<Zone>().expect(zone));
    let runs = schedule.runs_after(&zone, after.parse().expect(after));
    runs.take(count).map(|run| run.strftime("%Y-%m-%d %H:%M").to_string()).collect()
}

#[test]
fn people_write_schedules_in_many_ways() {
    for (text, expected) in [
        ("daily at 09:00", "daily at 09:00"),
        ("Daily", "daily at 09:00"),
        ("every day at noon", "daily at 12:00"),
        ("EVERY   DAY,  17h30", "daily at 17:30"),
        ("each day 5 pm", "daily at 17:00"),
        ("at 7 every day", "daily at 07:00"),
        ("weekly on Monday at 09:00", "weekly on Monday at 09:00"),
        ("weekly", "weekly on Monday at 09:00"),
        ("weekly, fri 10:00", "weekly on Friday at 10:00"),
        ("every Friday 17:30", "weekly on Friday at 17:30"),
        ("Mondays 9am", "weekly on Monday at 09:00"),
        ("9am on Mondays", "weekly on Monday at 09:00"),
        ("Monday's at 9", "weekly on Monday at 09:00"),
        ("tue, thu at 8:15", "weekly on Tuesday and Thursday at 08:15"),
        ("Mon/Wed 9", "weekly on Monday and Wednesday at 09:00"),
        ("at 9 on Mon/Wed", "weekly on Monday and Wednesday at 09:00"),
        ("Mon-Fri at 8", "weekdays at 08:00"),
        ("friday to monday 10", "weekly on Monday, Friday, Saturday and Sunday at 10:00"),
        ("every day 9", "daily at 09:00"),
        ("monday, wednesday and friday", "weekly on Monday, Wednesday and Friday at 09:00"),
        ("weekdays at 8", "weekdays at 08:00"),
        ("every weekday 08:00", "weekdays at 08:00"),
        ("mon tue wed thu fri at 8", "weekdays at 08:00"),
        ("weekends at 10", "weekends at 10:00"),
        ("weekdays and weekends at 10", "daily at 10:00"),
        ("monthly", "monthly on the 1st at 09:00"),
        ("monthly at 9", "monthly on the 1st at 09:00"),
        ("monthly on the 31st at 9:00", "monthly on the 31st at 09:00"),
        ("every month on the 15th", "monthly on the 15th at 09:00"),
        ("monthly on day 2 at 6 pm", "monthly on the 2nd at 18:00"),
        ("monthly 15 at 10", "monthly on the 15th at 10:00"),
        ("the 3rd of each month at 9", "monthly on the 3rd at 09:00"),
        ("first day of the month", "monthly on the 1st at 09:00"),
        ("monthly on the last day", "monthly on the last day at 09:00"),
        ("last day of the month at 16:00", "monthly on the last day at 16:00"),
        ("first Monday of the month at 09:00", "first Monday of the month at 09:00"),
        ("monthly on the first monday", "first Monday of the month at 09:00"),
        ("2nd tue 8:00", "second Tuesday of the month at 08:00"),
        ("last Friday at 16:00", "last Friday of the month at 16:00"),
        ("hourly", "hourly"),
        ("every hour.", "hourly"),
        ("0 9 * * 1-5", "0 9 * * 1-5"),
        ("weekly on Monday at 09:00 Europe/Berlin", "weekly on Monday at 09:00 Europe/Berlin"),
        ("weekly on Monday at 09:00 in europe/berlin", "weekly on Monday at 09:00 Europe/Berlin"),
        ("Fridays (America/New_York)", "weekly on Friday at 09:00 America/New_York"),
        ("daily 9:00 utc", "daily at 09:00 UTC"),
        ("0 9 * * MON Asia/Kolkata", "0 9 * * MON Asia/Kolkata"),
        ("*/60 * * * * UTC", "*/60 * * * * UTC"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn errors_name_the_wrong_part() {
    use ScheduleError as E;
    let word = |word: &str, nearest: Option<&str>| E::UnknownWord {
        word: word.to_owned(),
        nearest: nearest.map(str::to_owned),
    };
    for (text, expected) in [
        ("", E::Empty),
        (" \n ", E::Empty),
        ("Europe/Berlin", E::Empty),
        ("mondey at 9", word("mondey", Some("Monday"))),
        ("weekly on Monday at 9:00 sharp", word("sharp", None)),
        ("weekly on Monday @everyone", word("@everyone", None)),
        ("to monday", word("to", None)),
        ("daily at 9 berlin", word("berlin", Some("Europe/Berlin"))),
        ("daily at 25:00", E::Time("25:00".to_owned())),
        ("daily at nine", E::Time("nine".to_owned())),
        ("daily 13pm", E::Time("13pm".to_owned())),
        ("daily at", E::Time("at".to_owned())),
        ("daily at 9 and 17:00", E::TwoTimes),
        ("9:00", E::NoDays),
        ("monthly on the 32nd", E::MonthDay("32".to_owned())),
        ("monthly on day 0", E::MonthDay("0".to_owned())),
        ("fifth Monday of the month", E::FifthWeekday(jiff::civil::Weekday::Monday)),
        ("7th Monday of the month", E::OrdinalWithoutDay("7".to_owned())),
        ("monthly on the last", E::OrdinalWithoutDay("last".to_owned())),
        ("daily on Monday", E::Contradiction("daily", "a weekday")),
        ("daily weekly", E::Contradiction("daily", "weekly")),
        ("weekly on the 3rd", E::Contradiction("weekly", "a day of the month")),
        ("monthly on Monday", E::Contradiction("monthly", "a weekday")),
        ("first Monday and last Friday", E::Contradiction("a day of the month", "another one")),
        ("1st and 15th", E::Contradiction("a day of the month", "another one")),
        ("hourly on Mondays", E::Contradiction("hourly", "a day")),
        ("every other Monday", E::Interval("other".to_owned())),
        ("every 2 weeks", E::Interval("every 2".to_owned())),
        ("quarterly", E::Interval("quarterly".to_owned())),
        ("hourly at 9", E::HourlyWithTime),
        ("0 9 * * * *", E::CronFields(6)),
        ("*/20 * * * *", E::TooOften),
        ("0 9 31 2 *", E::Never),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
    assert_eq!(error(&"x".repeat(201)), E::TooLong);
    assert!(matches!(error("daily at 9 Europe/Berln"), E::Zone(_)));
    assert_eq!("daily UTC".parse::<Schedule>(), Err(E::UnexpectedZone("UTC".to_owned())));
}

#[test]
fn an_error_says_what_to_write() {
    for (text, expected) in [
        (
            "mondey at 9",
            "a schedule can't contain \"mondey\": did you mean `Monday`? Write one like `weekly on Monday at 09:00`",
        ),
        ("daily at 25:00", "\"25:00\" is not a time of day: write it like `09:00` or `5 pm`"),
        ("*/20 * * * *", "this would run more than once an hour: name one minute, like `0 * * * *`"),
        ("fifth Monday", "most months have no fifth Monday: write `last Monday`"),
        ("0 25 * * *", "the hour of the cron expression can't be read: \"25\"; an example is `0 9 * * MON`"),
    ] {
        assert_eq!(error(text).to_string(), expected, "{text}");
    }
}

#[test]
fn a_run_is_strictly_after() {
    assert_eq!(runs("daily", "UTC", "2026-01-01T08:59:59.999Z", 2), ["2026-01-01 09:00", "2026-01-02 09:00"]);
    assert_eq!(runs("daily", "UTC", "2026-01-01T09:00:00Z", 1), ["2026-01-02 09:00"]);
    assert_eq!(runs("hourly", "UTC", "1969-12-31T22:30:00.5Z", 2), ["1969-12-31 23:00", "1970-01-01 00:00"]);
    assert_eq!(runs("hourly", "UTC", "1969-12-31T22:59:59.5Z", 1), ["1969-12-31 23:00"]);
}

#[test]
fn months_have_their_own_days() {
    let last_days = ["2024-01-31 09:00", "2024-02-29 09:00", "2024-03-31 09:00", "2024-04-30 09:00"];
    assert_eq!(runs("monthly on the 31st", "UTC", "2024-01-01T00:00:00Z", 4), last_days);
    assert_eq!(runs("monthly on the last day", "UTC", "2024-01-01T00:00:00Z", 4), last_days);
    let long_months = ["2024-01-31 09:00", "2024-03-31 09:00", "2024-05-31 09:00"];
    assert_eq!(runs("0 9 31 * *", "UTC", "2024-01-01T00:00:00Z", 3), long_months);
    assert_eq!(runs("0 9 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), ["2104-02-29 09:00"]);
}

#[test]
fn a_skipped_time_runs_after_the_gap() {
    let daily = ["2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"];
    assert_eq!(runs("daily at 02:30", "Europe/Berlin", "2026-03-27T12:00:00Z", 3), daily);
    assert_eq!(runs("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3), daily);
    // Both times of the gap are its end, so they make one run.
    let both = ["2026-03-29 01:00", "2026-03-30 00:00"];
    assert_eq!(runs("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2), both);
    // Saturday ends at 23:00 in Nuuk, and its run is at the first instant of Sunday.
    let nuuk = ["2026-03-29 01:00", "2026-03-30 00:30"];
    assert_eq!(runs("daily at 23:30", "America/Nuuk", "2026-03-28T12:00:00Z", 2), nuuk);
}

#[test]
fn an_ambiguous_time_runs_at_its_first_instant() {
    let daily = ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"];
    assert_eq!(runs("daily at 02:30", "Europe/Berlin", "2026-10-23T12:00:00Z", 3), daily);
    assert_eq!(runs("daily at 02:30", "Europe/Berlin", "2026-10-25T01:00:00Z", 1), ["2026-10-26 01:30"]);
}

#[test]
fn a_skipped_date_has_no_daily_run() {
    let daily = ["2011-12-29 19:00", "2011-12-30 19:00"];
    assert_eq!(runs("daily at 09:00", "Pacific/Apia", "2011-12-29T18:00:00Z", 2), daily);
    // 2011-12-30 was to be a Friday: the week is not lost.
    let weekly = ["2011-12-23 19:00", "2011-12-30 10:00", "2012-01-05 19:00"];
    assert_eq!(runs("weekly on Friday at 09:00", "Pacific/Apia", "2011-12-23T00:00:00Z", 3), weekly);
}

#[test]
fn an_hourly_one_follows_real_hours() {
    for (zone, after) in [
        ("Europe/Berlin", "2026-03-28T20:00:00Z"),
        ("Europe/Berlin", "2026-10-24T20:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T10:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T10:00:00Z"),
        ("Asia/Kathmandu", "2026-10-03T10:00:00Z"),
        ("Pacific/Apia", "2011-12-30T00:00:00Z"),
    ] {
        let (zone, after) = (zone.parse::<Zone>().expect(zone), after.parse().expect(after));
        for text in ["hourly", "30 * * * *", "59 */1 * * *"] {
            let schedule: Schedule = text.parse().expect(text);
            let runs: Vec<Timestamp> = schedule.runs_after(&zone, after).take(24).collect();
            assert!(
                runs.windows(2).all(|pair| pair[1].duration_since(pair[0]).as_secs() == 3_600),
                "{zone} {text}"
            );
        }
    }
    assert_eq!(runs("hourly", "Asia/Kathmandu", "2026-01-01T00:00:00Z", 1), ["2026-01-01 00:15"]);
    assert_eq!(runs("hourly", "Australia/Lord_Howe", "2026-07-01T00:00:00Z", 1), ["2026-07-01 00:30"]);
    assert_eq!(runs("hourly", "Australia/Lord_Howe", "2026-01-01T00:00:00Z", 1), ["2026-01-01 00:30"]);
}

/// Pyongyang went back by half an hour at 2015-08-14 15:00 UTC, and forward again at 2018-05-04 15:00 UTC.
#[test]
fn an_hourly_one_moves_with_standard_time() {
    let back = ["2015-08-14 14:00", "2015-08-14 15:30", "2015-08-14 16:30"];
    assert_eq!(runs("hourly", "Asia/Pyongyang", "2015-08-14T13:00:00Z", 3), back);
    let forward = ["2018-05-04 14:30", "2018-05-04 16:00", "2018-05-04 17:00"];
    assert_eq!(runs("hourly", "Asia/Pyongyang", "2018-05-04T13:30:00Z", 3), forward);
}

#[test]
fn an_hourly_one_of_some_days_has_all_hours_of_them() {
    let (schedule, zone) =
        ("0 * * * SUN".parse::<Schedule>().expect("one"), "Europe/Berlin".parse().expect("a zone"));
    let time = |text: &str| text.parse::<Timestamp>().expect(text);
    let count = |from: &str, to: &str| {
        schedule.runs_after(&zone, time(from)).take_while(|run| *run < time(to)).count()
    };
    assert_eq!(count("2026-03-25T00:00:00Z", "2026-04-01T00:00:00Z"), 23);
    assert_eq!(count("2026-10-21T00:00:00Z", "2026-10-28T00:00:00Z"), 25);
    assert_eq!(count("2026-06-03T00:00:00Z", "2026-06-10T00:00:00Z"), 24);
    // Hours given by number are times of the day, so each comes once a day whatever the clock does.
    let (steps, day) = ("0 */2 * * *".parse::<Schedule>().expect("one"), time("2026-10-24T22:00:00Z"));
    let next: Vec<_> = steps.runs_after(&zone, day).take(3).map(|run| run.to_string()).collect();
    assert_eq!(next, ["2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z", "2026-10-25T05:00:00Z"]);
}

#[test]
fn there_is_an_end_to_time() {
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    for text in ["daily", "hourly", "monthly", "0 9 29 2 *", "0 * * * MON"] {
        let schedule: Schedule = text.parse().expect(text);
        assert_eq!(schedule.next_run(&zone, Timestamp::MAX), None, "{text}");
        assert_eq!(schedule.last_run(&zone, Timestamp::MIN), None, "{text}");
        assert!(schedule.next_run(&zone, Timestamp::MIN).is_some(), "{text}");
        assert!(schedule.last_run(&zone, Timestamp::MAX).is_some(), "{text}");
    }
}

/// A schedule of each form.
fn schedules() -> impl Strategy<Value = Schedule> {
    let weekday =
        || (0_i8..7).prop_map(|day| jiff::civil::Weekday::from_monday_zero_offset(day).expect("a day"));
    let week = prop::collection::vec(weekday(), 1..7).prop_map(|days| {
        let mut week = days::WeekdaySet::default();
        for day in days {
            week.add(day);
        }
        if week.is_whole() { Days::Every } else { Days::Weekly(week) }
    });
    let days = prop_oneof![
        Just(Days::Every),
        week,
        (1_i8..=31).prop_map(Days::Monthly),
        Just(Days::LastDay),
        (1_i8..=4, weekday()).prop_map(|(nth, day)| Days::Nth(nth, day)),
        weekday().prop_map(Days::Last),
    ];
    let times = (0_i8..24, 0_i8..60).prop_map(|(hour, minute)| vec![jiff::civil::time(hour, minute, 0, 0)]);
    let english = (days, times).prop_map(|(days, times)| Schedule { days, hours: Hours::At(times) });
    let field = |values: &'static [&'static str]| prop::sample::select(values);
    let cron = (
        0..60,
        field(&["*", "*/6", "9", "2,3", "0-5", "22,23"]),
        field(&["*", "31", "L", "15W", "LW", "1,15", "*/10"]),
        field(&["*", "1-3", "FEB", "*/4"]),
        field(&["*", "MON-FRI", "5L", "1#2", "7", "SUN,WED"]),
    )
        .prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
        .prop_filter_map("it never runs", |text| text.parse().ok());
    let hourly = Just(Schedule { days: Days::Every, hours: Hours::Every(0) });
    prop_oneof![4 => english, 4 => cron, 1 => hourly]
}

fn zones() -> impl Strategy<Value = Zone> {
    let names: Vec<&str> = Zone::names().collect();
    prop::sample::select(names).prop_map(|name| name.parse().expect(name))
}

proptest! {
    #[test]
    fn the_text_reads_back_as_the_same(schedule in schedules(), zone in zones()) {
        let text = schedule.to_string();
        prop_assert_eq!(text.parse(), Ok(schedule.clone()));
        prop_assert_eq!(text.to_uppercase().parse(), Ok(schedule.clone()));
        prop_assert_eq!(Schedule::parse_with_zone(&format!("{text} {zone}")), Ok((schedule, Some(zone))));
    }

    #[test]
    fn whatever_is_written_is_read_or_refused(
        text in "\\PC{0,220}",
        words in prop::collection::vec(prop::sample::select(vec![
            "daily", "weekly", "monthly", "monday", "fri", "first", "last", "5th", "day", "at", "on", "9", "31", "17:00",
            "pm", "every", "to", "mon-fri", "hourly", "UTC", "Europe/Berlin", "*", "0", "*/5", ",", "weekdays",
        ]), 0..9),
    ) {
        for text in [text, words.join(" ")] {
            match Schedule::parse_with_zone(&text) {
                Ok((schedule, _)) => prop_assert_eq!(schedule.to_string().parse(), Ok(schedule)),
                Err(error) => prop_assert!(error.to_string().chars().count() < 400),
            }
        }
    }

    #[test]
    fn forwards_and_backwards_are_the_same_runs(
        schedule in schedules(),
        zone in zones(),
        second in -2_000_000_000_i64..10_000_000_000,
    ) {
        let after = Timestamp::from_second(second).expect("a time");
        let runs: Vec<Timestamp> = schedule.runs_after(&zone, after).take(40).collect();
        let mut until = *runs.last().expect("a run");
        for run in runs.iter().rev() {
            prop_assert_eq!(schedule.last_run(&zone, until), Some(*run));
            prop_assert_eq!(schedule.last_run(&zone, *run), Some(*run));
            until = run.checked_sub(SignedDuration::from_nanos(1)).expect("a time");
        }
        prop_assert!(schedule.last_run(&zone, until).is_none_or(|run| run <= after));
        prop_assert!(runs.is_sorted_by(|a, b| a < b));
        let count = u32::try_from(runs.len()).expect("few");
        prop_assert_eq!(schedule.count(&zone, runs[0], runs[runs.len() - 1], 1_000), count);
    }

    /// Two runs may be less than an hour apart only if the clock changes between them.
    #[test]
    fn no_run_comes_within_an_hour(schedule in schedules(), zone in zones(), second in 0_i64..3_000_000_000) {
        let after = Timestamp::from_second(second).expect("a time");
        let runs: Vec<Timestamp> = schedule.runs_after(&zone, after).take(40).collect();
        for pair in runs.windows(2).filter(|pair| pair[1].duration_since(pair[0]).as_secs() < 3_600) {
            let from = pair[0].checked_sub(SignedDuration::from_hours(2)).expect("a time");
            let has_change = zone.rules().following(from).next().is_some_and(|change| change.timestamp() <= pair[1]);
            prop_assert!(has_change && matches!(schedule.hours, Hours::At(_)), "{schedule} {zone} {pair:?}");
        }
    }
}
