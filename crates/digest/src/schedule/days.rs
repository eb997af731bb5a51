//! The dates of a schedule.

use std::fmt;

use jiff::civil::{Date, Weekday};
use takeaways_text::lists::join_and;

use super::cron::CronDays;

/// Days of 400 years, after which the calendar repeats. A rule without a date in them never matches.
const CALENDAR_CYCLE_DAYS: u32 = 146_097;

/// The weekdays with their names.
pub(super) const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];

/// The ordinals of the weekdays of a month.
pub(super) const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];

pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(known, _)| *known == weekday).map_or("", |(_, name)| name)
}

/// A set of weekdays. In a schedule it is neither empty nor whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WeekdaySet(u8);

impl WeekdaySet {
    pub(super) const WORKDAYS: Self = Self(0b001_1111);
    pub(super) const WEEKEND: Self = Self(0b110_0000);

    /// Returns the weekdays from one to another, across the end of the week if necessary.
    pub(super) fn range(first: Weekday, last: Weekday) -> Self {
        let mut week = Self::default();
        let days = first.until(last).unsigned_abs() + 1;
        first.cycle_forward().take(usize::from(days)).for_each(|weekday| week.add(weekday));
        week
    }

    pub(super) fn add(&mut self, weekday: Weekday) {
        self.0 |= 1 << weekday.to_monday_zero_offset();
    }

    pub(super) fn contains(self, weekday: Weekday) -> bool {
        self.0 & (1 << weekday.to_monday_zero_offset()) != 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_whole(self) -> bool {
        self.0 == 0b111_1111
    }
}

/// The dates of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Days {
    /// Every date.
    Every,
    /// Dates on these weekdays.
    Weekly(WeekdaySet),
    /// This day of the month, 1 to 31, or the last day of a shorter month.
    Monthly(i8),
    /// The last day of the month.
    LastDay,
    /// The first to fourth weekday of this name in the month.
    Nth(i8, Weekday),
    /// The last weekday of this name in the month.
    Last(Weekday),
    /// The dates of a cron expression.
    Cron(Box<CronDays>),
}

impl Days {
    /// Whether a date matches.
    pub(super) fn contains(&self, date: Date) -> bool {
        let (day, length) = (date.day(), date.days_in_month());
        match self {
            Self::Every => true,
            Self::Weekly(week) => week.contains(date.weekday()),
            Self::Monthly(month_day) => day == (*month_day).min(length),
            Self::LastDay => day == length,
            Self::Nth(nth, weekday) => date.weekday() == *weekday && (day - 1) / 7 + 1 == *nth,
            Self::Last(weekday) => date.weekday() == *weekday && day + 7 > length,
            Self::Cron(cron) => cron.contains(date),
        }
    }

    /// Whether every date matches.
    pub(super) fn is_every(&self) -> bool {
        match self {
            Self::Every => true,
            Self::Cron(cron) => cron.is_every(),
            _ => false,
        }
    }

    /// Returns the first matching date from a date on.
    pub(super) fn first_on_or_after(&self, from: Date) -> Option<Date> {
        self.search(from, Date::tomorrow, Date::last_of_month)
    }

    /// Returns the last matching date up to a date.
    pub(super) fn last_on_or_before(&self, until: Date) -> Option<Date> {
        self.search(until, Date::yesterday, Date::first_of_month)
    }

    /// Goes date by date and skips months without a matching date.
    fn search(
        &self,
        start: Date,
        step: impl Fn(Date) -> Result<Date, jiff::Error>,
        end_of_month: impl Fn(Date) -> Date,
    ) -> Option<Date> {
        let mut date = start;
        for _ in 0..CALENDAR_CYCLE_DAYS {
            if !self.has_dates_in_month(date) {
                date = end_of_month(date);
            } else if self.contains(date) {
                return Some(date);
            }
            date = step(date).ok()?;
        }
        None
    }

    fn has_dates_in_month(&self, date: Date) -> bool {
        match self {
            Self::Cron(cron) => cron.has_dates_in_month(date.month()),
            _ => true,
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("daily"),
            Self::Weekly(week) if *week == WeekdaySet::WORKDAYS => f.write_str("weekdays"),
            Self::Weekly(week) if *week == WeekdaySet::WEEKEND => f.write_str("weekends"),
            Self::Weekly(week) => write!(f, "weekly on {}", list_weekdays(*week)),
            Self::Monthly(day) => write!(f, "monthly on the {day}{}", ordinal_suffix(*day)),
            Self::LastDay => f.write_str("monthly on the last day"),
            Self::Nth(nth, weekday) => {
                let nth = usize::try_from(*nth - 1).ok().and_then(|at| ORDINALS.get(at)).unwrap_or(&"");
                write!(f, "{nth} {} of the month", weekday_name(*weekday))
            }
            Self::Last(weekday) => write!(f, "last {} of the month", weekday_name(*weekday)),
            Self::Cron(cron) => cron.fmt(f),
        }
    }
}

/// Returns `Monday`, `Monday and Friday`, `Monday, Wednesday and Friday`.
fn list_weekdays(week: WeekdaySet) -> String {
    let weekdays = WEEKDAYS.iter().filter(|(weekday, _)| week.contains(*weekday));
    let names: Vec<&str> = weekdays.map(|(_, name)| *name).collect();
    join_and(&names)
}

/// Returns the suffix of a day's number.
fn ordinal_suffix(day: i8) -> &'static str {
    match (day / 10, day % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_31st_of_a_short_month_is_its_last_day() {
        let days = Days::Monthly(31);
        for (from, first) in [
            (date(2024, 1, 31), date(2024, 1, 31)),
            (date(2024, 2, 1), date(2024, 2, 29)),
            (date(2023, 2, 1), date(2023, 2, 28)),
            (date(2024, 4, 1), date(2024, 4, 30)),
        ] {
            assert_eq!(days.first_on_or_after(from), Some(first));
        }
        assert!(!days.contains(date(2024, 1, 30)));
        assert!(
            Days::Monthly(30).contains(date(2024, 2, 29)) && !Days::Monthly(30).contains(date(2024, 1, 31))
        );
    }

    #[test]
    fn weekdays_of_a_month_are_counted() {
        let dates = |days: Days| {
            [3, 4, 5].map(|month| days.first_on_or_after(date(2026, month, 1)).expect("a date").day())
        };
        assert_eq!(dates(Days::Nth(1, Weekday::Monday)), [2, 6, 4]);
        assert_eq!(dates(Days::Nth(4, Weekday::Friday)), [27, 24, 22]);
        assert_eq!(dates(Days::Last(Weekday::Friday)), [27, 24, 29]);
        assert_eq!(dates(Days::LastDay), [31, 30, 31]);
        assert_eq!(Days::Last(Weekday::Friday).last_on_or_before(date(2026, 5, 28)), Some(date(2026, 4, 24)));
    }

    #[test]
    fn a_search_ends_with_the_calendar() {
        assert_eq!(Days::Weekly(WeekdaySet::default()).first_on_or_after(date(2026, 1, 1)), None);
        assert_eq!(Days::Monthly(1).first_on_or_after(Date::MAX), None);
        assert_eq!(Days::Monthly(2).last_on_or_before(Date::MIN), None);
    }
}
