//! Decides which runs of sentences can be cited, with their lead-in and marks.

use super::MAX_CHARS;
use crate::{cut::MAX_PROSE, matcher::Match};
use takeaways_text::{
    model::{BlockKind, Body, Sentence, Span},
    sentences::ends_with_question,
};

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
    /// Whether it reads as a title or a name.
    pub(super) is_title_like: bool,
    /// Whether it is the title of a talk with its speaker, in a list.
    pub(super) is_listed_talk: bool,
}

/// Whether a run of sentences is short enough, of one kind and of one speaker, so that it can be cited. A long sentence may answer by
/// itself.
pub(super) fn can_be_cited(run: &[SentenceMatches<'_>], body: &Body) -> bool {
    let Some((first, last)) = run.first().zip(run.last()) else { return false };
    let items = run.iter().filter(|it| it.kind == BlockKind::ListItem).count();
    let limit = if items > 1 { MAX_ITEMS } else { MAX_SENTENCES };
    let most = if run.len() == 1 { MAX_PROSE } else { MAX_CHARS };
    let speaker = |it: &SentenceMatches<'_>| body.speaker_of(it.sentence.block);
    run.len() <= limit
        && run.iter().all(|it| is_running_text(it) && speaker(it) == speaker(first))
        && has_at_most(body, first.sentence.span.cover(last.sentence.span), most)
}

/// Whether a sentence may be cited at all. Captions, alternative texts and lines with only a name or a title ("Ann Lee,
/// Acme") tell nothing by themselves; as an item of a list they may.
fn is_running_text(it: &SentenceMatches<'_>) -> bool {
    match it.kind {
        BlockKind::Code | BlockKind::Heading(_) | BlockKind::Caption | BlockKind::ImageAlt => false,
        BlockKind::Paragraph | BlockKind::Quote => !it.is_title_like,
        BlockKind::ListItem | BlockKind::TableRow => true,
    }
}

/// Whether a run is worth citing as it is. A question needs an answer, and a list's introduction an item. A run with items
/// must not leave the list, and each item must match the question, unless the introduction is in the run and no item
/// matches: then the items are the answer. A third sentence must match too.
pub(super) fn is_worth_citing(
    run: &[SentenceMatches<'_>],
    next: Option<&SentenceMatches<'_>>,
    body: &Body,
) -> bool {
    let Some((first, last)) = run.first().zip(run.last()) else { return false };
    let introduces = |sentence: &SentenceMatches<'_>, item: &SentenceMatches<'_>| {
        lead_in_block(body, item) == Some(sentence.sentence.block)
    };
    // A question is nothing without its answer.
    let asks = || ends_with_question(body.slice(last.sentence.span));
    if next.is_some_and(|next| introduces(last, next) || asks()) {
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
    // A word in the title of a talk and a word in that of the next one say nothing together.
    let are_talks = || items().count() > 1 && items().all(|it| it.is_listed_talk);
    run.iter().all(|it| is_item(it) || has_introduction && is_introduction(it))
        && (has_introduction && !items().any(is_matched) || items().all(is_matched) && !are_talks())
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
    let marks = run
        .iter()
        .flat_map(|it| {
            let start = it.sentence.span.start();
            let marked = it.matches.iter().filter(|found| is_marked(found.concept));
            marked.map(move |found| start + found.range.start..start + found.range.end)
        })
        .filter_map(|range| Span::new(text, range));
    merge_marks(marks.collect())
}

/// Sorts marks and merges those that overlap.
pub(crate) fn merge_marks(mut marks: Vec<Span>) -> Vec<Span> {
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

/// Whether a span has at most this many characters.
pub fn has_at_most(body: &Body, span: Span, chars: usize) -> bool {
    let text = body.slice(span);
    text.len() <= chars || text.chars().nth(chars).is_none()
}
