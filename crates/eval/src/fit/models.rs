//! The two models and their optimiser.
//!
//! Candidates are ordered by a softmax over all candidates of a question, in which the right ones should have the most
//! (Cao and others, "Learning to rank: from pairwise approach to listwise approach", 2007, with the top one only). The
//! confidence is a logistic regression: the odds are a product of powers, so their logarithm is a sum. Both are fitted
//! by gradient descent with steps by what gradients were before (Kingma and Ba, "Adam: a method for stochastic
//! optimization", 2015), over all data at once, so without chance.

use super::dot;

/// How much large weights cost.
const LISTWISE_L2: f64 = 0.003;
const LISTWISE_STEPS: u32 = 400;
const LISTWISE_RATE: f64 = 0.15;

/// The candidates of a question, in the order in which they stand now.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateList {
    /// The part that the question is in.
    pub fold: u64,
    /// Its candidates.
    pub candidates: Vec<TrainingCandidate>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingCandidate {
    /// It is what the question asks for.
    pub is_right: bool,
    /// What its parts that are not fitted add to its score.
    pub offset: f64,
    /// Its other parts.
    pub values: Vec<f64>,
}

impl TrainingCandidate {
    /// By some weights.
    #[must_use]
    pub fn score(&self, weights: &[f64]) -> f64 {
        self.offset + dot(weights, &self.values)
    }
}

impl CandidateList {
    /// Whether it tells right from wrong.
    #[must_use]
    pub fn has_both_labels(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.is_right)
            && self.candidates.iter().any(|candidate| !candidate.is_right)
    }

    /// The place of the first right candidate by some weights, from 1. Ties stay in the order in which they are.
    #[must_use]
    pub fn rank(&self, weights: &[f64]) -> Option<usize> {
        let scored = self.candidates.iter().map(|candidate| (candidate.score(weights), candidate.is_right));
        let mut scored: Vec<(f64, bool)> = scored.collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.iter().position(|(_, is_right)| *is_right).map(|at| at + 1)
    }

    /// Adds the gradient of minus the logarithm of what the right candidates have of the softmax.
    fn add_gradient(&self, weights: &[f64], gradient: &mut [f64]) {
        let scores: Vec<f64> = self.candidates.iter().map(|candidate| candidate.score(weights)).collect();
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = scores.iter().map(|score| (score - best).exp()).collect();
        let all: f64 = shares.iter().sum();
        let rights = shares.iter().zip(&self.candidates).filter(|(_, candidate)| candidate.is_right);
        // Far behind the best the right ones have nothing: then there is no telling which of them has how much.
        let right = rights.map(|(share, _)| share).sum::<f64>().max(f64::MIN_POSITIVE);
        for (share, candidate) in shares.iter().zip(&self.candidates) {
            let pull = share / all - if candidate.is_right { share / right } else { 0.0 };
            for (slope, value) in gradient.iter_mut().zip(&candidate.values) {
                *slope += pull * value;
            }
        }
    }
}

/// The weights of `size` features that rank the right candidates of these lists best; lists without both right and wrong
/// ones are left out.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions")]
pub fn fit_listwise(lists: &[&CandidateList], size: usize) -> Vec<f64> {
    let teaching: Vec<&&CandidateList> = lists.iter().filter(|list| list.has_both_labels()).collect();
    let count = teaching.len().max(1) as f64;
    minimise(size, LISTWISE_STEPS, LISTWISE_RATE, |weights| {
        let mut gradient = vec![0.0; size];
        for list in &teaching {
            list.add_gradient(weights, &mut gradient);
        }
        gradient.iter().zip(weights).map(|(slope, weight)| slope / count + LISTWISE_L2 * weight).collect()
    })
}

/// How much large weights cost; the bias costs nothing.
const LOGISTIC_L2: f64 = 0.001;
const LOGISTIC_STEPS: u32 = 600;
const LOGISTIC_RATE: f64 = 0.1;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSample {
    /// How much it counts.
    pub weight: f64,
    /// Whether it was right.
    pub is_right: bool,
    /// Its signals.
    pub values: Vec<f64>,
}

/// What the signals weigh.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// The logarithm of the odds where no signal says anything.
    pub bias: f64,
    /// One for each signal.
    pub weights: Vec<f64>,
}

impl Logistic {
    /// That under which these samples, of `size` signals each, are likeliest.
    #[must_use]
    pub fn fit(samples: &[&TrainingSample], size: usize) -> Self {
        let all = samples.iter().map(|sample| sample.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        let found = minimise(size + 1, LOGISTIC_STEPS, LOGISTIC_RATE, |at| {
            let mut gradient = vec![0.0; size + 1];
            for sample in samples {
                let off = sample.weight * (probability_at(at, &sample.values) - f64::from(sample.is_right));
                gradient[0] += off;
                for (slope, value) in gradient[1..].iter_mut().zip(&sample.values) {
                    *slope += off * value;
                }
            }
            let costs = std::iter::once(0.0).chain(at[1..].iter().map(|weight| LOGISTIC_L2 * weight));
            gradient.iter().zip(costs).map(|(slope, cost)| slope / all + cost).collect()
        });
        Self { bias: found[0], weights: found[1..].to_vec() }
    }

    /// How likely an answer with these signals is right, 0 to 1.
    #[must_use]
    pub fn probability(&self, values: &[f64]) -> f64 {
        sigmoid(self.bias + dot(&self.weights, values))
    }
}

/// By the bias and the weights behind it.
fn probability_at(at: &[f64], values: &[f64]) -> f64 {
    sigmoid(at[0] + dot(&at[1..], values))
}

fn sigmoid(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// How much of the mean gradient stays from step to step.
const MEAN_DECAY: f64 = 0.9;
/// How much of the mean square of the gradient stays. Gradients without chance need no longer memory.
const SQUARE_DECAY: f64 = 0.99;
/// Keeps a step finite where a gradient is 0.
const EPSILON: f64 = 1e-8;
/// The rate falls in a line to that of so many steps before 0.
const EXTRA_STEPS: u32 = 20;

/// Where the descent from 0 ends after `steps`. `gradient` gives one number for each of the `size` weights.
#[must_use]
pub fn minimise(size: usize, steps: u32, rate: f64, gradient: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let (mut weights, mut means, mut squares) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let (mut mean_left, mut square_left) = (1.0, 1.0);
    for step in 1..=steps {
        mean_left *= MEAN_DECAY;
        square_left *= SQUARE_DECAY;
        let rate = rate * (1.0 - f64::from(step) / f64::from(steps + EXTRA_STEPS));
        for (at, slope) in gradient(&weights).into_iter().enumerate().take(size) {
            means[at] = MEAN_DECAY * means[at] + (1.0 - MEAN_DECAY) * slope;
            squares[at] = SQUARE_DECAY * squares[at] + (1.0 - SQUARE_DECAY) * slope * slope;
            let (mean, square): (f64, f64) =
                (means[at] / (1.0 - mean_left), squares[at] / (1.0 - square_left));
            weights[at] -= rate * mean / (square.sqrt() + EPSILON);
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(candidates: Vec<(bool, f64, Vec<f64>)>) -> CandidateList {
        let candidates = candidates.into_iter().map(|(is_right, offset, values)| TrainingCandidate {
            is_right,
            offset,
            values,
        });
        CandidateList { fold: 0, candidates: candidates.collect() }
    }

    /// Numbers from 0 to 1 that look like nothing.
    fn noise(at: u32) -> f64 {
        f64::from(at.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24)
    }

    /// The right candidate is drawn by the softmax of these weights.
    fn drawn(weights: &[f64], lists: u32) -> Vec<CandidateList> {
        let one = |at: u32| {
            let values = |candidate: u32| {
                (0..3).map(|part| noise(at * 1_000 + candidate * 10 + part) * 3.0).collect::<Vec<_>>()
            };
            let candidates: Vec<Vec<f64>> = (0..8).map(values).collect();
            let shares: Vec<f64> = candidates.iter().map(|values| dot(weights, values).exp()).collect();
            let mut left = noise(at + 7_777_777) * shares.iter().sum::<f64>();
            let right = shares.iter().position(|share| {
                left -= share;
                left <= 0.0
            });
            list(
                candidates
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
        let found = fit_listwise(&lists.iter().collect::<Vec<_>>(), 3);
        for (found, known) in found.iter().zip([2.0, -1.0, 0.0]) {
            assert!((found - known).abs() < 0.15, "{found} for {known}");
        }
        assert_eq!(found, fit_listwise(&lists.iter().collect::<Vec<_>>(), 3), "the same to the last bit");
    }

    #[test]
    fn what_can_be_told_apart_stays_finite() {
        let apart = list(vec![(true, 0.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        let far = list(vec![(true, 0.0, vec![-1e6]), (false, 0.0, vec![1e6])]);
        for lists in [vec![&apart], vec![&far], vec![&apart, &far]] {
            let found = fit_listwise(&lists, 1);
            assert!(found[0].is_finite() && found[0].abs() < 100.0, "{found:?}");
        }
    }

    #[test]
    fn what_teaches_nothing_is_left_out() {
        let right = list(vec![(true, 0.0, vec![1.0]), (true, 0.0, vec![0.0])]);
        let wrong = list(vec![(false, 0.0, vec![1.0])]);
        assert_eq!(fit_listwise(&[&right, &wrong, &list(vec![])], 1), [0.0]);
    }

    #[test]
    fn what_is_not_fitted_is_counted_all_the_same() {
        // The offset tells all there is to tell, so the part needs no weight; without it, it does.
        let with = list(vec![(true, 50.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        let without = list(vec![(true, 0.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        assert!(fit_listwise(&[&with], 1)[0].abs() < 0.01 && fit_listwise(&[&without], 1)[0] > 1.0);
        assert_eq!((with.rank(&[0.0]), with.rank(&[-60.0])), (Some(1), Some(2)));
    }

    fn sample(weight: f64, is_right: bool, values: &[f64]) -> TrainingSample {
        TrainingSample { weight, is_right, values: values.to_vec() }
    }

    fn fit_samples(samples: &[TrainingSample], size: usize) -> Logistic {
        Logistic::fit(&samples.iter().collect::<Vec<_>>(), size)
    }

    /// Each point of a grid twice, right and wrong, with as much weight as the model says.
    #[test]
    fn known_odds_are_found_again() {
        let known = Logistic { bias: -0.5, weights: vec![1.0, -2.0] };
        let mut samples = Vec::new();
        for x in -4..=4_i8 {
            for y in -4..=4_i8 {
                let values = [f64::from(x) / 2.0, f64::from(y) / 2.0];
                let probability = known.probability(&values);
                samples.push(sample(probability, true, &values));
                samples.push(sample(1.0 - probability, false, &values));
            }
        }
        let found = fit_samples(&samples, 2);
        assert!((found.bias + 0.5).abs() < 0.05, "{found:?}");
        assert!((found.weights[0] - 1.0).abs() < 0.05 && (found.weights[1] + 2.0).abs() < 0.05, "{found:?}");
        assert_eq!(found, fit_samples(&samples, 2), "the same to the last bit");
    }

    #[test]
    fn what_can_be_told_apart_has_finite_odds() {
        for far in [1.0, 1e6] {
            let found = fit_samples(&[sample(1.0, true, &[far]), sample(1.0, false, &[-far])], 1);
            assert!(found.weights[0].is_finite() && found.weights[0] > 0.0, "{found:?}");
            assert!(found.bias.is_finite() && found.weights[0] < 100.0, "{found:?}");
            assert!(found.probability(&[far]) > 0.9 && found.probability(&[-far]) < 0.1, "{found:?}");
        }
    }

    #[test]
    fn what_counts_nothing_changes_nothing_and_nothing_gives_nothing() {
        let told = [sample(1.0, true, &[1.0]), sample(1.0, false, &[0.5])];
        let more = [told[0].clone(), told[1].clone(), sample(0.0, false, &[9.0])];
        assert_eq!(fit_samples(&told, 1), fit_samples(&more, 1));
        assert_eq!(fit_samples(&[], 1), Logistic { bias: 0.0, weights: vec![0.0] });
    }

    #[test]
    fn the_bottom_of_a_bowl() {
        // (x - 3)² + 10 (y + 0.5)², and a third weight that nothing depends on.
        let found = minimise(3, 400, 0.15, |at| vec![2.0 * (at[0] - 3.0), 20.0 * (at[1] + 0.5), 0.0]);
        assert!((found[0] - 3.0).abs() < 0.01 && (found[1] + 0.5).abs() < 0.01, "{found:?}");
        assert!(found[2].abs() < 1e-9, "{found:?}");
    }
}
