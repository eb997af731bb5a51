//! `takeaways corpus list`: a line for each post.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_corpus::Corpus;
use takeaways_render::clean;
use takeaways_text::model::{Event, Kind, Post};

/// Prints the posts in the order of their files; JSON is an object a line.
pub fn run(corpus: &Corpus, now: Timestamp, format: Format) -> Result<Exit> {
    let mut lines = Vec::new();
    takeaways_corpus::each(corpus, now, |post| {
        lines.push(
            match format {
                Format::Plain => plain(&post, now),
                Format::Json => metadata(&post, now).to_string(),
            } + "\n",
        );
    });
    terminal::print(&lines.concat())?;
    Ok(Exit::Done)
}

fn plain(post: &Post, now: Timestamp) -> String {
    let date = post.date.map_or_else(|| "----------".to_owned(), |date| date.to_string());
    let known = [
        Some(format!("{date}  {}", post.id)),
        post.title.clone(),
        post.byline(),
        some(post.events.iter().map(Event::label).collect::<Vec<_>>().join("; ")),
        (post.kind == Kind::Note).then(|| "note".to_owned()),
        post.draft.then(|| "draft".to_owned()),
        post.scheduled(now).map(|from| format!("scheduled for {from}")),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    clean(&known.join(" — ")).replace('\n', " ")
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// What is known of a post but its words. `post` is its name, as in answers.
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
        "events": post.events,
        "draft": post.draft,
        "scheduled": post.scheduled(now).is_some(),
        "visible_from": post.visible_from,
    })
}
