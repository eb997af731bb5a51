//! Years in digits: "2019", "'19", "2018/19".

use takeaways_text::model::Years;

use super::phrases::{PHRASES, are_joined, find_end};
use super::{Period, TimeParser};

impl TimeParser<'_> {
    /// "2016-2018", "2018/19", "2019-05".
    pub(super) fn year_range_at(&self, at: usize) -> Option<(Period, usize)> {
        let (first, end) = self.year_at(at)?;
        let sign = self.words.gap(end);
        if !matches!(sign, "-" | "/" | " - ") || self.words.is_glued(end + 1) {
            return None;
        }
        if let Some((last, end)) = self.year_at(end) {
            return Some((Period::years(first, first)?.cover(Period::years(last, last)?), end));
        }
        let digits =
            Some(self.words.folded(end)).filter(|digits| digits.len() == 2 && self.words.is_number(end))?;
        let number: i16 = digits.parse().ok()?;
        let last = self.short_year_in_digits(end).filter(|last| *last > first && sign != " - ");
        match last {
            Some(last) if number > 12 || last == first + 1 => Some((Period::years(first, last)?, end + 1)),
            _ if sign == "-" => Some((Period::months(first, i8::try_from(number).ok()?, 1)?, end + 1)),
            _ => None,
        }
    }

    /// Returns the year at a word: four digits, or two after an apostrophe. "The 2019th", "12,019" and "v2019" are none.
    pub(super) fn year_at(&self, at: usize) -> Option<(i16, usize)> {
        let gap = self.words.gap(at);
        let is_part_of_number = |at: usize| {
            let gap = self.words.gap(at);
            at > 0
                && self.words.is_number(at - 1)
                && self.words.is_number(at)
                && matches!(gap, "." | "," | ":")
        };
        if self.words.is_glued(at)
            || self.words.is_glued(at + 1)
            || is_part_of_number(at)
            || is_part_of_number(at + 1)
            || gap.ends_with(['$', '€', '£', '#', '@', '=', '_'])
            || self.words.gap(at + 1).starts_with(['%', '_'])
        {
            return None;
        }
        let short_year = || self.short_year_in_digits(at).filter(|_| gap.ends_with('\''));
        self.year_in_digits(at).or_else(short_year).map(|year| (year, at + 1))
    }

    /// Returns the year that a word of four digits is. An unlikely one is a year only alone or after a word for a time: "in 2031".
    pub(super) fn year_in_digits(&self, at: usize) -> Option<i16> {
        let digits =
            Some(self.words.folded(at)).filter(|digits| digits.len() == 4 && self.words.is_number(at));
        let year: i16 = digits?.parse().ok()?;
        // A post may be dated ahead, but not far.
        let is_likely = (Years::FIRST..=self.today.year() + 2).contains(&year);
        let is_said = || self.words.len() == 1 || self.follows_time_word(at);
        (is_likely || (1900..=2100).contains(&year) && is_said()).then_some(year)
    }

    /// Whether a word for a time is right before another one: "in", "since", "the year".
    fn follows_time_word(&self, at: usize) -> bool {
        let lists = [
            &PHRASES.during,
            &PHRASES.since,
            &PHRASES.after,
            &PHRASES.before,
            &PHRASES.until,
            &PHRASES.from,
            &PHRASES.between,
            &PHRASES.of,
        ];
        let before = at.checked_sub(1).filter(|_| are_joined(&self.words, at));
        before.is_some_and(|before| lists.iter().any(|list| find_end(list, &self.words, before) == Some(at)))
    }

    /// Returns the year of this century that a word of two digits is.
    pub(super) fn short_year_in_digits(&self, at: usize) -> Option<i16> {
        let digits =
            Some(self.words.folded(at)).filter(|digits| digits.len() == 2 && self.words.is_number(at));
        let year = 2000 + digits?.parse::<i16>().ok()?;
        (year <= self.today.year() + 2).then_some(year)
    }
}
