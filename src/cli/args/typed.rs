//! Times as people type them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A day (its first moment in UTC) or a time.
pub fn moment(typed: &str) -> Result<Timestamp, String> {
    let typed = typed.trim();
    let day = || typed.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let zoned = || typed.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    typed
        .parse::<Timestamp>()
        .ok()
        .or_else(zoned)
        .or_else(day)
        .ok_or_else(|| "write a day like 2020-01-31, or a time with its zone like 2020-01-31T09:00Z".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_typed() {
        for (typed, expected) in [
            ("2020-01-31", Some("2020-01-31T00:00:00Z")),
            ("2020-01-31T09:00Z", Some("2020-01-31T09:00:00Z")),
            ("2020-01-31T09:00:00+02:00", Some("2020-01-31T07:00:00Z")),
            ("2020-01-31T09:00[Europe/Berlin]", Some("2020-01-31T08:00:00Z")),
            ("2020-02-30", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(moment(typed).ok().map(|moment| moment.to_string()).as_deref(), expected, "{typed}");
        }
    }
}
