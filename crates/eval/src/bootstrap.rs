//! How far a number could have come out otherwise with other questions of the same kind: percentile bootstrap
//! (Efron, "Bootstrap methods: another look at the jackknife", 1979).

use fastrand::Rng;
use serde::Serialize;

use super::metrics::mean;
use super::report::rounded;

/// How often questions are drawn anew. The ends of an interval then move by about a hundredth of its width.
const DRAWS: u32 = 10_000;
/// Where chance begins: fixed, so that a report comes out the same every time.
const SEED: u64 = 2_019;
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
pub fn of_mean(numbers: &[f64]) -> Option<Interval> {
    interval(numbers, |drawn| Some(mean(drawn)))
}

/// What `measure` makes of `items`, and its interval over draws of as many of them with replacement. Draws of which it
/// can't be made don't count. `None` without items.
#[must_use]
pub fn interval<T: Copy>(items: &[T], measure: impl Fn(&[T]) -> Option<f64>) -> Option<Interval> {
    if items.is_empty() {
        return None;
    }
    let value = measure(items)?;
    let count = u32::try_from(items.len()).ok()?;
    let mut rng = Rng::with_seed(SEED);
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
    Some(Interval { value: rounded(value), low: rounded(low), high: rounded(high) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_lies_around_its_mean_and_is_the_same_every_time() {
        let numbers: Vec<f64> = (0..100).map(|at| f64::from(at % 4 == 0)).collect();
        let once = of_mean(&numbers).expect("numbers");
        assert_eq!(Some(once), of_mean(&numbers));
        assert!((once.value - 0.25).abs() < 1e-9);
        // By the normal distribution: 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 100).
        assert!((once.low - 0.165).abs() < 0.02 && (once.high - 0.335).abs() < 0.02, "{once:?}");
    }

    #[test]
    fn what_does_not_vary_has_no_width() {
        assert_eq!(of_mean(&[]), None);
        assert_eq!(of_mean(&[1.0; 7]), Some(Interval { value: 1.0, low: 1.0, high: 1.0 }));
    }

    #[test]
    fn draws_that_can_not_be_measured_do_not_count() {
        let both = |drawn: &[f64]| (drawn.contains(&0.0) && drawn.contains(&1.0)).then_some(0.5);
        assert_eq!(interval(&[0.0, 1.0], both), Some(Interval { value: 0.5, low: 0.5, high: 0.5 }));
    }

    #[test]
    fn quantiles_are_numbers_of_the_list() {
        let numbers = [1.0, 2.0, 3.0, 4.0, 5.0];
        for (share, expected) in [(0.0, 1.0), (0.5, 3.0), (0.99, 5.0), (1.0, 5.0)] {
            assert_eq!(quantile(&numbers, share), Some(expected), "{share}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }
}
