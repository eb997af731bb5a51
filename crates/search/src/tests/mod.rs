//! Tests of the whole index.

mod damage;
mod facets;
mod history;
mod opening;
mod posts;
mod searching;
mod unread;

use jiff::Timestamp;

use super::{Alternative, Clause, ClauseRole, Filter, Hit, Index, IndexOptions, OpenReport, Query};
use posts::MemoryFiles;
pub(crate) use posts::post;
use takeaways_text::tokens::tokenize;

/// A time long after all files were written.
fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

fn options() -> IndexOptions<'static> {
    IndexOptions { build_timeout: std::time::Duration::ZERO, ..IndexOptions::default() }
}

fn in_memory(files: &MemoryFiles) -> Index {
    let (index, report) = Index::open(None, files, now(), &options()).expect("an index in memory");
    assert_eq!((report.notices, report.failed), (vec![], vec![]));
    index
}

fn on_disk(folder: &std::path::Path, files: &MemoryFiles) -> (Index, OpenReport) {
    Index::open(Some(folder), files, now(), &options()).expect("an index")
}

/// Makes a query of one clause for each text: a word or a phrase, `+` for required, `-` for excluded.
fn query(words: &[&str]) -> Query {
    let clauses = words.iter().map(|word| {
        let (role, text) = match word.split_at(1) {
            ("+", rest) => (ClauseRole::Must, rest),
            ("-", rest) => (ClauseRole::MustNot, rest),
            _ => (ClauseRole::Should, *word),
        };
        let terms = tokenize(text, takeaways_text::model::Language::Other)
            .into_iter()
            .map(|token| token.term)
            .collect();
        Clause::new(Alternative::new(terms), role)
    });
    Query { clauses: clauses.collect(), filter: Filter { visible_at: now(), ..Filter::default() } }
}

fn search_names(index: &Index, words: &[&str]) -> Vec<String> {
    hit_names(&index.search(&query(words), 10).expect("found"))
}

/// Returns `post/passage` for each hit.
fn hit_names(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| format!("{}/{}", hit.post.id, hit.passage)).collect()
}

fn three_posts() -> MemoryFiles {
    MemoryFiles::from_posts(["a", "b", "c"].map(|id| post(id).text(&format!("word {id}"))))
}
