//! Days that a text names: `Nov 12, 2024`, `23. und 24. August`, `2018年10月25日`, `2019/04/18`.

use super::function_words::DAY_WORDS;
use takeaways_text::calendar::month_from_name;
use takeaways_text::phrases::Words;

/// A day of a year, or of any year where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedDay {
    pub(super) year: Option<i16>,
    pub(super) month: i8,
    pub(super) day: i8,
}

/// The days that are named before a word, in order.
pub(super) fn days_before(words: &Words<'_>, end: usize) -> Vec<NamedDay> {
    (0..end.min(words.len()))
        .filter_map(|at| day_by_month_name(words, at).or_else(|| day_by_numbers(words, at)))
        .collect()
}

/// A month's name with a day on either side.
fn day_by_month_name(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let month = i8::try_from(month_from_name(words.folded(at))?).ok()?;
    let ordinal = |at: usize| usize::from(DAY_WORDS.contains(&words.folded(at)));
    let close = |at: usize| words.gap(at).chars().count() <= 3;
    if let Some(day) = number_at(words, at + 1, 31).filter(|_| close(at + 1)) {
        let mut next = at + 2 + ordinal(at + 2);
        // "November 12-15, 2024"
        if number_at(words, next, 31).is_some() {
            next += 1 + ordinal(next + 1);
        }
        return Some(NamedDay { year: year_at(words, next), month, day });
    }
    let before = at.checked_sub(1)?;
    let at_day = if ordinal(before) == 1 { before.checked_sub(1)? } else { before };
    let day = number_at(words, at_day, 31).filter(|_| close(at))?;
    Some(NamedDay { year: year_at(words, at + 1 + ordinal(at + 1)), month, day })
}

/// Year, month and day as numbers.
fn day_by_numbers(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let year = year_at(words, at)?;
    let unit = |at: usize, unit: &str| usize::from(words.folded(at) == unit);
    let month_at = at + 1 + unit(at + 1, "年");
    let day_at = month_at + 1 + unit(month_at + 1, "月");
    let joined = |at: usize| matches!(words.gap(at), "-" | "/" | "." | "" | " ");
    let month = number_at(words, month_at, 12).filter(|_| joined(month_at))?;
    let day = number_at(words, day_at, 31).filter(|_| joined(day_at))?;
    Some(NamedDay { year: Some(year), month, day })
}

fn number_at(words: &Words<'_>, at: usize, most: i8) -> Option<i8> {
    let number =
        words.folded(at).parse().ok().filter(|_| words.is_number(at) && words.folded(at).len() <= 2)?;
    (1..=most).contains(&number).then_some(number)
}

/// The years of four digits before a word, in order.
pub(super) fn years_before(words: &Words<'_>, end: usize) -> Vec<i16> {
    (0..end.min(words.len())).filter_map(|at| year_at(words, at)).collect()
}

/// A year of four digits.
fn year_at(words: &Words<'_>, at: usize) -> Option<i16> {
    let digits = words.folded(at);
    let year = digits.parse().ok().filter(|_| words.is_number(at) && digits.len() == 4)?;
    (1990..2100).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_many_hands() {
        for (text, expected) in [
            ("Day 0 (Nov 12, 2024)", vec![(Some(2024), 11, 12)]),
            ("from November 12th to 15, 2024", vec![(None, 11, 12)]),
            ("November 12-15, 2024", vec![(Some(2024), 11, 12)]),
            ("am 23. und 24. August diesen Jahres", vec![(None, 8, 24)]),
            ("le 7 mars au Centre", vec![(None, 3, 7)]),
            ("20 de mayo de 2019", vec![(Some(2019), 5, 20)]),
            (
                "일시 : 2018년 10월 25일, 2018年10月25日, 2019/04/18",
                vec![(Some(2018), 10, 25), (Some(2019), 4, 18)],
            ),
            ("in May 2019, at 10:30, version 2.1", vec![]),
        ] {
            let words = Words::new(text);
            let found: Vec<_> =
                days_before(&words, 99).into_iter().map(|day| (day.year, day.month, day.day)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
