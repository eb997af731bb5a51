//! Numbers that count something, in digits.

use takeaways_text::language;

/// What may follow the digits of a quantity.
const UNITS: &[&str] = &[
    "", "k", "m", "x", "bn", "mn", "b", "kb", "mb", "gb", "tb", "pb", "eb", "kib", "mib", "gib", "tib",
    "mbps", "gbps", "mhz", "ghz", "ns", "us", "ms", "s", "sec", "secs", "h", "hr", "hrs", "min", "mins",
    "rps", "qps", "tps", "fps", "mm", "cm", "km", "kg", "kw", "usd", "eur", "gbp", "chf",
];
/// What follows a number in a date, in scripts without blanks.
const DATE_SUFFIXES: [char; 7] = ['年', '月', '日', '号', '년', '월', '일'];

/// Whether a text has a number that counts something: not a year, ordinal, date, version or part of a name.
pub(super) fn has_quantity(text: &str) -> bool {
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let start = at + start;
        let rest = text.get(start..).unwrap_or_default();
        let len = number_length(rest);
        let (digits, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        if is_quantity(before, digits, after) {
            return true;
        }
        at = start + len.max(1);
    }
    false
}

/// Returns the length of the number at the start of a text, with the marks between its digits.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_mark =
        |at: usize| bytes.get(at).is_some_and(|byte| matches!(byte, b'.' | b',' | b'\'' | b'/' | b':'));
    let mut len = 0;
    while is_digit(len) || is_mark(len) && is_digit(len + 1) {
        len += 1;
    }
    len
}

fn is_quantity(before: Option<char>, digits: &str, after: &str) -> bool {
    // `v1`, `KDE4`, `k8s`, `CVE-2019`, `#4`; `<3` is a heart
    let is_named =
        before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '#' | '/' | '<'));
    let unit: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
    let next = after.chars().next();
    if digits.contains('/') {
        // `04/18` is a date, `1/18th` a share.
        return language::all().calendar.ordinal_endings.contains(unit.as_str());
    }
    let is_date = next.is_some_and(|c| DATE_SUFFIXES.contains(&c));
    let is_time = digits.contains(':');
    let groups: Vec<&str> = digits.split(['.', ',', '\'']).collect();
    let is_version = groups.len() > 2 && groups.iter().skip(1).any(|group| group.len() != 3);
    let is_year = groups.len() == 1
        && digits.len() == 4
        && unit.is_empty()
        && digits.parse().is_ok_and(|year: u16| (1990..=2100).contains(&year));
    !(is_named || is_date || is_time || is_version || is_year)
        && UNITS.contains(&unit.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_glued_to_units_are_quantities() {
        for (text, expected) in [
            ("be there 15min before", true),
            ("it has 151KB", true),
            ("after 2hrs", true),
            ("in 2019", false),
            ("KDE4", false),
            ("at 1/18th scale", true),
            ("on 1/18", false),
        ] {
            assert_eq!(has_quantity(text), expected, "{text}");
        }
    }
}
