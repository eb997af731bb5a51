//! The best passages seen so far.
//!
//! Equal scores are ordered by post id, then by the place in the post: never by where a passage happens to lie
//! in the index. Within one part the id's ordinal in the part's column sorts like the id itself; ids as texts
//! are looked up only where passages of several parts tie.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocId;

use super::score::FixedScore;

/// A passage with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScoredPassage {
    pub(super) score: FixedScore,
    /// Which of the index's parts it lies in.
    pub(super) segment: usize,
    pub(super) doc: DocId,
    /// The post id's place among the ids of its part.
    pub(super) id: u64,
    /// The passage's place in its post, from 1.
    pub(super) ordinal: u32,
}

impl ScoredPassage {
    /// Best first, within one part.
    fn rank_order(&self, other: &Self) -> Ordering {
        (other.score.cmp(&self.score)).then(self.id.cmp(&other.id)).then(self.ordinal.cmp(&other.ordinal))
    }
}

/// The worst on top.
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

/// The best candidates of one part, at most `limit`.
#[derive(Debug)]
pub(super) struct TopPassages {
    limit: usize,
    heap: BinaryHeap<WorstFirst>,
    /// What other parts have shown: whatever scores less can't be among the best.
    floor: FixedScore,
}

impl TopPassages {
    /// Keeps `limit` candidates that score at least `floor`.
    pub(super) fn new(limit: usize, floor: FixedScore) -> Self {
        Self { limit, heap: BinaryHeap::with_capacity(limit.min(1_024)), floor }
    }

    /// What scores less than this can be passed over.
    pub(super) fn threshold(&self) -> FixedScore {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.limit => self.floor.max(worst.0.score),
            _ => self.floor,
        }
    }

    /// Takes a candidate in, if it is among the best so far.
    pub(super) fn push(&mut self, candidate: ScoredPassage) {
        if candidate.score < self.floor {
            return;
        }
        if self.heap.len() < self.limit {
            self.heap.push(WorstFirst(candidate));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && candidate.rank_order(&worst.0) == Ordering::Less
        {
            *worst = WorstFirst(candidate);
        }
    }

    /// All of them, in no order.
    pub(super) fn into_passages(self) -> impl Iterator<Item = ScoredPassage> {
        self.heap.into_iter().map(|WorstFirst(candidate)| candidate)
    }
}

/// The best `limit` of the candidates of several parts, best first.
///
/// `id_of` gives the post id of a candidate.
///
/// # Errors
/// The first error of `id_of`.
pub(super) fn best_of_segments<E>(
    mut candidates: Vec<ScoredPassage>,
    limit: usize,
    id_of: impl Fn(&ScoredPassage) -> Result<String, E>,
) -> Result<Vec<ScoredPassage>, E> {
    candidates
        .sort_unstable_by(|a, b| b.score.cmp(&a.score).then(a.segment.cmp(&b.segment)).then(a.rank_order(b)));
    let mut from = 0;
    while from < candidates.len().min(limit) {
        let score = candidates[from].score;
        let run = candidates[from..].iter().take_while(|other| other.score == score).count();
        let tied = &mut candidates[from..from + run];
        if tied.iter().any(|candidate| candidate.segment != tied[0].segment) {
            sort_by_id(tied, &id_of)?;
        }
        from += run;
    }
    candidates.truncate(limit);
    Ok(candidates)
}

fn sort_by_id<E>(
    tied: &mut [ScoredPassage],
    id_of: impl Fn(&ScoredPassage) -> Result<String, E>,
) -> Result<(), E> {
    let mut keyed = Vec::with_capacity(tied.len());
    for candidate in tied.iter() {
        keyed.push((id_of(candidate)?, *candidate));
    }
    keyed.sort_by(|(a_id, a), (b_id, b)| a_id.cmp(b_id).then(a.ordinal.cmp(&b.ordinal)));
    for (slot, (_, candidate)) in tied.iter_mut().zip(keyed) {
        *slot = candidate;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(score: FixedScore, part: usize, id: u64, ordinal: u32) -> ScoredPassage {
        ScoredPassage { score, segment: part, doc: 0, id, ordinal }
    }

    #[test]
    fn the_best_stay_and_ties_go_by_id_and_place() {
        let mut top = TopPassages::new(3, 0);
        for (score, id, ordinal) in [(2, 5, 1), (4, 9, 1), (2, 3, 2), (2, 3, 1), (1, 0, 1)] {
            top.push(passage(score, 0, id, ordinal));
        }
        assert_eq!(top.threshold(), 2);
        let best = best_of_segments(top.into_passages().collect(), 3, |_| Ok::<_, ()>(String::new()))
            .expect("no error");
        let places: Vec<(u64, u32)> =
            best.iter().map(|candidate| (candidate.id, candidate.ordinal)).collect();
        assert_eq!(places, [(9, 1), (3, 1), (3, 2)]);
    }

    #[test]
    fn ties_between_parts_go_by_the_id_itself() {
        // In part 0 the id "z" comes first, in part 1 the id "a".
        let ids = |candidate: &ScoredPassage| Ok::<_, ()>(["z", "a"][candidate.segment].to_owned());
        let all = vec![passage(1, 0, 0, 1), passage(1, 1, 0, 2), passage(1, 1, 0, 1)];
        let best = best_of_segments(all, 2, ids).expect("no error");
        assert_eq!(best.iter().map(|c| (c.segment, c.ordinal)).collect::<Vec<_>>(), [(1, 1), (1, 2)]);
    }
}
