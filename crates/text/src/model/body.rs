//! A post's readable text and the map of what stands where in it.
//!
//! A place in a post's readable text.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a reader sees of a post, as one text, with its map.
///
/// Blocks are in the order of the text and don't overlap; between two blocks stands white space only
/// (`"\n\n"`, or `"\n"` between the items of a list and the rows of a table). Inside a block that is
/// not code there is no line end and no run of white space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The text that all spans count in.
    pub text: String,
    /// What stands where, in order.
    pub blocks: Vec<Block>,
    /// The tree of headings; entry 0 is the part before the first heading and has none.
    pub sections: Vec<Section>,
    /// Where links stand, in order.
    pub links: Vec<Link>,
    /// Sentences, in order; each lies in one block. Code and headings are one sentence each.
    pub sentences: Vec<Sentence>,
    /// What the index holds: runs of blocks that stand alone. In order; they cover every block but headings.
    pub passages: Vec<Passage>,
}

/// One block of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it is.
    pub span: Span,
    /// The section it stands in, an index into [`Body::sections`]; a heading stands in the section it opens.
    pub section: u32,
    /// For a list item: the block that introduces its list ("Three things stood out:"), or for an item of a
    /// nested list the item above it; an index into [`Body::blocks`], always smaller than this block's own.
    pub lead_in: Option<u32>,
    /// How deep it is nested in lists and quotes; 0 at the top.
    pub depth: u8,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph, or any other run of text.
    Paragraph,
    /// An item of a list, without the items nested in it.
    ListItem,
    /// A paragraph inside a block quote: often someone else's words (a tweet).
    Quote,
    /// A row of a table, cells joined with `" | "`.
    TableRow,
    /// A block of code, line ends kept.
    Code,
    /// A caption of a figure or table.
    Caption,
    /// The alternative text of an image.
    ImageAlt,
}

/// A heading and its place in the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Where the heading stands; `None` for the part before the first heading.
    pub heading: Option<Span>,
    /// 1 to 6; 0 for the part before the first heading.
    pub level: u8,
    /// The section around this one, an index into [`Body::sections`], always smaller than this one's own.
    pub parent: Option<u32>,
}

/// A link in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The linked words.
    pub span: Span,
    /// Where to, as written in the post.
    pub url: String,
}

/// A sentence, a heading or a block of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it is, without white space at its ends.
    pub span: Span,
    /// The block it stands in, an index into [`Body::blocks`].
    pub block: u32,
}

/// What the index holds: blocks of one section that stand next to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// From the first block's start to the last one's end.
    pub span: Span,
    /// The section, an index into [`Body::sections`].
    pub section: u32,
    /// First sentence, an index into [`Body::sentences`].
    pub first_sentence: u32,
    /// One past the last sentence.
    pub end_sentence: u32,
}

impl Body {
    /// The headings over a section, outermost first, as they stand in the text.
    #[must_use]
    pub fn heading_path(&self, section: u32) -> Vec<&str> {
        let mut path = Vec::new();
        let mut at = Some(section);
        while let Some(section) = at.and_then(|index| self.sections.get(index as usize)) {
            path.extend(section.heading.and_then(|span| span.slice(&self.text)));
            at = section.parent;
        }
        path.reverse();
        path
    }

    /// The words at `span`; empty where the span is not of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.slice(&self.text).unwrap_or_default()
    }

    /// The sentences of a passage.
    #[must_use]
    pub fn sentences_of(&self, passage: &Passage) -> &[Sentence] {
        self.sentences.get(passage.first_sentence as usize..passage.end_sentence as usize).unwrap_or_default()
    }

    /// The block that introduces the list of `block`, where it is an item of one.
    #[must_use]
    pub fn lead_in_of(&self, block: &Block) -> Option<&Block> {
        self.blocks.get(block.lead_in? as usize)
    }
}

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
