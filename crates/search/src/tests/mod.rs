//! Tests of the index as a whole.

mod damage;
mod history;
mod opening;
mod posts;
mod searching;

use jiff::Timestamp;

use super::{Alternative, Clause, ClauseRole, Filter, Hit, Index, IndexOptions, OpenReport, Query};
pub(crate) use posts::post;
use posts::{PostBuilder, Shelf};
use takeaways_text::tokens::tokenize;

/// Long after everything on a shelf was written.
fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

fn options() -> IndexOptions<'static> {
    IndexOptions { build_timeout: std::time::Duration::ZERO, ..IndexOptions::default() }
}

fn in_memory(shelf: &Shelf) -> Index {
    let (index, report) = Index::open(None, shelf, now(), &options()).expect("an index in memory");
    assert_eq!((report.notices, report.failed), (vec![], vec![]));
    index
}

fn on_disk(folder: &std::path::Path, shelf: &Shelf) -> (Index, OpenReport) {
    Index::open(Some(folder), shelf, now(), &options()).expect("an index")
}

/// A group for each word, `"a phrase"` for several, `+must` and `-must_not`.
fn query(words: &[&str]) -> Query {
    let groups = words.iter().map(|word| {
        let (need, text) = match word.split_at(1) {
            ("+", rest) => (ClauseRole::Must, rest),
            ("-", rest) => (ClauseRole::MustNot, rest),
            _ => (ClauseRole::Should, *word),
        };
        let terms = tokenize(text, takeaways_text::model::Language::Other)
            .into_iter()
            .map(|token| token.term)
            .collect();
        Clause::new(Alternative { terms, weight: 1.0 }, need)
    });
    Query { clauses: groups.collect(), filter: Filter { visible_at: now(), ..Filter::default() } }
}

fn find_names(index: &Index, words: &[&str]) -> Vec<String> {
    hit_names(&index.search(&query(words), 10).expect("found"))
}

/// `post/passage` of each hit.
fn hit_names(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| format!("{}/{}", hit.post.id, hit.passage)).collect()
}

fn files_of(posts: impl IntoIterator<Item = PostBuilder>) -> Shelf {
    Shelf::of(posts)
}
