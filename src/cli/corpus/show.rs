//! `takeaways corpus show`: the metadata and the blocks of a post.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::list::metadata;
use crate::cli::args::OutputFormat;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_render::{clean, pluralise};
use takeaways_text::model::{Block, BlockKind, Event, Post};

/// Prints metadata and blocks.
pub fn run(post: &Post, now: Timestamp, format: OutputFormat) -> Result<Exit> {
    let page = match format {
        OutputFormat::Plain => plain(post, now, terminal::terminal_style().width),
        OutputFormat::Json => format!("{:#}\n", post_json(post, now)),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

fn post_json(post: &Post, now: Timestamp) -> Value {
    let block = |block: &Block| {
        json!({
            "kind": kind_and_level(block.kind).0,
            "level": kind_and_level(block.kind).1,
            "span": [block.span.start(), block.span.end()],
            "section": post.body.heading_path(block.section),
            "lead_in": post.body.lead_in_of(block).map(|line| [line.span.start(), line.span.end()]),
            "depth": block.depth,
            "text": post.body.slice(block.span),
        })
    };
    let mut whole = metadata(post, now);
    whole["blocks"] = post.body.blocks.iter().map(block).collect();
    whole
}

fn plain(post: &Post, now: Timestamp, width: usize) -> String {
    let mut lines: Vec<String> =
        fields(post, now).into_iter().map(|(name, value)| format!("{name:<10}{value}")).collect();
    lines.push(String::new());
    lines.extend(post.body.blocks.iter().map(|block| block_line(post, block, width)));
    lines.iter().map(|line| clean(line).replace('\n', " ") + "\n").collect()
}

fn fields(post: &Post, now: Timestamp) -> Vec<(&'static str, String)> {
    let body = &post.body;
    let parts = [
        pluralise(body.text.len(), "byte"),
        pluralise(body.blocks.len(), "block"),
        pluralise(body.sentences.len(), "sentence"),
        pluralise(body.passages.len(), "passage"),
    ];
    let events: Vec<String> = post.events.iter().map(event_text).collect();
    let fields = [
        ("post", Some(post.id.to_string())),
        ("path", Some(post.path.clone())),
        ("kind", Some(format!("{:?}", post.kind).to_lowercase())),
        ("title", post.title.clone()),
        ("author", post.byline()),
        ("date", post.date.map(|date| date.to_string())),
        ("link", post.url.clone()),
        ("publisher", post.publisher.clone()),
        ("language", Some(post.language.code().to_owned())),
        ("events", Some(events.join("; "))),
        ("topics", Some(post.topics.join(", "))),
        ("projects", Some(post.projects.join(", "))),
        ("companies", Some(post.companies.join(", "))),
        ("tags", Some(post.tags.join(", "))),
        ("draft", post.draft.then(|| "yes".to_owned())),
        ("scheduled", post.scheduled_at(now).map(|_| "yes".to_owned())),
        ("from", post.visible_from.map(|from| from.to_string())),
        ("text", Some(parts.join(", "))),
    ];
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .filter(|(_, v)| !v.is_empty())
        .collect()
}

fn event_text(event: &Event) -> String {
    let days = match (event.start, event.end) {
        (Some(start), Some(end)) if start != end => format!(", {start} to {end}"),
        (Some(day), _) => format!(", {day}"),
        _ => String::new(),
    };
    format!("{} ({}{days})", event.label(), event.id)
}

/// The name of a kind of block, and the level of a heading.
fn kind_and_level(kind: BlockKind) -> (&'static str, Option<u8>) {
    match kind {
        BlockKind::Heading(level) => ("heading", Some(level)),
        BlockKind::Paragraph => ("paragraph", None),
        BlockKind::ListItem => ("item", None),
        BlockKind::Quote => ("quote", None),
        BlockKind::TableRow => ("row", None),
        BlockKind::Code => ("code", None),
        BlockKind::Caption => ("caption", None),
        BlockKind::ImageAlt => ("image", None),
    }
}

fn block_line(post: &Post, block: &Block, width: usize) -> String {
    let kind = match kind_and_level(block.kind) {
        (name, Some(level)) => format!("{name} {level}"),
        (name, None) => name.to_owned(),
    };
    let place = format!("{}..{}", block.span.start(), block.span.end());
    let start = format!("{place:<14}{kind:<10} ");
    start.clone() + &truncate(post.body.slice(block.span), width.saturating_sub(start.len()))
}

/// As much of `text` as fits in so many columns, with an ellipsis if it was cut.
fn truncate(text: &str, columns: usize) -> String {
    let mut remaining = columns.saturating_sub(1);
    let mut cut = String::new();
    for c in text.chars() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if width > remaining {
            return cut + "…";
        }
        remaining -= width;
        cut.push(c);
    }
    cut
}
