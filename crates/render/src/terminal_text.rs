//! Wraps marked text to lines, and removes control characters that a terminal would obey.

use anstyle::Style;
use std::{borrow::Cow, fmt::Write, ops::Range};
use takeaways_text::invisible::{is_invisible, is_line_separator};
use textwrap::{
    WordSeparator,
    core::{Word, break_words},
    wrap_algorithms::wrap_first_fit,
};

/// A clean text with marked parts.
pub(super) struct MarkedText {
    text: String,
    marks: Vec<Range<usize>>,
}

impl MarkedText {
    /// `marks` are byte ranges of `text`, in order and without overlap. Ranges outside of `text` are ignored.
    pub fn new(text: &str, marks: &[Range<usize>]) -> Self {
        let mut marked = Self { text: String::new(), marks: Vec::new() };
        let mut done = 0;
        for mark in marks {
            let (Some(before), Some(words)) = (text.get(done..mark.start), text.get(mark.clone())) else {
                continue;
            };
            marked.text.push_str(&clean(before));
            let start = marked.text.len();
            marked.text.push_str(&clean(words));
            marked.marks.push(start..marked.text.len());
            done = mark.end;
        }
        marked.text.push_str(&clean(text.get(done..).unwrap_or_default()));
        marked
    }

    /// The lines, at most `width` columns wide, in `style`; the marked parts in `marked`.
    pub fn lines(&self, width: usize, style: Style, marked: Style) -> Vec<String> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            for part in wrap_ranges(line, width) {
                lines.push(self.styled_line(start + part.start..start + part.end, style, marked));
            }
            start += line.len() + 1;
        }
        lines
    }

    fn styled_line(&self, line: Range<usize>, style: Style, marked: Style) -> String {
        let mut styled = String::new();
        let mut at = line.start;
        for mark in &self.marks {
            let (start, end) = (mark.start.clamp(at, line.end), mark.end.clamp(at, line.end));
            self.push_styled(&mut styled, at..start, style);
            self.push_styled(&mut styled, start..end, marked);
            at = end;
        }
        self.push_styled(&mut styled, at..line.end, style);
        styled
    }

    fn push_styled(&self, to: &mut String, part: Range<usize>, style: Style) {
        let text = self.text.get(part).unwrap_or_default();
        if !text.is_empty() {
            // Writing to a `String` does not fail.
            let _ = write!(to, "{style}{text}{style:#}");
        }
    }
}

/// Splits a line at `width` columns. White space at a split belongs to neither side.
fn wrap_ranges(line: &str, width: usize) -> Vec<Range<usize>> {
    let words = WordSeparator::UnicodeBreakProperties.find_words(line);
    let words = break_words(words, width.max(1));
    #[expect(clippy::cast_precision_loss, reason = "a width in columns is small")]
    let rows = wrap_first_fit(&words, &[width as f64]);
    let mut cuts = Vec::new();
    let mut start = 0;
    for row in rows {
        let end = start + row.iter().map(word_length).sum::<usize>();
        let shown = line.get(start..end).unwrap_or_default().trim_end_matches(' ').len();
        cuts.push(start..start + shown);
        start = end;
    }
    cuts
}

/// The length in bytes with white space.
fn word_length(word: &Word) -> usize {
    word.word.len() + word.whitespace.len()
}

/// Removes control characters, and invisible characters that reverse or hide their neighbours.
///
/// Line ends stay, tabs become four spaces, other line separators become a space. The rest of an ANSI sequence is
/// harmless text.
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

/// Like [`clean`], but line ends become spaces: for titles, names and addresses.
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
    use proptest::prelude::*;

    /// Wraps a text and replaces the escape codes of marked parts with brackets.
    fn lines(text: &str, marks: &[Range<usize>], width: usize) -> Vec<String> {
        let bold = Style::new().bold();
        let wrapped = MarkedText::new(text, marks).lines(width, Style::new(), bold);
        wrapped.iter().map(|line| line.replace("\u{1b}[1m", "<").replace("\u{1b}[0m", ">")).collect()
    }

    #[test]
    fn text_is_cut_between_words_and_keeps_its_marks() {
        let one = |range: Range<usize>| vec![range];
        for (text, marks, width, expected) in [
            ("one two three", vec![], 8, vec!["one two", "three"]),
            ("one two three", one(4..13), 8, vec!["one <two>", "<three>"]),
            ("one two", one(0..3), 80, vec!["<one> two"]),
            ("", vec![], 80, vec![""]),
            ("a  b", vec![], 80, vec!["a  b"]),
            ("fn a() {\n    b\n}", vec![], 80, vec!["fn a() {", "    b", "}"]),
            ("日本語のテキスト", vec![], 8, vec!["日本語の", "テキスト"]),
            ("abcdefghij", vec![], 4, vec!["abcd", "efgh", "ij"]),
            ("a\u{1b}[1mb c", one(7..8), 80, vec!["a[1mb <c>"]), // the escape goes, the mark moves along
            ("é b", one(1..2), 80, vec!["é b"]),                 // inside a character
            ("a b", vec![2..3, 0..1, 7..9], 80, vec!["a <b>"]),  // out of order and out of bounds
        ] {
            assert_eq!(lines(text, &marks, width), expected, "{text:?} {width}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_too_wide(
            text in "\\PC{0,60}|[ a-z\n\u{1b}\u{202e}é日👩‍💻-]{0,80}",
            ends in proptest::collection::vec((0usize..90, 0usize..90), 0..4),
            // No character is wider than three columns (U+17D8 is that wide), and none can be cut.
            width in 3usize..30,
        ) {
            let marks: Vec<_> = ends.iter().map(|(a, b)| *a.min(b)..*a.max(b)).collect();
            let plain = Style::new();
            let lines = MarkedText::new(&text, &marks).lines(width, plain, plain);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&clean(&text)));
            for line in lines {
                prop_assert!(textwrap::core::display_width(&line) <= width, "{:?}", line);
            }
        }
    }

    #[test]
    fn control_characters_are_removed() {
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
