//! Bodies for the tests of this folder.

use takeaways_text::model::{Block, BlockKind, Body, Section, Span};

/// A body of these blocks, one section.
pub(super) fn body(blocks: &[(BlockKind, &str)]) -> Body {
    let mut body = Body { sections: vec![Section::default()], ..Body::default() };
    for (kind, text) in blocks {
        if !body.text.is_empty() {
            body.text.push_str("\n\n");
        }
        let start = body.text.len();
        body.text.push_str(text);
        let span = Span::new(&body.text, start..body.text.len()).expect("a block has text");
        body.blocks.push(Block { kind: *kind, span, section: 0, lead_in: None, depth: 0 });
    }
    body
}
