//! Scores as they are added up.
//!
//! Sums of floats depend on the order in which they are taken, and that order depends on what is skipped. Scores
//! are whole numbers of a small fraction instead: their sum is the same in any order.

/// Fractions of 1. A word scores up to 30; sums of what a query may hold (`Query::MAX_GROUPS`) fit.
const FRACTIONS: f32 = 262_144.0;

/// A score, as a whole number of fractions.
pub(super) type Score = u32;

/// A score from a float, rounded down; 0 where it is negative or no number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
pub(super) fn fixed(score: f32) -> Score {
    (score * FRACTIONS) as Score
}

/// A score that a float which may be a little wrong does not exceed.
pub(super) fn at_least(score: f32) -> Score {
    fixed(score * 1.000_1).saturating_add(1)
}

/// A score as people are shown it.
#[expect(clippy::cast_precision_loss, reason = "seven digits are more than a score means")]
pub(super) fn shown(score: Score) -> f32 {
    score as f32 / FRACTIONS
}
