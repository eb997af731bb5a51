//! What people write, and when it runs.

use proptest::prelude::*;

use super::*;

fn canonical(text: &str) -> String {
    let (schedule, zone) = Schedule::with_zone(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    zone.map_or_else(|| schedule.to_string(), |zone| format!("{schedule} {zone}"))
}

fn error(text: &str) -> ScheduleError {
    Schedule::with_zone(text).expect_err(text)
}

/// The first runs after a time, in UTC.
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
