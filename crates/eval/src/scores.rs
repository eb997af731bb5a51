//! How often the right excerpt stands where, and other parts of questions.

use serde::Serialize;

use super::bootstrap::{self, Interval};

/// How often the right excerpt stands where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// How many questions these are of.
    pub questions: usize,
    /// How many of them were refused.
    pub refused: usize,
    /// The part with a right first excerpt.
    #[serde(rename = "hit@1")]
    pub hit_1: Interval,
    /// The part with a right excerpt among the first three.
    #[serde(rename = "hit@3")]
    pub hit_3: Interval,
    /// The mean of 1 by the place of the first right excerpt, 0 where none is.
    pub mrr: Interval,
}

/// So many of so many.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// So many.
    pub count: usize,
    /// Of so many.
    pub of: usize,
    /// As a part.
    pub share: Interval,
}

impl Scores {
    /// From the place of the first right excerpt of each question, from 1; `None` without questions.
    #[must_use]
    pub fn of(ranks: &[Option<usize>], refused: usize) -> Option<Self> {
        let of = |score: fn(Option<usize>) -> f64| {
            bootstrap::of_mean(&ranks.iter().map(|rank| score(*rank)).collect::<Vec<_>>())
        };
        Some(Self {
            questions: ranks.len(),
            refused,
            hit_1: of(|rank| hit(rank, 1))?,
            hit_3: of(|rank| hit(rank, 3))?,
            mrr: of(reciprocal)?,
        })
    }
}

impl Share {
    /// How many of them are so; `None` where there are none.
    pub fn of(are: impl Iterator<Item = bool>) -> Option<Self> {
        let are: Vec<f64> = are.map(f64::from).collect();
        let count = are.iter().filter(|is| **is > 0.0).count();
        Some(Self { count, of: are.len(), share: bootstrap::of_mean(&are)? })
    }
}

/// 1 where the first right excerpt is among the first `k`.
#[must_use]
pub fn hit(rank: Option<usize>, k: usize) -> f64 {
    f64::from(rank.is_some_and(|rank| rank <= k))
}

/// 1 by the place of the first right excerpt.
#[expect(clippy::cast_precision_loss, reason = "an answer has three excerpts")]
#[must_use]
pub fn reciprocal(rank: Option<usize>) -> f64 {
    rank.map_or(0.0, |rank| 1.0 / rank as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(scores: &Scores) -> (f64, f64, f64) {
        (scores.hit_1.value, scores.hit_3.value, scores.mrr.value)
    }

    #[test]
    fn scores_by_hand() {
        let scores = Scores::of(&[Some(1), Some(3), None, Some(2)], 1).expect("questions");
        // MRR: (1 + 1/3 + 0 + 1/2) / 4.
        assert_eq!(values(&scores), (0.25, 0.75, 0.458_333));
        assert_eq!((scores.questions, scores.refused), (4, 1));
        assert_eq!(Scores::of(&[], 0), None);
    }

    #[test]
    fn shares_by_hand() {
        let share = Share::of([true, false, false, false].into_iter()).expect("some");
        assert_eq!((share.count, share.of, share.share.value), (1, 4, 0.25));
        assert_eq!(Share::of(std::iter::empty()), None);
    }
}
