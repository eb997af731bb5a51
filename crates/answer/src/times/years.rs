//! Years as the value of an option.

use jiff::civil::Date;
use takeaways_text::model::{Years, YearsError};

use super::{find_times, join_times};

/// Parses the value of an option for years: as [`Years`] reads it, or as a question would say it ("since 2018").
///
/// # Errors
/// The text names no years, or months of them, or they are in the wrong order.
pub fn parse_years(text: &str, today: Date) -> Result<Years, YearsError> {
    match text.parse() {
        Err(YearsError::Unreadable) if text.contains(char::is_alphabetic) => {
            years_in_words(text, today).ok_or(YearsError::Unreadable)
        }
        result => result,
    }
}

/// Returns the years that words name; `None` also for months.
pub(crate) fn years_in_words(text: &str, today: Date) -> Option<Years> {
    let times = find_times(text, &[], today);
    let years = join_times(&times).into_iter().map(|(period, _)| period.whole_years(today.year()));
    let years: Option<Vec<Years>> = years.collect();
    years?.into_iter().reduce(Years::cover)
}
