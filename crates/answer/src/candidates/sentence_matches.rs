//! Sentences, each looked at once, and the stretches of them that may be cited.
//!
//! What is shown of a post around the sentences that answer: who names a thing tells of it in the next sentence.

use super::{MAX_CHARS, feature_extraction::begins_with_reference};
use crate::matcher::Match;
use std::ops::Range;
use takeaways_text::model::{BlockKind, Body, Sentence, Span};

/// The most sentences of an excerpt; more dilute what it says.
const MAX_SENTENCES: usize = 3;
/// The most items of one list in an excerpt, where they are short enough.
const MAX_ITEMS: usize = 6;

/// A sentence, looked at once for all the windows that it is in.
pub(super) struct SentenceMatches<'p> {
    pub(super) sentence: &'p Sentence,
    pub(super) kind: BlockKind,
    pub(super) matches: Vec<Match>,
    pub(super) chars: usize,
    /// Whether it tells nothing but of its own post.
    pub(super) is_about_itself: bool,
}

/// Whether sentences that stand in a row may be cited together.
pub(super) fn may_stand(seen: &[SentenceMatches<'_>], body: &Body) -> bool {
    let Some((first, last)) = seen.first().zip(seen.last()) else { return false };
    let items = seen.iter().filter(|seen| seen.kind == BlockKind::ListItem).count();
    let most = if items > 1 { MAX_ITEMS } else { MAX_SENTENCES };
    let pictured = seen.iter().any(|seen| matches!(seen.kind, BlockKind::ImageAlt | BlockKind::Caption));
    seen.len() <= most
        && !(pictured && seen.len() > 1)
        && !seen.iter().any(|seen| matches!(seen.kind, BlockKind::Code | BlockKind::Heading(_)))
        && is_short(body.slice(first.sentence.span.cover(last.sentence.span)))
}

/// Whether a text has no more characters than an excerpt may have; each is of one byte at least.
fn is_short(text: &str) -> bool {
    text.len() <= MAX_CHARS || text.chars().nth(MAX_CHARS).is_none()
}

/// Whether a stretch is worth citing as it is. A list's introduction needs an item, and a stretch with items
/// neither leaves their list nor takes in items that say nothing of the question, but where it begins with what
/// introduces them: then they are the answer. A third sentence that says nothing of the question only dilutes.
pub(super) fn is_telling(
    stretch: &[SentenceMatches<'_>],
    next: Option<&SentenceMatches<'_>>,
    body: &Body,
) -> bool {
    let Some((first, last)) = stretch.first().zip(stretch.last()) else { return false };
    let introduces = |by: &SentenceMatches<'_>, item: &SentenceMatches<'_>| {
        lead_in_block(body, item) == Some(by.sentence.block)
    };
    if next.is_some_and(|next| introduces(last, next)) {
        return false;
    }
    let is_item = |seen: &SentenceMatches<'_>| seen.kind == BlockKind::ListItem;
    if !stretch.iter().any(is_item) {
        return stretch.len() < 3 || !last.matches.is_empty();
    }
    let said = |seen: &SentenceMatches<'_>| {
        let of_block = |other: &&SentenceMatches<'_>| other.sentence.block == seen.sentence.block;
        stretch.len() == 1 || stretch.iter().filter(of_block).any(|other| !other.matches.is_empty())
    };
    let items = || stretch.iter().filter(|seen| is_item(seen));
    let is_list = is_listed(stretch, body);
    let introduces = |seen: &SentenceMatches<'_>| seen.sentence.block == first.sentence.block;
    // Either the introduction asks and all items answer, or each item that is cited says something itself.
    let promised = is_list && !items().any(said);
    stretch.iter().all(|seen| is_item(seen) || is_list && introduces(seen)) && (promised || items().all(said))
}

/// Whether a stretch is the introduction of a list and items of that list.
fn is_listed(stretch: &[SentenceMatches<'_>], body: &Body) -> bool {
    let ends = stretch.first().zip(stretch.last());
    ends.is_some_and(|(first, last)| lead_in_block(body, last) == Some(first.sentence.block))
}

/// The block that introduces the list which a sentence is an item of.
fn lead_in_block(body: &Body, seen: &SentenceMatches<'_>) -> Option<u32> {
    body.blocks.get(seen.sentence.block as usize)?.lead_in
}

/// The line that introduces the list that the sentence is an item of: its block, or where that is long its last
/// sentence.
pub(super) fn lead_in(body: &Body, sentence: &Sentence) -> Option<Span> {
    let block = body.blocks.get(sentence.block as usize)?;
    let at = block.lead_in?;
    let lead_in = body.blocks.get(at as usize)?;
    if body.slice(lead_in.span).chars().count() <= 160 {
        return Some(lead_in.span);
    }
    let last = body.sentences.iter().rfind(|sentence| sentence.block == at)?;
    (body.slice(last.span).chars().count() <= 240).then_some(last.span)
}

/// The places of those words of the question that are to be marked, in order and without overlaps.
pub(super) fn marks(
    text: &str,
    seen: &[SentenceMatches<'_>],
    is_marked: impl Fn(usize) -> bool,
) -> Vec<Span> {
    let mut marks: Vec<Span> = seen
        .iter()
        .flat_map(|seen| {
            let start = seen.sentence.span.start();
            let marked = seen.matches.iter().filter(|found| is_marked(found.concept));
            marked.map(move |found| start + found.range.start..start + found.range.end)
        })
        .filter_map(|range| Span::new(text, range))
        .collect();
    marks.sort();
    marks.dedup_by(|next, kept| {
        let overlap = kept.overlaps(*next);
        if overlap {
            *kept = kept.cover(*next);
        }
        overlap
    });
    marks
}

/// An excerpt that is shorter than this many characters goes on into the next paragraph of its section.
const SHORT_EXCERPT: usize = 200;

/// The stretch of whole sentences that is shown for some of a post's: on to the end of the paragraph, as far as
/// [`MAX_CHARS`] allow, and back by one sentence where the first begins with a word that points there. `None` where
/// the post has no such sentences.
#[must_use]
pub fn expand_span(body: &Body, sentences: &Range<usize>) -> Option<Span> {
    let shown = body.sentences.get(sentences.clone())?;
    let (first, last) = (shown.first()?, shown.last()?);
    let mut span = first.span.cover(last.span);
    if begins_with_reference(body.slice(span))
        && let Some(before) = sentences.start.checked_sub(1).and_then(|at| body.sentences.get(at))
        && before.block == first.block
        && has_at_most(body, before.span.cover(span), MAX_CHARS)
    {
        span = before.span.cover(span);
    }
    let mut block = last.block;
    for next in body.sentences.get(sentences.end..).unwrap_or_default() {
        let joins = next.block == block
            || continues_prose(body, block, next.block)
                && has_at_most(body, span, SHORT_EXCERPT)
                && !is_introduction(body, span);
        let whole = span.cover(next.span);
        if !joins || !has_at_most(body, whole, MAX_CHARS) || is_introduction(body, next.span) {
            break;
        }
        block = next.block;
        span = whole;
    }
    Some(span)
}

/// Whether a block is prose that follows on other prose, in the same section.
fn continues_prose(body: &Body, block: u32, next: u32) -> bool {
    let at = |block: u32| body.blocks.get(block as usize);
    at(block).zip(at(next)).is_some_and(|(block, next)| {
        block.kind == BlockKind::Paragraph
            && next.kind == BlockKind::Paragraph
            && block.section == next.section
    })
}

/// Whether a stretch announces what follows it.
fn is_introduction(body: &Body, span: Span) -> bool {
    body.slice(span).ends_with([':', '：'])
}

fn has_at_most(body: &Body, span: Span, chars: usize) -> bool {
    let text = body.slice(span);
    text.len() <= chars || text.chars().nth(chars).is_none()
}
