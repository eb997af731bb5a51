//! Blocks to sentences.

use crate::model::{Body, Language, Sentence};

/// Fills [`Body::sentences`]: each block's text cut into sentences, in order. Headings, captions, alternative
/// texts, table rows and code are one sentence each.
pub fn divide(body: &mut Body, language: Language) {
    let _ = language;
    // PLACEHOLDER: one sentence a block.
    body.sentences =
        (0u32..).zip(&body.blocks).map(|(block, at)| Sentence { span: at.span, block }).collect();
}
