//! What recaps say around what they took away: thanks, travel, food, their own booth, where the slides are.

use std::sync::LazyLock;

use super::phrase_match::{FoldedText, PhraseSet};
use takeaways_answer::is_about_itself;

/// A sentence with one of these is about nothing that anybody took away.
static NEVER: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.small_talk));
/// Two of these in one sentence are a programme, not a thought.
static PROGRAMME: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.programme));

/// Whether it is about nothing that anybody took away.
pub(super) fn is_off_topic(text: &str, folded: &FoldedText) -> bool {
    is_about_itself(text) || NEVER.is_in(folded) || PROGRAMME.count_in(folded) >= 3
}
