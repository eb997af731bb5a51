//! Builds a [`Body`] (text, blocks, sections, links) and keeps its invariants.
//!
//! Readers report which elements open and close, and what is text. The builder knows no markup. Any sequence of
//! calls gives a valid body.

mod blocks;
mod elements;
mod inline;
mod outline;
mod run;

use self::elements::{HiddenElement, OpenElement};
use self::inline::{FirstLine, InlineBuffer};
use self::outline::Outline;
use super::readable::{DocumentHead, MarkupProblem, MarkupProblemKind, ReadableText};
use crate::model::{BlockKind, Body, Boundary, Section};

/// Elements that are nested deeper are read as if they stood at this depth.
pub(crate) const MAX_DEPTH: u8 = 64;

/// The maximum number of blocks; further blocks are left out.
pub(crate) const MAX_BLOCKS: u32 = 100_000;

/// The role of an element: it decides which blocks the element's text becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ElementRole {
    /// No role of its own: a division, a section, a cell.
    Plain,
    /// A quotation.
    Quote,
    /// A list; its items stand in it.
    List,
    /// An item of a list: its first text is the item, further texts are paragraphs.
    Item,
    /// A term of a description list: it introduces the items that follow.
    Term,
    /// The words below a figure or above a table.
    Caption,
    /// A heading, level 1 to 6.
    Heading(u8),
    /// A table.
    Table,
    /// A row of a table.
    Row,
}

/// Builds a [`Body`] from the elements and texts that a reader reports.
#[derive(Debug, Default)]
pub(crate) struct BodyBuilder {
    body: Body,
    outline: Outline,
    inline: InlineBuffer,
    open_elements: Vec<OpenElement>,
    /// Open elements of the markup itself that are not in `open_elements`, because they are too deep.
    deep_elements: u32,
    /// The same for elements of HTML.
    deep_tags: u32,
    hidden: Option<HiddenElement>,
    code: Option<String>,
    /// The number of the outermost open list or table, and of the one that held the last block; 0 for none.
    group: u32,
    last_group: u32,
    /// Whether nothing but an image stands between the last block and the next text.
    after_image: bool,
    /// What stands between the last block and the next.
    boundary: Boundary,
    problems: Vec<(MarkupProblemKind, usize)>,
    source_offset: usize,
}

impl BodyBuilder {
    /// Creates a builder of an empty body.
    pub(crate) fn new() -> Self {
        Self { body: Body { sections: vec![Section::default()], ..Body::default() }, ..Self::default() }
    }

    /// Sets the byte of the source that is being read; problems are reported at this byte.
    pub(crate) fn set_source_offset(&mut self, offset: usize) {
        self.source_offset = offset;
    }

    /// Returns the body and the problems; `line_of` returns the line of a byte of the source.
    pub(crate) fn finish(mut self, head: DocumentHead, line_of: impl Fn(usize) -> u32) -> ReadableText {
        self.end_code();
        while !self.open_elements.is_empty() {
            self.pop_element();
        }
        self.flush();
        self.close_section_at_rule();
        let problems =
            self.problems.into_iter().map(|(kind, at)| MarkupProblem { line: line_of(at), kind }).collect();
        ReadableText { body: self.body, head, problems }
    }

    /// Returns the text that `write` adds as one line, without the alternative texts of images.
    pub(crate) fn plain_line(write: impl FnOnce(&mut Self)) -> String {
        let mut builder = Self::new();
        write(&mut builder);
        let body = builder.finish(DocumentHead::default(), |_| 0).body;
        let blocks = body.blocks.iter().filter(|block| block.kind != BlockKind::ImageAlt);
        let words = blocks.flat_map(|block| body.slice(block.span).split_whitespace());
        words.collect::<Vec<_>>().join(" ")
    }

    fn report_problem(&mut self, kind: MarkupProblemKind) {
        if !self.problems.iter().any(|&(known, _)| known == kind) {
            self.problems.push((kind, self.source_offset));
        }
    }
}

impl BodyBuilder {
    /// Returns the buffer for inline text; `None` in hidden elements and in code.
    fn visible_inline(&mut self) -> Option<&mut InlineBuffer> {
        (self.hidden.is_none() && self.code.is_none()).then_some(&mut self.inline)
    }

    /// Adds text. Its line ends are white space.
    pub(crate) fn push_text(&mut self, text: &str) {
        match &mut self.code {
            _ if self.hidden.is_some() => {}
            Some(code) => code.push_str(text),
            None => self.inline.push_text(text),
        }
    }

    /// Adds text in which runs of `*` and `_` may be left-over marks of emphasis.
    pub(crate) fn push_marked_text(&mut self, text: &str) {
        match self.visible_inline() {
            Some(inline) => inline.push_marked_text(text),
            None => self.push_text(text),
        }
    }

    /// Adds inline code.
    pub(crate) fn push_code_span(&mut self, text: &str) {
        match self.visible_inline() {
            Some(inline) => inline.push_code(text),
            None => self.push_text(text),
        }
    }

    /// Ends a line of the source within a paragraph; `next` is the next line. A line that reads as a title
    /// becomes a block of its own.
    pub(crate) fn soft_break(&mut self, next: &str) {
        let is_title =
            self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_title_of(next));
        if is_title && self.visible_inline().is_some() {
            self.flush();
            self.expect_heading();
        } else {
            self.inline.end_line();
            self.push_text("\n");
        }
    }

    /// Ends a line where the author wants it, as `<br>` does. A second one ends the paragraph, and so does one
    /// after a line that is wholly bold.
    pub(crate) fn line_break(&mut self) {
        if self.code.is_some() {
            return self.push_text("\n");
        }
        let is_title = self.is_after_strong_heading();
        let Some(inline) = self.visible_inline() else { return };
        let is_second = inline.line_break();
        if is_title || (is_second && self.is_prose()) {
            self.flush();
        }
    }

    /// Ends a line where the author wants it, in a markup in which two such ends mean no more than one.
    pub(crate) fn hard_break(&mut self) {
        if self.is_after_strong_heading() {
            self.break_block();
        } else {
            self.inline.end_line();
            self.push_text(" ");
        }
    }

    /// Whether the current text is a single bold line that reads as a heading.
    fn is_after_strong_heading(&self) -> bool {
        self.is_at_top() && self.inline.first_line().is_some_and(FirstLine::is_strong_heading)
    }

    /// Whether the text of the current block ends as a sentence or a quotation does.
    pub(crate) fn ends_sentence(&self) -> bool {
        self.inline.ends_sentence()
    }

    /// Begins or ends bold text.
    pub(crate) fn set_strong(&mut self, on: bool) {
        if let Some(inline) = self.visible_inline() {
            inline.strong.set(on);
        }
    }

    /// Begins or ends emphasised text.
    pub(crate) fn set_emphasis(&mut self, on: bool) {
        if let Some(inline) = self.visible_inline() {
            inline.emphasis.set(on);
        }
    }

    /// Begins the words of a link.
    pub(crate) fn open_link(&mut self, url: &str) {
        if let Some(inline) = self.visible_inline() {
            inline.open_link(url);
        }
    }

    /// Ends the words of a link.
    pub(crate) fn close_link(&mut self) {
        self.inline.close_link();
    }

    /// Begins the alternative text of an image.
    pub(crate) fn open_image(&mut self) {
        if let Some(inline) = self.visible_inline() {
            inline.open_image();
        }
    }

    /// Ends the alternative text of an image.
    pub(crate) fn close_image(&mut self) {
        self.inline.close_image();
    }

    /// Adds an image with its alternative text.
    pub(crate) fn push_image(&mut self, alt: &str) {
        if let Some(inline) = self.visible_inline() {
            inline.open_image();
            inline.push_text(alt);
            inline.close_image();
        }
    }

    /// Begins the next cell of a table row.
    pub(crate) fn begin_cell(&mut self) {
        let is_in_row = self.role() == Some(ElementRole::Row);
        match self.visible_inline() {
            Some(inline) if is_in_row => inline.begin_cell(),
            _ => self.break_block(),
        }
    }
}
