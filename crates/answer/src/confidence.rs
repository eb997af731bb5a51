//! How likely it is that the best candidate answers the question, and when that is too little.
//!
//! A logistic regression over a few signals, each of which can be said in words. Its weights were fitted by
//! `takeaways-eval fit` and lie in `config/weights.toml` with their date and data.

mod signals;

use serde::{Deserialize, Serialize};

use super::candidates::Candidate;
use super::features::Signals;
use super::plan::QueryPlan;
use super::weights::Weights;
use signals::signals_of;

/// How sure it has to be to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// Rather no answer than a wrong one.
    Strict,
    /// As many wrong answers as wrong refusals.
    #[default]
    Balanced,
    /// Rather an answer that may not fit than none.
    Eager,
}

impl Strictness {
    /// The least confidence with which an answer is given.
    #[must_use]
    pub fn threshold(self) -> f32 {
        let thresholds = Weights::builtin().thresholds;
        match self {
            Self::Strict => thresholds.strict,
            Self::Balanced => thresholds.balanced,
            Self::Eager => thresholds.eager,
        }
    }
}

/// The signals of the best candidate of a question, and what they come to: 0 to 1.
#[must_use]
pub fn confidence(plan: &QueryPlan, first: &Candidate) -> (Signals, f32) {
    let signals = signals_of(plan, first);
    let confidence = Weights::builtin().confidence(&signals);
    (signals, confidence)
}
