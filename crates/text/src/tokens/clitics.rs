//! Little words that an apostrophe ties to others: `Kubernetes's`, `we're`, `l'annonce`.

use std::sync::LazyLock;

use super::compound::{Joiner, WordSegment};
use crate::language::all_words;
use crate::model::Language;

static CONTRACTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.tokens.contractions));

static ELISIONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.tokens.elisions));

/// The segments without a tail at their end.
#[must_use]
pub fn without_tail<'s>(segments: &'s [WordSegment], lower: &str) -> &'s [WordSegment] {
    match segments {
        [rest @ .., last] if !rest.is_empty() && last.joiner == Joiner::Apostrophe => {
            let is_tail = lower.get(last.lower.clone()).is_some_and(|word| CONTRACTIONS.contains(&word));
            if is_tail { rest } else { segments }
        }
        _ => segments,
    }
}

/// A word without an elided one before it, be it French or Italian: `Istio` of `d'Istio`. A word of one letter behind
/// the apostrophe is left as it is, for so is much that is neither.
#[must_use]
pub fn strip_elision(word: &str) -> &str {
    let Some((head, rest)) = word.split_once('\'') else { return word };
    let head = head.to_lowercase();
    if ELISIONS.contains(&head.as_str()) && rest.chars().count() > 1 { rest } else { word }
}

/// Whether a word before an apostrophe is a word of its own.
#[must_use]
pub fn is_elided(word: &str, language: Language) -> bool {
    language.words().tokens.elisions.contains(word)
}
