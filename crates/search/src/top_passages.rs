//! Collects the passages with the best scores.
//!
//! Equal scores are ordered by post id, then by position in the post, never by position in the index. Within one
//! segment the ordinals of ids sort like the ids. Ids are read as texts only if passages of several segments tie.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocId;

use crate::score::FixedScore;

/// The address of a passage, with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScoredPassage {
    pub(super) score: FixedScore,
    /// The position of its segment in the index.
    pub(super) segment_ord: usize,
    pub(super) doc: DocId,
    /// The ordinal of the post id among the ids of its segment.
    pub(super) id: u64,
    /// The position of the passage in its post, from 1.
    pub(super) number: u32,
}

impl ScoredPassage {
    /// The order within one segment, best first.
    fn rank_order(&self, other: &Self) -> Ordering {
        (other.score.cmp(&self.score)).then(self.id.cmp(&other.id)).then(self.number.cmp(&other.number))
    }
}

/// Reverses the order, so that a heap has the worst passage on top.
#[derive(Debug)]
struct WorstFirst(ScoredPassage);

impl PartialEq for WorstFirst {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for WorstFirst {}

impl PartialOrd for WorstFirst {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for WorstFirst {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank_order(&other.0)
    }
}

/// The best passages of one segment, at most `limit`.
#[derive(Debug)]
pub(super) struct TopPassages {
    limit: usize,
    heap: BinaryHeap<WorstFirst>,
    /// Passages below this score can't be among the best, because other segments have enough better ones.
    floor: FixedScore,
}

impl TopPassages {
    /// Makes a collector for `limit` passages that score at least `floor`.
    pub(super) fn new(limit: usize, floor: FixedScore) -> Self {
        Self { limit, heap: BinaryHeap::with_capacity(limit.min(1_024)), floor }
    }

    /// Returns the score below which a passage can be skipped.
    pub(super) fn threshold(&self) -> FixedScore {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.limit => self.floor.max(worst.0.score),
            _ => self.floor,
        }
    }

    /// Adds a passage if it is among the best so far.
    pub(super) fn push(&mut self, passage: ScoredPassage) {
        if passage.score < self.floor {
            return;
        }
        if self.heap.len() < self.limit {
            self.heap.push(WorstFirst(passage));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && passage.rank_order(&worst.0) == Ordering::Less
        {
            *worst = WorstFirst(passage);
        }
    }

    /// Returns the passages, unordered.
    pub(super) fn into_passages(self) -> impl Iterator<Item = ScoredPassage> {
        self.heap.into_iter().map(|WorstFirst(passage)| passage)
    }
}

/// Returns the best `limit` passages of several segments, best first. `id_of` reads the post id of a passage.
///
/// # Errors
/// The first error of `id_of`.
pub(super) fn best_of_segments<E>(
    mut passages: Vec<ScoredPassage>,
    limit: usize,
    id_of: impl Fn(&ScoredPassage) -> Result<String, E>,
) -> Result<Vec<ScoredPassage>, E> {
    passages.sort_unstable_by(|a, b| {
        b.score.cmp(&a.score).then(a.segment_ord.cmp(&b.segment_ord)).then(a.rank_order(b))
    });
    let mut start = 0;
    while start < passages.len().min(limit) {
        let score = passages[start].score;
        let tie_count = passages[start..].iter().take_while(|passage| passage.score == score).count();
        let tied = &mut passages[start..start + tie_count];
        if tied.iter().any(|passage| passage.segment_ord != tied[0].segment_ord) {
            sort_by_id(tied, &id_of)?;
        }
        start += tie_count;
    }
    passages.truncate(limit);
    Ok(passages)
}

fn sort_by_id<E>(
    tied: &mut [ScoredPassage],
    id_of: impl Fn(&ScoredPassage) -> Result<String, E>,
) -> Result<(), E> {
    let mut keyed = Vec::with_capacity(tied.len());
    for passage in tied.iter() {
        keyed.push((id_of(passage)?, *passage));
    }
    keyed.sort_by(|(a_id, a), (b_id, b)| a_id.cmp(b_id).then(a.number.cmp(&b.number)));
    for (slot, (_, passage)) in tied.iter_mut().zip(keyed) {
        *slot = passage;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(score: FixedScore, segment_ord: usize, id: u64, number: u32) -> ScoredPassage {
        ScoredPassage { score, segment_ord, doc: 0, id, number }
    }

    #[test]
    fn ties_are_ordered_by_id_and_position() {
        let mut top = TopPassages::new(3, 0);
        for (score, id, number) in [(2, 5, 1), (4, 9, 1), (2, 3, 2), (2, 3, 1), (1, 0, 1)] {
            top.push(passage(score, 0, id, number));
        }
        assert_eq!(top.threshold(), 2);
        let best = best_of_segments(top.into_passages().collect(), 3, |_| Ok::<_, ()>(String::new()))
            .expect("no error");
        let places: Vec<(u64, u32)> = best.iter().map(|passage| (passage.id, passage.number)).collect();
        assert_eq!(places, [(9, 1), (3, 1), (3, 2)]);
    }

    #[test]
    fn ties_between_segments_are_ordered_by_the_id_itself() {
        // In segment 0 the id "z" comes first, in segment 1 the id "a".
        let ids = |passage: &ScoredPassage| Ok::<_, ()>(["z", "a"][passage.segment_ord].to_owned());
        let all = vec![passage(1, 0, 0, 1), passage(1, 1, 0, 2), passage(1, 1, 0, 1)];
        let best = best_of_segments(all, 2, ids).expect("no error");
        assert_eq!(
            best.iter().map(|best| (best.segment_ord, best.number)).collect::<Vec<_>>(),
            [(1, 1), (1, 2)]
        );
    }
}
