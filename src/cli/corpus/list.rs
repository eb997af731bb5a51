//! `takeaways corpus list`: one line per post.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::for_each_post;
use crate::cli::args::OutputFormat;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_corpus::Corpus;
use takeaways_render::clean;
use takeaways_text::model::{Event, Post, PostKind};

/// Prints the posts in the order of their files. JSON has one object per line.
pub fn run(session: &Session, corpus: &Corpus, format: OutputFormat) -> Result<Exit> {
    let mut lines = Vec::new();
    let now = session.now;
    for_each_post(session, corpus, |post| {
        lines.push(
            match format {
                OutputFormat::Plain => plain(&post, now),
                OutputFormat::Json => metadata(&post, now).to_string(),
            } + "\n",
        );
    });
    terminal::print(&lines.concat())?;
    Ok(Exit::Done)
}

fn plain(post: &Post, now: Timestamp) -> String {
    let date = post.date.map_or_else(|| "----------".to_owned(), |date| date.to_string());
    let parts = [
        Some(format!("{date}  {}", post.id)),
        post.title.clone(),
        post.byline(),
        non_empty(post.events.iter().map(Event::label).collect::<Vec<_>>().join("; ")),
        (post.kind == PostKind::Note).then(|| "note".to_owned()),
        post.draft.then(|| "draft".to_owned()),
        post.is_about_draft.then(|| "on a draft".to_owned()),
        post.scheduled_at(now).map(|from| format!("scheduled for {from}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    clean(&parts.join(" — ")).replace('\n', " ")
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The metadata of a post as JSON. `post` is its name, as in answers.
pub fn metadata(post: &Post, now: Timestamp) -> Value {
    json!({
        "post": post.id,
        "path": post.path,
        "kind": post.kind,
        "title": post.title,
        "authors": post.authors,
        "date": post.date,
        "url": post.url,
        "publisher": post.publisher,
        "language": post.language.code(),
        "tags": post.tags,
        "topics": post.topics,
        "projects": post.projects,
        "companies": post.companies,
        "events": post.events,
        "draft": post.draft,
        "scheduled": post.scheduled_at(now).is_some(),
        "visible_from": post.visible_from,
    })
}
