//! Any text in any language as one block to sentences, passages and tokens.
//!
//! The first byte of an input is the language, the second the kind of the block.

#![no_main]

use libfuzzer_sys::fuzz_target;
use takeaways_text::model::{Block, BlockKind, Body, Boundary, Language, Section, Span};
use takeaways_text::tokens::for_each_token;

const KINDS: [BlockKind; 4] = [BlockKind::Paragraph, BlockKind::ListItem, BlockKind::Quote, BlockKind::Code];

fuzz_target!(|data: &[u8]| {
    if let [language, kind, text @ ..] = data {
        let language = takeaways_fuzz::language(*language);
        let kind = KINDS[usize::from(*kind) % KINDS.len()];
        let text = String::from_utf8_lossy(text);
        check_tokens(&text, language);
        if let Some(mut body) = body(&text, kind) {
            takeaways_fuzz::check_division(&mut body, language);
        }
    }
});

fn body(text: &str, kind: BlockKind) -> Option<Body> {
    let span = Span::new(text, 0..text.len())?;
    Some(Body {
        text: text.to_owned(),
        blocks: vec![Block {
            kind,
            span,
            section: 0,
            lead_in: None,
            depth: 0,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        }],
        sections: vec![Section::default()],
        ..Body::default()
    })
}

fn check_tokens(text: &str, language: Language) {
    let mut before = (0, 0);
    for_each_token(text, language, &mut |term, range, position| {
        assert!(!term.is_empty() && term.len() <= 64, "{term:?}");
        assert!(text.get(range.clone()).is_some_and(|word| !word.is_empty()), "{range:?} is no cut");
        assert!((range.start, position) >= before, "{range:?} {position} after {before:?}");
        before = (range.start, position);
    });
}
