//! Days in the paths of files and in addresses.

use jiff::civil::Date;

use super::checked_date;
use super::numeric::parse_leading_number;
use super::worded::is_digits;

/// The day in a path: `_posts/2019-11-26-slug.md`, `2018/03/20/index.html`, `20191126-slug`. A year alone is none.
#[must_use]
pub fn date_in_path(path: &str, this_year: i16) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let folders = parts.windows(3).filter_map(|window| match window {
        [year, month, day] if year.len() == 4 && is_digits(year) && is_digits(month) => {
            let (number, digits, rest) = parse_leading_number(day)?;
            let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
            ((1..=2).contains(&month.len()) && (1..=2).contains(&digits) && ends)
                .then(|| checked_date(year.parse().ok()?, month.parse().ok()?, number, this_year).ok())
                .flatten()
        }
        _ => None,
    });
    // `2023/10-14-slug.md`
    let year_and_day = parts.windows(2).filter_map(|window| match window {
        [year, name] if year.len() == 4 && is_digits(year) && name.get(2..3) == Some("-") => {
            date_in_name(&format!("{year}-{name}"), this_year)
        }
        _ => None,
    });
    let names = parts.iter().rev().filter_map(|part| date_in_name(part, this_year));
    names.chain(folders).chain(year_and_day).next()
}

/// The day that a file's or folder's name begins with.
fn date_in_name(name: &str, this_year: i16) -> Option<Date> {
    let (first, digits, rest) = parse_leading_number(name)?;
    let (year, month, day, rest) = match digits {
        8 => (first / 10_000, first / 100 % 100, first % 100, rest),
        4 => {
            let mark = rest.chars().next().filter(|c| matches!(c, '-' | '_' | '.'))?;
            let (month, month_digits, rest) = parse_leading_number(rest.strip_prefix(mark)?)?;
            let (day, day_digits, rest) = parse_leading_number(rest.strip_prefix(mark)?)?;
            if month_digits > 2 || day_digits > 2 {
                return None;
            }
            (first, month, day, rest)
        }
        _ => return None,
    };
    if rest.starts_with(|c: char| c.is_alphanumeric()) && !rest.starts_with('T') {
        return None;
    }
    checked_date(year.try_into().ok()?, month, day, this_year).ok()
}
