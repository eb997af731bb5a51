//! Little words that an apostrophe ties to others: `Kubernetes's`, `we're`, `l'annonce`.

use super::chunk::{Joiner, Segment};
use crate::model::Language;

/// What is tied to the end of a word and taken off: possessives and short forms of English verbs.
const TAILS: [&str; 6] = ["s", "re", "ll", "ve", "d", "m"];

/// French words that lose their last vowel before another.
const FRENCH: [&str; 14] =
    ["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"];

/// Italian words that lose their last vowel before another.
const ITALIAN: [&str; 24] = [
    "c", "d", "l", "m", "s", "t", "v", "n", "un", "all", "dall", "dell", "nell", "sull", "coll", "gl",
    "quell", "quest", "bell", "com", "cos", "dov", "sant", "tutt",
];

/// The segments without a tail at their end.
#[must_use]
pub fn without<'s>(segments: &'s [Segment], lower: &str) -> &'s [Segment] {
    match segments {
        [rest @ .., last] if !rest.is_empty() && last.joiner == Joiner::Apostrophe => {
            let is_tail = lower.get(last.lower.clone()).is_some_and(|word| TAILS.contains(&word));
            if is_tail { rest } else { segments }
        }
        _ => segments,
    }
}

/// A word without an elided one before it, be it French or Italian: `Istio` of `d'Istio`. A word of one letter behind
/// the apostrophe is left as it is, for so is much that is neither.
#[must_use]
pub fn after_elision(word: &str) -> &str {
    let Some((head, rest)) = word.split_once('\'') else { return word };
    let head = head.to_lowercase();
    let is_elided = FRENCH.contains(&head.as_str()) || ITALIAN.contains(&head.as_str());
    if is_elided && rest.chars().count() > 1 { rest } else { word }
}

/// Whether a word before an apostrophe is a word of its own.
#[must_use]
pub fn is_elided(word: &str, language: Language) -> bool {
    match language {
        Language::Fr => FRENCH.contains(&word),
        Language::It => ITALIAN.contains(&word),
        _ => false,
    }
}
