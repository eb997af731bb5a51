//! Whole files to posts, and what holds for every post.

use jiff::Timestamp;
use takeaways_corpus::{ParsedFile, SourceFile, read_post};
use takeaways_text::model::{Post, PostId, invariants};

use crate::{first_line, holds, metadata};

/// Reads an input whose first line is the file's path.
#[must_use]
pub fn read(input: &[u8]) -> ParsedFile {
    let (path, bytes) = first_line(input);
    let path = String::from_utf8_lossy(path);
    let id = path.rsplit_once('.').map_or(&*path, |(stem, _)| stem);
    read_post(&SourceFile { id: &PostId(id.to_owned()), path: &path, bytes }, now())
}

/// The time that all targets run at, so that a finding stays one.
///
/// # Panics
/// Never.
#[must_use]
pub fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

/// # Panics
/// Where something does not hold.
pub fn check(parsed: &ParsedFile) {
    for problem in &parsed.problems {
        assert!(!problem.to_string().is_empty(), "{problem:?}");
    }
    match &parsed.post {
        Some(post) => check_post(post),
        None => assert!(!parsed.problems.is_empty(), "a file was refused and nothing says why"),
    }
}

fn check_post(post: &Post) {
    holds(invariants::markup_violation(&post.body), &post.path);
    holds(invariants::sentence_violation(&post.body), &post.path);
    holds(invariants::passage_violation(&post.body), &post.path);
    post.title.iter().for_each(|title| metadata::check_line(title, "title"));
    post.authors.iter().for_each(|author| metadata::check_line(author, "author"));
    post.tags.iter().for_each(|tag| metadata::check_line(tag, "tag"));
    metadata::check_url(post.url.as_deref());
    for event in &post.events {
        metadata::check_line(&event.label(), "event");
    }
}
