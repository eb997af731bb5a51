//! Measures how much of a text is quoted, and splits it into what is and what is not.

use takeaways_text::quotation::closing_marks;

/// How much of a text stands between quotation marks.
pub(super) struct QuotedShare {
    /// The share of the letters, in percent.
    pub(super) percent: usize,
    /// The words within the marks, and those outside.
    pub(super) words: String,
    pub(super) rest: String,
    /// Whether a colon stands before the first quotation.
    pub(super) is_introduced: bool,
    /// Whether the last quotation goes on in the next paragraph.
    pub(super) is_open: bool,
}

impl QuotedShare {
    /// Reads the quotation marks of a text.
    pub(super) fn new(text: &str) -> Self {
        let (mut letters, mut quoted) = (0_usize, 0_usize);
        let (mut words, mut rest) = (String::new(), String::new());
        let mut close: Option<&[char]> = None;
        let (mut before, mut is_introduced) = (' ', false);
        for c in text.chars() {
            match close {
                Some(marks) if marks.contains(&c) => {
                    close = None;
                    rest.push(' ');
                }
                Some(_) => {
                    words.push(c);
                    letters += usize::from(c.is_alphanumeric());
                    quoted += usize::from(c.is_alphanumeric());
                }
                None => {
                    close = closing_marks(c, before);
                    if close.is_some() {
                        is_introduced |= quoted == 0 && rest.trim_end().ends_with([':', '：']);
                    } else {
                        letters += usize::from(c.is_alphanumeric());
                        rest.push(c);
                    }
                }
            }
            before = c;
        }
        Self { percent: quoted * 100 / letters.max(1), words, rest, is_introduced, is_open: close.is_some() }
    }
}
