//! Finds the words of a question around a candidate.

use super::sentence_runs::{has_at_most, merge_marks};
use super::{Candidate, CandidateReader, raise_coverage};
use crate::{features::Feature, matcher::Match};
use std::collections::HashSet;
use takeaways_text::model::{Block, BlockKind, Span};

/// A candidate whose own words cover as much of the question needs no paragraphs beside it: of 27 such excerpts a reader preferred all
/// without them (blind, on 2026-12-01), and of 31 others 9 with them, mostly since the answer stands there.
const ENOUGH_COVERED: f32 = 0.65;
/// So many blocks before an item of a list may name who says it.
const MAX_BLOCKS_BEFORE: usize = 32;

/// The places of a question's words in the paragraphs around a candidate.
#[derive(Debug, Clone, Default)]
pub struct MarksAround {
    /// All of them.
    pub all: Vec<Span>,
    /// Those of words that the candidate's own paragraphs lack, or have less well: not "managing", if they have "managed".
    pub new: Vec<Span>,
    /// Whether it is an item of a list whose introduction or heading has all of its words of the question, or the section before it if
    /// these are names: then the question is about the list as much as about the item.
    pub is_list_asked: bool,
    /// Whether its own words cover most of the question: then it needs no paragraphs beside it.
    pub is_covered: bool,
}

impl CandidateReader<'_> {
    /// Returns the places of the question's words in the paragraphs of the candidate's section that fit beside it into `limit`
    /// characters.
    pub fn marks_around(&self, candidate: &Candidate, limit: usize) -> MarksAround {
        let body = &candidate.post.body;
        let own: Vec<usize> = body.blocks_at(candidate.span).map(|block| block as usize).collect();
        let (Some(&first), Some(&last)) = (own.first(), own.last()) else { return MarksAround::default() };
        let own = body.blocks[first].span.cover(body.blocks[last].span);
        let fits = |block: &&Block| {
            block.section == candidate.section && has_at_most(body, own.cover(block.span), limit)
        };
        let before = body.blocks[..first].iter().rev().take_while(fits);
        let after = body.blocks[last + 1..].iter().take_while(fits);
        let mut paragraphs =
            before.chain(after).filter(|block| block.kind == BlockKind::Paragraph).peekable();
        let is_list_asked = self.is_list_asked(candidate);
        let is_covered = candidate.features.get(Feature::Direct) >= ENOUGH_COVERED;
        if paragraphs.peek().is_none() {
            return MarksAround { is_list_asked, is_covered, ..MarksAround::default() };
        }
        let mut own_coverage = self.uncovered.clone();
        raise_coverage(&mut own_coverage, &self.matcher.scan(body.slice(own), candidate.post.language), 1.0);
        let (mut all, mut new) = (Vec::new(), Vec::new());
        for block in paragraphs {
            let start = block.span.start();
            for found in self.highlighted_in(candidate, block.span) {
                let range = start + found.range.start..start + found.range.end;
                let mark = Span::new(&body.text, range);
                let is_new = own_coverage.get(found.concept).is_none_or(|own| *own < found.weight);
                all.extend(mark);
                new.extend(mark.filter(|_| is_new));
            }
        }
        MarksAround { all: merge_marks(all), new: merge_marks(new), is_list_asked, is_covered }
    }

    /// See [`MarksAround::is_list_asked`].
    fn is_list_asked(&self, candidate: &Candidate) -> bool {
        let body = &candidate.post.body;
        let Some(item) = body.blocks_at(candidate.span).last().and_then(|at| body.blocks.get(at as usize))
        else {
            return false;
        };
        if item.kind != BlockKind::ListItem {
            return false;
        }
        let introduction = body.lead_in_of(item).map(|block| block.span);
        let above = introduction.into_iter().chain(body.headings_above(item.section).next());
        let mut rest = self.highlighted_in(candidate, candidate.span);
        if self.are_named_before(&rest, candidate, item) {
            return true;
        }
        for span in above {
            let above = self.highlighted_in(candidate, span);
            rest.retain(|own| !above.iter().any(|found| found.concept == own.concept));
            if rest.is_empty() && !above.is_empty() {
                return true;
            }
        }
        false
    }

    /// Whether the words of the question in an item are names that stand in paragraphs of its section before it: who speaks there says
    /// all items. A section may have thousands of paragraphs, so the last ones before the item count.
    fn are_named_before(&self, own: &[Match], candidate: &Candidate, item: &Block) -> bool {
        let is_name = |found: &Match| {
            let concept = self.concepts.get(found.concept);
            concept.is_some_and(|it| it.is_name || it.text.starts_with(char::is_uppercase))
        };
        if own.is_empty() || !own.iter().all(is_name) {
            return false;
        }
        let body = &candidate.post.body;
        let at = body.blocks.partition_point(|block| block.span.start() < item.span.start());
        let before = body.blocks.get(..at).unwrap_or_default().iter().rev();
        let of_section = before.take_while(|block| block.section == item.section).take(MAX_BLOCKS_BEFORE);
        let paragraphs = of_section.filter(|block| block.kind == BlockKind::Paragraph);
        let named = paragraphs.flat_map(|block| self.highlighted_in(candidate, block.span));
        let named: HashSet<usize> = named.map(|found| found.concept).collect();
        own.iter().all(|found| named.contains(&found.concept))
    }

    /// The words of the question in a part of the post of a candidate, without those that say little.
    fn highlighted_in(&self, candidate: &Candidate, span: Span) -> Vec<Match> {
        let mut matches = self.matcher.scan(candidate.post.body.slice(span), candidate.post.language);
        matches.retain(|found| self.is_highlighted(found.concept));
        matches
    }
}
