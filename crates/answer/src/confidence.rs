//! How likely it is that the best window answers the question, and when that is too little.
//!
//! A logistic regression over a few signals, each of which can be said in words. Its weights were fitted by
//! `takeaways-eval fit` and lie in `config/weights.toml` with their date and data.

mod signals;

use serde::{Deserialize, Serialize};

use super::understand::Understood;
use super::weights::Weights;
use super::windows::Window;
pub use signals::{Signal, Signals};

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

/// The signals of the best window of a question, and what they come to: 0 to 1.
#[must_use]
pub fn confidence(understood: &Understood, first: &Window) -> (Signals, f32) {
    let signals = Signals::of(understood, first);
    let confidence = Weights::builtin().confidence(&signals);
    (signals, confidence)
}
