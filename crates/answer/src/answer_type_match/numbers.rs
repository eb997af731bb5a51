//! Numbers that count something, told from letters alone: not years, ordinals, dates, versions or names.

/// What may stand right behind a number's digits.
const UNITS: &[&str] =
    &["", "k", "m", "x", "bn", "mn", "b", "gb", "tb", "mb", "kb", "ms", "s", "h", "min", "km", "usd", "eur"];
/// What makes a number a part of a date, in scripts without blanks.
const DATE_SUFFIXES: [char; 7] = ['年', '月', '日', '号', '년', '월', '일'];

/// Whether a text holds a number that counts something.
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

/// The length of the digits at the start of a text, with the marks that stand between digits.
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
    // `v1`, `KDE4`, `k8s`, `CVE-2019`, `#4`
    let is_named = before.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '#' | '/'));
    let unit: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
    let next = after.chars().next();
    let is_date = next.is_some_and(|c| DATE_SUFFIXES.contains(&c)) || digits.contains('/');
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
    fn what_counts_and_what_does_not() {
        for (text, expected) in [
            ("8,000 people", true),
            ("12.000 Besucher", true),
            ("10k+", true),
            ("some 1.5x", true),
            ("50% of them", true),
            ("$20 a month", true),
            ("a 4-day event", true),
            ("8000人が", true),
            ("300명", true),
            ("in 2018", false),
            ("2018年10月25日", false),
            ("the 3rd talk", false),
            ("1.2.3", false),
            ("v1.16", false),
            ("KDE4", false),
            ("CVE-2019-11", false),
            ("at 10:30", false),
            ("04/18", false),
            ("k8s", false),
            ("none", false),
            ("in 2018, 300 came", true),
        ] {
            assert_eq!(has_quantity(text), expected, "{text}");
        }
    }
}
