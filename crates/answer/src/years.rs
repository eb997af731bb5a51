//! Years in a question: "2019", "since 2018", "last year", "between 2017 and 2019".

use std::ops::Range;
use std::sync::LazyLock;

use super::question_syntax::QuestionWord;
use takeaways_text::language::all_words;
use takeaways_text::model::Years;

/// Years named in a question, and which words named them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedYears {
    /// The range of years.
    pub years: Years,
    /// Indices of the words that said so.
    pub words: Vec<Range<usize>>,
}

const FIRST: i16 = Years::FIRST;

static LAST_YEAR: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.last_year));
static THIS_YEAR: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.this_year));
static SINCE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.since));
static AFTER: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.after));
static BEFORE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.before));
static UNTIL: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.until));
static BETWEEN: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.between));
static RANGE_JOINERS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.range_joiners));
static YEAR_ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.years.year_endings));

/// The years that the words name, seen from the year `now`; `None` where they name none.
///
/// Open ranges end with the year that it is. Several bare years give the range from the first to the last.
/// Words in `taken` (those of an event's name) are passed over.
#[must_use]
pub fn parse_years(words: &[QuestionWord], now: i16, taken: &dyn Fn(usize) -> bool) -> Option<NamedYears> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    let mut found: Vec<(Years, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        match (!taken(at)).then(|| parse_years_at(&lower, at, now)).flatten() {
            Some((years, end)) => {
                found.push((years, at..end));
                at = end;
            }
            None => at += 1,
        }
    }
    let first = found.iter().map(|(years, _)| years.first).min()?;
    let last = found.iter().map(|(years, _)| years.last).max()?;
    Some(NamedYears {
        years: Years::between(first, last),
        words: found.into_iter().map(|(_, range)| range).collect(),
    })
}

/// What the words from `at` on name, and where that ends.
fn parse_years_at(lower: &[String], at: usize, now: i16) -> Option<(Years, usize)> {
    let word = lower.get(at)?.as_str();
    let next = lower.get(at + 1).map_or("", String::as_str);
    let next_year = year(next, now);
    let pair = format!("{word} {next}");
    if LAST_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now - 1), at + 2));
    }
    if THIS_YEAR.contains(&pair.as_str()) {
        return Some((Years::single(now), at + 2));
    }
    if let Some(then) = next_year {
        if SINCE.contains(&word) || BETWEEN.contains(&word) {
            return Some((open_or_range(lower, at, then, now), range_end(lower, at, now)));
        }
        if AFTER.contains(&word) {
            return Some((Years::between(then.saturating_add(1).min(now), now), at + 2));
        }
        if BEFORE.contains(&word) {
            return Some((Years::between(FIRST, then - 1), at + 2));
        }
        if UNTIL.contains(&word) {
            return Some((Years::between(FIRST, then), at + 2));
        }
    }
    if let Some((first, last)) = word.split_once('-')
        && let (Some(first), Some(last)) = (year(first, now), year(last, now))
    {
        return Some((Years::between(first, last), at + 1));
    }
    year(word, now).map(|year| (Years::single(year), at + 1))
}

/// `since 2018` is open, `between 2017 and 2019` and `from 2017 to 2019` are closed.
fn open_or_range(lower: &[String], at: usize, first: i16, now: i16) -> Years {
    Years::between(first, second_year(lower, at, now).unwrap_or(now))
}

fn range_end(lower: &[String], at: usize, now: i16) -> usize {
    if second_year(lower, at, now).is_some() { at + 4 } else { at + 2 }
}

/// The year after `and` or `to` in `between 2017 and 2019`.
fn second_year(lower: &[String], at: usize, now: i16) -> Option<i16> {
    let joins = RANGE_JOINERS.contains(&lower.get(at + 2)?.as_str());
    joins.then(|| year(lower.get(at + 3)?, now)).flatten()
}

/// Four digits that can be the year of a post; `2019s`, `the 2019th` and `12,019` are none.
fn year(word: &str, now: i16) -> Option<i16> {
    let digits = YEAR_ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|year| (FIRST..=now.saturating_add(2)).contains(year))
}

#[cfg(test)]
mod tests {
    use super::super::question_syntax::parse_syntax;
    use super::*;

    #[test]
    fn years_in_a_question() {
        for (typed, years) in [
            ("what about 2019?", Some((2019, 2019))),
            ("since 2018", Some((2018, 2020))), // open ranges end with the year that it is
            ("before 2019", Some((1990, 2018))),
            ("after 2018", Some((2019, 2020))),
            ("between 2017 and 2019", Some((2017, 2019))),
            ("from 2016 to 2018", Some((2016, 2018))),
            ("2016-2018", Some((2016, 2018))),
            ("in 2016 or in 2018", Some((2016, 2018))),
            ("last year", Some((2019, 2019))),
            ("the 2019th example", None), // an ordinal is no year
            ("12,019 people", None),
            ("port 8080", None),
            ("2145", None),
        ] {
            let words = parse_syntax(typed).words;
            let named =
                parse_years(&words, 2020, &|_| false).map(|named| (named.years.first, named.years.last));
            assert_eq!(named, years, "{typed}");
        }
    }
}
