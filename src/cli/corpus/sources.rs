//! `takeaways corpus sources`: one line per source.

use std::fmt::Write as _;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;
use takeaways_render::{clean, pluralise};
use takeaways_sources::SourceRow;

use crate::cli::args::OutputFormat;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::{sources, terminal};

/// Prints the sources.
pub fn run(session: &Session, format: OutputFormat) -> Result<Exit> {
    let (rows, errors) = sources::library(&session.settings).rows();
    if let Some(error) = errors.into_iter().next() {
        return Err(error.into());
    }
    let page = match format {
        OutputFormat::Json => {
            let all: Vec<_> = rows.iter().map(as_json).collect();
            format!("{:#}\n", json!({ "sources": all }))
        }
        OutputFormat::Plain if rows.is_empty() => {
            "There are no sources: `takeaways corpus add URL` adds one.\n".to_owned()
        }
        OutputFormat::Plain => {
            let mut page = String::new();
            for row in &rows {
                // Writing to a `String` does not fail.
                let _ = writeln!(page, "{}", clean(&line(row)).replace('\n', " "));
            }
            page
        }
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

fn line(row: &SourceRow) -> String {
    let SourceRow { source, state, .. } = row;
    let posts = pluralise(taken(row), "post");
    let time = |time: Option<Timestamp>| time.map_or_else(|| "never".to_owned(), |time| format!("{time:.0}"));
    let mut line = format!("{}  {}, {posts}, read {}", source.url, source.kind.name(), time(state.read_at));
    if state.is_gone {
        line.push_str("; gone for good, not read any more");
    } else {
        if let Some(due) = state.due {
            let _ = write!(line, ", next {due:.0}");
        }
        if let Some(why) = &state.problem {
            let _ = write!(line, "; can't be read since {}: {why}", time(state.failing_since));
        }
    }
    line
}

fn taken(row: &SourceRow) -> usize {
    row.posts().count()
}

fn as_json(row: &SourceRow) -> serde_json::Value {
    let SourceRow { folder, source, state } = row;
    json!({
        "url": source.url,
        "kind": source.kind.name(),
        "folder": folder.to_string_lossy(),
        "added": source.added,
        "match": source.matching,
        "about_events": source.about_events,
        "since": source.since,
        "title": state.title,
        "posts": taken(row),
        "listed": state.posts.len(),
        "read": state.read_at,
        "due": state.due,
        "failing_since": state.failing_since,
        "problem": state.problem,
        "gone": state.is_gone,
    })
}
