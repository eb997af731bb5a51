//! Walks through the passages of a segment that can be among the best, and skips the others.
//!
//! Each clause of a query has for each field a highest score that it can give. Clauses that can't lift a passage to the worst
//! of the best passages so far, not even together, don't have to be walked through: they are only asked for the passages that
//! another clause finds. This is `MaxScore` (Turtle and Flood 1995, *Information Processing & Management* 31(6)). tantivy's own
//! pruning is not used: it takes the average length at the time of writing, so it could skip some of the best passages.

use tantivy::{
    DocId, DocSet, TERMINATED, TantivyError,
    query::{Scorer, Weight},
};

use crate::{
    filter::PassageFilter,
    score::{FixedScore, to_fixed},
    segment::IndexSegment,
    top_passages::{ScoredPassage, TopPassages},
};

/// The weights of a query, with the statistics of all segments.
#[derive(Default)]
pub(super) struct QueryWeights {
    /// The fields of the optional clauses, those with the lowest limits first.
    pub(super) optional: Vec<LimitedWeight>,
    /// The fields of each required clause.
    pub(super) required: Vec<Vec<LimitedWeight>>,
    /// The fields of the excluded clauses.
    pub(super) excluded: Vec<LimitedWeight>,
}

/// A weight with a score that no passage exceeds.
pub(super) struct LimitedWeight {
    pub(super) weight: Box<dyn Weight>,
    pub(super) limit: FixedScore,
}

/// The scorers of some fields, which are walked through together. Of an optional clause each field is one of them.
struct Walk {
    scorers: Vec<LimitedScorer>,
    /// The document where each of them is.
    docs: Vec<DocId>,
}

struct LimitedScorer {
    scorer: Box<dyn Scorer>,
    limit: FixedScore,
}

impl LimitedScorer {
    /// The score of the document where it is.
    fn score(&mut self) -> FixedScore {
        let score = to_fixed(self.scorer.score());
        debug_assert!(score <= self.limit, "{score} is above the limit of {}", self.limit);
        score
    }
}

impl Walk {
    fn new(weights: &[LimitedWeight], segment: &IndexSegment) -> Result<Self, TantivyError> {
        let mut scorers = Vec::with_capacity(weights.len());
        for LimitedWeight { weight, limit } in weights {
            let scorer = weight.scorer(&segment.reader, 1.0)?;
            if scorer.doc() != TERMINATED {
                scorers.push(LimitedScorer { scorer, limit: *limit });
            }
        }
        let docs = scorers.iter().map(|it| it.scorer.doc()).collect();
        Ok(Self { scorers, docs })
    }

    /// The sum of the limits up to each scorer.
    fn limit_sums(&self) -> Vec<FixedScore> {
        let sums = self.scorers.iter().scan(0, |sum: &mut FixedScore, it| {
            *sum = sum.saturating_add(it.limit);
            Some(*sum)
        });
        sums.collect()
    }

    /// Moves the scorers from one on to a document or behind it, and returns the first document where one of them is.
    fn seek(&mut self, from: usize, target: DocId) -> DocId {
        let mut first = TERMINATED;
        for (it, doc) in self.scorers.iter_mut().zip(&mut self.docs).skip(from) {
            if *doc < target {
                *doc = it.scorer.seek(target);
            }
            first = first.min(*doc);
        }
        first
    }

    /// The score of a document by the scorers from one on, which are there or behind it.
    fn score(&mut self, from: usize, doc: DocId) -> FixedScore {
        let here = self.scorers.iter_mut().zip(&self.docs).skip(from).filter(|(_, at)| **at == doc);
        here.map(|(it, _)| it.score()).fold(0, FixedScore::saturating_add)
    }

    /// The score of a document by one scorer, which is anywhere.
    fn score_at(&mut self, at: usize, doc: DocId) -> FixedScore {
        let (it, here) = (&mut self.scorers[at], &mut self.docs[at]);
        if *here < doc {
            *here = it.scorer.seek(doc);
        }
        if *here == doc { it.score() } else { 0 }
    }
}

/// Adds the best passages of a segment that a filter allows.
pub(super) fn add_best(
    weights: &QueryWeights,
    segment: &IndexSegment,
    filter: &mut PassageFilter,
    top: &mut TopPassages,
    passage_at: impl Fn(FixedScore, DocId, DocId) -> ScoredPassage,
) -> Result<(), TantivyError> {
    let mut optional = Walk::new(&weights.optional, segment)?;
    let sums = optional.limit_sums();
    let required = weights.required.iter().map(|fields| Walk::new(fields, segment));
    let mut required: Vec<Walk> = required.collect::<Result<_, _>>()?;
    let mut excluded = Walk::new(&weights.excluded, segment)?;
    // The optional scorers before this one are only asked for what others find.
    let mut asked = if required.is_empty() { 0 } else { optional.scorers.len() };
    let mut target = 0;
    loop {
        while asked < sums.len() && sums[asked] < top.threshold() {
            asked += 1;
        }
        let doc = match required.split_first_mut() {
            None => optional.seek(asked, target),
            Some((first, others)) => {
                let doc = first.seek(0, target);
                match others.iter_mut().map(|it| it.seek(0, doc)).max() {
                    Some(later) if later > doc => {
                        target = later;
                        continue;
                    }
                    _ => doc,
                }
            }
        };
        if doc == TERMINATED {
            return Ok(());
        }
        target = doc + 1;
        let file = segment.file_of(doc);
        if !filter.allows(file, doc) {
            target = target.max(filter.next_file());
            continue;
        }
        if !segment.is_alive(doc) || excluded.seek(0, doc) == doc {
            continue;
        }
        let of_required = required.iter_mut().map(|it| it.score(0, doc)).fold(0, FixedScore::saturating_add);
        let mut score = of_required.saturating_add(optional.score(asked, doc));
        for at in (0..asked).rev() {
            if score.saturating_add(sums[at]) < top.threshold() {
                break;
            }
            score = score.saturating_add(optional.score_at(at, doc));
        }
        if score >= top.threshold() {
            top.push(passage_at(score, doc, file));
        }
    }
}
