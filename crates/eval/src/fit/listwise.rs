//! The order of windows: a softmax over all windows of a question, in which the right ones should have the most
//! (Cao and others, "Learning to rank: from pairwise approach to listwise approach", 2007, with the top one only).

use super::adam::minimum;
use super::dot;

/// How much large weights cost.
const L2: f64 = 0.003;
const STEPS: u32 = 400;
const RATE: f64 = 0.15;

/// The windows of a question, in the order in which they stand now.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The part that the question is in.
    pub fold: u64,
    /// Its windows.
    pub windows: Vec<Candidate>,
}

/// A window.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// It is what the question asks for.
    pub right: bool,
    /// What its parts that are not fitted add to its score.
    pub offset: f64,
    /// Its other parts.
    pub values: Vec<f64>,
}

impl Candidate {
    /// By some weights.
    #[must_use]
    pub fn score(&self, weights: &[f64]) -> f64 {
        self.offset + dot(weights, &self.values)
    }
}

impl List {
    /// Whether it tells right from wrong.
    #[must_use]
    pub fn teaches(&self) -> bool {
        self.windows.iter().any(|window| window.right) && self.windows.iter().any(|window| !window.right)
    }

    /// The place of the first right window by some weights, from 1. Ties stay in the order in which they are.
    #[must_use]
    pub fn rank(&self, weights: &[f64]) -> Option<usize> {
        let scored = self.windows.iter().map(|window| (window.score(weights), window.right));
        let mut scored: Vec<(f64, bool)> = scored.collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.iter().position(|(_, right)| *right).map(|at| at + 1)
    }

    /// Adds the gradient of minus the logarithm of what the right windows have of the softmax.
    fn add_gradient(&self, weights: &[f64], gradient: &mut [f64]) {
        let scores: Vec<f64> = self.windows.iter().map(|window| window.score(weights)).collect();
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = scores.iter().map(|score| (score - best).exp()).collect();
        let all: f64 = shares.iter().sum();
        let rights = shares.iter().zip(&self.windows).filter(|(_, window)| window.right);
        // Far behind the best the right ones have nothing: then there is no telling which of them has how much.
        let right = rights.map(|(share, _)| share).sum::<f64>().max(f64::MIN_POSITIVE);
        for (share, window) in shares.iter().zip(&self.windows) {
            let pull = share / all - if window.right { share / right } else { 0.0 };
            for (slope, value) in gradient.iter_mut().zip(&window.values) {
                *slope += pull * value;
            }
        }
    }
}

/// The weights of `size` parts that rank the right windows of these lists best; those that teach nothing are left out.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions")]
pub fn fit(lists: &[&List], size: usize) -> Vec<f64> {
    let teaching: Vec<&&List> = lists.iter().filter(|list| list.teaches()).collect();
    let count = teaching.len().max(1) as f64;
    minimum(size, STEPS, RATE, |weights| {
        let mut gradient = vec![0.0; size];
        for list in &teaching {
            list.add_gradient(weights, &mut gradient);
        }
        gradient.iter().zip(weights).map(|(slope, weight)| slope / count + L2 * weight).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(windows: Vec<(bool, f64, Vec<f64>)>) -> List {
        let windows = windows.into_iter().map(|(right, offset, values)| Candidate { right, offset, values });
        List { fold: 0, windows: windows.collect() }
    }

    /// Numbers from 0 to 1 that look like nothing.
    fn noise(at: u32) -> f64 {
        f64::from(at.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24)
    }

    /// The right window is drawn by the softmax of these weights.
    fn drawn(weights: &[f64], lists: u32) -> Vec<List> {
        let one = |at: u32| {
            let values = |window: u32| {
                (0..3).map(|part| noise(at * 1_000 + window * 10 + part) * 3.0).collect::<Vec<_>>()
            };
            let windows: Vec<Vec<f64>> = (0..8).map(values).collect();
            let shares: Vec<f64> = windows.iter().map(|values| dot(weights, values).exp()).collect();
            let mut left = noise(at + 7_777_777) * shares.iter().sum::<f64>();
            let right = shares.iter().position(|share| {
                left -= share;
                left <= 0.0
            });
            list(
                windows
                    .into_iter()
                    .enumerate()
                    .map(|(at, values)| (Some(at) == right, 0.0, values))
                    .collect(),
            )
        };
        (0..lists).map(one).collect()
    }

    #[test]
    fn known_weights_are_found_again() {
        let lists = drawn(&[2.0, -1.0, 0.0], 2_000);
        let found = fit(&lists.iter().collect::<Vec<_>>(), 3);
        for (found, known) in found.iter().zip([2.0, -1.0, 0.0]) {
            assert!((found - known).abs() < 0.15, "{found} for {known}");
        }
        assert_eq!(found, fit(&lists.iter().collect::<Vec<_>>(), 3), "the same to the last bit");
    }

    #[test]
    fn what_can_be_told_apart_stays_finite() {
        let apart = list(vec![(true, 0.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        let far = list(vec![(true, 0.0, vec![-1e6]), (false, 0.0, vec![1e6])]);
        for lists in [vec![&apart], vec![&far], vec![&apart, &far]] {
            let found = fit(&lists, 1);
            assert!(found[0].is_finite() && found[0].abs() < 100.0, "{found:?}");
        }
    }

    #[test]
    fn what_teaches_nothing_is_left_out() {
        let right = list(vec![(true, 0.0, vec![1.0]), (true, 0.0, vec![0.0])]);
        let wrong = list(vec![(false, 0.0, vec![1.0])]);
        assert_eq!(fit(&[&right, &wrong, &list(vec![])], 1), [0.0]);
    }

    #[test]
    fn what_is_not_fitted_is_counted_all_the_same() {
        // The offset tells all there is to tell, so the part needs no weight; without it, it does.
        let with = list(vec![(true, 50.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        let without = list(vec![(true, 0.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        assert!(fit(&[&with], 1)[0].abs() < 0.01 && fit(&[&without], 1)[0] > 1.0);
        assert_eq!((with.rank(&[0.0]), with.rank(&[-60.0])), (Some(1), Some(2)));
    }
}
