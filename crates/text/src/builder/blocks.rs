//! Runs of text to the blocks of the body: what they are, where they stand, what introduces them.

use std::ops::Range;

use super::elements::Frame;
use super::outline::{introduces, is_like_a_heading, may_be_heading};
use super::run::Run;
use super::{Builder, MAX_BLOCKS, Role};
use crate::invisible::visible_code;
use crate::markup_problem::MarkupProblemKind;
use crate::model::{Block, BlockKind, Link, Span};

/// Emphasised text below a picture is its caption, if it is not longer than this, in bytes.
const MAX_CAPTION: usize = 240;

/// As many pictures may stand between a list and the words that introduce it; a flood of them may not.
const PICTURES: usize = 4;

/// A longer text, in bytes, is not searched for what its images show: it may have very many.
const MAX_SEARCHED: usize = 1_000;

impl Builder {
    /// A block ends or begins. In a row of a table, where all is one block, white space.
    pub fn break_block(&mut self) {
        if self.hidden.is_none() {
            self.boundary();
        }
    }

    pub(super) fn boundary(&mut self) {
        if let Some(code) = &mut self.code {
            if !code.ends_with('\n') {
                code.push('\n');
            }
        } else if self.role() == Some(Role::Row) {
            self.inline.space();
        } else {
            self.flush();
        }
    }

    /// Preformatted text begins: what is added now is code, line ends and all.
    pub fn begin_code(&mut self) {
        if self.hidden.is_none() && self.code.is_none() {
            self.flush();
            self.code = Some(String::new());
        }
    }

    /// Preformatted text ends.
    pub fn end_code(&mut self) {
        if let Some(code) = self.code.take() {
            self.block(BlockKind::Code, &visible_code(&code), Vec::new());
        }
    }

    /// A block of code.
    pub fn code(&mut self, code: &str) {
        self.begin_code();
        self.text(code);
        self.end_code();
    }

    /// Whether two line breaks end a paragraph here.
    pub(super) fn is_prose(&self) -> bool {
        !matches!(self.role(), Some(Role::Row | Role::Heading(_) | Role::Caption))
    }

    /// The innermost element that makes something of its text.
    pub(super) fn role(&self) -> Option<Role> {
        self.frames.iter().rev().map(|frame| frame.role).find(|&role| role != Role::Plain)
    }

    /// Ends the block that is being gathered, if there is one.
    pub(super) fn flush(&mut self) {
        let mut run = self.inline.take();
        if run.text.is_empty() {
            self.alts(&run);
            self.after_image |= run.has_images;
            return;
        }
        if let Some(kind) = self.kind(&run) {
            let links = std::mem::take(&mut run.links);
            let before = self.body.blocks.len();
            self.block(kind, &run.text, links);
            if before < self.body.blocks.len() {
                self.note(kind, run.is_strong);
            }
        }
        self.alts(&run);
    }

    /// The alternative texts of a run's images, below the text that the images stand in: a block each, so that
    /// no quotation of the text has words in it that its readers don't see. What a short text says too is left
    /// out.
    fn alts(&mut self, run: &Run) {
        let says = |alt: &str| run.text.len() <= MAX_SEARCHED && run.text.contains(alt);
        for alt in run.alts.iter().filter(|alt| !says(alt)) {
            self.block(BlockKind::ImageAlt, alt, Vec::new());
        }
    }

    /// What a run of text is here; `None` where it is an empty row.
    fn kind(&self, run: &Run) -> Option<BlockKind> {
        let item = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        let captions_image =
            run.is_emphasised && (self.after_image || run.has_images) && run.text.len() <= MAX_CAPTION;
        Some(match item.map(|frame| (frame.role, frame.block)) {
            Some((Role::Heading(level), _)) if may_be_heading(&run.text) => {
                BlockKind::Heading(level.clamp(1, 6))
            }
            Some((Role::Caption, _)) => BlockKind::Caption,
            Some((Role::Row, _)) => {
                run.text.contains(|c| c != '|' && c != ' ').then_some(BlockKind::TableRow)?
            }
            Some((Role::Quote, _)) => BlockKind::Quote,
            Some((Role::Item | Role::Term, None)) => BlockKind::ListItem,
            None if captions_image => BlockKind::Caption,
            _ => BlockKind::Paragraph,
        })
    }

    /// Remembers what the last block means for those that follow.
    fn note(&mut self, kind: BlockKind, is_strong: bool) {
        if matches!(kind, BlockKind::ListItem | BlockKind::Heading(_)) {
            self.note_element(to_u32(self.body.blocks.len() - 1));
        }
        let text = self.body.blocks.last().map_or("", |block| self.body.slice(block.span));
        if is_strong && is_like_a_heading(text) {
            self.expect_heading();
        }
    }

    /// An item introduces the list in it, and a term what is said about it; a heading is written once.
    fn note_element(&mut self, index: u32) {
        let item = self.frames.iter_mut().rev().find(|frame| frame.role != Role::Plain);
        let Some(item) = item else { return };
        item.block = Some(index);
        if item.role != Role::Term {
            return;
        }
        if let Some(list) = self.frames.iter_mut().rev().find(|frame| frame.role == Role::List) {
            list.block = Some(index);
        }
    }

    /// The last block is a heading if something follows on it.
    pub(super) fn expect_heading(&mut self) {
        let is_paragraph = self.body.blocks.last().is_some_and(|last| last.kind == BlockKind::Paragraph);
        if is_paragraph && self.is_at_top() {
            self.outline.expect(to_u32(self.body.blocks.len() - 1));
        }
    }

    pub(super) fn is_at_top(&self) -> bool {
        self.frames.iter().all(|frame| frame.role == Role::Plain)
    }

    /// The block that introduces a list that begins here.
    pub(super) fn introduction(&self) -> Option<u32> {
        let around = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        if let Some(Frame { role: Role::Item | Role::Term, block, .. }) = around {
            return *block;
        }
        let mut near = self.body.blocks.iter().enumerate().rev().take(PICTURES + 1);
        let (index, last) = near.find(|(_, block)| block.kind != BlockKind::ImageAlt)?;
        let is_prose = matches!(last.kind, BlockKind::Paragraph | BlockKind::Quote);
        let near = last.section == self.outline.section() && last.depth == self.depth();
        let text = self.body.slice(last.span);
        let points = self.body.links.last().is_some_and(|link| link.span.end() == last.span.end());
        let introduces = self.outline.is_expecting() || introduces(text);
        (is_prose && near && !points && introduces).then_some(to_u32(index))
    }

    pub(super) fn is_in_group(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.role, Role::List | Role::Table))
    }

    fn depth(&self) -> u8 {
        let nests = |frame: &&Frame| matches!(frame.role, Role::List | Role::Quote);
        u8::try_from(self.frames.iter().filter(nests).count()).unwrap_or(u8::MAX)
    }

    /// Writes a block. The text is that of a block of its kind.
    fn block(&mut self, kind: BlockKind, text: &str, links: Vec<(Range<usize>, String)>) {
        if text.is_empty() {
            return;
        }
        if self.body.blocks.len() >= MAX_BLOCKS as usize {
            return self.report_problem(MarkupProblemKind::TooManyBlocks { limit: MAX_BLOCKS });
        }
        self.after_image = false;
        self.outline.settle(&mut self.body, kind);
        self.separate(kind);
        let start = self.body.text.len();
        self.body.text.push_str(text);
        let Some(span) = Span::new(&self.body.text, start..self.body.text.len()) else { return };
        if let BlockKind::Heading(level) = kind {
            self.outline.enter(&mut self.body, span, level);
        }
        let lead_in = if kind == BlockKind::ListItem { self.lead_in() } else { None };
        let (section, depth) = (self.outline.section(), self.depth());
        self.body.blocks.push(Block { kind, span, section, lead_in, depth });
        let links = links.into_iter().filter_map(|(range, url)| {
            Some(Link { span: Span::new(&self.body.text, start + range.start..start + range.end)?, url })
        });
        self.body.links.extend(links);
    }

    fn lead_in(&self) -> Option<u32> {
        let is_term = self.role() == Some(Role::Term);
        let list = self.frames.iter().rev().find(|frame| frame.role == Role::List)?;
        if is_term { None } else { list.block }
    }

    /// The white space between the last block and one of this kind.
    fn separate(&mut self, kind: BlockKind) {
        let group = if self.is_in_group() { self.group } else { 0 };
        let same = group > 0 && group == self.last_group;
        let close = matches!(kind, BlockKind::ListItem | BlockKind::TableRow)
            && self.body.blocks.last().is_some_and(|last| last.kind == kind);
        if !self.body.blocks.is_empty() {
            self.body.text.push_str(if same && close { "\n" } else { "\n\n" });
        }
        self.last_group = group;
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
