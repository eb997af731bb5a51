//! Numbers and versions that are written with full stops and commas.

use super::compound::{Joiner, WordSegment};
use crate::model::Language;

/// What segments joined by full stops and commas are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberReading {
    /// No number.
    Words,
    /// Several: a date, or a list without spaces.
    Several,
    /// One, as it is searched: `12000`, `1.16`.
    One(String),
}

/// Whether a word in lower case is a version of one number: `v3`.
#[must_use]
pub fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(is_digits)
}

/// Reads the segments of one word as a number.
#[must_use]
pub fn parse_number(segments: &[WordSegment], language: Language, lower: &str) -> NumberReading {
    let words: Vec<&str> = segments.iter().map(|s| lower.get(s.lower.clone()).unwrap_or_default()).collect();
    let Some((&first, rest)) = words.split_first() else { return NumberReading::Words };
    let joined = segments.iter().skip(1).all(|s| matches!(s.joiner, Joiner::Dot | Joiner::Comma));
    let numeric = rest.iter().all(|word| *word == "x" || word.starts_with(|c: char| c.is_ascii_digit()));
    if !joined || !numeric || !(is_digits(first) || is_version(first)) {
        return NumberReading::Words;
    }
    if is_date(&words) {
        return NumberReading::Several;
    }
    parse_single_number(segments, &words, language)
}

fn parse_single_number(segments: &[WordSegment], words: &[&str], language: Language) -> NumberReading {
    let parts = || segments.iter().map(|s| s.joiner).zip(words.iter().copied()).skip(1);
    let first = words.first().copied().unwrap_or_default();
    let by_three = |sign| first.len() <= 3 && parts().filter(|p| p.0 == sign).all(|p| is_three_digits(p.1));
    let commas = parts().filter(|(joiner, _)| *joiner == Joiner::Comma).count();
    let comma_is_point = commas > 0 && !by_three(Joiner::Comma);
    let last_is_comma = segments.last().is_some_and(|s| s.joiner == Joiner::Comma);
    if comma_is_point && !(language.words().writing.decimal_comma && commas == 1 && last_is_comma) {
        return NumberReading::Several;
    }
    let dot_groups = language.words().writing.decimal_comma && by_three(Joiner::Dot);
    let mut number = first.trim_start_matches('v').to_owned();
    for (joiner, part) in parts() {
        let is_point = if joiner == Joiner::Comma { comma_is_point } else { !dot_groups };
        number.push_str(if is_point { "." } else { "" });
        number.push_str(part);
    }
    NumberReading::One(number)
}

/// `23.08.2025`
fn is_date(words: &[&str]) -> bool {
    matches!(words, [day, month, year] if day.len() <= 2 && month.len() <= 2 && year.len() == 4 && is_digits(year))
}

fn is_three_digits(word: &str) -> bool {
    word.len() == 3 && is_digits(word)
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}
