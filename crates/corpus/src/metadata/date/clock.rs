//! Times of day and zones.

use jiff::civil::Time;

use super::numeric::parse_leading_number;

/// The time of day in a text and what follows it.
pub(super) fn parse_clock(text: &str) -> Option<(Time, &str)> {
    let colon = text.match_indices(':').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits).then_some((at - digits, at))
    });
    let (start, at) = colon?;
    let hour: i8 = text.get(start..at)?.parse().ok()?;
    let (minute, _, rest) = parse_leading_number(text.get(at + 1..)?)?;
    let (second, rest) = match rest.strip_prefix(':').and_then(parse_leading_number) {
        Some((second, _, rest)) => (second, rest),
        None => (0, rest),
    };
    // Leap seconds and nonsense fall to the last second that there is.
    let time = Time::new(hour, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()?;
    Some((time, rest))
}

/// Seconds east of UTC from what follows a time: `Z`, `+01:00`, ` -0400`, ` GMT+0200`, `.000Z`, ` PST`.
pub(super) fn parse_utc_offset(rest: &str) -> Option<i32> {
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()).trim_start();
    let rest = rest.strip_prefix("GMT").or_else(|| rest.strip_prefix("UTC")).unwrap_or(rest);
    let sign = match rest.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String =
        rest.chars().skip(1).filter(|c| *c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i32>().ok()? };
    Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes * 60))
}
