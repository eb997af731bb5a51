//! Scores as they are compared: whole numbers of [`STEP`], as all scores are (see `rounding`).

use super::rounding::STEP;

/// A score, as a whole number of [`STEP`].
pub(super) type Score = u32;

/// A score from a float; 0 where it is negative or no number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
pub(super) fn to_fixed(score: f32) -> Score {
    (score / STEP) as Score
}

/// A score as people are shown it.
#[expect(clippy::cast_precision_loss, reason = "seven digits are more than a score means")]
pub(super) fn to_float(score: Score) -> f32 {
    score as f32 * STEP
}
