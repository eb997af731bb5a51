//! What a sentence claims: a lesson, a comparison, a number, an opinion.

use std::sync::LazyLock;

use super::phrase_match::{FoldedText, PhraseSet};
use takeaways_answer::is_number;

/// What was learned, or is to be done.
static LESSONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.lessons));

/// One thing against another, or a change.
static CONTRASTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.contrasts));

/// What somebody thinks of it, and why.
static REASONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reasons));

/// What it gains by that: up to about 1.6.
pub(super) fn claim_score(text: &str, folded: &FoldedText) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.4,
    };
    let number = if text.split_whitespace().any(is_number) { 0.15 } else { 0.0 };
    steps(LESSONS.count_in(folded), 0.5)
        + steps(CONTRASTS.count_in(folded), 0.3)
        + steps(REASONS.count_in(folded), 0.3)
        + number
}
