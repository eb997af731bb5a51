//! The metrics: means, hits and reciprocal ranks of answers; nDCG, recall, MRR and MAP of rankings, with the definitions
//! of `trec_eval` (NIST, version 9).

use serde::Serialize;

use crate::collection::{Grades, RankedDocument};
use crate::statistics::{Interval, mean_interval};

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
    pub fn from_ranks(ranks: &[Option<usize>], refused: usize) -> Option<Self> {
        let of = |score: fn(Option<usize>) -> f64| {
            mean_interval(&ranks.iter().map(|rank| score(*rank)).collect::<Vec<_>>())
        };
        Some(Self {
            questions: ranks.len(),
            refused,
            hit_1: of(|rank| hit(rank, 1))?,
            hit_3: of(|rank| hit(rank, 3))?,
            mrr: of(reciprocal_rank)?,
        })
    }
}

impl Share {
    /// How many of them are so; `None` where there are none.
    pub fn from_flags(are: impl Iterator<Item = bool>) -> Option<Self> {
        let are: Vec<f64> = are.map(f64::from).collect();
        let count = are.iter().filter(|is| **is > 0.0).count();
        Some(Self { count, of: are.len(), share: mean_interval(&are)? })
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
pub fn reciprocal_rank(rank: Option<usize>) -> f64 {
    rank.map_or(0.0, |rank| 1.0 / rank as f64)
}

/// The mean; 0 where there is nothing to take it of.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 numbers")]
pub fn mean(numbers: &[f64]) -> f64 {
    if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }
}

/// Ranks that nDCG and MRR look at.
const NDCG_DEPTH: usize = 10;
/// Ranks that recall looks at.
const RECALL_DEPTH: usize = 100;

/// What a ranking of documents for one query is worth; each 0 to 1, the more the better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueryMetrics {
    /// `ndcg_cut_10`: the gain of the first ten against that of the ideal first ten of all judged documents. The gain
    /// of a document is its grade, the discount log2(rank + 1) (Järvelin and Kekäläinen 2002, *ACM TOIS* 20(4)).
    pub ndcg: f64,
    /// `recall_100`: the part of the relevant documents that is among the first hundred.
    pub recall: f64,
    /// `recip_rank` of the first ten: 1 over the rank of the first relevant document, 0 where it is not there.
    pub mrr: f64,
    /// `map` of one query: the mean over all relevant documents of the precision at their ranks, 0 for those that were
    /// not found.
    pub ap: f64,
}

/// Measures a ranking, best first, each document once. Relevant is what has a grade above 0; what nobody judged is
/// not. Where nothing is relevant, all are 0.
#[must_use]
pub fn query_metrics(ranking: &[RankedDocument], grades: &Grades) -> QueryMetrics {
    let found: Vec<i32> =
        ranking.iter().map(|ranked| grades.get(&ranked.document).copied().unwrap_or(0).max(0)).collect();
    let mut ideal: Vec<i32> = grades.values().copied().filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let relevant = to_float(ideal.len());
    let relevant_among = |top: usize| found.iter().take(top).filter(|grade| **grade > 0).count();
    let first = found.iter().take(NDCG_DEPTH).position(|grade| *grade > 0);
    let ranks = (1..).zip(&found).filter(|(_, grade)| **grade > 0).map(|(rank, _)| rank);
    let precisions = (1..).zip(ranks).map(|(seen, rank): (usize, usize)| to_float(seen) / to_float(rank));
    QueryMetrics {
        ndcg: ratio(dcg(&found), dcg(&ideal)),
        recall: ratio(to_float(relevant_among(RECALL_DEPTH)), relevant),
        mrr: first.map_or(0.0, |at| 1.0 / to_float(at + 1)),
        ap: ratio(precisions.sum(), relevant),
    }
}

/// The discounted gain of the first ten.
fn dcg(grades: &[i32]) -> f64 {
    (2..)
        .zip(grades.iter().take(NDCG_DEPTH))
        .map(|(rank, grade)| f64::from(*grade) / f64::from(rank).log2())
        .sum()
}

fn ratio(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "a ranking has at most a few thousand documents")]
fn to_float(count: usize) -> f64 {
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
        assert_eq!((share.count, share.of, share.share.value), (1, 4, 0.25));
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
    fn by_hand() {
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
    fn cuts_are_where_their_names_say() {
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
        fn the_ideal_ranking_is_worth_1(judged in prop::collection::btree_map("[a-z]{1,3}", -1..4_i32, 1..40)) {
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
        fn all_are_shares_and_never_less_for_a_better_place(
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
            let all = |QueryMetrics { ndcg, recall, mrr, ap }| [ndcg, recall, mrr, ap];
            for (before, after) in all(before).into_iter().zip(all(after)) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&before) && before <= after + 1e-12);
            }
        }
    }
}
