//! Sentences to passages.

use crate::model::{BlockKind, Body, Passage};

/// Fills [`Body::passages`] from blocks and sentences.
pub fn cut(body: &mut Body) {
    // PLACEHOLDER: one passage a block.
    body.passages = (0u32..)
        .zip(&body.sentences)
        .filter(|(_, s)| !matches!(body.blocks[s.block as usize].kind, BlockKind::Heading(_)))
        .map(|(at, s)| Passage {
            span: s.span,
            section: body.blocks[s.block as usize].section,
            first_sentence: at,
            end_sentence: at + 1,
        })
        .collect();
}
