//! Sentences, each looked at once, and the stretches of them that may be cited.

use super::MAX_CHARS;
use crate::answer::matches::Match;
use crate::model::{BlockKind, Body, Sentence, Span};

/// The most sentences of an excerpt; more dilute what it says.
const MAX_SENTENCES: usize = 3;
/// The most items of one list in an excerpt, where they are short enough.
const MAX_ITEMS: usize = 6;

/// A sentence, looked at once for all the windows that it is in.
pub(super) struct Seen<'p> {
    pub(super) sentence: &'p Sentence,
    pub(super) kind: BlockKind,
    pub(super) matches: Vec<Match>,
    pub(super) chars: usize,
}

/// Whether sentences that stand in a row may be cited together.
pub(super) fn may_stand(seen: &[Seen<'_>], body: &Body) -> bool {
    let Some((first, last)) = seen.first().zip(seen.last()) else { return false };
    let items = seen.iter().filter(|seen| seen.kind == BlockKind::ListItem).count();
    let most = if items > 1 { MAX_ITEMS } else { MAX_SENTENCES };
    let chars = body.slice(first.sentence.span.cover(last.sentence.span)).chars().count();
    let pictured = seen.iter().any(|seen| matches!(seen.kind, BlockKind::ImageAlt | BlockKind::Caption));
    seen.len() <= most
        && !(pictured && seen.len() > 1)
        && chars <= MAX_CHARS
        && !seen.iter().any(|seen| matches!(seen.kind, BlockKind::Code | BlockKind::Heading(_)))
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

/// The places of the question's words, in order and without overlaps.
pub(super) fn marks(text: &str, seen: &[Seen<'_>]) -> Vec<Span> {
    let mut marks: Vec<Span> = seen
        .iter()
        .flat_map(|seen| {
            let start = seen.sentence.span.start();
            seen.matches.iter().map(move |found| start + found.range.start..start + found.range.end)
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
