//! A range of days, as a question names it.

use super::NamedTime;
use jiff::{ToSpan as _, civil::Date};
use takeaways_text::model::{Event, Years};

/// A range of days, both ends included, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// The first day of periods without a beginning: the Web is not older.
const BEGINNING: Date = jiff::civil::date(Years::FIRST, 1, 1);

impl Period {
    /// The days from the first to the last; `None` if there are none.
    pub(crate) fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Whole years.
    pub(super) fn years(first: i16, last: i16) -> Option<Self> {
        Self::new(Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?)
    }

    /// Some months from one of a year on.
    pub(super) fn months(year: i16, first: i8, count: i8) -> Option<Self> {
        let first = Date::new(year, first, 1).ok()?;
        Self::new(first, first.checked_add(count.months()).ok()?.yesterday().ok()?)
    }

    /// From its first day on, without an end.
    pub(super) fn since(self) -> Option<Self> {
        Self::new(self.first, Date::MAX)
    }

    /// After its last day.
    pub(super) fn after(self) -> Option<Self> {
        Self::new(self.last.tomorrow().ok()?, Date::MAX)
    }

    /// Before its first day.
    pub(super) fn before(self) -> Option<Self> {
        let last = self.first.yesterday().ok()?;
        Self::new(BEGINNING.min(last.first_of_year()), last)
    }

    /// Up to its last day.
    pub(super) fn until(self) -> Option<Self> {
        Self::new(BEGINNING.min(self.last.first_of_year()), self.last)
    }

    /// The smallest period that contains both.
    pub(crate) fn cover(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The days of both, if one has no beginning and the other no end: "since 2018 and before 2021".
    pub(super) fn join_open(self, other: Self) -> Option<Self> {
        let is_joined = |a: Self, b: Self| a.last == Date::MAX && b.first == BEGINNING;
        let both = Self::new(self.first.max(other.first), self.last.min(other.last));
        both.filter(|_| is_joined(self, other) || is_joined(other, self))
    }

    /// The years, if the period is of whole years. One without an end ends in the year `now`, or in its first one if that is later.
    pub(crate) fn whole_years(self, now: i16) -> Option<Years> {
        let is_whole = self.first.day_of_year() == 1 && (self.last.month(), self.last.day()) == (12, 31);
        let first = self.first.year();
        let last = if self.last == Date::MAX { now.max(first) } else { self.last.year() };
        is_whole.then(|| Years::between(first, last))
    }

    /// Whether it has no beginning.
    pub(crate) fn has_no_beginning(self) -> bool {
        self.first == BEGINNING
    }

    /// Whether an event began in it. Of an event without a date all of its year must be in it.
    pub(crate) fn contains(self, event: &Event) -> bool {
        Self::of_event(event).is_some_and(|of| match event.start {
            Some(start) => self.first <= start && start <= self.last,
            None => self.first <= of.first && of.last <= self.last,
        })
    }

    /// The days of an event, or its year.
    pub(crate) fn of_event(event: &Event) -> Option<Self> {
        match event.start {
            Some(start) => Self::new(start, event.end.unwrap_or(start)),
            None => event.year.and_then(|year| Self::years(year, year)),
        }
    }
}

impl NamedTime {
    /// Whether it is all that comes after an event.
    pub(crate) fn is_after_event(&self) -> bool {
        self.series.is_some() && self.period.last == Date::MAX
    }
}

/// Some months of a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearPart {
    pub(super) first_month: i8,
    pub(super) months: i8,
    /// Whether the year may have two digits: a day never follows.
    pub(super) allows_short_year: bool,
    /// Whether it is a month, which a day may follow.
    pub(super) is_month: bool,
}

impl YearPart {
    /// Some months from one on.
    pub(super) fn new(first_month: usize, months: i8) -> Self {
        let first_month = i8::try_from(first_month).unwrap_or(1);
        Self { first_month, months, allows_short_year: false, is_month: false }
    }

    pub(super) fn of_year(self, year: i16) -> Option<Period> {
        Period::months(year, self.first_month, self.months)
    }
}
