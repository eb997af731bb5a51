//! Dates in digits.

use super::DateError;

/// Year, month and day, not yet held against the calendar.
pub(super) type YearMonthDay = (i32, u32, u32);

/// `2019-11-26`, `2019/4/18`, `2018. 8. 21.`, `2023年9月3日`, `20191126`, `26.11.2019`, `11/26/2019`.
pub(super) fn parse_numeric_date(text: &str) -> Result<Option<YearMonthDay>, DateError> {
    let Some((first, digits, rest)) =
        parse_leading_number(text.trim_start_matches(|c: char| c.is_whitespace() || c == '\''))
    else {
        return Ok(None);
    };
    if digits == 8 && !rest.starts_with(|c: char| c.is_alphanumeric()) {
        return Ok(Some(((first / 10_000).try_into().unwrap_or(0), first / 100 % 100, first % 100)));
    }
    let Some((mark, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((second, second_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let Some((again, rest)) = parse_separator(rest) else { return Ok(None) };
    let Some((third, third_digits, rest)) = parse_leading_number(rest) else { return Ok(None) };
    let same = mark == again || matches!((mark, again), ('年', '月') | ('년', '월'));
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit() || c == mark && mark != '.');
    if !same || !ends || second_digits > 2 {
        return Ok(None);
    }
    match (digits, third_digits) {
        (4, 1 | 2) => Ok(Some((first.try_into().unwrap_or(0), second, third))),
        (1 | 2, 4) => day_first_or_month_first(mark, first, second, third).map(Some),
        _ => Ok(None),
    }
}

/// Dots put the day first; with slashes and hyphens both orders are in use.
fn day_first_or_month_first(
    mark: char,
    first: u32,
    second: u32,
    year: u32,
) -> Result<YearMonthDay, DateError> {
    let year = year.try_into().unwrap_or(0);
    match () {
        () if mark == '.' || first > 12 || first == second => Ok((year, second, first)),
        () if second > 12 => Ok((year, first, second)),
        () => Err(DateError::Ambiguous),
    }
}

pub(super) fn parse_leading_number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, digits, rest))
}

fn parse_separator(text: &str) -> Option<(char, &str)> {
    let mark =
        text.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | '년' | '월' | '_'))?;
    Some((mark, text.get(mark.len_utf8()..)?.trim_start()))
}
