//! Counting the posts of each facet.

use super::{MemoryFiles, in_memory, now, post};
use takeaways_text::model::Language;

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
    assert_eq!(facets.authors, [("Ada Lovelace".to_owned(), 3), ("Bob".to_owned(), 1)]);
    assert_eq!(facets.languages, [(Language::Other, 3), (Language::De, 1)]);
    assert_eq!(facets.topics, [("mesh".to_owned(), 1)]);
    assert_eq!(facets.projects, [("go".to_owned(), 2), ("argo".to_owned(), 1)]);
    assert_eq!(facets.companies, [("docker".to_owned(), 1)]);
    let later = index.facets("2027-01-01T00:00:00Z".parse().expect("a time")).expect("counted");
    assert!(later.authors.contains(&("Later".to_owned(), 1)), "{later:?}");
    assert_eq!(index.facets(now()).expect("counted"), facets);
    assert_eq!(index.frequent_languages(), [Language::Other, Language::De]);
    assert_eq!(index.languages(), [Language::Other, Language::De].into_iter().collect());
}
