//! Years as the value of an option.

use jiff::civil::Date;
use takeaways_text::model::{Years, YearsError};

use super::{find_times, join_times};

/// Parses the value of an option for years: as [`Years`] reads it, with two digits for a year of this century, or as a question would
/// say it ("since 2018").
///
/// # Errors
/// The text names no years, or months of them, or they are in the wrong order.
pub fn parse_years(text: &str, today: Date) -> Result<Years, YearsError> {
    let short = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.trim().split(['-', '–']).map(str::trim).collect();
    if parts.len() <= 2 && parts.iter().all(|part| short(part)) {
        let years: Vec<String> = parts.iter().map(|part| format!("20{part}")).collect();
        return years.join("-").parse();
    }
    match text.parse() {
        Err(YearsError::Unreadable) if text.contains(char::is_alphabetic) => {
            years_in_words(text, today).ok_or(YearsError::Unreadable)
        }
        result => result,
    }
}

/// Returns the years that words name; `None` also for months, and for years with others between them.
pub(crate) fn years_in_words(text: &str, today: Date) -> Option<Years> {
    let times = find_times(text, &[], today);
    let years = join_times(&times).into_iter().map(|(period, _)| period.whole_years(today.year()));
    Years::join(years.collect::<Option<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_an_option_for_years_is_read() {
        let today = jiff::civil::date(2026, 11, 20);
        for (text, expected) in [
            ("2019", Some((2019, 2019))),
            ("19", Some((2019, 2019))),
            ("18-20", Some((2018, 2020))),
            ("since 2024", Some((2024, 2026))),
            ("19th", None),
            ("Q2 2024", None),
            ("2019 and 2020", Some((2019, 2020))),
            ("2018 and 2022", None),
            ("120", None),
        ] {
            let years = parse_years(text, today).ok().map(|years| (years.first, years.last));
            assert_eq!(years, expected, "{text}");
        }
    }
}
