//! Removes invisible characters from texts.
//!
//! Joiners, variation selectors and tags stay where scripts and emoji need them.

use unicode_normalization::char::is_combining_mark;

/// Whether `c` is an invisible format character: directional marks, overrides and isolates, zero-width
/// spaces, soft hyphens, fillers and annotations.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180E}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E00FF}')
}

/// Whether `c` is a line end that only some programs know, so that the text after it may be hidden or shown apart.
pub fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// `text` as one line of at most `max` characters: white space is folded; control characters and characters that
/// reorder or hide text (bidi controls, zero-width spaces) are removed. Joiners stay, because scripts and emoji need
/// them.
pub fn clean_line(text: &str, max: usize) -> String {
    let words = text.split_whitespace().map(|word| word.replace(is_deceptive, ""));
    let line = words.filter(|word| !word.is_empty()).take(max).collect::<Vec<_>>().join(" ");
    let end = line.char_indices().nth(max).map_or(line.len(), |(end, _)| end);
    line[..end].trim_end().to_owned()
}

/// Whether a character draws nothing, or changes how its neighbours are drawn, in a way that can deceive.
pub fn is_deceptive(c: char) -> bool {
    c.is_control() || is_invisible(c) || is_line_separator(c) || matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// The maximum number of combining marks on a character. No script needs more; they overprint other lines.
const MAX_MARKS: u8 = 4;

/// A filter that passes the visible characters of a text, one at a time.
#[derive(Debug, Clone, Default)]
pub(crate) struct VisibleCharFilter {
    last: Option<char>,
    marks: u8,
}

impl VisibleCharFilter {
    /// Whether `c`, after the characters that passed, is visible or shapes visible characters.
    pub(crate) fn accept(&mut self, c: char) -> bool {
        let is_visible = match c {
            ' '..='~' => {
                self.marks = 0;
                true
            }
            _ if c.is_control() || is_invisible(c) => false,
            '\u{200C}' | '\u{200D}' => self.last.is_some_and(|last| !last.is_ascii() && !is_joiner(last)),
            '\u{E0020}'..='\u{E007F}' => {
                self.last.is_some_and(|last| last == '\u{1F3F4}' || is_tag_char(last))
            }
            _ if is_selector(c) => self.last.is_some_and(|last| !last.is_whitespace() && !is_selector(last)),
            _ => self.accept_mark(c),
        };
        if is_visible {
            self.last = Some(c);
        }
        is_visible
    }

    fn accept_mark(&mut self, c: char) -> bool {
        self.marks = if is_combining_mark(c) { self.marks.saturating_add(1) } else { 0 };
        self.marks <= MAX_MARKS
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_tag_char(c: char) -> bool {
    matches!(c, '\u{E0020}'..='\u{E007F}')
}

/// The visible characters of a block of code, with `\n` as line ends, without white space after the last line and
/// without empty lines before the first.
pub(crate) fn visible_code(source: &str) -> String {
    let mut filter = VisibleCharFilter::default();
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push('\t'),
            '\u{A0}' => out.push(' '),
            _ if filter.accept(c) => out.push(c),
            _ => {}
        }
    }
    out.truncate(out.trim_end().len());
    let blank = out.len() - out.trim_start().len();
    let first_line = out.get(..blank).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    out.drain(..first_line);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_shape_letters_are_not_invisible() {
        for (c, invisible) in [
            ('\u{202e}', true),
            ('\u{2066}', true),
            ('\u{200b}', true),
            ('\u{feff}', true),
            ('\u{ad}', true),
            ('\u{200d}', false),
            ('\u{fe0f}', false),
            ('\u{301}', false),
            ('日', false),
            ('a', false),
        ] {
            assert_eq!(is_invisible(c), invisible, "{c:?}");
        }
    }

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
            assert_eq!(clean_line(text, max), out, "{text:?}");
        }
    }

    fn visible_chars(source: &str) -> String {
        let mut filter = VisibleCharFilter::default();
        source.chars().filter(|&c| filter.accept(c)).collect()
    }

    #[test]
    fn invisible_characters_are_left_out() {
        for (source, visible) in [
            ("a\u{0}b\u{7}c", "abc"),
            ("a\u{202E}b\u{2066}c\u{200F}", "abc"),
            ("\u{FEFF}a\u{200B}b\u{2060}c\u{AD}", "abc"),
            ("👩\u{200D}💻", "👩\u{200D}💻"),
            ("❤\u{FE0F}", "❤\u{FE0F}"),
            ("1\u{FE0F}\u{20E3}", "1\u{FE0F}\u{20E3}"),
            ("a\u{200D}b", "ab"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("\u{200D}\u{FE0F}a", "a"),
            ("e\u{301}", "e\u{301}"),
            ("e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}f\u{301}", "e\u{301}\u{302}\u{303}\u{304}f\u{301}"),
            ("🏴\u{E0067}\u{E007F}", "🏴\u{E0067}\u{E007F}"),
            ("a\u{E0067}", "a"),
        ] {
            assert_eq!(visible_chars(source), visible, "{source:?}");
        }
    }

    #[test]
    fn code_keeps_its_lines_and_its_indentation() {
        for (source, visible) in [
            ("a\r\nb\rc\n", "a\nb\nc"),
            ("\n\n    a\n  b\n\n", "    a\n  b"),
            ("\ta\u{A0}b\u{200B}", "\ta b"),
            (" \n ", ""),
            ("a\n\n\nb", "a\n\n\nb"),
        ] {
            assert_eq!(visible_code(source), visible, "{source:?}");
        }
    }
}
