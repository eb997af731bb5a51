//! The one place that writes a [`Body`]'s text, blocks, sections and links, and that keeps its invariants.
//!
//! Readers tell it what opens, what closes and what is text; it knows no markup. Whatever they tell it, in
//! whatever order, what comes out is a body.

mod blocks;
mod elements;
mod inline;
mod outline;
mod run;

use self::elements::{HiddenElement, OpenElement};
use self::inline::{FirstLine, InlineBuffer};
use self::outline::Outline;
use super::markup::{MarkupProblem, MarkupProblemKind};
use crate::model::{BlockKind, Body, Section};

/// Elements nested deeper are read as if they stood at this depth.
pub const MAX_DEPTH: u8 = 64;

/// Blocks beyond are left out.
pub const MAX_BLOCKS: u32 = 100_000;

/// What an element makes of the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementRole {
    /// Nothing: a division, a section, a cell.
    Plain,
    /// Someone else's words.
    Quote,
    /// A list; its items stand in it.
    List,
    /// An item of a list: its first text is the item, what follows are paragraphs.
    Item,
    /// What a description list describes: an item that introduces those that follow on it.
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

/// Whose element it is: an end tag of HTML never ends an element of the markup around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementKey {
    /// Of the markup that the reader reads; these are nested properly.
    Own,
    /// Of HTML: the tag's number.
    Tag(u16),
}

/// Makes a [`Body`] of what a reader finds.
#[derive(Debug)]
pub struct BodyBuilder {
    body: Body,
    outline: Outline,
    inline: InlineBuffer,
    open_elements: Vec<OpenElement>,
    /// Elements left out because too deep, to skip their ends: the markup's own, and HTML's.
    too_deep: (u32, u32),
    hidden: Option<HiddenElement>,
    code: Option<String>,
    /// The outermost list or table that is open, and the one that the last block stood in: counted from 1.
    group: u32,
    last_group: u32,
    /// Whether nothing but a picture stands between the last block and what follows.
    after_image: bool,
    problems: Vec<(MarkupProblemKind, usize)>,
    source_offset: usize,
}

impl BodyBuilder {
    /// With nothing in it yet.
    pub fn new() -> Self {
        Self {
            body: Body { sections: vec![Section::default()], ..Body::default() },
            outline: Outline::default(),
            inline: InlineBuffer::default(),
            open_elements: Vec::new(),
            too_deep: (0, 0),
            hidden: None,
            code: None,
            group: 0,
            last_group: 0,
            after_image: false,
            problems: Vec::new(),
            source_offset: 0,
        }
    }

    /// What follows stands at this byte of the source, for the problems.
    pub fn set_source_offset(&mut self, offset: usize) {
        self.source_offset = offset;
    }

    /// The body and what could not be read as it was meant; `line_of` gives the line of a byte of the source.
    pub fn finish(mut self, line_of: impl Fn(usize) -> u32) -> (Body, Vec<MarkupProblem>) {
        self.end_code();
        while !self.open_elements.is_empty() {
            self.pop_element();
        }
        self.flush();
        let problems = self
            .problems
            .into_iter()
            .map(|(kind, at)| MarkupProblem { line: Some(line_of(at)), kind })
            .collect();
        (self.body, problems)
    }

    /// All the text as one line; what its images show is no part of it.
    pub fn finish_line(self) -> String {
        let (body, _) = self.finish(|_| 0);
        let seen = body.blocks.iter().filter(|block| block.kind != BlockKind::ImageAlt);
        let words = seen.flat_map(|block| body.slice(block.span).split_whitespace());
        words.collect::<Vec<_>>().join(" ")
    }

    fn report_problem(&mut self, kind: MarkupProblemKind) {
        if !self.problems.iter().any(|&(known, _)| known == kind) {
            self.problems.push((kind, self.source_offset));
        }
    }
}

impl BodyBuilder {
    /// What gathers text now; `None` where nobody would see it.
    fn visible_inline(&mut self) -> Option<&mut InlineBuffer> {
        (self.hidden.is_none() && self.code.is_none()).then_some(&mut self.inline)
    }

    /// Adds text. Its line ends are those of the source: white space.
    pub fn text(&mut self, text: &str) {
        match &mut self.code {
            _ if self.hidden.is_some() => {}
            Some(code) => code.push_str(text),
            None => self.inline.text(text),
        }
    }

    /// Adds text in which runs of `*` and `_` may be emphasis that did not come off.
    pub fn marked_text(&mut self, text: &str) {
        match self.visible_inline() {
            Some(inline) => inline.marked_text(text),
            None => self.text(text),
        }
    }

    /// Adds inline code.
    pub fn push_code_span(&mut self, text: &str) {
        match self.visible_inline() {
            Some(inline) => inline.code(text),
            None => self.text(text),
        }
    }

    /// A line of the source ends.
    pub fn push_newline(&mut self) {
        self.text("\n");
    }

    /// A line of the source ends within a paragraph, and `next` follows. A line that reads as a title is one.
    pub fn soft_break(&mut self, next: &str) {
        let title = self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_title_of(next));
        if title && self.visible_inline().is_some() {
            self.flush();
            self.expect_heading();
        } else {
            self.inline.end_line();
            self.push_newline();
        }
    }

    /// A line ends where the author wants it to; two of them end a paragraph, and so does one after a line
    /// that is wholly bold.
    pub fn line_break(&mut self) {
        if self.code.is_some() {
            return self.push_newline();
        }
        let title = self.is_at_top() && self.inline.first_line().is_some_and(FirstLine::is_strong_heading);
        let Some(inline) = self.visible_inline() else { return };
        let second = inline.line_break();
        if title || (second && self.is_prose()) {
            self.flush();
        }
    }

    /// A line ends where the author wants it to, in a markup in which two of them mean no more than one.
    pub fn hard_break(&mut self) {
        if self.is_at_top() && self.inline.first_line().is_some_and(FirstLine::is_strong_heading) {
            self.break_block();
        } else {
            self.inline.end_line();
            self.text(" ");
        }
    }

    /// What follows is bold, or no longer is.
    pub fn strong(&mut self, on: bool) {
        if let Some(inline) = self.visible_inline() {
            inline.strong(on);
        }
    }

    /// What follows is emphasised, or no longer is.
    pub fn emphasis(&mut self, on: bool) {
        if let Some(inline) = self.visible_inline() {
            inline.emphasis(on);
        }
    }

    /// What follows is linked.
    pub fn open_link(&mut self, url: &str) {
        if let Some(inline) = self.visible_inline() {
            inline.open_link(url);
        }
    }

    /// The linked words end.
    pub fn close_link(&mut self) {
        self.inline.close_link();
    }

    /// Text that follows is an image's alternative text.
    pub fn open_image(&mut self) {
        if let Some(inline) = self.visible_inline() {
            inline.open_image();
        }
    }

    /// The alternative text ends.
    pub fn close_image(&mut self) {
        self.inline.close_image();
    }

    /// An image with its alternative text.
    pub fn push_image(&mut self, alt: &str) {
        if let Some(inline) = self.visible_inline() {
            inline.open_image();
            inline.text(alt);
            inline.close_image();
        }
    }

    /// The next cell of a table row begins.
    pub fn cell(&mut self) {
        let in_row = self.role() == Some(ElementRole::Row);
        match self.visible_inline() {
            Some(inline) if in_row => inline.cell(),
            _ => self.break_block(),
        }
    }
}
