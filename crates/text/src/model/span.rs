//! A place in a post's readable text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A cut of one post's readable text: bytes, half open, on character boundaries, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// `None` where `text` has no such cut: out of bounds, inside a character, empty, or past 4 GiB.
    #[must_use]
    pub fn new(text: &str, range: Range<usize>) -> Option<Self> {
        text.get(range.clone()).filter(|cut| !cut.is_empty())?;
        Some(Self { start: range.start.try_into().ok()?, end: range.end.try_into().ok()? })
    }

    /// First byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes; at least 1.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // a span is never empty
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// As a range of bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The words at this place; `None` where `text` is not the text that the span was made for.
    #[must_use]
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_cut_on_character_boundaries() {
        for (text, range, made) in [
            ("héllo", 0..3, true),
            ("héllo", 0..2, false), // inside é
            ("héllo", 2..2, false), // empty
            ("héllo", 0..7, false), // past the end
        ] {
            assert_eq!(Span::new(text, range.clone()).is_some(), made, "{text} {range:?}");
        }
    }

    #[test]
    fn covering_and_overlapping() {
        let text = "one two three";
        let span = |range| Span::new(text, range).expect("a cut of the text");
        assert_eq!(span(0..3).cover(span(8..13)).slice(text), Some("one two three"));
        assert!(!span(0..3).overlaps(span(3..7)));
        assert!(span(0..4).overlaps(span(3..7)));
        assert!(span(0..7).contains(span(4..7)));
    }
}
