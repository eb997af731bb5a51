//! Whether a confidence of 0.7 comes true in 7 of 10 cases: the reliability diagram, and the expected calibration
//! error over bins of equal width (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using
//! Bayesian binning", 2015).

use serde::Serialize;

use super::curve::Sure;
use super::report::rounded;

/// How many bins there are between 0 and 1.
const BINS: u32 = 10;

/// The bins and what they say together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The mean distance of confidence and truth over all questions, 0 to 1.
    pub ece: f64,
    /// From 0 to 1; those that hold no question too.
    pub bins: Vec<Bin>,
}

/// The questions of a range of confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// The least confidence.
    pub low: f64,
    /// The confidence at which the next begins; the last bin holds it too.
    pub high: f64,
    /// How many questions it holds.
    pub questions: u32,
    /// Their mean confidence; 0 where there is none.
    pub confidence: f64,
    /// The part of them for which it came true; 0 where there is none.
    pub right: f64,
}

impl Calibration {
    /// Of confidences between 0 and 1.
    #[must_use]
    pub fn of(questions: &[Sure]) -> Self {
        let bins: Vec<Bin> = (0..BINS).map(|bin| Bin::of(bin, questions)).collect();
        let all: u32 = bins.iter().map(|bin| bin.questions).sum();
        let off = |bin: &Bin| (bin.confidence - bin.right).abs() * f64::from(bin.questions);
        let ece = rounded(bins.iter().map(off).sum::<f64>() / f64::from(all.max(1)));
        let rounded = |bin| {
            let Bin { low, high, questions, confidence, right } = bin;
            Bin { low, high, questions, confidence: rounded(confidence), right: rounded(right) }
        };
        Self { ece, bins: bins.into_iter().map(rounded).collect() }
    }
}

impl Bin {
    fn of(bin: u32, questions: &[Sure]) -> Self {
        let (mut count, mut confidence, mut right) = (0, 0.0, 0.0);
        for (sure, is_right) in questions.iter().filter(|(sure, _)| place(*sure) == bin) {
            count += 1;
            confidence += sure;
            right += f64::from(*is_right);
        }
        let each = f64::from(count.max(1));
        let edge = |bin: u32| f64::from(bin) / f64::from(BINS);
        Self {
            low: edge(bin),
            high: edge(bin + 1),
            questions: count,
            confidence: confidence / each,
            right: right / each,
        }
    }
}

/// The bin of a confidence: a casted float stays within the bounds of its type.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the lowest bin for what is below 0"
)]
fn place(confidence: f64) -> u32 {
    ((confidence * f64::from(BINS)).floor() as u32).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_by_hand() {
        let found = Calibration::of(&[(0.05, false), (0.72, true), (0.78, false), (1.0, true)]);
        let held: Vec<(u32, f64, f64)> =
            found.bins.iter().map(|bin| (bin.questions, bin.confidence, bin.right)).collect();
        let mut expected = [(0, 0.0, 0.0); 10];
        expected[0] = (1, 0.05, 0.0);
        expected[7] = (2, 0.75, 0.5);
        expected[9] = (1, 1.0, 1.0);
        assert_eq!(held, expected);
        // (1 · 0.05 + 2 · 0.25 + 1 · 0) / 4.
        assert!((found.ece - 0.1375).abs() < 1e-9, "{}", found.ece);
    }

    #[test]
    fn edges_belong_to_the_upper_bin() {
        for (confidence, bin) in [(0.0, 0), (0.0999, 0), (0.1, 1), (0.5, 5), (0.999, 9), (1.0, 9), (1.5, 9)] {
            assert_eq!(place(confidence), bin, "{confidence}");
        }
        assert!(Calibration::of(&[]).ece.abs() < 1e-9);
    }
}
