//! Bodies for tests, and the notation in which tests write the blocks and the links of a source.

use super::readable::{MarkupFormat, read_markup};
use crate::model::{Block, BlockKind, Body, Boundary, Section, Span};

/// A block: its kind, its text, and the number of blocks from its lead-in to it (0 without a lead-in).
pub(crate) type BlockRow<'t> = (BlockKind, &'t str, u32);

/// Builds a body of these blocks, without sentences and passages. Each heading begins a section.
pub(crate) fn body_of(rows: &[BlockRow]) -> Body {
    let mut body = Body { sections: vec![Section::default()], ..Body::default() };
    for (at, (kind, text, above)) in (0_u32..).zip(rows) {
        let start = body.text.len();
        body.text.push_str(text);
        let Some(span) = Span::new(&body.text, start..body.text.len()) else { continue };
        if matches!(kind, BlockKind::Heading(_)) {
            body.sections.push(Section { heading: Some(span), level: 2, parent: Some(0), event: None });
        }
        let section = u32::try_from(body.sections.len() - 1).unwrap();
        let lead_in = (*above > 0).then(|| at.saturating_sub(*above));
        body.blocks.push(Block {
            kind: *kind,
            span,
            section,
            lead_in,
            depth: 0,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        });
        body.text.push_str("\n\n");
    }
    body
}

/// Formats the blocks of a source, one on a line: kind, depth unless it is 0, number, words, and after `<` the words of the block that
/// introduces it.
pub(crate) fn format_blocks(format: MarkupFormat, source: &str) -> String {
    let body = read_markup(format, source, 1).body;
    let lines: Vec<String> = body.blocks.iter().map(|block| format_block(&body, block)).collect();
    lines.join("\n")
}

/// Checks the blocks of each source.
pub(crate) fn check_blocks(format: MarkupFormat, rows: &[(&str, &str)]) {
    for (source, blocks) in rows {
        assert_eq!(format_blocks(format, source), *blocks, "{source:?}");
    }
}

fn format_block(body: &Body, block: &Block) -> String {
    let kind = match block.kind {
        BlockKind::Heading(level) => format!("h{level}"),
        BlockKind::Paragraph => "p".to_owned(),
        BlockKind::ListItem => "li".to_owned(),
        BlockKind::Quote => "q".to_owned(),
        BlockKind::TableRow => "tr".to_owned(),
        BlockKind::Code => "code".to_owned(),
        BlockKind::Caption => "cap".to_owned(),
        BlockKind::ImageAlt => "alt".to_owned(),
    };
    let depth = if block.depth == 0 { String::new() } else { block.depth.to_string() };
    let words = body.slice(block.span).replace('\n', "\\n");
    let lead_in = body.lead_in_of(block).map(|lead| format!(" < {}", body.slice(lead.span)));
    let number = block.number.map(|number| format!("{number}. "));
    format!("{kind}{depth} {}{words}{}", number.unwrap_or_default(), lead_in.unwrap_or_default())
}

/// Formats the links of a source, one on a line: words and address.
pub(crate) fn format_links(format: MarkupFormat, source: &str) -> String {
    let body = read_markup(format, source, 1).body;
    let lines = body.links.iter().map(|link| format!("{} -> {}", body.slice(link.span), link.url));
    lines.collect::<Vec<_>>().join("\n")
}
