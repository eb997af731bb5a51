//! The one place that writes a [`Body`]'s text, blocks, sections and links, and that keeps its invariants.
//!
//! Readers tell it what opens, what closes and what is text; it knows no markup. Whatever they tell it, in
//! whatever order, what comes out is a body.

mod glyphs;
mod inline;
mod outline;

use crate::model::{Block, BlockKind, Body, Link, Section, Span};

use self::inline::{Inline, Run};
use self::outline::{Outline, introduces, is_like_a_heading};
use super::readable::{Flaw, FlawKind};

/// Elements nested deeper are read as if they stood at this depth.
pub const MAX_DEPTH: u8 = 64;

/// Blocks beyond are left out.
pub const MAX_BLOCKS: u32 = 100_000;

/// A heading longer than this is a paragraph that somebody forgot to close a heading before.
const MAX_HEADING_BYTES: usize = 600;

/// What an element makes of the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
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
pub enum Key {
    /// Of the markup that the reader reads; these are nested properly.
    Own,
    /// Of HTML: the tag's number.
    Tag(u16),
}

#[derive(Debug)]
struct Frame {
    key: Key,
    role: Role,
    /// For a list: the block that introduces it. For an item: its own block, once there is one.
    block: Option<u32>,
}

/// Elements whose content nobody sees.
#[derive(Debug)]
struct Hidden {
    key: Key,
    nested: u32,
    /// How many elements were open around it.
    frames: usize,
}

/// Makes a [`Body`] of what a reader finds.
#[derive(Debug)]
pub struct Builder {
    body: Body,
    outline: Outline,
    inline: Inline,
    frames: Vec<Frame>,
    /// Elements left out because too deep, to skip their ends: the markup's own, and HTML's.
    beyond: (u32, u32),
    hidden: Option<Hidden>,
    code: Option<String>,
    /// The outermost list or table that is open, and the one that the last block stood in: counted from 1.
    group: u32,
    last_group: u32,
    flaws: Vec<(FlawKind, usize)>,
    at: usize,
}

impl Builder {
    /// With nothing in it yet.
    pub fn new() -> Self {
        Self {
            body: Body { sections: vec![Section::default()], ..Body::default() },
            outline: Outline::default(),
            inline: Inline::default(),
            frames: Vec::new(),
            beyond: (0, 0),
            hidden: None,
            code: None,
            group: 0,
            last_group: 0,
            flaws: Vec::new(),
            at: 0,
        }
    }

    /// What follows stands at this byte of the source, for the flaws.
    pub fn at(&mut self, offset: usize) {
        self.at = offset;
    }

    /// The body and what could not be read as it was meant; `line_of` gives the line of a byte of the source.
    pub fn finish(mut self, line_of: impl Fn(usize) -> u32) -> (Body, Vec<Flaw>) {
        self.end_code();
        while !self.frames.is_empty() {
            self.pop();
        }
        self.flush();
        let flaws = self.flaws.into_iter().map(|(kind, at)| Flaw { line: Some(line_of(at)), kind }).collect();
        (self.body, flaws)
    }

    fn flaw(&mut self, kind: FlawKind) {
        if !self.flaws.iter().any(|&(known, _)| known == kind) {
            self.flaws.push((kind, self.at));
        }
    }
}

/// Runs of text.
impl Builder {
    /// What gathers text now; `None` where nobody would see it.
    fn gathering(&mut self) -> Option<&mut Inline> {
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
        match self.gathering() {
            Some(inline) => inline.marked_text(text),
            None => self.text(text),
        }
    }

    /// Adds inline code.
    pub fn code_span(&mut self, text: &str) {
        match self.gathering() {
            Some(inline) => inline.code(text),
            None => self.text(text),
        }
    }

    /// A line of the source ends.
    pub fn newline(&mut self) {
        self.text("\n");
    }

    /// A line of the source ends within a paragraph, and `next` follows. A line that reads as a title is one.
    pub fn soft_break(&mut self, next: &str) {
        let title = self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_title_of(next));
        if title && self.gathering().is_some() {
            self.flush();
            self.expect_heading();
        } else {
            self.inline.end_line();
            self.newline();
        }
    }

    /// A line ends where the author wants it to; two of them end a paragraph, and so does one after a line
    /// that is wholly bold.
    pub fn line_break(&mut self) {
        if self.code.is_some() {
            return self.newline();
        }
        let title = self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_strong_heading());
        let Some(inline) = self.gathering() else { return };
        let second = inline.line_break();
        if title || (second && self.is_prose()) {
            self.flush();
        }
    }

    /// A line ends where the author wants it to, in a markup in which two of them mean no more than one.
    pub fn hard_break(&mut self) {
        if self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_strong_heading()) {
            self.break_block();
        } else {
            self.inline.end_line();
            self.text(" ");
        }
    }

    /// What follows is bold, or no longer is.
    pub fn strong(&mut self, on: bool) {
        if let Some(inline) = self.gathering() {
            inline.strong(on);
        }
    }

    /// What follows is emphasised, or no longer is.
    pub fn emphasis(&mut self, on: bool) {
        if let Some(inline) = self.gathering() {
            inline.emphasis(on);
        }
    }

    /// What follows is linked.
    pub fn open_link(&mut self, url: &str) {
        if let Some(inline) = self.gathering() {
            inline.open_link(url);
        }
    }

    /// The linked words end.
    pub fn close_link(&mut self) {
        self.inline.close_link();
    }

    /// Text that follows is an image's alternative text.
    pub fn open_image(&mut self) {
        if let Some(inline) = self.gathering() {
            inline.open_image();
        }
    }

    /// The alternative text ends.
    pub fn close_image(&mut self) {
        self.inline.close_image();
    }

    /// An image with its alternative text.
    pub fn image(&mut self, alt: &str) {
        if let Some(inline) = self.gathering() {
            inline.open_image();
            inline.text(alt);
            inline.close_image();
        }
    }

    /// The next cell of a table row begins.
    pub fn cell(&mut self) {
        let in_row = self.role() == Some(Role::Row);
        match self.gathering() {
            Some(inline) if in_row => inline.cell(),
            _ => self.break_block(),
        }
    }
}

/// Blocks.
impl Builder {
    /// A block ends or begins. In a row of a table, where all is one block, white space.
    pub fn break_block(&mut self) {
        if self.hidden.is_none() {
            self.boundary();
        }
    }

    fn boundary(&mut self) {
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
            self.block(BlockKind::Code, &glyphs::code(&code), Vec::new());
        }
    }

    /// A block of code.
    pub fn code(&mut self, code: &str) {
        self.begin_code();
        self.text(code);
        self.end_code();
    }

    /// An element begins.
    pub fn open(&mut self, key: Key, role: Role) {
        if self.hidden.is_some() {
            return self.open_hidden(key);
        }
        if role == Role::Plain {
            self.break_block();
        } else {
            self.end_code();
            self.flush();
        }
        let block = if role == Role::List { self.introduction() } else { None };
        let in_group = self.is_in_group();
        self.group += u32::from(!in_group && matches!(role, Role::List | Role::Table));
        self.push(Frame { key, role, block });
    }

    /// Within what nobody sees only the ends matter: the own ones, and that of what hides it.
    fn open_hidden(&mut self, key: Key) {
        match &mut self.hidden {
            _ if key == Key::Own => self.push(Frame { key, role: Role::Plain, block: None }),
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            _ => {}
        }
    }

    fn push(&mut self, frame: Frame) {
        if self.frames.len() < usize::from(MAX_DEPTH) {
            return self.frames.push(frame);
        }
        self.flaw(FlawKind::TooDeep { limit: MAX_DEPTH });
        match frame.key {
            Key::Own => self.beyond.0 += 1,
            Key::Tag(_) => self.beyond.1 += 1,
        }
    }

    /// An element begins whose content nobody sees.
    pub fn hide(&mut self, key: Key) {
        match &mut self.hidden {
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            Some(_) => {}
            None => self.hidden = Some(Hidden { key, nested: 0, frames: self.frames.len() }),
        }
    }

    /// Whether what is added now is left out.
    pub fn is_hiding(&self) -> bool {
        self.hidden.is_some()
    }

    /// The innermost element of the markup's own ends, and with it all that was opened in it.
    pub fn close(&mut self) {
        if self.beyond.0 > 0 {
            self.beyond.0 -= 1;
            return self.break_block();
        }
        while let Some(frame) = self.frames.last() {
            let own = frame.key == Key::Own;
            self.pop();
            if own {
                break;
            }
        }
        self.beyond.1 = 0;
        let open = self.frames.len();
        self.hidden.take_if(|hidden| open < hidden.frames);
    }

    /// An element of HTML ends, and with it all that was opened in it; no matter where it was not open.
    pub fn close_tag(&mut self, key: Key) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.key == key && hidden.nested == 0 {
                self.hidden = None;
            } else if hidden.key == key {
                hidden.nested -= 1;
            }
            return;
        }
        if self.beyond.1 > 0 {
            self.beyond.1 -= 1;
            return self.break_block();
        }
        self.close_to(key, |_| false);
    }

    /// An element of HTML ends whose end tag may be left out, if it is open within the nearest `boundary`.
    pub fn close_implied(&mut self, key: Key, boundary: impl Fn(Role) -> bool) {
        if self.hidden.is_none() && self.beyond.1 == 0 {
            self.close_to(key, boundary);
        }
    }

    /// A heading of HTML ends if one is open and has text: by its end tag, or because it was forgotten.
    pub fn end_heading(&mut self) {
        let innermost = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        if let Some(&Frame { key: key @ Key::Tag(_), role: Role::Heading(_), .. }) = innermost
            && self.hidden.is_none()
            && !self.inline.is_empty()
        {
            self.close_to(key, |_| false);
        }
    }

    fn close_to(&mut self, key: Key, boundary: impl Fn(Role) -> bool) {
        let own = |frame: &&Frame| frame.key != Key::Own && (frame.key == key || !boundary(frame.role));
        let depth = self.frames.iter().rev().take_while(own).position(|frame| frame.key == key);
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if self.frames.last().is_some_and(|frame| frame.role == Role::Plain) {
            self.boundary();
        } else {
            self.end_code();
            self.flush();
        }
        self.frames.pop();
    }

    /// Whether two line breaks end a paragraph here.
    fn is_prose(&self) -> bool {
        !matches!(self.role(), Some(Role::Row | Role::Heading(_) | Role::Caption))
    }

    /// The innermost element that makes something of its text.
    fn role(&self) -> Option<Role> {
        self.frames.iter().rev().map(|frame| frame.role).find(|&role| role != Role::Plain)
    }

    /// Ends the block that is being gathered, if there is one.
    fn flush(&mut self) {
        let run = self.inline.take();
        if run.text.is_empty() {
            for alt in &run.alts {
                self.block(BlockKind::ImageAlt, alt, Vec::new());
            }
            return;
        }
        let Some(kind) = self.kind(&run) else { return };
        let before = self.body.blocks.len();
        self.block(kind, &run.text, run.links);
        if before < self.body.blocks.len() {
            self.note(kind, run.is_strong);
        }
    }

    /// What a run of text is here; `None` where it is an empty row.
    fn kind(&self, run: &Run) -> Option<BlockKind> {
        let item = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        let below_image = self.body.blocks.last().is_some_and(|last| last.kind == BlockKind::ImageAlt);
        let captions_image = run.is_emphasised && (below_image || !run.alts.is_empty());
        Some(match item.map(|frame| (frame.role, frame.block)) {
            Some((Role::Heading(level), _)) if run.text.len() <= MAX_HEADING_BYTES => {
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
        let index = to_u32(self.body.blocks.len() - 1);
        if kind == BlockKind::ListItem {
            if let Some(item) = self.frames.iter_mut().rev().find(|frame| frame.role != Role::Plain) {
                item.block = Some(index);
                let is_term = item.role == Role::Term;
                let list = self.frames.iter_mut().rev().find(|frame| frame.role == Role::List);
                if let (true, Some(list)) = (is_term, list) {
                    list.block = Some(index);
                }
            }
        }
        let text = self.body.blocks.last().map_or("", |block| self.body.slice(block.span));
        if is_strong && is_like_a_heading(text) {
            self.expect_heading();
        }
    }

    /// The last block is a heading if something follows on it.
    fn expect_heading(&mut self) {
        let is_paragraph = self.body.blocks.last().is_some_and(|last| last.kind == BlockKind::Paragraph);
        if is_paragraph && self.is_at_top() {
            self.outline.expect(to_u32(self.body.blocks.len() - 1));
        }
    }

    fn is_at_top(&self) -> bool {
        self.frames.iter().all(|frame| frame.role == Role::Plain)
    }

    /// The block that introduces a list that begins here.
    fn introduction(&self) -> Option<u32> {
        let around = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        if let Some(Frame { role: Role::Item | Role::Term, block, .. }) = around {
            return *block;
        }
        let index = to_u32(self.body.blocks.len()).checked_sub(1)?;
        let last = self.body.blocks.last()?;
        let is_prose = matches!(last.kind, BlockKind::Paragraph | BlockKind::Quote);
        let near = last.section == self.outline.section() && last.depth == self.depth();
        let is_link = self.body.links.last().is_some_and(|link| link.span == last.span);
        let text = self.body.slice(last.span);
        (is_prose && near && !is_link && !self.outline.is_expecting() && introduces(text)).then_some(index)
    }

    fn is_in_group(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.role, Role::List | Role::Table))
    }

    fn depth(&self) -> u8 {
        let nests = |frame: &&Frame| matches!(frame.role, Role::List | Role::Quote);
        u8::try_from(self.frames.iter().filter(nests).count()).unwrap_or(u8::MAX)
    }

    /// Writes a block. The text is that of a block of its kind.
    fn block(&mut self, kind: BlockKind, text: &str, links: Vec<(std::ops::Range<usize>, String)>) {
        if text.is_empty() {
            return;
        }
        if self.body.blocks.len() >= MAX_BLOCKS as usize {
            return self.flaw(FlawKind::TooManyBlocks { limit: MAX_BLOCKS });
        }
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
