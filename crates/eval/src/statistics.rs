//! Confidence intervals and a significance test.
//!
//! Intervals are by the percentile bootstrap (Efron, "Bootstrap methods: another look at the jackknife", 1979). The
//! test is the paired randomisation test, which does best for retrieval (Smucker, Allan and Carterette, "A comparison
//! of statistical significance tests for information retrieval evaluation", 2007).

use fastrand::Rng;
use serde::Serialize;

use crate::metrics::mean;
use crate::report::round_metric;

/// The number of samples. With it the bounds of an interval vary by about a hundredth of its width.
const DRAWS: u32 = 10_000;
/// The fixed seed of the bootstrap, so that a report is reproducible.
const BOOTSTRAP_SEED: u64 = 2_019;
/// The share that a 95 % interval leaves out at each end.
const TAIL: f64 = 0.025;

/// A value with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The measured value.
    pub value: f64,
    /// The lower bound; 2.5 % of the samples lie below.
    pub low: f64,
    /// The upper bound; 2.5 % of the samples lie above.
    pub high: f64,
}

/// Returns the mean and its interval; `None` without numbers.
pub fn mean_interval(numbers: &[f64]) -> Option<Interval> {
    bootstrap_interval(numbers, |sample| Some(mean(sample)))
}

/// Returns `measure` of the items, and its interval over samples of the same size with replacement. Samples without a
/// measure don't count. `None` without items.
pub fn bootstrap_interval<T: Copy>(items: &[T], measure: impl Fn(&[T]) -> Option<f64>) -> Option<Interval> {
    if items.is_empty() {
        return None;
    }
    let value = measure(items)?;
    let count = u32::try_from(items.len()).ok()?;
    let mut rng = Rng::with_seed(BOOTSTRAP_SEED);
    let mut sample = Vec::with_capacity(items.len());
    let mut values: Vec<f64> = (0..DRAWS)
        .filter_map(|_| {
            sample.clear();
            // With `u32` a seed gives the same samples on 32-bit and 64-bit machines.
            sample.extend(items.iter().map(|_| items[rng.u32(..count) as usize]));
            measure(&sample)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&values, TAIL)?, quantile(&values, 1.0 - TAIL)?);
    Some(Interval { value: round_metric(value), low: round_metric(low), high: round_metric(high) })
}

/// Returns the nearest-rank quantile of sorted numbers; `share` is 0 to 1. `None` without numbers.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the result is at most the index of the last number"
)]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((share.clamp(0.0, 1.0) * last as f64).round() as usize).copied()
}

/// The fixed seed of the test, so that a comparison is reproducible.
const SIGN_SEED: u64 = 1_935;
/// The rounding error of a sum.
const TOLERANCE: f64 = 1e-9;

/// Returns the two-sided p-value of paired differences: the probability that with random signs their mean is at least
/// as far from 0. It is never 0, because the measured differences count as one sample (Davison and Hinkley, 1997).
pub fn p_value(differences: &[f64]) -> f64 {
    // A difference of 0 has no sign.
    let differences: Vec<f64> =
        differences.iter().copied().filter(|number| number.abs() > TOLERANCE).collect();
    let sum = differences.iter().sum::<f64>().abs() - TOLERANCE;
    let mut rng = Rng::with_seed(SIGN_SEED);
    let extreme = (0..DRAWS).filter(|_| sum_with_random_signs(&differences, &mut rng).abs() >= sum).count();
    let extreme = u32::try_from(extreme).unwrap_or(DRAWS);
    f64::from(extreme + 1) / f64::from(DRAWS + 1)
}

fn sum_with_random_signs(differences: &[f64], rng: &mut Rng) -> f64 {
    let mut sum = 0.0;
    for chunk in differences.chunks(64) {
        let mut signs = rng.u64(..);
        for difference in chunk {
            sum += if signs & 1 == 0 { *difference } else { -difference };
            signs >>= 1;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_lies_around_its_mean_and_is_the_same_every_time() {
        let numbers: Vec<f64> = (0..100).map(|at| f64::from(at % 4 == 0)).collect();
        let interval = mean_interval(&numbers).expect("numbers");
        assert_eq!(Some(interval), mean_interval(&numbers));
        assert!((interval.value - 0.25).abs() < 1e-9);
        // By the normal distribution: 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 100).
        assert!((interval.low - 0.165).abs() < 0.02 && (interval.high - 0.335).abs() < 0.02, "{interval:?}");
    }

    #[test]
    fn the_interval_of_equal_numbers_has_no_width() {
        assert_eq!(mean_interval(&[]), None);
        assert_eq!(mean_interval(&[1.0; 7]), Some(Interval { value: 1.0, low: 1.0, high: 1.0 }));
    }

    #[test]
    fn samples_without_a_measure_do_not_count() {
        let both = |sample: &[f64]| (sample.contains(&0.0) && sample.contains(&1.0)).then_some(0.5);
        assert_eq!(bootstrap_interval(&[0.0, 1.0], both), Some(Interval { value: 0.5, low: 0.5, high: 0.5 }));
    }

    #[test]
    fn quantiles_are_numbers_of_the_list() {
        let numbers = [1.0, 2.0, 3.0, 4.0, 5.0];
        for (share, expected) in [(0.0, 1.0), (0.5, 3.0), (0.99, 5.0), (1.0, 5.0)] {
            assert_eq!(quantile(&numbers, share), Some(expected), "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn only_clear_differences_are_significant() {
        assert!((p_value(&[]) - 1.0).abs() < 1e-9);
        assert!((p_value(&[0.0; 50]) - 1.0).abs() < 1e-9);
        assert!((p_value(&[1.0]) - 1.0).abs() < 1e-9, "one pair says nothing");
        assert!(p_value(&[1.0; 40]) < 0.001);
        assert!((p_value(&[1.0, -1.0].repeat(20)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn p_values_match_exact_counts() {
        // Of the 64 combinations of six signs, 2 have an absolute sum of 6, and 14 one of at least 4.
        for (differences, exact) in [([1.0; 6], 2.0 / 64.0), ([1.0, 1.0, 1.0, 1.0, 1.0, -1.0], 14.0 / 64.0)] {
            // Four standard errors of 10,000 draws.
            let near = 4.0 * (exact * (1.0 - exact) / 10_000.0_f64).sqrt();
            let found = p_value(&differences);
            assert!((found - exact).abs() < near, "{differences:?}: {found}");
            assert!((found - p_value(&differences)).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn both_sides_count() {
        let up: Vec<f64> = (0..30).map(|at| f64::from(at % 3) - 0.5).collect();
        let down: Vec<f64> = up.iter().map(|number| -number).collect();
        assert!((p_value(&up) - p_value(&down)).abs() < 0.02, "{} {}", p_value(&up), p_value(&down));
    }
}
