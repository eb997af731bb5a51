//! What is shown of a post around the sentences that answer: who names a thing tells of it in the next sentence.

use std::ops::Range;

use super::MAX_CHARS;
use super::sentence_features::begins_with_reference;
use takeaways_text::model::{BlockKind, Body, Span};

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
