//! The blocks of a [`BodyBuilder`]: the kind of each block, its place, and the block that introduces it.

use std::ops::Range;

use super::elements::OpenElement;
use super::outline::{introduces_list, may_be_heading, reads_as_heading};
use super::run::TextRun;
use super::{BodyBuilder, ElementRole, MAX_BLOCKS};
use crate::invisible::visible_code;
use crate::model::{Block, BlockKind, Boundary, Link, Span};
use crate::readable::MarkupProblemKind;
use crate::sentences::{ends_with_question, is_title_like};

/// The maximum length, in bytes, of emphasised text that is the caption of the image above it.
const MAX_CAPTION: usize = 240;

/// The maximum length, in bytes, of a paragraph that introduces the next one.
const MAX_INTRODUCING_LINE: usize = 240;

/// The maximum number of images between a list and its introduction.
const MAX_IMAGES_BETWEEN: usize = 4;

/// The maximum length, in bytes, of a text that is searched for the alternative texts of its images. A longer
/// text may have very many images.
const MAX_SEARCHED: usize = 1_000;

impl BodyBuilder {
    /// Ends the current block. In a row of a table, which is one block, adds white space instead.
    pub(crate) fn break_block(&mut self) {
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
            self.inline.push_text(" ");
        } else {
            self.flush();
        }
    }

    /// Ends the current block with a rule.
    pub(crate) fn push_rule(&mut self) {
        if self.hidden.is_none() {
            self.end_block();
            self.boundary = if self.is_in_quote() { Boundary::Quotation } else { Boundary::Rule };
        }
    }

    /// Begins the text of a footnote.
    pub(crate) fn open_footnote(&mut self) {
        self.open(ElementRole::Plain);
        self.outline.begin_footnote();
    }

    /// Ends the text of a footnote.
    pub(crate) fn close_footnote(&mut self) {
        self.close();
        self.outline.end_footnote();
    }

    /// Takes the part below the last rule out of the section above it, if no heading follows: there an author closes the post.
    /// With several rules the section itself consists of parts, and with rules in the sections before it too.
    pub(super) fn close_section_at_rule(&mut self) {
        let blocks = &mut self.body.blocks;
        let Some(heading) = blocks.iter().rposition(Block::is_heading) else { return };
        let mut rules = (heading + 1..blocks.len()).filter(|&at| blocks[at].boundary == Boundary::Rule);
        // A rule right below a heading underlines it.
        let (Some(rule), None) = (rules.next().filter(|&rule| rule > heading + 1), rules.next()) else {
            return;
        };
        let section = blocks[heading].section;
        let parent_of = |section: u32| self.body.sections.get(section as usize).and_then(|it| it.parent);
        let is_title = |section: u32| self.body.sections.get(section as usize).is_none_or(|it| it.level <= 1);
        let is_inner_rule = |pair: &[Block]| {
            pair[1].boundary == Boundary::Rule
                && !pair.iter().any(Block::is_heading)
                && !is_title(pair[1].section)
        };
        if blocks[..heading].windows(2).any(is_inner_rule) {
            return;
        }
        let mut around = section;
        while let Some(parent) = parent_of(around).filter(|_| !is_title(around)) {
            around = parent;
        }
        for block in blocks.iter_mut().skip(rule).filter(|block| block.section == section) {
            block.section = around;
        }
    }

    /// Begins the words that name the source of a quotation: a block of their own, if a sentence ends before them.
    pub(crate) fn begin_cite(&mut self) {
        if self.role() == Some(ElementRole::Quote) && self.inline.ends_sentence() {
            self.break_block();
        }
    }

    /// Whether a quotation is open.
    pub(crate) fn is_in_quote(&self) -> bool {
        self.open_elements.iter().any(|element| element.role == ElementRole::Quote)
    }

    /// Begins preformatted text: text that is added now is code and keeps its line ends.
    pub(crate) fn begin_code(&mut self) {
        if self.hidden.is_none() && self.code.is_none() {
            self.flush();
            self.code = Some(String::new());
        }
    }

    /// Ends preformatted text.
    pub(crate) fn end_code(&mut self) {
        if let Some(code) = self.code.take() {
            self.push_block(BlockKind::Code, &visible_code(&code), Vec::new());
        }
    }

    /// Adds a block of code.
    pub(crate) fn push_code_block(&mut self, code: &str) {
        self.begin_code();
        self.push_text(code);
        self.end_code();
    }

    /// Whether two line breaks end a paragraph in the current element.
    pub(super) fn is_prose(&self) -> bool {
        !matches!(self.role(), Some(ElementRole::Row | ElementRole::Heading(_) | ElementRole::Caption))
    }

    /// Returns the innermost element with a role of its own.
    pub(super) fn innermost(&self) -> Option<&OpenElement> {
        self.open_elements.iter().rev().find(|element| element.role != ElementRole::Plain)
    }

    /// Returns the role of that element.
    pub(super) fn role(&self) -> Option<ElementRole> {
        self.innermost().map(|element| element.role)
    }

    /// Writes the current block, if it has text.
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

    /// Appends the alternative texts of a run's images, one block each, below the run. So no quotation of the
    /// text contains words that readers don't see. Leaves out what a short text already says.
    fn push_image_alts(&mut self, run: &TextRun) {
        let is_repeated = |alt: &str| run.text.len() <= MAX_SEARCHED && run.text.contains(alt);
        for alt in run.alts.iter().filter(|alt| !is_repeated(alt)) {
            self.push_block(BlockKind::ImageAlt, alt, Vec::new());
        }
    }

    /// Returns the kind of block that a run of text is; `None` for an empty row.
    fn block_kind(&self, run: &TextRun) -> Option<BlockKind> {
        let captions_image =
            run.is_emphasised && (self.after_image || run.has_images) && run.text.len() <= MAX_CAPTION;
        Some(match self.innermost().map(|element| (element.role, element.block)) {
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

    /// Notes that the last block introduces a list or acts as a heading.
    fn record_last_block(&mut self, kind: BlockKind, is_strong: bool) {
        if matches!(kind, BlockKind::ListItem | BlockKind::Heading(_)) {
            self.record_element_block(to_u32(self.body.blocks.len() - 1));
        }
        let text = self.body.blocks.last().map_or("", |block| self.body.slice(block.span));
        if is_strong && reads_as_heading(text) {
            self.expect_heading();
        }
    }

    /// Notes the block of an item, a term or a heading. An item introduces the list inside it, and a term
    /// introduces its descriptions.
    fn record_element_block(&mut self, index: u32) {
        let mut elements = self.open_elements.iter_mut().rev();
        let Some(item) = elements.find(|element| element.role != ElementRole::Plain) else { return };
        item.block = Some(index);
        if item.role == ElementRole::Term
            && let Some(list) = elements.find(|element| element.role == ElementRole::List)
        {
            list.block = Some(index);
        }
    }

    /// Makes the last block a heading if another block follows.
    pub(super) fn expect_heading(&mut self) {
        let is_paragraph = self.body.blocks.last().is_some_and(|last| last.kind == BlockKind::Paragraph);
        if is_paragraph && self.is_at_top() {
            self.outline.expected_heading = Some(to_u32(self.body.blocks.len() - 1));
        }
    }

    /// Whether no element with a role of its own is open.
    pub(super) fn is_at_top(&self) -> bool {
        self.innermost().is_none()
    }

    /// Returns the block that introduces a list that begins now.
    pub(super) fn introducing_block(&self) -> Option<u32> {
        if let Some(OpenElement { role: ElementRole::Item | ElementRole::Term, block, .. }) = self.innermost()
        {
            return *block;
        }
        let mut candidates = self.body.blocks.iter().enumerate().rev().take(MAX_IMAGES_BETWEEN + 1);
        let (index, last) = candidates.find(|(_, block)| block.kind != BlockKind::ImageAlt)?;
        let is_prose = matches!(last.kind, BlockKind::Paragraph | BlockKind::Quote);
        let is_beside = last.section == self.outline.section && last.depth == self.depth();
        let text = self.body.slice(last.span);
        let ends_with_link = self.body.links.last().is_some_and(|link| link.span.end() == last.span.end());
        let introduces = self.outline.expected_heading.is_some() || introduces_list(text);
        (is_prose && is_beside && !ends_with_link && introduces).then_some(to_u32(index))
    }

    /// Whether a list or a table is open.
    pub(super) fn is_in_group(&self) -> bool {
        self.open_elements
            .iter()
            .any(|element| matches!(element.role, ElementRole::List | ElementRole::Table))
    }

    fn depth(&self) -> u8 {
        let nests = |element: &&OpenElement| matches!(element.role, ElementRole::List | ElementRole::Quote);
        u8::try_from(self.open_elements.iter().filter(nests).count()).unwrap_or(u8::MAX)
    }

    /// Appends a block, unless its text is empty.
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
        let lead_in = match kind {
            BlockKind::ListItem => self.lead_in(),
            BlockKind::Paragraph if !is_title_like(text) => self.introducing_line(),
            _ => None,
        };
        let (section, depth) = (self.outline.section, self.depth());
        let boundary = std::mem::take(&mut self.boundary);
        let number = if kind == BlockKind::ListItem { self.take_number() } else { None };
        self.body.blocks.push(Block { kind, span, section, lead_in, depth, speaker: None, boundary, number });
        let links = links.into_iter().filter_map(|(range, url)| {
            Some(Link { span: Span::new(&self.body.text, start + range.start..start + range.end)?, url })
        });
        self.body.links.extend(links);
    }

    /// Takes the number of the next item of the innermost list, if it is numbered.
    fn take_number(&mut self) -> Option<u32> {
        let list = self.open_elements.iter_mut().rev().find(|element| element.role == ElementRole::List)?;
        let number = list.number?;
        list.number = number.checked_add(1);
        Some(number)
    }

    fn lead_in(&self) -> Option<u32> {
        let list = self.open_elements.iter().rev().find(|element| element.role == ElementRole::List)?;
        if self.role() == Some(ElementRole::Term) { None } else { list.block }
    }

    /// Returns the short paragraph that introduces one that begins now: a question that it answers, or a line that stands
    /// over it like a heading. In notes on talks such a line may be a list of one item.
    fn introducing_line(&self) -> Option<u32> {
        let (last, before) = self.body.blocks.split_last()?;
        let text = self.body.slice(last.span);
        let is_line = || {
            last.kind == BlockKind::Paragraph
                && last.depth == self.depth()
                && (ends_with_question(text) || is_title_like(text))
        };
        let is_only_item = || {
            last.kind == BlockKind::ListItem
                && last.depth == self.depth() + 1
                && (last.lead_in.is_none() || is_title_like(text))
                && !before.last().is_some_and(|it| it.kind == BlockKind::ListItem && it.depth >= last.depth)
                && !text.ends_with(['.', '!', '。', ':'])
        };
        let is_beside = last.section == self.outline.section && text.len() <= MAX_INTRODUCING_LINE;
        (is_beside && (is_line() || is_only_item())).then(|| to_u32(self.body.blocks.len() - 1))
    }

    /// Appends the white space between the last block and a block of this kind.
    fn push_separator(&mut self, kind: BlockKind) {
        let group = if self.is_in_group() { self.group } else { 0 };
        let is_same_group = group > 0 && group == self.last_group;
        let is_next_line = matches!(kind, BlockKind::ListItem | BlockKind::TableRow)
            && self.body.blocks.last().is_some_and(|last| last.kind == kind);
        if !self.body.blocks.is_empty() {
            self.body.text.push_str(if is_same_group && is_next_line { "\n" } else { "\n\n" });
        }
        self.last_group = group;
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
