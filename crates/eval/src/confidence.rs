//! Measures of the confidence: the risk–coverage curve, the ROC curve and calibration.
//!
//! The risk–coverage curve is that of selective answering (El-Yaniv and Wiener, "On the foundations of noise-free
//! selective classification", 2010): questions are answered in descending order of confidence, and the risk is the
//! share of wrong answers so far. The area under it (AURC) is the mean risk over all coverages (Geifman and El-Yaniv,
//! "Selective classification for deep neural networks", 2017); 0 is best.
//!
//! Calibration tells whether answers with a confidence of 0.7 are right in 7 of 10 cases: the reliability diagram, and
//! the expected calibration error over bins of equal width (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated
//! probabilities using Bayesian binning", 2015).

use serde::Serialize;

use crate::metrics::to_float;
use crate::outcome::QuestionOutcome;
use crate::report::round_metric;
use crate::statistics::{Interval, bootstrap_interval};

/// The quality of the confidence over all questions, shown or refused. A question is right if its first excerpt answers
/// it, so a question without an answer is never right.
#[derive(Debug, Clone, Serialize)]
pub struct ConfidenceReport {
    /// The area under the risk–coverage curve.
    pub aurc: Option<Interval>,
    /// The AURC with the same excerpts and a perfect confidence.
    pub best_aurc: Option<f64>,
    /// AUROC of right questions against wrong ones.
    pub auroc_right: Option<Interval>,
    /// AUROC of answerable questions against unanswerable ones.
    pub auroc_answerable: Option<Interval>,
    /// The calibration over all questions.
    pub calibration: Calibration,
    /// The calibration over the questions whose answers were shown.
    pub calibration_shown: Calibration,
    /// The risk–coverage curve.
    pub risk_coverage: Vec<RiskCoveragePoint>,
}

impl ConfidenceReport {
    /// Measures the confidence over these questions.
    pub fn new(outcomes: &[QuestionOutcome<'_>]) -> Self {
        let right = |outcome: &QuestionOutcome<'_>| (outcome.confidence, outcome.is_right());
        let all: Vec<Prediction> = outcomes.iter().map(right).collect();
        let shown: Vec<Prediction> = outcomes.iter().filter(|outcome| !outcome.refused).map(right).collect();
        let answerable: Vec<Prediction> =
            outcomes.iter().map(|outcome| (outcome.confidence, outcome.judged.is_answerable())).collect();
        Self {
            aurc: bootstrap_interval(&all, aurc),
            best_aurc: best_aurc(&all).map(round_metric),
            auroc_right: bootstrap_interval(&all, auroc),
            auroc_answerable: bootstrap_interval(&answerable, auroc),
            calibration: Calibration::new(&all),
            calibration_shown: Calibration::new(&shown),
            risk_coverage: risk_coverage(&all),
        }
    }
}

/// A confidence, and whether the predicted event happened.
pub type Prediction = (f64, bool);

/// A point of the risk–coverage curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RiskCoveragePoint {
    /// The threshold: the least confidence of the answered questions.
    pub confidence: f64,
    /// The share of all questions that are answered.
    pub coverage: f64,
    /// The share of wrong ones among the answered questions.
    pub risk: f64,
}

/// Returns a point for each distinct confidence, in descending order.
pub fn risk_coverage(questions: &[Prediction]) -> Vec<RiskCoveragePoint> {
    let count = to_float(questions.len());
    let point = |group: &TieGroup| RiskCoveragePoint {
        confidence: round_metric(group.confidence),
        coverage: round_metric((group.surer.0 + group.tied.0) / count),
        risk: round_metric((group.surer.1 + group.tied.1) / (group.surer.0 + group.tied.0)),
    };
    tie_groups(questions).iter().map(point).collect()
}

/// Returns the area under the risk–coverage curve, 0 to 1; `None` without questions. Ties count as the mean over all
/// their orders.
pub fn aurc(questions: &[Prediction]) -> Option<f64> {
    if questions.is_empty() {
        return None;
    }
    let mut sum = 0.0;
    for group in tie_groups(questions) {
        let share = group.tied.1 / group.tied.0;
        let mut within = 1.0;
        while within <= group.tied.0 {
            sum += (group.surer.1 + within * share) / (group.surer.0 + within);
            within += 1.0;
        }
    }
    Some(sum / to_float(questions.len()))
}

/// Returns the area if all right questions came before all wrong ones.
pub fn best_aurc(questions: &[Prediction]) -> Option<f64> {
    let perfect: Vec<Prediction> = questions.iter().map(|(_, right)| (f64::from(*right), *right)).collect();
    aurc(&perfect)
}

/// Returns the area under the ROC curve: the probability that a right question has a higher confidence than a wrong
/// one; ties count half. `None` unless there are both right and wrong questions.
pub fn auroc(questions: &[Prediction]) -> Option<f64> {
    let wrong = to_float(questions.iter().filter(|(_, right)| !right).count());
    let right = to_float(questions.len()) - wrong;
    let above = |group: &TieGroup| {
        let tied_right = group.tied.0 - group.tied.1;
        tied_right * (wrong - group.surer.1 - group.tied.1 / 2.0)
    };
    let ordered_pairs: f64 = tie_groups(questions).iter().map(above).sum();
    (right > 0.0 && wrong > 0.0).then(|| ordered_pairs / (right * wrong))
}

/// All questions with the same confidence.
struct TieGroup {
    confidence: f64,
    /// The number of questions with a higher confidence, and the number of wrong ones among them.
    surer: (f64, f64),
    /// The number of questions in the group, and the number of wrong ones among them.
    tied: (f64, f64),
}

/// Groups questions by confidence, in descending order.
fn tie_groups(questions: &[Prediction]) -> Vec<TieGroup> {
    let mut sorted = questions.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut tie_groups: Vec<TieGroup> = Vec::new();
    for (confidence, right) in sorted {
        let wrong = f64::from(!right);
        match tie_groups.last_mut() {
            Some(group) if group.confidence.total_cmp(&confidence).is_eq() => {
                group.tied = (group.tied.0 + 1.0, group.tied.1 + wrong);
            }
            last => {
                let surer = last
                    .map_or((0.0, 0.0), |group| (group.surer.0 + group.tied.0, group.surer.1 + group.tied.1));
                tie_groups.push(TieGroup { confidence, surer, tied: (1.0, wrong) });
            }
        }
    }
    tie_groups
}

/// The number of bins between 0 and 1.
const BINS: u32 = 10;

/// The reliability diagram and its calibration error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// The expected calibration error: the mean distance of confidence and accuracy over all questions, 0 to 1.
    pub ece: f64,
    /// The bins from 0 to 1, including empty ones.
    pub bins: Vec<ConfidenceBin>,
}

/// The questions within a range of confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfidenceBin {
    /// The lower bound, included.
    pub low: f64,
    /// The upper bound, excluded except in the last bin.
    pub high: f64,
    /// The number of questions.
    pub questions: u32,
    /// The mean confidence; 0 for an empty bin.
    pub confidence: f64,
    /// The share of right questions; 0 for an empty bin.
    pub right: f64,
}

impl Calibration {
    /// Measures the calibration of confidences between 0 and 1.
    pub fn new(questions: &[Prediction]) -> Self {
        let bins: Vec<ConfidenceBin> = (0..BINS).map(|bin| ConfidenceBin::new(bin, questions)).collect();
        let count: u32 = bins.iter().map(|bin| bin.questions).sum();
        let weighted_error =
            |bin: &ConfidenceBin| (bin.confidence - bin.right).abs() * f64::from(bin.questions);
        let ece = round_metric(bins.iter().map(weighted_error).sum::<f64>() / f64::from(count.max(1)));
        let rounded = |bin| {
            let ConfidenceBin { low, high, questions, confidence, right } = bin;
            ConfidenceBin {
                low,
                high,
                questions,
                confidence: round_metric(confidence),
                right: round_metric(right),
            }
        };
        Self { ece, bins: bins.into_iter().map(rounded).collect() }
    }
}

impl ConfidenceBin {
    fn new(bin: u32, questions: &[Prediction]) -> Self {
        let (mut count, mut confidence_sum, mut right) = (0, 0.0, 0.0);
        for (confidence, is_right) in questions.iter().filter(|question| bin_index(question.0) == bin) {
            count += 1;
            confidence_sum += confidence;
            right += f64::from(*is_right);
        }
        let divisor = f64::from(count.max(1));
        let edge = |bin: u32| f64::from(bin) / f64::from(BINS);
        Self {
            low: edge(bin),
            high: edge(bin + 1),
            questions: count,
            confidence: confidence_sum / divisor,
            right: right / divisor,
        }
    }
}

/// Returns the bin of a confidence. A cast of a float saturates at the bounds of the integer type.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "values below 0 belong to the lowest bin"
)]
fn bin_index(confidence: f64) -> u32 {
    ((confidence * f64::from(BINS)).floor() as u32).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    /// By descending confidence: right, wrong, right, wrong.
    const MIXED: [Prediction; 4] = [(0.2, false), (0.9, true), (0.4, true), (0.7, false)];

    #[test]
    fn risk_grows_with_coverage() {
        let point = |confidence, coverage, risk| RiskCoveragePoint { confidence, coverage, risk };
        assert_eq!(
            risk_coverage(&MIXED),
            [point(0.9, 0.25, 0.0), point(0.7, 0.5, 0.5), point(0.4, 0.75, 0.333_333), point(0.2, 1.0, 0.5)]
        );
        // (0 + 1/2 + 1/3 + 1/2) / 4, and at best (0 + 0 + 1/3 + 1/2) / 4.
        assert!(near(aurc(&MIXED), 4.0 / 12.0));
        assert!(near(best_aurc(&MIXED), 2.5 / 12.0));
        assert_eq!((aurc(&[]), risk_coverage(&[])), (None, vec![]));
    }

    #[test]
    fn ties_count_as_the_mean_of_all_their_orders() {
        let tied = [(0.5, true), (0.5, false)];
        assert_eq!(risk_coverage(&tied), [RiskCoveragePoint { confidence: 0.5, coverage: 1.0, risk: 0.5 }]);
        // Right first: (0 + 1/2) / 2; wrong first: (1 + 1/2) / 2; their mean is 1/2.
        assert!(near(aurc(&tied), 0.5));
    }

    #[test]
    fn the_roc_counts_pairs() {
        // Right ones at 0.9 and 0.4, wrong ones at 0.7 and 0.2: 3 of 4 pairs are in order.
        assert!(near(auroc(&MIXED), 0.75));
        assert!(near(auroc(&[(0.5, true), (0.5, false)]), 0.5));
        assert!(near(auroc(&[(0.5, true), (0.5, false), (0.5, false), (0.1, false)]), 2.0 / 3.0));
        assert!(near(auroc(&[(0.1, true), (0.9, false)]), 0.0));
        assert_eq!(auroc(&[(0.5, true)]), None);
    }

    #[test]
    fn bins_by_hand() {
        let found = Calibration::new(&[(0.05, false), (0.72, true), (0.78, false), (1.0, true)]);
        let contents: Vec<(u32, f64, f64)> =
            found.bins.iter().map(|bin| (bin.questions, bin.confidence, bin.right)).collect();
        let mut expected = [(0, 0.0, 0.0); 10];
        expected[0] = (1, 0.05, 0.0);
        expected[7] = (2, 0.75, 0.5);
        expected[9] = (1, 1.0, 1.0);
        assert_eq!(contents, expected);
        // (1 · 0.05 + 2 · 0.25 + 1 · 0) / 4.
        assert!((found.ece - 0.1375).abs() < 1e-9, "{}", found.ece);
    }

    #[test]
    fn edges_belong_to_the_upper_bin() {
        for (confidence, bin) in [(0.0, 0), (0.0999, 0), (0.1, 1), (0.5, 5), (0.999, 9), (1.0, 9), (1.5, 9)] {
            assert_eq!(bin_index(confidence), bin, "{confidence}");
        }
        assert!(Calibration::new(&[]).ece.abs() < 1e-9);
    }
}
