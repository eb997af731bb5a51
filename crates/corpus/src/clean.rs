//! Texts out of files made safe to show: one line, no control characters, no reordering of letters, cut to a length.

use takeaways_text::unseen::{is_line_separator, is_unseen};

/// `text` as one line of at most `max` characters: white space folded, control characters and those that
/// reorder or hide text (bidi controls, zero-width spaces) taken off. Joiners stay: scripts and emoji need them.
#[must_use]
pub fn line(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = count > 0;
        } else if !is_hidden(c) {
            count += 1 + usize::from(gap);
            if count > max {
                break;
            }
            if gap {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// Whether a character draws nothing, or changes how its neighbours are drawn, in a way that can deceive.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_unseen(c) || is_line_separator(c) || matches!(c, '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a02_one_line_without_hidden_characters() {
        for (text, max, out) in [
            ("  a \r\n\t b  ", 10, "a b"),
            ("red\u{1b}[31m\u{0}", 20, "red[31m"),
            ("x\u{202e}cod.exe\u{2066}", 20, "xcod.exe"),
            ("\u{feff}zero\u{200b}width", 20, "zerowidth"),
            ("love ❤\u{fe0f} 👩\u{200d}💻", 20, "love ❤\u{fe0f} 👩\u{200d}💻"),
            ("ééééé", 3, "ééé"),
            ("ab cd", 3, "ab"),
            ("ab cd", 4, "ab c"),
            ("", 3, ""),
        ] {
            assert_eq!(line(text, max), out, "{text:?}");
        }
    }
}
