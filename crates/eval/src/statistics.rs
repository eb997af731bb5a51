//! How far chance alone would move a number: confidence intervals by the percentile bootstrap (Efron, "Bootstrap methods:
//! another look at the jackknife", 1979), and the paired randomisation test, which does best among the tests for
//! comparing retrieval (Smucker, Allan and Carterette, "A comparison of statistical significance tests for information
//! retrieval evaluation", 2007).

use fastrand::Rng;
use serde::Serialize;

use crate::metrics::mean;
use crate::report::round_metric;

/// How often questions, or signs, are drawn. The ends of an interval then move by about a hundredth of its width.
const DRAWS: u32 = 10_000;
/// Where chance begins: fixed, so that a report comes out the same every time.
const BOOTSTRAP_SEED: u64 = 2_019;
/// What is cut off at each end of 95 %.
const TAIL: f64 = 0.025;

/// A number and where it lies with a confidence of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// As measured.
    pub value: f64,
    /// 2.5 % of the draws lie below.
    pub low: f64,
    /// 2.5 % of the draws lie above.
    pub high: f64,
}

/// The mean of numbers and its interval; `None` where there is no number.
#[must_use]
pub fn mean_interval(numbers: &[f64]) -> Option<Interval> {
    bootstrap_interval(numbers, |drawn| Some(mean(drawn)))
}

/// What `measure` makes of `items`, and its interval over draws of as many of them with replacement. Draws of which it
/// can't be made don't count. `None` without items.
#[must_use]
pub fn bootstrap_interval<T: Copy>(items: &[T], measure: impl Fn(&[T]) -> Option<f64>) -> Option<Interval> {
    if items.is_empty() {
        return None;
    }
    let value = measure(items)?;
    let count = u32::try_from(items.len()).ok()?;
    let mut rng = Rng::with_seed(BOOTSTRAP_SEED);
    let mut drawn = Vec::with_capacity(items.len());
    let mut values: Vec<f64> = (0..DRAWS)
        .filter_map(|_| {
            drawn.clear();
            // Of a fixed width, or the same seed would draw otherwise on a machine of 32 bits.
            drawn.extend(items.iter().map(|_| items[rng.u32(..count) as usize]));
            measure(&drawn)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&values, TAIL)?, quantile(&values, 1.0 - TAIL)?);
    Some(Interval { value: round_metric(value), low: round_metric(low), high: round_metric(high) })
}

/// The number below which `share` of sorted numbers lie: the nearest one.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a few thousand places"
)]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((share.clamp(0.0, 1.0) * last as f64).round() as usize).copied()
}

/// Where chance begins: fixed, so that a comparison comes out the same every time.
const SIGN_SEED: u64 = 1_935;
/// What sums may differ by for the order of their parts alone.
const TOLERANCE: f64 = 1e-9;

/// The chance that differences of pairs, were their signs a matter of luck, had a mean at least as far from 0 as they
/// have: two-sided, and never 0, for the differences as they are count as one draw (Davison and Hinkley, 1997).
#[must_use]
pub fn p_value(differences: &[f64]) -> f64 {
    // A difference of 0 has no sign.
    let differences: Vec<f64> = differences.iter().copied().filter(|it| it.abs() > TOLERANCE).collect();
    let found = differences.iter().sum::<f64>().abs() - TOLERANCE;
    let mut rng = Rng::with_seed(SIGN_SEED);
    let as_far = (0..DRAWS).filter(|_| sum_with_random_signs(&differences, &mut rng).abs() >= found).count();
    let as_far = u32::try_from(as_far).unwrap_or(DRAWS);
    f64::from(as_far + 1) / f64::from(DRAWS + 1)
}

/// The sum with each sign drawn.
fn sum_with_random_signs(differences: &[f64], rng: &mut Rng) -> f64 {
    let mut sum = 0.0;
    for some in differences.chunks(64) {
        let mut signs = rng.u64(..);
        for difference in some {
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
        let once = mean_interval(&numbers).expect("numbers");
        assert_eq!(Some(once), mean_interval(&numbers));
        assert!((once.value - 0.25).abs() < 1e-9);
        // By the normal distribution: 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 100).
        assert!((once.low - 0.165).abs() < 0.02 && (once.high - 0.335).abs() < 0.02, "{once:?}");
    }

    #[test]
    fn what_does_not_vary_has_no_width() {
        assert_eq!(mean_interval(&[]), None);
        assert_eq!(mean_interval(&[1.0; 7]), Some(Interval { value: 1.0, low: 1.0, high: 1.0 }));
    }

    #[test]
    fn draws_that_can_not_be_measured_do_not_count() {
        let both = |drawn: &[f64]| (drawn.contains(&0.0) && drawn.contains(&1.0)).then_some(0.5);
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
    fn no_difference_is_luck_and_a_clear_one_is_not() {
        assert!((p_value(&[]) - 1.0).abs() < 1e-9);
        assert!((p_value(&[0.0; 50]) - 1.0).abs() < 1e-9);
        assert!((p_value(&[1.0]) - 1.0).abs() < 1e-9, "one pair says nothing");
        assert!(p_value(&[1.0; 40]) < 0.001);
        assert!((p_value(&[1.0, -1.0].repeat(20)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn by_counting_all_signs() {
        // Of the 64 ways to sign six ones, 2 have a sum of 6 or -6, and 14 one of at least 4.
        for (differences, exact) in [([1.0; 6], 2.0 / 64.0), ([1.0, 1.0, 1.0, 1.0, 1.0, -1.0], 14.0 / 64.0)] {
            // Four standard errors of 10,000 draws.
            let near = 4.0 * (exact * (1.0 - exact) / 10_000.0_f64).sqrt();
            assert!(
                (p_value(&differences) - exact).abs() < near,
                "{differences:?}: {}",
                p_value(&differences)
            );
            assert!((p_value(&differences) - p_value(&differences)).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn both_sides_count() {
        let up: Vec<f64> = (0..30).map(|at| f64::from(at % 3) - 0.5).collect();
        let down: Vec<f64> = up.iter().map(|it| -it).collect();
        assert!((p_value(&up) - p_value(&down)).abs() < 0.02, "{} {}", p_value(&up), p_value(&down));
    }
}
