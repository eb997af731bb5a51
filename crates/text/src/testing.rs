//! How tests write down what a source reads as.

use super::markup::ReadableText;
use super::readable::{MarkupFormat, read_markup};
use crate::model::{Block, BlockKind, Body};

/// The blocks of what was read, one on a line: kind, depth where it is not 0, words, and after `<` the words of
/// what introduces it.
pub fn format_blocks(format: MarkupFormat, source: &str) -> String {
    format_body(&read_markup(format, source, 1))
}

/// See [`blocks`].
pub fn format_body(read: &ReadableText) -> String {
    let lines: Vec<String> = read.body.blocks.iter().map(|block| format_block(&read.body, block)).collect();
    lines.join("\n")
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
    format!("{kind}{depth} {words}{}", lead_in.unwrap_or_default())
}

/// The links, one on a line: words and address.
pub fn format_links(format: MarkupFormat, source: &str) -> String {
    let body = read_markup(format, source, 1).body;
    let lines = body.links.iter().map(|link| format!("{} -> {}", body.slice(link.span), link.url));
    lines.collect::<Vec<_>>().join("\n")
}
