//! What the confidence is worth.

use serde::Serialize;

use super::bootstrap::{self, Interval};
use super::calibration::Calibration;
use super::curve::{self, Point, Sure};
use super::outcome::Outcome;
use super::report::rounded;

/// What the confidence is worth, over all questions and whether they were refused or not: right is a first excerpt
/// that answers, so a question without an answer is never right.
#[derive(Debug, Clone, Serialize)]
pub struct Confidence {
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
    pub risk_coverage: Vec<Point>,
}

impl Confidence {
    /// Of these questions.
    #[must_use]
    pub fn of(outcomes: &[Outcome<'_>]) -> Self {
        let sure = |outcome: &Outcome<'_>| (outcome.confidence, outcome.is_right());
        let all: Vec<Sure> = outcomes.iter().map(sure).collect();
        let shown: Vec<Sure> = outcomes.iter().filter(|outcome| !outcome.refused).map(sure).collect();
        let answerable: Vec<Sure> =
            outcomes.iter().map(|outcome| (outcome.confidence, outcome.judged.is_answerable())).collect();
        Self {
            aurc: bootstrap::interval(&all, curve::area),
            best_aurc: curve::best_area(&all).map(rounded),
            auroc_right: bootstrap::interval(&all, curve::auroc),
            auroc_answerable: bootstrap::interval(&answerable, curve::auroc),
            calibration: Calibration::of(&all),
            calibration_shown: Calibration::of(&shown),
            risk_coverage: curve::risk_coverage(&all),
        }
    }
}
