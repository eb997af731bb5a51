//! Tests of the whole index.

mod best;
mod damage;
mod history;
mod opening;
mod posts;
mod searching;
mod unread;

use jiff::Timestamp;

use super::{
    Alternative, AuthorFacet, Clause, ClauseRole, Filter, Hit, Index, IndexOptions, OpenReport, Query,
};
use posts::MemoryFiles;
pub(crate) use posts::post;
use takeaways_text::model::{Language, PostId, Years};
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

#[test]
fn posts_are_counted_in_each_year_of_their_events() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").event("conf-2018", Some(2018)).event("conf-2019", Some(2019)).text("x"),
        post("b").event("conf-2018", Some(2018)).date("2020-05-05").text("x"),
        post("c").date("2020-05-05").text("x"),
        post("d").event("day-0", None).text("x"),
    ]));
    let counts = |filter: &Filter| -> Vec<(i16, usize)> {
        index.count_by_year(filter).expect("counted").into_iter().collect()
    };
    let all = query(&["x"]).filter;
    assert_eq!(counts(&all), [(2018, 2), (2019, 1), (2020, 1)]);
    assert_eq!(
        counts(&Filter { years: Some(Years::between(2019, 2020)), ..all.clone() }),
        [(2019, 1), (2020, 1)]
    );
    assert_eq!(counts(&Filter { posts: vec![PostId("b".into())], ..all }), [(2018, 1)]);
}

#[test]
fn facets_count_posts() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").author("Ada Lovelace").event("conf-2018", Some(2018)).topic("mesh").text("x").text("y"),
        post("b")
            .author("ada lovelace")
            .event("conf-2018", Some(2018))
            .event("day-0", None)
            .project("go")
            .text("x"),
        post("c")
            .author("Ada Lovelace")
            .author("Bob")
            .date("2020-05-05")
            .language(Language::De)
            .project("go")
            .text("x"),
        post("d").author("Later").project("zot").visible_from("2027-01-01T00:00:00Z").text("x"),
        post("e").project("argo").company("docker").text("x"),
    ]));
    let facets = index.facets(now()).expect("counted");
    let events: Vec<_> = facets.events.iter().map(|(event, posts)| (event.id.0.as_str(), *posts)).collect();
    assert_eq!(events, [("conf-2018", 2), ("day-0", 1)]);
    assert_eq!(facets.years, [(2018, 2), (2020, 1)]);
    assert_eq!(facets.authors, [AuthorFacet::new("Ada Lovelace", 3), AuthorFacet::new("Bob", 1)]);
    assert_eq!(facets.languages, [(Language::Other, 3), (Language::De, 1)]);
    assert_eq!(facets.topics, [("mesh".to_owned(), 1)]);
    assert_eq!(facets.projects, [("go".to_owned(), 2), ("argo".to_owned(), 1)]);
    assert_eq!(facets.companies, [("docker".to_owned(), 1)]);
    let later = index.facets("2027-01-01T00:00:00Z".parse().expect("a time")).expect("counted");
    assert!(later.authors.contains(&AuthorFacet::new("Later", 1)), "{later:?}");
    assert_eq!(index.facets(now()).expect("counted"), facets);
    assert_eq!(index.frequent_languages(), [Language::Other, Language::De]);
    assert_eq!(index.languages(), [Language::Other, Language::De].into_iter().collect());
}
