//! Where in a post a sentence stands.

use std::sync::LazyLock;

use super::phrase_match::{FoldedText, PhraseSet};
use takeaways_text::model::{Block, BlockKind, Post, Sentence};

/// Headings over what people took away.
static OF_TAKEAWAYS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.takeaway_headings));
/// Headings over what is around an event.
static OF_LOGISTICS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.logistics_headings));
/// A post with fewer sentences has no beginning and end to speak of.
const SHORT_POST: usize = 12;

/// From -0.6 to 0.4. `None` where a sentence is not looked at.
#[expect(clippy::cast_precision_loss, reason = "a share of a text needs no more than seven digits")]
pub(super) fn position_score(post: &Post, block: &Block, sentence: &Sentence) -> Option<f32> {
    let of_block = match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::ListItem if block.depth <= 2 => -0.1,
        _ => return None,
    };
    let body = &post.body;
    let headings = FoldedText::fold(&body.heading_path(block.section).join(" | "));
    let under = match () {
        () if OF_LOGISTICS.is_in(&headings) => -0.5,
        () if OF_TAKEAWAYS.is_in(&headings) => 0.3,
        () => 0.0,
    };
    let at = sentence.span.start() as f32 / body.text.len().max(1) as f32;
    let in_text = match () {
        () if body.sentences.len() < SHORT_POST => 0.0,
        () if at < 0.06 => -0.3,
        () if at > 0.95 => -0.2,
        () => 0.0,
    };
    Some(of_block + under + in_text)
}
