//! The models of the ranking and of the confidence, and their optimiser.
//!
//! The ranking is listwise: it maximises the probability of the right candidates under a softmax over all candidates of
//! a question (Cao and others, "Learning to rank: from pairwise approach to listwise approach", 2007, with the top one
//! only). The confidence is a logistic regression. Both are fitted by Adam (Kingma and Ba, "Adam: a method for
//! stochastic optimization", 2015) over all data in every step, so the fit is deterministic.

use super::dot;
use crate::metrics::to_float;

/// The L2 penalty of the weights.
const LISTWISE_L2: f64 = 0.003;
const LISTWISE_STEPS: u32 = 400;
const LISTWISE_RATE: f64 = 0.15;

/// The candidates of a question, in the order of the compiled-in weights.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateList {
    /// The fold of the question.
    pub fold: u64,
    /// The candidates.
    pub candidates: Vec<TrainingCandidate>,
}

/// A labelled candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingCandidate {
    /// Whether it answers the question.
    pub is_right: bool,
    /// The sum of the features that are not fitted, with their weights.
    pub offset: f64,
    /// The values of the fitted features.
    pub values: Vec<f64>,
}

impl TrainingCandidate {
    /// Returns the score of the candidate with these weights.
    pub fn score(&self, weights: &[f64]) -> f64 {
        self.offset + dot(weights, &self.values)
    }
}

impl CandidateList {
    /// Returns whether the list has both right and wrong candidates.
    pub fn has_both_labels(&self) -> bool {
        let right = self.candidates.iter().filter(|candidate| candidate.is_right).count();
        (1..self.candidates.len()).contains(&right)
    }

    /// Returns the rank of the first right candidate with these weights, from 1. Ties stay in the order of the list.
    pub fn rank(&self, weights: &[f64]) -> Option<usize> {
        let scored = self.candidates.iter().map(|candidate| (candidate.score(weights), candidate.is_right));
        let mut scored: Vec<(f64, bool)> = scored.collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.iter().position(|(_, is_right)| *is_right).map(|at| at + 1)
    }

    /// Adds the gradient of the loss: the negative logarithm of the right candidates' share of the softmax.
    fn add_gradient(&self, weights: &[f64], gradient: &mut [f64]) {
        let scores: Vec<f64> = self.candidates.iter().map(|candidate| candidate.score(weights)).collect();
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = scores.iter().map(|score| (score - best).exp()).collect();
        let total: f64 = shares.iter().sum();
        let rights = shares.iter().zip(&self.candidates).filter(|(_, candidate)| candidate.is_right);
        // The shares of right candidates far below the best one underflow to 0; the bound avoids a division by 0.
        let right = rights.map(|(share, _)| share).sum::<f64>().max(f64::MIN_POSITIVE);
        for (share, candidate) in shares.iter().zip(&self.candidates) {
            let residual = share / total - if candidate.is_right { share / right } else { 0.0 };
            for (slope, value) in gradient.iter_mut().zip(&candidate.values) {
                *slope += residual * value;
            }
        }
    }
}

/// Fits the weights of `size` features to rank right candidates first. Lists without both labels are ignored.
pub fn fit_listwise(lists: &[&CandidateList], size: usize) -> Vec<f64> {
    let training: Vec<&&CandidateList> = lists.iter().filter(|list| list.has_both_labels()).collect();
    let count = to_float(training.len().max(1));
    minimise(size, LISTWISE_STEPS, LISTWISE_RATE, |weights| {
        let mut gradient = vec![0.0; size];
        for list in &training {
            list.add_gradient(weights, &mut gradient);
        }
        gradient.iter().zip(weights).map(|(slope, weight)| slope / count + LISTWISE_L2 * weight).collect()
    })
}

/// The L2 penalty of the weights; the bias has none.
const LOGISTIC_L2: f64 = 0.001;
const LOGISTIC_STEPS: u32 = 600;
const LOGISTIC_RATE: f64 = 0.1;

/// A labelled answer.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSample {
    /// The weight of the sample.
    pub weight: f64,
    /// Whether the answer is right.
    pub is_right: bool,
    /// The values of the signals.
    pub values: Vec<f64>,
}

/// A logistic regression over the signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// The logarithm of the odds if all signals are 0.
    pub bias: f64,
    /// The weights of the signals.
    pub weights: Vec<f64>,
}

impl Logistic {
    /// Fits the model with the highest likelihood of these samples, which have `size` signals each.
    pub fn fit(samples: &[&TrainingSample], size: usize) -> Self {
        let total = samples.iter().map(|sample| sample.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        let fitted = minimise(size + 1, LOGISTIC_STEPS, LOGISTIC_RATE, |parameters| {
            let mut gradient = vec![0.0; size + 1];
            for sample in samples {
                let probability = probability(parameters[0], &parameters[1..], &sample.values);
                let residual = sample.weight * (probability - f64::from(sample.is_right));
                gradient[0] += residual;
                for (slope, value) in gradient[1..].iter_mut().zip(&sample.values) {
                    *slope += residual * value;
                }
            }
            let costs = std::iter::once(0.0).chain(parameters[1..].iter().map(|weight| LOGISTIC_L2 * weight));
            gradient.iter().zip(costs).map(|(slope, cost)| slope / total + cost).collect()
        });
        Self { bias: fitted[0], weights: fitted[1..].to_vec() }
    }

    /// Returns the probability that an answer with these signals is right.
    pub fn probability(&self, values: &[f64]) -> f64 {
        probability(self.bias, &self.weights, values)
    }
}

fn probability(bias: f64, weights: &[f64], values: &[f64]) -> f64 {
    let log_odds = bias + dot(weights, values);
    1.0 / (1.0 + (-log_odds).exp())
}

/// Adam's β₁, the decay of the mean gradient.
const MEAN_DECAY: f64 = 0.9;
/// Adam's β₂, the decay of the mean square. It is below the usual 0.999, since these gradients have no noise.
const SQUARE_DECAY: f64 = 0.99;
/// Adam's ε, which keeps a step finite if a gradient is 0.
const EPSILON: f64 = 1e-8;
/// The learning rate falls linearly and would be 0 after this number of further steps.
const EXTRA_STEPS: u32 = 20;

/// Minimises a function by Adam from 0 and returns the weights. `gradient` returns the slopes of the `size` weights.
pub fn minimise(size: usize, steps: u32, rate: f64, gradient: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let (mut weights, mut means, mut squares) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let (mut mean_bias, mut square_bias) = (1.0, 1.0);
    for step in 1..=steps {
        mean_bias *= MEAN_DECAY;
        square_bias *= SQUARE_DECAY;
        let rate = rate * (1.0 - f64::from(step) / f64::from(steps + EXTRA_STEPS));
        for (at, slope) in gradient(&weights).into_iter().enumerate().take(size) {
            means[at] = MEAN_DECAY * means[at] + (1.0 - MEAN_DECAY) * slope;
            squares[at] = SQUARE_DECAY * squares[at] + (1.0 - SQUARE_DECAY) * slope * slope;
            let (mean, square): (f64, f64) =
                (means[at] / (1.0 - mean_bias), squares[at] / (1.0 - square_bias));
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

    /// Pseudo-random numbers from 0 to 1.
    fn noise(at: u32) -> f64 {
        f64::from(at.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24)
    }

    /// Draws the right candidate of each list by the softmax with these weights.
    fn sample_lists(weights: &[f64], lists: u32) -> Vec<CandidateList> {
        let sample_list = |at: u32| {
            let values = |candidate: u32| {
                (0..3).map(|part| noise(at * 1_000 + candidate * 10 + part) * 3.0).collect::<Vec<_>>()
            };
            let candidates: Vec<Vec<f64>> = (0..8).map(values).collect();
            let shares: Vec<f64> = candidates.iter().map(|values| dot(weights, values).exp()).collect();
            let mut remaining = noise(at + 7_777_777) * shares.iter().sum::<f64>();
            let right = shares.iter().position(|share| {
                remaining -= share;
                remaining <= 0.0
            });
            list(
                candidates
                    .into_iter()
                    .enumerate()
                    .map(|(at, values)| (Some(at) == right, 0.0, values))
                    .collect(),
            )
        };
        (0..lists).map(sample_list).collect()
    }

    #[test]
    fn known_weights_are_found_again() {
        let lists = sample_lists(&[2.0, -1.0, 0.0], 2_000);
        let found = fit_listwise(&lists.iter().collect::<Vec<_>>(), 3);
        for (found, known) in found.iter().zip([2.0, -1.0, 0.0]) {
            assert!((found - known).abs() < 0.15, "{found} for {known}");
        }
        assert_eq!(found, fit_listwise(&lists.iter().collect::<Vec<_>>(), 3), "the same to the last bit");
    }

    #[test]
    fn weights_of_separable_lists_are_finite() {
        let near = list(vec![(true, 0.0, vec![1.0]), (false, 0.0, vec![0.0])]);
        let far = list(vec![(true, 0.0, vec![-1e6]), (false, 0.0, vec![1e6])]);
        for lists in [vec![&near], vec![&far], vec![&near, &far]] {
            let found = fit_listwise(&lists, 1);
            assert!(found[0].is_finite() && found[0].abs() < 100.0, "{found:?}");
        }
    }

    #[test]
    fn lists_with_one_label_are_ignored() {
        let right = list(vec![(true, 0.0, vec![1.0]), (true, 0.0, vec![0.0])]);
        let wrong = list(vec![(false, 0.0, vec![1.0])]);
        assert_eq!(fit_listwise(&[&right, &wrong, &list(vec![])], 1), [0.0]);
    }

    #[test]
    fn the_offset_counts() {
        // The offset ranks the candidates, so the feature needs no weight; without the offset it needs one.
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

    /// Each point of a grid is a right and a wrong sample, weighted by the model's probabilities.
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
    fn weights_of_separable_samples_are_finite() {
        for far in [1.0, 1e6] {
            let found = fit_samples(&[sample(1.0, true, &[far]), sample(1.0, false, &[-far])], 1);
            assert!(found.weights[0].is_finite() && found.weights[0] > 0.0, "{found:?}");
            assert!(found.bias.is_finite() && found.weights[0] < 100.0, "{found:?}");
            assert!(found.probability(&[far]) > 0.9 && found.probability(&[-far]) < 0.1, "{found:?}");
        }
    }

    #[test]
    fn samples_without_weight_change_nothing() {
        let samples = [sample(1.0, true, &[1.0]), sample(1.0, false, &[0.5])];
        let extended = [samples[0].clone(), samples[1].clone(), sample(0.0, false, &[9.0])];
        assert_eq!(fit_samples(&samples, 1), fit_samples(&extended, 1));
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
