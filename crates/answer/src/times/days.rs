//! Days from which on something is asked for: "since 3 November 2026", "since June 1", "since 2024-01-01", "since 06/2026".

use std::ops::Range;

use jiff::civil::Date;
use takeaways_text::calendar::month_from_name;
use takeaways_text::phrases::Words;

use super::phrases::{PHRASES, find_phrase};
use super::{MAX_WORDS, TimeParser};

/// Returns the day from which on a text asks for something, with the words that say so.
pub(crate) fn find_since_day(text: &str, today: Date) -> Option<(Range<usize>, Date)> {
    let parser = TimeParser { words: Words::new(text), landmarks: &[], today };
    let day = |at: usize| parser.after_fillers(at, |at| parser.day_at(at));
    (0..parser.words.len().min(MAX_WORDS)).find_map(|at| {
        let (inside, end) = find_phrase(&PHRASES.since, &parser.words, at, &day)?;
        let (day, end) = inside.map(|day| (day, end)).or_else(|| day(end))?;
        Some((parser.words.byte_range(at..end), day))
    })
}

impl TimeParser<'_> {
    /// Returns the day at a word, and its end. A day without a year is the latest one that has come.
    fn day_at(&self, at: usize) -> Option<(Date, usize)> {
        let joined = |at: usize, sign: &str| self.words.gap(at) == sign;
        let year_in = |at: usize| self.year_in_digits(at);
        if let Some(year) = self.inside(at).and_then(year_in)
            && joined(at + 1, "-")
            && joined(at + 2, "-")
        {
            let date = Date::new(year, self.number_at(at + 1)?, self.number_at(at + 2)?).ok()?;
            return Some((date, at + 3));
        }
        if let Some(month) = self.number_at(at)
            && joined(at + 1, "/")
            && let Some(year) = self.inside(at + 1).and_then(year_in)
        {
            return Some((Date::new(year, month, 1).ok()?, at + 2));
        }
        let month = |at: usize| {
            let month = month_from_name(self.words.original(self.inside(at)?))?;
            i8::try_from(month).ok()
        };
        let (day, month, end) = if let Some(day) = self.number_at(at) {
            let next = self.after_ordinal(at);
            (day, month(next)?, next + 1)
        } else {
            (self.number_at(at + 1)?, month(at)?, self.after_ordinal(at + 1))
        };
        if let Some(year) = self.inside(end).and_then(year_in) {
            return Some((Date::new(year, month, day).ok()?, end + 1));
        }
        let of_year = |year: i16| Date::new(year, month, day).ok();
        let this_year = of_year(self.today.year()).filter(|date| *date <= self.today);
        Some((this_year.or_else(|| of_year(self.today.year() - 1))?, end))
    }

    /// The place after a number and its ending: "24th".
    fn after_ordinal(&self, at: usize) -> usize {
        let is_ending = |at: &usize| self.words.is_glued(*at) && !self.words.is_number(*at);
        self.inside(at + 1).filter(is_ending).map_or(at + 1, |ending| ending + 1)
    }

    /// A word, if there is one.
    fn inside(&self, at: usize) -> Option<usize> {
        Some(at).filter(|at| *at < self.words.len())
    }

    /// The number of one or two digits that a word is.
    fn number_at(&self, at: usize) -> Option<i8> {
        let word = self.words.folded(self.inside(at)?);
        word.parse().ok().filter(|_| word.len() <= 2)
    }
}
