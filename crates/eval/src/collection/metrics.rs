//! What a ranking is worth, with the definitions of `trec_eval` (NIST, version 9).

use super::qrels::Grades;
use super::run::Ranked;

/// Ranks that nDCG and MRR look at.
const TOP: usize = 10;
/// Ranks that recall looks at.
const DEEP: usize = 100;

/// What a ranking of documents for one query is worth; each 0 to 1, the more the better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
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
pub fn measures(ranking: &[Ranked], grades: &Grades) -> Measures {
    let found: Vec<i32> =
        ranking.iter().map(|ranked| grades.get(&ranked.document).copied().unwrap_or(0).max(0)).collect();
    let mut ideal: Vec<i32> = grades.values().copied().filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let relevant = float(ideal.len());
    let relevant_among = |top: usize| found.iter().take(top).filter(|grade| **grade > 0).count();
    let first = found.iter().take(TOP).position(|grade| *grade > 0);
    let ranks = (1..).zip(&found).filter(|(_, grade)| **grade > 0).map(|(rank, _)| rank);
    let precisions = (1..).zip(ranks).map(|(seen, rank): (usize, usize)| float(seen) / float(rank));
    Measures {
        ndcg: share(gain(&found), gain(&ideal)),
        recall: share(float(relevant_among(DEEP)), relevant),
        mrr: first.map_or(0.0, |at| 1.0 / float(at + 1)),
        ap: share(precisions.sum(), relevant),
    }
}

/// The discounted gain of the first ten.
fn gain(grades: &[i32]) -> f64 {
    (2..).zip(grades.iter().take(TOP)).map(|(rank, grade)| f64::from(*grade) / f64::from(rank).log2()).sum()
}

fn share(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "a ranking has at most a few thousand documents")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grades(judged: &[(&str, i32)]) -> Grades {
        judged.iter().map(|(document, grade)| ((*document).to_owned(), *grade)).collect()
    }

    fn ranking(documents: &[&str]) -> Vec<Ranked> {
        documents.iter().map(|document| Ranked { document: (*document).to_owned(), score: 1.0 }).collect()
    }

    #[track_caller]
    fn check(documents: &[&str], judged: &[(&str, i32)], expected: [f64; 4]) {
        let Measures { ndcg, recall, mrr, ap } = measures(&ranking(documents), &grades(judged));
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
            let Measures { ndcg, recall, mrr, ap } = measures(&ranking(&best), &judged);
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
            let before = measures(&ranking(&documents), &judged);
            let mut lifted = documents.clone();
            let grade = |document: &str| judged.get(document).copied().unwrap_or(0);
            if grade(lifted[at]) > grade(lifted[at - 1]) {
                lifted.swap(at, at - 1);
            }
            let after = measures(&ranking(&lifted), &judged);
            let all = |Measures { ndcg, recall, mrr, ap }| [ndcg, recall, mrr, ap];
            for (before, after) in all(before).into_iter().zip(all(after)) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&before) && before <= after + 1e-12);
            }
        }
    }
}
