//! What recaps say around what they took away: thanks, travel, food, their own booth, where the slides are.

use std::sync::LazyLock;

use super::words::{Folded, Phrases};
use takeaways_answer::is_about_itself;

/// A sentence with one of these is about nothing that anybody took away.
static NEVER: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(|words| &words.digest.small_talk));
/// Two of these in one sentence are a programme, not a thought.
static PROGRAMME: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(|words| &words.digest.programme));

/// Whether it is about nothing that anybody took away.
pub(super) fn is_talk(text: &str, folded: &Folded) -> bool {
    is_about_itself(text) || NEVER.any(folded) || PROGRAMME.count(folded) >= 3
}
