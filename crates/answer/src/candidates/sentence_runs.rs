//! Decides which runs of sentences can be cited, and what is shown with them: lead-in, marks, and the sentences around.

use super::{MAX_CHARS, feature_extraction::begins_with_reference};
use crate::matcher::Match;
use std::ops::Range;
use takeaways_text::model::{BlockKind, Body, Sentence, Span};

/// The maximum number of sentences of a candidate. More sentences dilute it.
const MAX_SENTENCES: usize = 3;
/// The maximum number of list items of a candidate.
const MAX_ITEMS: usize = 6;

/// A sentence with its matches, for all candidates that contain it.
pub(super) struct SentenceMatches<'p> {
    pub(super) sentence: &'p Sentence,
    pub(super) kind: BlockKind,
    pub(super) matches: Vec<Match>,
    pub(super) chars: usize,
    /// Whether it speaks only of its own post.
    pub(super) is_about_itself: bool,
}

/// Whether a run of sentences is short enough, of one kind and of one speaker, so that it can be cited.
pub(super) fn can_be_cited(run: &[SentenceMatches<'_>], body: &Body) -> bool {
    let Some((first, last)) = run.first().zip(run.last()) else { return false };
    let items = run.iter().filter(|it| it.kind == BlockKind::ListItem).count();
    let limit = if items > 1 { MAX_ITEMS } else { MAX_SENTENCES };
    let is_of_image = run.iter().any(|it| matches!(it.kind, BlockKind::ImageAlt | BlockKind::Caption));
    let speaker = |it: &SentenceMatches<'_>| body.speaker_of(it.sentence.block);
    run.len() <= limit
        && run.iter().all(|it| speaker(it) == speaker(first))
        && !(is_of_image && run.len() > 1)
        && !run.iter().any(|it| matches!(it.kind, BlockKind::Code | BlockKind::Heading(_)))
        && has_at_most(body, first.sentence.span.cover(last.sentence.span), MAX_CHARS)
}

/// Whether a run is worth citing as it is. A list's introduction needs an item. A run with items must not leave the
/// list, and each item must match the question, unless the introduction is in the run and no item matches: then the
/// items are the answer. A third sentence must match too.
pub(super) fn is_worth_citing(
    run: &[SentenceMatches<'_>],
    next: Option<&SentenceMatches<'_>>,
    body: &Body,
) -> bool {
    let Some((first, last)) = run.first().zip(run.last()) else { return false };
    let introduces = |sentence: &SentenceMatches<'_>, item: &SentenceMatches<'_>| {
        lead_in_block(body, item) == Some(sentence.sentence.block)
    };
    if next.is_some_and(|next| introduces(last, next)) {
        return false;
    }
    let is_item = |it: &SentenceMatches<'_>| it.kind == BlockKind::ListItem;
    if !run.iter().any(is_item) {
        return run.len() < 3 || !last.matches.is_empty();
    }
    let is_matched = |item: &SentenceMatches<'_>| {
        let is_same_block = |it: &&SentenceMatches<'_>| it.sentence.block == item.sentence.block;
        run.len() == 1 || run.iter().filter(is_same_block).any(|it| !it.matches.is_empty())
    };
    let items = || run.iter().filter(|it| is_item(it));
    let has_introduction = introduces(first, last);
    let is_introduction = |it: &SentenceMatches<'_>| it.sentence.block == first.sentence.block;
    run.iter().all(|it| is_item(it) || has_introduction && is_introduction(it))
        && (has_introduction && !items().any(is_matched) || items().all(is_matched))
}

/// Returns the block that introduces the list of a sentence.
fn lead_in_block(body: &Body, item: &SentenceMatches<'_>) -> Option<u32> {
    body.blocks.get(item.sentence.block as usize)?.lead_in
}

/// Returns the lead-in of a list item: the block that introduces the list, or the last sentence of a long block.
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

/// Returns the places of the words to mark, in order and without overlaps.
pub(super) fn marks(text: &str, run: &[SentenceMatches<'_>], is_marked: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut marks: Vec<Span> = run
        .iter()
        .flat_map(|it| {
            let start = it.sentence.span.start();
            let marked = it.matches.iter().filter(|found| is_marked(found.concept));
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

/// An excerpt with at most this many characters may continue in the next paragraph of its section.
const SHORT_EXCERPT: usize = 200;

/// Expands a candidate to the span that is shown, because the sentence after a name usually explains it: to the end of
/// the paragraph, up to [`MAX_CHARS`], and back by one sentence if the first one begins with a reference. `None` if the
/// post has no such sentences.
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
        let extended = span.cover(next.span);
        if !joins || !has_at_most(body, extended, MAX_CHARS) || is_introduction(body, next.span) {
            break;
        }
        block = next.block;
        span = extended;
    }
    Some(span)
}

/// Whether two blocks are paragraphs of the same section and the same speaker.
fn continues_prose(body: &Body, block: u32, next: u32) -> bool {
    let at = |block: u32| body.blocks.get(block as usize);
    at(block).zip(at(next)).is_some_and(|(block, next)| {
        block.kind == BlockKind::Paragraph
            && next.kind == BlockKind::Paragraph
            && block.section == next.section
            && block.speaker == next.speaker
    })
}

/// Whether a span announces what follows it.
fn is_introduction(body: &Body, span: Span) -> bool {
    body.slice(span).ends_with([':', '：'])
}

/// Whether a span has at most this many characters.
fn has_at_most(body: &Body, span: Span, chars: usize) -> bool {
    let text = body.slice(span);
    text.len() <= chars || text.chars().nth(chars).is_none()
}
