//! Times that are told from today: "yesterday", "last month", "this spring", "since June".

use jiff::ToSpan as _;
use jiff::civil::Date;
use takeaways_text::calendar::weekday_from_name;

use super::phrases::{PHRASES, Phrases, are_joined, find_end};
use super::{Period, TimeParser};

impl TimeParser<'_> {
    /// "yesterday", "last week", "this month", "the last two months", "the year before last".
    pub(super) fn days_before_now_at(&self, at: usize) -> Option<(Period, usize)> {
        let today = self.today;
        let month = |day: Date| Period::months(day.year(), day.month(), 1);
        let week = |day: Date| {
            let monday = days_before(day, day.weekday().to_monday_zero_offset())?;
            Period::new(monday, monday.checked_add(6.days()).ok()?)
        };
        let last_month = || today.first_of_month().yesterday().ok();
        if let Some((months, end)) = self.number_in(&PHRASES.last_months, at) {
            return Some((Period::new(today.checked_sub(i64::from(months).months()).ok()?, today)?, end));
        }
        let end = |list: &Phrases| find_end(list, &self.words, at);
        if let Some(end) = end(&PHRASES.yesterday) {
            let day = today.yesterday().ok()?;
            return Some((Period::new(day, day)?, end));
        }
        if let Some(end) = end(&PHRASES.this_week) {
            return Some((week(today)?, end));
        }
        if let Some(end) = end(&PHRASES.last_week) {
            return Some((week(days_before(today, 7)?)?, end));
        }
        if let Some(end) = end(&PHRASES.this_month) {
            return Some((month(today)?, end));
        }
        if let Some(end) = end(&PHRASES.last_month) {
            return Some((month(last_month()?)?, end));
        }
        let year = today.year() - 2;
        end(&PHRASES.year_before_last).and_then(|end| Some((Period::years(year, year)?, end)))
    }

    /// Returns the latest weekday, month, season or quarter of a name without a year that has begun: after "since", "until" or "in".
    pub(super) fn latest_part_at(&self, at: usize) -> Option<(Period, usize)> {
        if at >= self.words.len() {
            return None;
        }
        if let Some(weekday) = weekday_from_name(self.words.original(at)) {
            let back = (self.today.weekday().to_monday_zero_offset() - weekday).rem_euclid(7);
            let day = days_before(self.today, back)?;
            return Some((Period::new(day, day)?, at + 1));
        }
        let (part, end) = self.part_at(at)?;
        let this_year = part.of_year(self.today.year()).filter(|_| self.is_clear_part(at, end))?;
        let latest =
            if this_year.first <= self.today { this_year } else { part.of_year(self.today.year() - 1)? };
        Some((latest, end))
    }

    /// Whether words name a part of a year: those that mostly mean something else need an end after them.
    fn is_clear_part(&self, start: usize, end: usize) -> bool {
        find_end(&PHRASES.other_meanings, &self.words, start).is_none()
            || self.words.gap(end).contains(|c: char| !c.is_whitespace())
            || end == self.words.len()
    }

    /// "this spring", "last summer", "l'été dernier". Words that mostly mean something else need an end after them.
    pub(super) fn recent_part_at(&self, at: usize) -> Option<(Period, usize)> {
        let this = find_end(&PHRASES.this, &self.words, at);
        let last = find_end(&PHRASES.last, &self.words, at);
        let start = this.or(last).filter(|start| are_joined(&self.words, *start)).unwrap_or(at);
        let (part, end) = self.part_at(start)?;
        let is_clear = self.is_clear_part(start, end);
        let after = find_end(&PHRASES.last_after, &self.words, end).filter(|_| are_joined(&self.words, end));
        let year = self.today.year();
        if start > at && this.is_some() && is_clear {
            return Some((part.of_year(year)?, end));
        }
        let last_end = if start > at { Some(end).filter(|_| is_clear) } else { after }?;
        let this_year = part.of_year(year)?;
        let recent = if this_year.last < self.today { this_year } else { part.of_year(year - 1)? };
        Some((recent, last_end))
    }
}

fn days_before(day: Date, days: i8) -> Option<Date> {
    day.checked_sub(i64::from(days).days()).ok()
}
