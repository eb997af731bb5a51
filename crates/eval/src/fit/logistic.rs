//! Logistic regression: the odds are a product of powers, so their logarithm is a sum.

use super::adam::minimum;
use super::dot;

/// How much large weights cost; the bias costs nothing.
const L2: f64 = 0.001;
const STEPS: u32 = 600;
const RATE: f64 = 0.1;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How much it counts.
    pub weight: f64,
    /// Whether it was right.
    pub right: bool,
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
    pub fn fit(samples: &[&Sample], size: usize) -> Self {
        let all = samples.iter().map(|sample| sample.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        let found = minimum(size + 1, STEPS, RATE, |at| {
            let mut gradient = vec![0.0; size + 1];
            for sample in samples {
                let off = sample.weight * (chance(at, &sample.values) - f64::from(sample.right));
                gradient[0] += off;
                for (slope, value) in gradient[1..].iter_mut().zip(&sample.values) {
                    *slope += off * value;
                }
            }
            let costs = std::iter::once(0.0).chain(at[1..].iter().map(|weight| L2 * weight));
            gradient.iter().zip(costs).map(|(slope, cost)| slope / all + cost).collect()
        });
        Self { bias: found[0], weights: found[1..].to_vec() }
    }

    /// How likely an answer with these signals is right, 0 to 1.
    #[must_use]
    pub fn chance(&self, values: &[f64]) -> f64 {
        sigmoid(self.bias + dot(&self.weights, values))
    }
}

/// By the bias and the weights behind it.
fn chance(at: &[f64], values: &[f64]) -> f64 {
    sigmoid(at[0] + dot(&at[1..], values))
}

fn sigmoid(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(weight: f64, right: bool, values: &[f64]) -> Sample {
        Sample { weight, right, values: values.to_vec() }
    }

    fn fit(samples: &[Sample], size: usize) -> Logistic {
        Logistic::fit(&samples.iter().collect::<Vec<_>>(), size)
    }

    /// Each point of a grid twice, right and wrong, with as much weight as the model says.
    #[test]
    fn known_weights_are_found_again() {
        let known = Logistic { bias: -0.5, weights: vec![1.0, -2.0] };
        let mut samples = Vec::new();
        for x in -4..=4_i8 {
            for y in -4..=4_i8 {
                let values = [f64::from(x) / 2.0, f64::from(y) / 2.0];
                let chance = known.chance(&values);
                samples.push(sample(chance, true, &values));
                samples.push(sample(1.0 - chance, false, &values));
            }
        }
        let found = fit(&samples, 2);
        assert!((found.bias + 0.5).abs() < 0.05, "{found:?}");
        assert!((found.weights[0] - 1.0).abs() < 0.05 && (found.weights[1] + 2.0).abs() < 0.05, "{found:?}");
        assert_eq!(found, fit(&samples, 2), "the same to the last bit");
    }

    #[test]
    fn what_can_be_told_apart_stays_finite() {
        for far in [1.0, 1e6] {
            let found = fit(&[sample(1.0, true, &[far]), sample(1.0, false, &[-far])], 1);
            assert!(found.weights[0].is_finite() && found.weights[0] > 0.0, "{found:?}");
            assert!(found.bias.is_finite() && found.weights[0] < 100.0, "{found:?}");
            assert!(found.chance(&[far]) > 0.9 && found.chance(&[-far]) < 0.1, "{found:?}");
        }
    }

    #[test]
    fn what_counts_nothing_changes_nothing_and_nothing_gives_nothing() {
        let told = [sample(1.0, true, &[1.0]), sample(1.0, false, &[0.5])];
        let more = [told[0].clone(), told[1].clone(), sample(0.0, false, &[9.0])];
        assert_eq!(fit(&told, 1), fit(&more, 1));
        assert_eq!(fit(&[], 1), Logistic { bias: 0.0, weights: vec![0.0] });
    }
}
