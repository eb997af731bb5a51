//! Takes out of a text what would do something to a terminal instead of being read.

use std::borrow::Cow;

use takeaways_text::invisible::{is_invisible, is_line_separator};

/// `text` without control characters and without what draws nothing but turns or hides its neighbours.
///
/// Line ends stay, tabs become four spaces, other line separators become a space. What is left of an ANSI
/// sequence is harmless text.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => cleaned.push_str("    "),
            _ if is_line_separator(c) => cleaned.push(' '),
            _ if is_plain(c) => cleaned.push(c),
            _ => {}
        }
    }
    Cow::Owned(cleaned)
}

/// [`clean`], and line ends become spaces: for titles, names and addresses, which are one line each.
#[must_use]
pub fn clean_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

fn is_plain(c: char) -> bool {
    c == '\n' || !(c.is_control() || is_invisible(c) || is_line_separator(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        for (text, cleaned) in [
            ("plain – text, 日本語, 👩‍💻\n", "plain – text, 日本語, 👩‍💻\n"),
            ("\u{1b}[31mred\u{1b}[0m", "[31mred[0m"),
            ("\u{9b}31mred\u{7}\u{0}\r", "31mred"),
            ("a\tb", "a    b"),
            ("abc\u{202e}def\u{2066}x", "abcdefx"),
            ("a\u{2028}b", "a b"),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
        }
        assert_eq!(clean_line("a\nb"), "a b");
    }
}
