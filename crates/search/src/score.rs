//! Rounds scores to multiples of [`STEP`], so that their sums are exact.
//!
//! tantivy adds the scores of clauses as floats, in an order that depends on the segment. Two indexes of the same
//! posts could differ in the last digit, and order passages differently. Multiples of [`STEP`] have the same sum in
//! any order, up to 1,024: more needs more digits than a float has.

use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term,
    query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight},
};

/// A score as a whole number of [`STEP`]s.
pub(super) type FixedScore = u32;

/// Converts a score from a float. Negative scores and NaN become 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
pub(super) fn to_fixed(score: f32) -> FixedScore {
    (score / STEP) as FixedScore
}

/// Rounds a score to the nearest number of steps. `f32::round` is a call of a library function on most processors; half a
/// step more is exact in 64 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
fn round_to_fixed(score: Score) -> FixedScore {
    (f64::from(score / STEP) + 0.5) as FixedScore
}

/// Converts a score to a float.
#[expect(clippy::cast_precision_loss, reason = "seven digits are more than a score means")]
pub(super) fn to_float(score: FixedScore) -> f32 {
    score as f32 * STEP
}

/// The unit of scores.
pub(super) const STEP: Score = 1.0 / 16_384.0;

/// A query whose scores are rounded to multiples of [`STEP`].
#[derive(Debug)]
pub(super) struct RoundedQuery(pub(super) Box<dyn Query>);

impl Clone for RoundedQuery {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl Query for RoundedQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        Ok(Box::new(RoundedWeight(self.0.weight(scoring)?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

struct RoundedWeight(Box<dyn Weight>);

impl Weight for RoundedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>, TantivyError> {
        let scorer = self.0.scorer(reader, boost)?;
        // Each union of scorers makes a table of thousands of scores. tantivy leaves out what it sees to be empty.
        Ok(if scorer.doc() == TERMINATED { Box::new(EmptyScorer) } else { Box::new(FixedScorer(scorer)) })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        self.0.explain(reader, doc)
    }
}

struct FixedScorer(Box<dyn Scorer>);

impl Scorer for FixedScorer {
    fn score(&mut self) -> Score {
        to_float(round_to_fixed(self.0.score()))
    }
}

impl DocSet for FixedScorer {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.seek(target)
    }

    // `seek_danger` is not forwarded: that of a phrase panics for a document before its own, and tantivy's exclusion asks
    // for such.

    fn fill_buffer(&mut self, buffer: &mut [DocId; COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        self.0.fill_buffer(buffer)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }

    fn cost(&self) -> u64 {
        self.0.cost()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_to_the_nearest_step() {
        let below_half = f32::from_bits(0.5_f32.to_bits() - 1);
        for (steps, expected) in
            [(0.0, 0), (below_half, 0), (0.5, 1), (1.5, 2), (2.49, 2), (8_388_607.5, 8_388_608), (-1.0, 0)]
        {
            assert_eq!(round_to_fixed(steps * STEP), expected, "{steps}");
        }
    }

    #[test]
    fn sums_of_steps_are_exact_in_any_order() {
        let scores = [1_000.0, 3.0 * STEP, 7.5, STEP, 12.25, 5.0 * STEP];
        let forward = scores.iter().fold(0.0, |sum, score| sum + score);
        let backward = scores.iter().rev().fold(0.0, |sum, score| sum + score);
        assert!((forward - backward as Score).abs() == 0.0 && forward < 1_024.0);
        assert!((forward - 1_019.75 - 9.0 * STEP).abs() == 0.0);
    }
}
