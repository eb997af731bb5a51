//! The readable text of a post with its structure, and spans of it.

use super::{ListItem, Stance};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::Range;

/// The text of a post as a reader sees it, with its structure.
///
/// Blocks are in the order of the text and do not overlap. Only white space stands between two blocks (`"\n\n"`, or
/// `"\n"` between list items and table rows). A block that is not code contains no line end and no run of white space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The text. All spans count its bytes.
    pub text: String,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// The tree of headings. Entry 0 is the part before the first heading and has no heading.
    pub sections: Vec<Section>,
    /// The links, in order.
    pub links: Vec<Link>,
    /// The sentences, in order; each is in one block. Code and headings are one sentence each.
    pub sentences: Vec<Sentence>,
    /// The passages, in order: runs of blocks that stand alone. They cover every block except headings.
    pub passages: Vec<Passage>,
    /// What a person may want to quote, in order and apart from each other.
    pub points: Vec<Point>,
    /// The people other than the authors whose own words the text holds, each once, in the order of the text.
    pub speakers: Vec<String>,
}

/// One block of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The kind of the block.
    pub kind: BlockKind,
    /// Its place.
    pub span: Span,
    /// Its section, an index into [`Body::sections`]. A heading belongs to the section that it opens.
    pub section: u32,
    /// For a list item: the block that introduces its list ("Three things stood out:"), or for an item of a nested list
    /// the item above it. For a paragraph: the short paragraph before it that ends with a question, as in an interview, or
    /// that reads as a title. An index into [`Body::blocks`], always smaller than this block's own.
    pub lead_in: Option<u32>,
    /// The depth of nesting in lists and quotes; 0 at the top.
    pub depth: u8,
    /// The person whose own words the block is, if that is none of the authors. An index into [`Body::speakers`].
    pub speaker: Option<u32>,
    /// What sets the block apart from the one above.
    pub boundary: Boundary,
    /// For an item of a numbered list: its number, which is no part of its words.
    pub number: Option<u32>,
}

impl Block {
    /// Whether it is a heading, of any level.
    pub fn is_heading(&self) -> bool {
        matches!(self.kind, BlockKind::Heading(_))
    }
}

/// What an author sets between a block and the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Boundary {
    /// Nothing: the text goes on.
    #[default]
    None,
    /// A rule, outside of a block quote.
    Rule,
    /// The start of a block quote, or a rule in one.
    Quotation,
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A paragraph, or any other text.
    Paragraph,
    /// A list item, without the items nested in it.
    ListItem,
    /// A paragraph in a block quote: often someone else's words (a tweet).
    Quote,
    /// A table row; its cells are joined with `" | "`.
    TableRow,
    /// A block of code with its line ends.
    Code,
    /// A caption of a figure or table.
    Caption,
    /// The alternative text of an image.
    ImageAlt,
}

/// A heading with its place in the tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading; `None` for the part before the first heading.
    pub heading: Option<Span>,
    /// The level, 1 to 6; 0 for the part before the first heading.
    pub level: u8,
    /// The parent section, an index into [`Body::sections`], always smaller than this one's own.
    pub parent: Option<u32>,
    /// In a post about several events, the one that the headings name: an index into [`Post::events`].
    ///
    /// [`Post::events`]: super::Post::events
    pub event: Option<u8>,
}

/// A link in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The linked words.
    pub span: Span,
    /// The target, as written in the post.
    pub url: String,
}

/// A sentence, a heading or a block of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its place, without white space at its ends.
    pub span: Span,
    /// Its block, an index into [`Body::blocks`].
    pub block: u32,
}

/// A passage, the unit of the index: adjacent blocks of one section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// From the start of the first block to the end of the last one.
    pub span: Span,
    /// The section, an index into [`Body::sections`].
    pub section: u32,
    /// The first sentence, an index into [`Body::sentences`].
    pub first_sentence: u32,
    /// The end of the sentences, exclusive.
    pub end_sentence: u32,
}

/// One or two whole sentences of a paragraph that a person may want to quote by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Their place.
    pub span: Span,
    /// The topics that they name: positions in the table of topics.
    pub topics: Vec<u16>,
    /// Those of the topics that they are about, the likeliest first.
    pub about: Vec<u16>,
    /// The projects and companies that they name, in order: positions in the table of these.
    pub entities: Vec<u16>,
    /// What kind of a point it is.
    pub kind: PointKind,
    /// How good a quote they are, in steps of 1/85 of a grade.
    worth: u8,
}

/// What kind of a point it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "a point may be of several kinds")]
pub struct PointKind {
    /// It advises, or tells a lesson.
    pub advises: bool,
    /// It judges: an opinion, praise, a comparison or a reason.
    pub judges: bool,
    /// It tells of the event as a whole: its size, place, form, themes or mood, or what the writer thinks of it.
    pub is_about_event: bool,
    /// The side that it takes on the event or a part of it.
    pub event_stance: Option<Stance>,
    /// How clearly it advises people who go to events: the number of words and headings that show it, 0 if it does not.
    pub attendee_advice: u8,
    /// Its heading, the introduction of its list or its own first words say that the writer sums up there.
    pub sums_up: bool,
    /// How often it says that many spoke of something, or that it is becoming common.
    pub prevalence: u8,
    /// It names what its writers seem to make or sell.
    pub promotes: bool,
}

/// The steps of [`Point::worth`] from one grade to the next. Grade 3 is 255.
const GRADE_STEPS: f32 = 85.0;

impl Point {
    /// Returns a point that names these topics, projects and companies; `grade` is from 0 (nobody would quote it) to 3 (a reader gains from it).
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the values of a byte"
    )]
    pub fn new(span: Span, grade: f32, kind: PointKind, topics: Vec<u16>, entities: Vec<u16>) -> Self {
        Self {
            span,
            topics,
            about: Vec::new(),
            entities,
            kind,
            worth: (grade * GRADE_STEPS).round().clamp(0.0, 255.0) as u8,
        }
    }

    /// The grade, 0 to 3.
    pub fn grade(&self) -> f32 {
        f32::from(self.worth) / GRADE_STEPS
    }
}

impl Body {
    /// The headings above a section, outermost first, as written.
    pub fn heading_path(&self, section: u32) -> Vec<&str> {
        let mut path: Vec<&str> =
            self.headings_above(section).filter_map(|span| span.slice(&self.text)).collect();
        path.reverse();
        path
    }

    /// The places of the headings above a section, innermost first.
    pub fn headings_above(&self, section: u32) -> impl Iterator<Item = Span> {
        let at = |index: u32| self.sections.get(index as usize);
        let sections = std::iter::successors(at(section), move |section| section.parent.and_then(at));
        sections.filter_map(|section| section.heading)
    }

    /// The sections under the headings that `is_head` accepts, with those below them.
    pub fn sections_under(&self, is_head: impl Fn(Span) -> bool) -> HashSet<u32> {
        let mut found = HashSet::new();
        // A section comes after the one that it is in.
        for (at, section) in (0..).zip(&self.sections) {
            let is_inside = section.parent.is_some_and(|parent| found.contains(&parent));
            if is_inside || section.heading.is_some_and(&is_head) {
                found.insert(at);
            }
        }
        found
    }

    /// The blocks of a section from its heading on, without those of the sections below it, and without what closes the post.
    pub fn blocks_of_section(&self, section: u32) -> impl Iterator<Item = &Block> + Clone {
        let heading = self.sections.get(section as usize).and_then(|section| section.heading);
        let start = heading.map_or(0, Span::start);
        // The number of the section is no order: the part below the last rule is one of a section above.
        let from = self.blocks.partition_point(|block| block.span.start() < start);
        let blocks = self.blocks.get(from..).unwrap_or_default().iter();
        // A footnote stands in no section, also if it is written in the midst of one.
        blocks
            .take_while(move |block| block.section == section || block.section == 0)
            .filter(move |block| block.section == section)
    }

    /// The section of the first block of a span; 0 without one.
    pub fn section_at(&self, span: Span) -> u32 {
        let block = self.blocks_at(span).next();
        block.and_then(|block| self.blocks.get(block as usize)).map_or(0, |block| block.section)
    }

    /// The words at `span`; empty if the span does not belong to this text.
    pub fn slice(&self, span: Span) -> &str {
        span.slice(&self.text).unwrap_or_default()
    }

    /// The links that lie in a span, in order.
    pub fn links_in(&self, span: Span) -> &[Link] {
        let from = self.links.partition_point(|link| link.span.start() < span.start());
        let links = self.links.get(from..).unwrap_or_default();
        let count = links.iter().take_while(|link| span.contains(link.span)).count();
        links.get(..count).unwrap_or_default()
    }

    /// The list items that a span contains or cuts, in order.
    pub fn list_items_in(&self, span: Span) -> Vec<ListItem> {
        let from = self.blocks.partition_point(|block| block.span.end() <= span.start());
        let blocks = self.blocks.get(from..).unwrap_or_default().iter();
        let items = blocks
            .take_while(|block| block.span.start() < span.end())
            .filter(|block| block.kind == BlockKind::ListItem);
        let top = items.clone().map(|item| item.depth).min().unwrap_or_default();
        let item = |block: &Block| ListItem {
            span: Span { start: block.span.start.max(span.start), end: block.span.end.min(span.end) },
            level: block.depth - top,
            // A part without the start of the item begins in the middle of it.
            number: block.number.filter(|_| span.start() <= block.span.start()),
        };
        items.map(item).collect()
    }

    /// The line of the text on which a span begins, counted from 1.
    pub fn line_of(&self, span: Span) -> usize {
        self.text.bytes().take(span.start()).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The sentences of a passage.
    pub fn sentences_of(&self, passage: &Passage) -> &[Sentence] {
        self.sentences.get(passage.first_sentence as usize..passage.end_sentence as usize).unwrap_or_default()
    }

    /// The person whose own words a block is, if that is none of the authors; `None` also if there is no such block.
    pub fn speaker_of(&self, block: u32) -> Option<&str> {
        let speaker = self.blocks.get(block as usize)?.speaker?;
        self.speakers.get(speaker as usize).map(String::as_str)
    }

    /// The last sentence that begins before the end of a span.
    pub fn last_sentence_in(&self, span: Span) -> Option<&Sentence> {
        let end = self.sentences.partition_point(|sentence| sentence.span.start() < span.end());
        self.sentences.get(end.checked_sub(1)?)
    }

    /// The blocks that share words with a span, in order.
    pub fn blocks_at(&self, span: Span) -> impl Iterator<Item = u32> {
        let first = self.blocks.partition_point(|block| block.span.end() <= span.start());
        let end = self.blocks.partition_point(|block| block.span.start() < span.end());
        (first..end).filter_map(|block| u32::try_from(block).ok())
    }

    /// The person whose own words begin a span, if that is none of the authors.
    pub fn speaker_at(&self, span: Span) -> Option<&str> {
        self.speaker_of(self.blocks_at(span).next()?)
    }

    /// The block that introduces `block`: a list's introduction, or a question.
    pub fn lead_in_of(&self, block: &Block) -> Option<&Block> {
        self.blocks.get(block.lead_in? as usize)
    }
}

/// A range of a post's readable text: bytes, half open, on character boundaries, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of a range of `text`; `None` if the range is out of bounds, empty, beyond 4 GiB, or cuts a character.
    pub fn new(text: &str, range: Range<usize>) -> Option<Self> {
        text.get(range.clone()).filter(|cut| !cut.is_empty())?;
        Some(Self { start: range.start.try_into().ok()?, end: range.end.try_into().ok()? })
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The end, exclusive.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The length in bytes; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a span is never empty")]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The words at this place; `None` if the span does not fit `text`.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// The smallest span that contains both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the two spans share at least one byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies entirely inside.
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
    fn list_items_of_a_span_are_counted_from_its_outermost() {
        let text = "We saw:\n\nan outer one\nan inner one\nanother inner one\n\nThe end.";
        let span = |words: &str| {
            let start = text.find(words).expect("words of the text");
            Span::new(text, start..start + words.len()).expect("a cut of the text")
        };
        let block = |words: &str, kind, depth| Block {
            kind,
            span: span(words),
            section: 0,
            lead_in: None,
            depth,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        };
        let body = Body {
            text: text.to_owned(),
            blocks: vec![
                block("We saw:", BlockKind::Paragraph, 0),
                block("an outer one", BlockKind::ListItem, 1),
                block("an inner one", BlockKind::ListItem, 2),
                block("another inner one", BlockKind::ListItem, 2),
                block("The end.", BlockKind::Paragraph, 0),
            ],
            ..Body::default()
        };
        let items = |quote: Span| -> Vec<(&str, u8)> {
            body.list_items_in(quote).iter().map(|item| (body.slice(item.span), item.level)).collect()
        };
        let all = span("We saw:").cover(span("The end."));
        assert_eq!(items(all), [("an outer one", 0), ("an inner one", 1), ("another inner one", 1)]);
        let cut = span("inner one\n").cover(span("another"));
        assert_eq!(items(cut), [("inner one", 0), ("another", 0)]);
        assert_eq!(items(span("The end.")), []);
        assert_eq!((body.line_of(all), body.line_of(span("an inner one"))), (1, 4));
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
