//! Wraps marked text to lines, and removes control characters that a terminal would obey.

use anstyle::Style;
use std::{borrow::Cow, fmt::Write, ops::Range};
use takeaways_text::invisible::{is_invisible, is_line_separator};
use textwrap::{
    WordSeparator,
    core::{Word, break_words},
    wrap_algorithms::wrap_first_fit,
};

/// A clean text of parts that are shown in different ways.
#[derive(Default)]
pub(super) struct StyledText {
    text: String,
    parts: Vec<StyledPart>,
}

struct StyledPart {
    /// Its end; it begins where the one before it ends.
    end: usize,
    style: Style,
    /// The address that it links to.
    link: Option<String>,
}

impl StyledText {
    /// A text that is shown in one way.
    pub fn new(text: &str, style: Style) -> Self {
        let mut styled = Self::default();
        styled.push(text, style, None);
        styled
    }

    /// Adds a part, which is a hyperlink if it has an address. An address has only ASCII letters that are visible.
    pub fn push(&mut self, text: &str, style: Style, link: Option<&str>) {
        self.text.push_str(&clean(text));
        self.parts.push(StyledPart { end: self.text.len(), style, link: link.map(str::to_owned) });
    }

    /// The lines, at most `width` columns wide.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            for part in wrap_ranges(line, width) {
                lines.push(self.styled_line(start + part.start..start + part.end));
            }
            start += line.len() + 1;
        }
        lines
    }

    fn styled_line(&self, line: Range<usize>) -> String {
        let mut styled = String::new();
        let mut at = line.start;
        for StyledPart { end, style, link } in &self.parts {
            let end = (*end).clamp(at, line.end);
            let text = self.text.get(at..end).unwrap_or_default();
            at = end;
            if text.is_empty() {
                continue;
            }
            // Writing to a `String` does not fail.
            let _ = match link {
                Some(address) => write!(styled, "{}", hyperlink(address, &format!("{style}{text}{style:#}"))),
                None => write!(styled, "{style}{text}{style:#}"),
            };
        }
        styled
    }
}

/// A text that a terminal shows as a link: the control sequence OSC 8.
fn hyperlink(address: &str, text: &str) -> String {
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
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

    /// Wraps a text with marked parts, and replaces the escape codes of these with brackets.
    fn lines(text: &str, marks: &[Range<usize>], width: usize) -> Vec<String> {
        let mut styled = StyledText::default();
        let mut done = 0;
        for mark in marks {
            styled.push(&text[done..mark.start], Style::new(), None);
            styled.push(&text[mark.clone()], Style::new().bold(), None);
            done = mark.end;
        }
        styled.push(&text[done..], Style::new(), None);
        let lines = styled.lines(width);
        lines.iter().map(|line| line.replace("\u{1b}[1m", "<").replace("\u{1b}[0m", ">")).collect()
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
        ] {
            assert_eq!(lines(text, &marks, width), expected, "{text:?} {width}");
        }
    }

    #[test]
    fn a_link_is_whole_on_each_of_its_lines() {
        let mut text = StyledText::new("see ", Style::new());
        text.push("the slides", Style::new(), Some("https://a.example/"));
        text.push(" there", Style::new(), None);
        let link = |text: &str| format!("\u{1b}]8;;https://a.example/\u{1b}\\{text}\u{1b}]8;;\u{1b}\\");
        assert_eq!(text.lines(8), [format!("see {}", link("the")), link("slides"), "there".to_owned()]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_too_wide(
            texts in proptest::collection::vec("\\PC{0,60}|[ a-z\n\u{1b}\u{202e}é日👩‍💻-]{0,80}", 0..4),
            // No character is wider than three columns (U+17D8 is that wide), and none can be cut.
            width in 3usize..30,
        ) {
            let mut styled = StyledText::default();
            for text in &texts {
                styled.push(text, Style::new(), None);
            }
            let lines = styled.lines(width);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&clean(&texts.concat())));
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
