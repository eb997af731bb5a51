//! The metrics: hits and reciprocal ranks of answers; nDCG, recall, MRR and MAP of rankings.
//!
//! The metrics of rankings have the definitions of `trec_eval` (NIST, version 9).

use serde::Serialize;

use crate::collection::{Grades, RankedDocument};
use crate::statistics::{Interval, mean_interval};

/// The scores of answers over some questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// The number of questions.
    pub questions: usize,
    /// The number of refused questions.
    pub refused: usize,
    /// The share of questions whose first excerpt is right.
    #[serde(rename = "hit@1")]
    pub hit_1: Interval,
    /// The share of questions with a right one among the first three excerpts.
    #[serde(rename = "hit@3")]
    pub hit_3: Interval,
    /// The mean reciprocal rank of the first right excerpt.
    pub mrr: Interval,
}

/// A count and its share of a total.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// The count.
    pub count: usize,
    /// The total.
    #[serde(rename = "of")]
    pub total: usize,
    /// The count divided by the total.
    pub share: Interval,
}

impl Scores {
    /// Scores the ranks of the first right excerpts, from 1; `None` without questions.
    pub fn from_ranks(ranks: &[Option<usize>], refused: usize) -> Option<Self> {
        let mean = |score: fn(Option<usize>) -> f64| {
            mean_interval(&ranks.iter().map(|rank| score(*rank)).collect::<Vec<_>>())
        };
        Some(Self {
            questions: ranks.len(),
            refused,
            hit_1: mean(|rank| hit(rank, 1))?,
            hit_3: mean(|rank| hit(rank, 3))?,
            mrr: mean(reciprocal_rank)?,
        })
    }
}

impl Share {
    /// Counts the flags that are set; `None` without flags.
    pub fn from_flags(flags: impl Iterator<Item = bool>) -> Option<Self> {
        let flags: Vec<f64> = flags.map(f64::from).collect();
        let count = flags.iter().filter(|flag| **flag > 0.0).count();
        Some(Self { count, total: flags.len(), share: mean_interval(&flags)? })
    }
}

/// Returns 1 if the first right excerpt is among the first `k`, else 0.
pub fn hit(rank: Option<usize>, k: usize) -> f64 {
    f64::from(rank.is_some_and(|rank| rank <= k))
}

/// Returns 1 divided by the rank of the first right excerpt; 0 for `None`.
pub fn reciprocal_rank(rank: Option<usize>) -> f64 {
    rank.map_or(0.0, |rank| 1.0 / to_float(rank))
}

/// Returns the mean; 0 without numbers.
pub fn mean(numbers: &[f64]) -> f64 {
    ratio(numbers.iter().sum(), to_float(numbers.len()))
}

/// The cutoff of nDCG and MRR.
const NDCG_DEPTH: usize = 10;
/// The cutoff of recall.
const RECALL_DEPTH: usize = 100;

/// The metrics of a ranking for one query. Each is 0 to 1; higher is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueryMetrics {
    /// `ndcg_cut_10`: the discounted gain of the first ten documents, divided by that of the ideal ranking. The gain is
    /// the grade, the discount log2(rank + 1) (Järvelin and Kekäläinen 2002, *ACM TOIS* 20(4)).
    pub ndcg: f64,
    /// `recall_100`: the share of the relevant documents that are among the first hundred.
    pub recall: f64,
    /// `recip_rank` of the first ten documents: 1 divided by the rank of the first relevant one, or 0.
    pub mrr: f64,
    /// `map` of one query: the mean precision at the ranks of all relevant documents, 0 for those that are not ranked.
    pub ap: f64,
}

/// Measures a ranking of distinct documents, best first. Documents with a grade above 0 are relevant; unjudged ones are
/// not. Without relevant documents all metrics are 0.
pub fn query_metrics(ranking: &[RankedDocument], grades: &Grades) -> QueryMetrics {
    let ranked: Vec<i32> =
        ranking.iter().map(|ranked| grades.get(&ranked.document).copied().unwrap_or(0).max(0)).collect();
    let mut ideal: Vec<i32> = grades.values().copied().filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let relevant = to_float(ideal.len());
    let relevant_among = |top: usize| ranked.iter().take(top).filter(|grade| **grade > 0).count();
    let first = ranked.iter().take(NDCG_DEPTH).position(|grade| *grade > 0);
    let ranks = (1..).zip(&ranked).filter(|(_, grade)| **grade > 0).map(|(rank, _)| rank);
    let precisions = (1..).zip(ranks).map(|(count, rank): (usize, usize)| to_float(count) / to_float(rank));
    QueryMetrics {
        ndcg: ratio(dcg(&ranked), dcg(&ideal)),
        recall: ratio(to_float(relevant_among(RECALL_DEPTH)), relevant),
        mrr: first.map_or(0.0, |at| 1.0 / to_float(at + 1)),
        ap: ratio(precisions.sum(), relevant),
    }
}

/// Returns the discounted gain of the first ten documents.
fn dcg(grades: &[i32]) -> f64 {
    (2..)
        .zip(grades.iter().take(NDCG_DEPTH))
        .map(|(rank, grade)| f64::from(*grade) / f64::from(rank).log2())
        .sum()
}

fn ratio(part: f64, total: f64) -> f64 {
    if total > 0.0 { part / total } else { 0.0 }
}

/// Converts a count, which is far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions and documents")]
pub(crate) fn to_float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(scores: &Scores) -> (f64, f64, f64) {
        (scores.hit_1.value, scores.hit_3.value, scores.mrr.value)
    }

    #[test]
    fn scores_by_hand() {
        let scores = Scores::from_ranks(&[Some(1), Some(3), None, Some(2)], 1).expect("questions");
        // MRR: (1 + 1/3 + 0 + 1/2) / 4.
        assert_eq!(values(&scores), (0.25, 0.75, 0.458_333));
        assert_eq!((scores.questions, scores.refused), (4, 1));
        assert_eq!(Scores::from_ranks(&[], 0), None);
    }

    #[test]
    fn shares_by_hand() {
        let share = Share::from_flags([true, false, false, false].into_iter()).expect("some");
        assert_eq!((share.count, share.total, share.share.value), (1, 4, 0.25));
        assert_eq!(Share::from_flags(std::iter::empty()), None);
    }

    #[test]
    fn a_mean() {
        assert!(mean(&[]).abs() < 1e-12);
        assert!((mean(&[1.0, 0.0, 0.5]) - 0.5).abs() < 1e-12);
    }

    fn grades(judged: &[(&str, i32)]) -> Grades {
        judged.iter().map(|(document, grade)| ((*document).to_owned(), *grade)).collect()
    }

    fn ranking(documents: &[&str]) -> Vec<RankedDocument> {
        documents
            .iter()
            .map(|document| RankedDocument { document: (*document).to_owned(), score: 1.0 })
            .collect()
    }

    #[track_caller]
    fn check(documents: &[&str], judged: &[(&str, i32)], expected: [f64; 4]) {
        let QueryMetrics { ndcg, recall, mrr, ap } = query_metrics(&ranking(documents), &grades(judged));
        for (found, expected) in [ndcg, recall, mrr, ap].into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{documents:?}: {found} is not {expected}");
        }
    }

    #[test]
    fn rankings_by_hand() {
        let half = 1.0 / 3.0_f64.log2(); // the discount at rank 2
        for (documents, judged, expected) in [
            (&["a"][..], &[("a", 1)][..], [1.0, 1.0, 1.0, 1.0]),
            (&["x", "a"], &[("a", 1)], [half, 1.0, 0.5, 0.5]),
            (&["x", "a"], &[("a", 1), ("b", 1)], [half / (1.0 + half), 0.5, 0.5, 0.25]),
            (&["a", "x", "b"], &[("a", 1), ("b", 1)], [1.5 / (1.0 + half), 1.0, 1.0, 5.0 / 6.0]),
            // The gain is the grade itself, not a power of it.
            (&["a", "b"], &[("a", 1), ("b", 3)], [(1.0 + 3.0 * half) / (3.0 + half), 1.0, 1.0, 1.0]),
            (&["a", "x"], &[("a", -1), ("x", 0), ("b", 1)], [0.0; 4]),
            (&["x"], &[], [0.0; 4]),
            (&[], &[("a", 1)], [0.0; 4]),
        ] {
            check(documents, judged, expected);
        }
    }

    #[test]
    fn metrics_have_the_cutoffs_of_their_names() {
        let names: Vec<String> = (1..=200).map(|rank| format!("x{rank}")).collect();
        for (rank, expected) in [
            (10, [1.0 / 11.0_f64.log2(), 1.0, 0.1, 0.1]),
            (11, [0.0, 1.0, 0.0, 1.0 / 11.0]),
            (100, [0.0, 1.0, 0.0, 0.01]),
            (101, [0.0, 0.0, 0.0, 1.0 / 101.0]),
        ] {
            let documents: Vec<&str> = names.iter().map(String::as_str).collect();
            check(&documents, &[(&format!("x{rank}"), 1)], expected);
        }
    }

    proptest! {
        #[test]
        fn the_ideal_ranking_scores_1(judged in prop::collection::btree_map("[a-z]{1,3}", -1..4_i32, 1..40)) {
            prop_assume!(judged.values().any(|grade| *grade > 0));
            let mut best: Vec<(&String, &i32)> = judged.iter().collect();
            best.sort_by(|a, b| b.1.cmp(a.1));
            let best: Vec<&str> = best.into_iter().map(|(document, _)| document.as_str()).collect();
            let QueryMetrics { ndcg, recall, mrr, ap } = query_metrics(&ranking(&best), &judged);
            for found in [ndcg, recall, mrr, ap] {
                prop_assert!((found - 1.0).abs() < 1e-9, "{found}");
            }
        }

        #[test]
        fn metrics_are_shares_and_never_fall_with_a_better_ranking(
            judged in prop::collection::btree_map("[a-e]", 0..3_i32, 0..5),
            documents in Just(vec!["a", "b", "c", "d", "e", "f", "g"]).prop_shuffle(),
            at in 1..7_usize,
        ) {
            let before = query_metrics(&ranking(&documents), &judged);
            let mut lifted = documents.clone();
            let grade = |document: &str| judged.get(document).copied().unwrap_or(0);
            if grade(lifted[at]) > grade(lifted[at - 1]) {
                lifted.swap(at, at - 1);
            }
            let after = query_metrics(&ranking(&lifted), &judged);
            let values = |QueryMetrics { ndcg, recall, mrr, ap }| [ndcg, recall, mrr, ap];
            for (before, after) in values(before).into_iter().zip(values(after)) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&before) && before <= after + 1e-12);
            }
        }
    }
}
