//! Cuts lists: decides how many items are shown.

use super::{MAX_LIST, Marks};
use crate::candidates::{MAX_CHARS, has_at_most};
use std::ops::Range;
use takeaways_text::model::{Block, BlockKind, Body, ItemCount, Sentence, Span};

/// The maximum number of characters of a list around an item that answers by itself. A longer one hides it.
const MAX_LIST_AROUND_ITEM: usize = 250;
/// The maximum number of characters of the first items of a list that is the answer and too long.
const MAX_FIRST_ITEMS: usize = 600;

/// The items of one list.
pub(super) struct ItemList {
    /// The blocks of the items, with the items nested in them.
    pub blocks: Range<usize>,
    /// The depth of the items that are counted.
    depth: u8,
}

impl ItemList {
    /// Returns the list that the last of some sentences is an item of.
    pub fn around(body: &Body, core: &[Sentence]) -> Option<Self> {
        let is_item = |at: usize| body.blocks.get(at).is_some_and(|block| block.kind == BlockKind::ListItem);
        let at = core.last()?.block as usize;
        if !is_item(at) {
            return None;
        }
        let items = core.iter().filter_map(|sentence| body.blocks.get(sentence.block as usize));
        let depth = items.filter(|block| block.kind == BlockKind::ListItem).map(|block| block.depth).min()?;
        // Code and paragraphs below an item are nested as deep as it is.
        let is_below_item = |block: &Block| {
            matches!(block.kind, BlockKind::Code | BlockKind::Paragraph) && block.depth >= depth
        };
        // Only the items of one list stand on lines of their own without a blank line between them. An excerpt has one
        // speaker, so the answer of another one begins another list.
        let continues = |before: usize| {
            let pair = body.blocks.get(before).zip(body.blocks.get(before + 1));
            pair.is_some_and(|(a, b)| {
                let is_next_line =
                    || b.span.start() - a.span.end() == 1 && is_item(before) && is_item(before + 1);
                a.speaker == b.speaker && (is_below_item(a) || is_below_item(b) || is_next_line())
            })
        };
        let is_inside = |at: usize| {
            body.blocks
                .get(at)
                .is_some_and(|block| block.depth >= depth && (is_item(at) || is_below_item(block)))
        };
        let (mut start, mut end) = (at, at + 1);
        while start > 0 && continues(start - 1) && is_inside(start - 1) {
            start -= 1;
        }
        while continues(end - 1) && is_inside(end) {
            end += 1;
        }
        Some(Self { blocks: start..end, depth })
    }

    /// Returns what is shown of the list, and how many of its items that are.
    pub fn cut(
        &self,
        body: &Body,
        core: &[Sentence],
        marks: Marks<'_>,
        is_number: bool,
    ) -> (Span, Option<ItemCount>) {
        let own: Vec<usize> = core.iter().map(|sentence| sentence.block as usize).collect();
        let core_items: Vec<usize> = own.iter().copied().filter(|at| self.blocks.contains(at)).collect();
        let block_span = |at: usize| body.blocks.get(at).map(|block| block.span);
        let cover = |blocks: Range<usize>| {
            let first = core.first().map(|sentence| sentence.span)?;
            let last = core.last().map(|sentence| sentence.span)?;
            let shown = blocks.filter_map(block_span).reduce(Span::cover)?;
            // The introduction, if it is a part of the candidate.
            Some(shown.cover(first).cover(last))
        };
        let is_marked =
            |at: usize| block_span(at).is_some_and(|span| marks.own.iter().any(|mark| span.overlaps(*mark)));
        let is_single = core_items.first() == core_items.last();
        let is_asked = marks.around.is_list_asked;
        let is_about_list = !is_number
            && (own.len() > core_items.len()
                || !is_single
                || is_asked
                || !core_items.iter().any(|at| is_marked(*at)));
        let first = core_items.first().copied().unwrap_or(self.blocks.start);
        let last = core_items.last().copied().unwrap_or(self.blocks.start);
        let mut shown = first..last + 1;
        let limit = if is_about_list { MAX_LIST } else { MAX_LIST_AROUND_ITEM };
        if cover(self.blocks.clone()).is_some_and(|span| has_at_most(body, span, limit)) {
            shown = self.blocks.clone();
        } else {
            let from_start = self.blocks.start..shown.end;
            if is_asked && cover(from_start.clone()).is_some_and(|span| has_at_most(body, span, MAX_LIST)) {
                shown = from_start;
            }
            // What is nested in an item belongs to it; of a list that is the answer, more items may follow.
            let limit = match (is_about_list, is_asked) {
                (false, _) => MAX_CHARS,
                (true, false) => MAX_FIRST_ITEMS,
                (true, true) => MAX_LIST,
            };
            let is_nested = |at: usize| body.blocks.get(at).is_some_and(|block| !self.has_as_item(block));
            while shown.end < self.blocks.end
                && (is_about_list || is_nested(shown.end))
                && cover(shown.start..shown.end + 1).is_some_and(|span| has_at_most(body, span, limit))
            {
                shown.end += 1;
            }
        }
        let items = self.count(body, shown.clone());
        let answer = core.iter().map(|sentence| sentence.span).reduce(Span::cover);
        let whole = cover(shown).filter(|span| has_at_most(body, *span, limit.max(MAX_CHARS)));
        // An item that is too long is shown as far as it answers.
        let span = whole.or(answer).unwrap_or_else(|| core[0].span);
        (span, items)
    }

    /// A span with all of the list.
    pub fn cover(&self, body: &Body, span: Span) -> Span {
        let blocks = body.blocks.get(self.blocks.clone()).unwrap_or_default().iter();
        blocks.fold(span, |span, block| span.cover(block.span))
    }

    /// How many of the items are among some blocks; `None` if there is one item.
    pub fn count(&self, body: &Body, blocks: Range<usize>) -> Option<ItemCount> {
        let count = |blocks: Range<usize>| {
            let items = blocks.filter(|at| body.blocks.get(*at).is_some_and(|block| self.has_as_item(block)));
            u32::try_from(items.count()).unwrap_or(u32::MAX)
        };
        let items = ItemCount { shown: count(blocks), all: count(self.blocks.clone()) };
        Some(items).filter(|items| items.all > 1)
    }

    /// Whether its last block stands over a paragraph like a heading.
    pub fn introduces_paragraph(&self, body: &Body) -> bool {
        let lead_in = body.blocks.get(self.blocks.end).and_then(|below| below.lead_in);
        lead_in.is_some_and(|lead_in| self.blocks.contains(&(lead_in as usize)))
    }

    /// Whether a block of the list is one of the items that are counted.
    fn has_as_item(&self, block: &Block) -> bool {
        block.kind == BlockKind::ListItem && block.depth == self.depth
    }
}

/// How many items of the list with which a span ends are in it.
pub(super) fn items_at_end(body: &Body, span: Span) -> Option<ItemCount> {
    let list = ItemList::around(body, std::slice::from_ref(body.last_sentence_in(span)?))?;
    let is_shown = |at: &usize| body.blocks.get(*at).is_some_and(|block| block.span.start() < span.end());
    let shown = list.blocks.clone().take_while(is_shown).count();
    list.count(body, list.blocks.start..list.blocks.start + shown)
}
