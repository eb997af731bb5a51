//! Runs of text to the blocks of the body: what they are, where they stand, what introduces them.

use std::ops::Range;

use super::elements::OpenElement;
use super::outline::{introduces_list, may_be_heading, reads_as_heading};
use super::run::TextRun;
use super::{BodyBuilder, ElementRole, MAX_BLOCKS};
use crate::invisible::visible_code;
use crate::markup::MarkupProblemKind;
use crate::model::{Block, BlockKind, Link, Span};

/// Emphasised text below a picture is its caption, if it is not longer than this, in bytes.
const MAX_CAPTION: usize = 240;

/// As many pictures may stand between a list and the words that introduce it; a flood of them may not.
const MAX_IMAGES_BETWEEN: usize = 4;

/// A longer text, in bytes, is not searched for what its images show: it may have very many.
const MAX_SEARCHED: usize = 1_000;

impl BodyBuilder {
    /// A block ends or begins. In a row of a table, where all is one block, white space.
    pub fn break_block(&mut self) {
        if self.hidden.is_none() {
            self.end_block();
        }
    }

    pub(super) fn end_block(&mut self) {
        if let Some(code) = &mut self.code {
            if !code.ends_with('\n') {
                code.push('\n');
            }
        } else if self.role() == Some(ElementRole::Row) {
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
            self.push_block(BlockKind::Code, &visible_code(&code), Vec::new());
        }
    }

    /// A block of code.
    pub fn push_code_block(&mut self, code: &str) {
        self.begin_code();
        self.text(code);
        self.end_code();
    }

    /// Whether two line breaks end a paragraph here.
    pub(super) fn is_prose(&self) -> bool {
        !matches!(self.role(), Some(ElementRole::Row | ElementRole::Heading(_) | ElementRole::Caption))
    }

    /// The innermost element that makes something of its text.
    pub(super) fn role(&self) -> Option<ElementRole> {
        self.open_elements.iter().rev().map(|frame| frame.role).find(|&role| role != ElementRole::Plain)
    }

    /// Ends the block that is being gathered, if there is one.
    pub(super) fn flush(&mut self) {
        let mut run = self.inline.take();
        if run.text.is_empty() {
            self.push_image_alts(&run);
            self.after_image |= run.has_images;
            return;
        }
        if let Some(kind) = self.block_kind(&run) {
            let links = std::mem::take(&mut run.links);
            let before = self.body.blocks.len();
            self.push_block(kind, &run.text, links);
            if before < self.body.blocks.len() {
                self.record_last_block(kind, run.is_strong);
            }
        }
        self.push_image_alts(&run);
    }

    /// The alternative texts of a run's images, below the text that the images stand in: a block each, so that
    /// no quotation of the text has words in it that its readers don't see. What a short text says too is left
    /// out.
    fn push_image_alts(&mut self, run: &TextRun) {
        let says = |alt: &str| run.text.len() <= MAX_SEARCHED && run.text.contains(alt);
        for alt in run.alts.iter().filter(|alt| !says(alt)) {
            self.push_block(BlockKind::ImageAlt, alt, Vec::new());
        }
    }

    /// What a run of text is here; `None` where it is an empty row.
    fn block_kind(&self, run: &TextRun) -> Option<BlockKind> {
        let item = self.open_elements.iter().rev().find(|frame| frame.role != ElementRole::Plain);
        let captions_image =
            run.is_emphasised && (self.after_image || run.has_images) && run.text.len() <= MAX_CAPTION;
        Some(match item.map(|frame| (frame.role, frame.block)) {
            Some((ElementRole::Heading(level), _)) if may_be_heading(&run.text) => {
                BlockKind::Heading(level.clamp(1, 6))
            }
            Some((ElementRole::Caption, _)) => BlockKind::Caption,
            Some((ElementRole::Row, _)) => {
                run.text.contains(|c| c != '|' && c != ' ').then_some(BlockKind::TableRow)?
            }
            Some((ElementRole::Quote, _)) => BlockKind::Quote,
            Some((ElementRole::Item | ElementRole::Term, None)) => BlockKind::ListItem,
            None if captions_image => BlockKind::Caption,
            _ => BlockKind::Paragraph,
        })
    }

    /// Remembers what the last block means for those that follow.
    fn record_last_block(&mut self, kind: BlockKind, is_strong: bool) {
        if matches!(kind, BlockKind::ListItem | BlockKind::Heading(_)) {
            self.record_element_block(to_u32(self.body.blocks.len() - 1));
        }
        let text = self.body.blocks.last().map_or("", |block| self.body.slice(block.span));
        if is_strong && reads_as_heading(text) {
            self.expect_heading();
        }
    }

    /// An item introduces the list in it, and a term what is said about it; a heading is written once.
    fn record_element_block(&mut self, index: u32) {
        let item = self.open_elements.iter_mut().rev().find(|frame| frame.role != ElementRole::Plain);
        let Some(item) = item else { return };
        item.block = Some(index);
        if item.role != ElementRole::Term {
            return;
        }
        if let Some(list) = self.open_elements.iter_mut().rev().find(|frame| frame.role == ElementRole::List)
        {
            list.block = Some(index);
        }
    }

    /// The last block is a heading if something follows on it.
    pub(super) fn expect_heading(&mut self) {
        let is_paragraph = self.body.blocks.last().is_some_and(|last| last.kind == BlockKind::Paragraph);
        if is_paragraph && self.is_at_top() {
            self.outline.set_expected_heading(to_u32(self.body.blocks.len() - 1));
        }
    }

    pub(super) fn is_at_top(&self) -> bool {
        self.open_elements.iter().all(|frame| frame.role == ElementRole::Plain)
    }

    /// The block that introduces a list that begins here.
    pub(super) fn introducing_block(&self) -> Option<u32> {
        let around = self.open_elements.iter().rev().find(|frame| frame.role != ElementRole::Plain);
        if let Some(OpenElement { role: ElementRole::Item | ElementRole::Term, block, .. }) = around {
            return *block;
        }
        let mut near = self.body.blocks.iter().enumerate().rev().take(MAX_IMAGES_BETWEEN + 1);
        let (index, last) = near.find(|(_, block)| block.kind != BlockKind::ImageAlt)?;
        let is_prose = matches!(last.kind, BlockKind::Paragraph | BlockKind::Quote);
        let near = last.section == self.outline.section() && last.depth == self.depth();
        let text = self.body.slice(last.span);
        let points = self.body.links.last().is_some_and(|link| link.span.end() == last.span.end());
        let introduces = self.outline.has_expected_heading() || introduces_list(text);
        (is_prose && near && !points && introduces).then_some(to_u32(index))
    }

    pub(super) fn is_in_group(&self) -> bool {
        self.open_elements.iter().any(|frame| matches!(frame.role, ElementRole::List | ElementRole::Table))
    }

    fn depth(&self) -> u8 {
        let nests = |frame: &&OpenElement| matches!(frame.role, ElementRole::List | ElementRole::Quote);
        u8::try_from(self.open_elements.iter().filter(nests).count()).unwrap_or(u8::MAX)
    }

    /// Writes a block. The text is that of a block of its kind.
    fn push_block(&mut self, kind: BlockKind, text: &str, links: Vec<(Range<usize>, String)>) {
        if text.is_empty() {
            return;
        }
        if self.body.blocks.len() >= MAX_BLOCKS as usize {
            return self.report_problem(MarkupProblemKind::TooManyBlocks { limit: MAX_BLOCKS });
        }
        self.after_image = false;
        self.outline.resolve_expected_heading(&mut self.body, kind);
        self.push_separator(kind);
        let start = self.body.text.len();
        self.body.text.push_str(text);
        let Some(span) = Span::new(&self.body.text, start..self.body.text.len()) else { return };
        if let BlockKind::Heading(level) = kind {
            self.outline.begin_section(&mut self.body, span, level);
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
        let is_term = self.role() == Some(ElementRole::Term);
        let list = self.open_elements.iter().rev().find(|frame| frame.role == ElementRole::List)?;
        if is_term { None } else { list.block }
    }

    /// The white space between the last block and one of this kind.
    fn push_separator(&mut self, kind: BlockKind) {
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
