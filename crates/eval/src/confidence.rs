//! How good the confidence is: the risk–coverage curve, the ROC curve and calibration.
//!
//! The risk–coverage curve is that of selective answering (El-Yaniv and Wiener, "On the foundations of noise-free
//! selective classification", 2010): the surest questions are answered first, and of those answered some are wrong.
//! Its area is the mean of that share over all numbers of questions answered (Geifman and El-Yaniv, "Selective
//! classification for deep neural networks", 2017); 0 is best.
//!
//! Calibration tells whether a confidence of 0.7 comes true in 7 of 10 cases: the reliability diagram, and the expected
//! calibration error over bins of equal width (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities
//! using Bayesian binning", 2015).

use serde::Serialize;

use crate::outcome::QuestionOutcome;
use crate::report::round_metric;
use crate::statistics::{Interval, bootstrap_interval};

/// What the confidence is worth, over all questions and whether they were refused or not: right is a first excerpt
/// that answers, so a question without an answer is never right.
#[derive(Debug, Clone, Serialize)]
pub struct ConfidenceReport {
    /// The area under the risk–coverage curve.
    pub aurc: Option<Interval>,
    /// What it would be with the same excerpts and a perfect confidence.
    pub best_aurc: Option<f64>,
    /// AUROC of right against wrong.
    pub auroc_right: Option<Interval>,
    /// AUROC of questions with an answer against those without.
    pub auroc_answerable: Option<Interval>,
    /// Whether it is the probability of being right.
    pub calibration: Calibration,
    /// The same over what was shown only.
    pub calibration_shown: Calibration,
    /// The curve.
    pub risk_coverage: Vec<RiskCoveragePoint>,
}

impl ConfidenceReport {
    /// Of these questions.
    #[must_use]
    pub fn new(outcomes: &[QuestionOutcome<'_>]) -> Self {
        let sure = |outcome: &QuestionOutcome<'_>| (outcome.confidence, outcome.is_right());
        let all: Vec<Prediction> = outcomes.iter().map(sure).collect();
        let shown: Vec<Prediction> = outcomes.iter().filter(|outcome| !outcome.refused).map(sure).collect();
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

/// A confidence, and whether what it was about came true.
pub type Prediction = (f64, bool);

/// What is answered where at least so much confidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RiskCoveragePoint {
    /// The least confidence with which is answered.
    pub confidence: f64,
    /// The part of all questions that is answered.
    pub coverage: f64,
    /// The part of those answered that is wrong.
    pub risk: f64,
}

/// The points for each confidence there is, the surest first. Without questions there are none.
#[must_use]
pub fn risk_coverage(questions: &[Prediction]) -> Vec<RiskCoveragePoint> {
    let all = to_float(questions.len());
    let point = |group: &TieGroup| RiskCoveragePoint {
        confidence: round_metric(group.confidence),
        coverage: round_metric((group.surer.0 + group.tied.0) / all),
        risk: round_metric((group.surer.1 + group.tied.1) / (group.surer.0 + group.tied.0)),
    };
    tie_groups(questions).iter().map(point).collect()
}

/// The area under the curve, 0 to 1; `None` without questions. Questions of one confidence count as in the mean of all
/// their orders.
#[must_use]
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

/// The area with the same questions if all that are right came before all that are wrong.
#[must_use]
pub fn best_aurc(questions: &[Prediction]) -> Option<f64> {
    let known: Vec<Prediction> = questions.iter().map(|(_, right)| (f64::from(*right), *right)).collect();
    aurc(&known)
}

/// The chance that of a true and a false one the true one has the higher confidence, ties counting half: the area
/// under the ROC curve. `None` where there are not both.
#[must_use]
pub fn auroc(questions: &[Prediction]) -> Option<f64> {
    let wrong = to_float(questions.iter().filter(|(_, right)| !right).count());
    let right = to_float(questions.len()) - wrong;
    let above = |group: &TieGroup| {
        let right_here = group.tied.0 - group.tied.1;
        right_here * (wrong - group.surer.1 - group.tied.1 / 2.0)
    };
    let won: f64 = tie_groups(questions).iter().map(above).sum();
    (right > 0.0 && wrong > 0.0).then(|| won / (right * wrong))
}

/// All questions of one confidence.
struct TieGroup {
    confidence: f64,
    /// How many are surer than these, and how many of them are wrong.
    surer: (f64, f64),
    /// How many these are, and how many of them are wrong.
    tied: (f64, f64),
}

/// The surest first.
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

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 questions")]
fn to_float(count: usize) -> f64 {
    count as f64
}

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
    pub fn new(questions: &[Prediction]) -> Self {
        let bins: Vec<Bin> = (0..BINS).map(|bin| Bin::new(bin, questions)).collect();
        let all: u32 = bins.iter().map(|bin| bin.questions).sum();
        let off = |bin: &Bin| (bin.confidence - bin.right).abs() * f64::from(bin.questions);
        let ece = round_metric(bins.iter().map(off).sum::<f64>() / f64::from(all.max(1)));
        let round_metric = |bin| {
            let Bin { low, high, questions, confidence, right } = bin;
            Bin { low, high, questions, confidence: round_metric(confidence), right: round_metric(right) }
        };
        Self { ece, bins: bins.into_iter().map(round_metric).collect() }
    }
}

impl Bin {
    fn new(bin: u32, questions: &[Prediction]) -> Self {
        let (mut count, mut confidence, mut right) = (0, 0.0, 0.0);
        for (sure, is_right) in questions.iter().filter(|(sure, _)| bin_index(*sure) == bin) {
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
fn bin_index(confidence: f64) -> u32 {
    ((confidence * f64::from(BINS)).floor() as u32).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-9)
    }

    /// In the order of confidence: right, wrong, right, wrong.
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
    fn questions_of_one_confidence_count_as_all_their_orders() {
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
            assert_eq!(bin_index(confidence), bin, "{confidence}");
        }
        assert!(Calibration::new(&[]).ece.abs() < 1e-9);
    }
}
