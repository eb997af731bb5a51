//! Results of searches and their order.

use jiff::SignedDuration;

use super::*;
use crate::post_fingerprint;
use takeaways_text::model::{EventId, Language, PostId, Years};

#[test]
fn words_are_found_in_every_field() {
    let files = MemoryFiles::from_posts([
        post("a").title("Tracing in anger").text("Spans everywhere."),
        post("b").author("Ada Lovelace").text("Numbers."),
        post("c").event("meshconf-2019", Some(2019)).text("Sidecars."),
        post("d").topic("chaos-engineering").text("Failures."),
        post("e").heading("Keynote of the day").text("Laptops closed."),
    ]);
    let index = in_memory(&files);
    for (word, expected) in [
        ("tracing", "a/0"),
        ("lovelace", "b/0"),
        ("meshconf", "c/0"),
        ("chaos", "d/0"),
        ("keynote", "e/0"),
        ("sidecars", "c/0"),
    ] {
        assert_eq!(search_names(&index, &[word]), [expected], "{word}");
    }
    assert_eq!(search_names(&index, &["absent"]), [""; 0]);
}

#[test]
fn the_words_of_a_person_are_their_posts_and_what_others_quote() {
    let files = MemoryFiles::from_posts([
        post("a").author("Ada Lovelace").text("word").said_by("Bob", "word"),
        post("b").author("Bob").event("conf-2019", Some(2019)).text("word").said_by("ADA Lovelace", "word"),
        post("c").author("Bob").said_by("Ada Lovelace", "a word").text("word"),
    ]);
    let index = in_memory(&files);
    let found = |filter: Filter| {
        let mut names =
            hit_names(&index.search(&Query { filter, ..query(&["word"]) }, 10).expect("a search"));
        names.sort();
        names
    };
    let ada = Filter { authors: vec!["ada lovelace".into()], ..Filter::default() };
    assert_eq!(found(ada.clone()), ["a/0", "a/1", "b/1", "c/0"]);
    assert_eq!(found(Filter { events: vec![EventId("conf-2019".into())], ..ada }), ["b/1"]);
    let facets = index.facets(Timestamp::MAX).expect("facets");
    assert_eq!(facets.authors, [AuthorFacet::new("Ada Lovelace", 3), AuthorFacet::new("Bob", 3)]);
    assert_eq!(facets.speakers, [""; 0]);
}

#[test]
fn a_title_lifts_all_passages_of_its_post() {
    let files = MemoryFiles::from_posts([
        post("a").title("Gateways").text("One thing.").text("Two gateways.").text("Three things."),
        post("b").text("A gateway, perhaps.").text("Gateways."),
    ]);
    assert_eq!(search_names(&in_memory(&files), &["gateways"]), ["a/1", "a/0", "a/2", "b/1"]);
}

#[test]
fn rare_words_count_more_than_frequent_ones() {
    let files = MemoryFiles::from_posts([
        post("a").text("the cluster failed"),
        post("b").text("the cluster grew"),
        post("c").text("the cluster and etcd"),
        post("d").text("only etcd"),
    ]);
    assert_eq!(search_names(&in_memory(&files), &["cluster", "etcd"]), ["c/0", "d/0", "a/0", "b/0"]);
}

#[test]
fn phrases_are_words_one_after_another_in_one_field() {
    let files = MemoryFiles::from_posts([
        post("a").text("mesh and service"),
        post("b").text("a service mesh"),
        post("c").text("service, service mesh mesh"),
        post("d").heading("Service").text("mesh"),
        post("e").author("Service").author("Mesh").text("nothing"),
        post("f").text("to be or not to be or to have been"),
    ]);
    let index = in_memory(&files);
    assert_eq!(search_names(&index, &["service mesh"]), ["b/0", "c/0"]);
    assert_eq!(
        search_names(&index, &["+service mesh", "mesh"]),
        ["c/0", "b/0"],
        "one of them says mesh twice"
    );
    assert_eq!(search_names(&index, &["to be or to"]), ["f/0"], "repeated words");
    assert_eq!(search_names(&index, &["be or be"]), [""; 0]);
}

#[test]
fn must_and_must_not() {
    let files = MemoryFiles::from_posts([
        post("a").title("Scheduling").text("red green"),
        post("b").title("Scheduling").text("red blue"),
        post("c").title("Storage").text("red"),
    ]);
    let index = in_memory(&files);
    for (words, expected) in [
        (&["red", "+green"][..], &["a/0"][..]),
        (&["red", "-green"], &["c/0", "b/0"]),
        (&["red", "-scheduling"], &["c/0"]),
        (&["+red", "+blue"], &["b/0"]),
        (&["+red", "+absent"], &[]),
        (&["red", "-absent"], &["c/0", "a/0", "b/0"]),
        (&["-red"], &[]),
        (&[], &[]),
    ] {
        assert_eq!(search_names(&index, words), expected, "{words:?}");
    }
}

#[test]
fn the_best_alternative_counts_and_only_once() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").text("kubernetes"),
        post("b").text("kubernetes k8s"),
        post("c").text("orchestrator words"),
        post("d").text("words"),
    ]));
    let alternatives = [("kubernetes", 1.0), ("k8s", 1.0), ("orchestrator", 0.1)];
    let alternatives = alternatives.map(|(term, weight)| Alternative { weight, ..Alternative::term(term) });
    let mut query = query(&[]);
    query.clauses.push(Clause { alternatives: alternatives.to_vec(), weight: 1.0, role: ClauseRole::Should });
    let hits = index.search(&query, 10).expect("found");
    assert_eq!(hit_names(&hits), ["b/0", "a/0", "c/0"]);
    // "k8s" is rarer and so counts for more, but "kubernetes" beside it adds nothing.
    query.clauses[0].alternatives.truncate(2);
    query.clauses[0].alternatives.swap(0, 1);
    let same = index.search(&query, 1).expect("found")[0].score;
    assert!((same - hits[0].score).abs() < 1e-6, "{same}");
    query.clauses[0].weight = 2.0;
    let double = index.search(&query, 1).expect("found")[0].score;
    assert!((double - 2.0 * hits[0].score).abs() < 1e-4, "{double}");
}

#[test]
fn an_alternative_counts_in_posts_of_its_languages() {
    use Language::{De, En, Other};
    let mut files = MemoryFiles::from_posts([
        post("a").language(En).text("themes").text("one of them").text("two"),
        post("b").language(De).text("Themen").text("tage").text("drei"),
        post("c").text("them alone"),
        post("d").language(De).text("vier").text("Themen des Tages"),
    ]);
    files.put_empty("empty.md");
    let index = in_memory(&files);
    for (terms, languages, expected) in [
        (&["them"][..], vec![De], vec!["b/0", "d/1"]),
        (&["them"], vec![En, Other], vec!["c/0", "a/1"]),
        (&["them"], vec![Language::Fr], vec![]),
        (&["theme"], vec![En], vec!["a/0"]),
        (&["theme"], vec![De, Other], vec![]),
        (&["one", "of", "them"], vec![En], vec!["a/1"]),
        (&["one", "of", "them"], vec![De], vec![]),
    ] {
        let mut alternative = Alternative::new(terms.iter().map(|&term| term.into()).collect());
        alternative.languages = languages.iter().copied().collect();
        let count = index.frequency(&alternative).expect("counted");
        assert_eq!(count, expected.len() as u64, "{terms:?} {languages:?}");
        for role in [ClauseRole::Must, ClauseRole::Should] {
            let mut query = query(&[]);
            query.clauses.push(Clause::new(alternative.clone(), role));
            let found = hit_names(&index.search(&query, 10).expect("found"));
            assert_eq!(found, expected, "{terms:?} {languages:?}");
        }
        let mut query = query(&["vier"]);
        query.clauses.push(Clause::new(alternative, ClauseRole::Must));
        assert_eq!(index.search(&query, 10).expect("found").len(), expected.len(), "{terms:?}");
    }
    let anywhere = Alternative::term("them");
    assert_eq!(index.frequency(&anywhere).expect("counted"), 4);
}

#[test]
fn tokens_at_one_position_are_found_and_make_phrases() {
    // The analyser may put a compound and its first part at one position. Both must be found.
    let index =
        in_memory(&MemoryFiles::from_posts([post("a").text("kube-proxy restarts"), post("b").text("proxy")]));
    for term in tokenize("kube-proxy", Language::Other) {
        let query = Query {
            clauses: vec![Clause::new(Alternative::term(term.term.clone()), ClauseRole::Must)],
            filter: Filter::default(),
        };
        let names = hit_names(&index.search(&query, 10).expect("found"));
        assert!(names.contains(&"a/0".to_owned()), "{}", term.term);
    }
}

#[test]
fn a_phrase_that_is_excluded_may_be_in_later_posts_or_in_none() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").text("word, without control of any access"),
        post("b").text("word, with access control"),
        post("c").text("word, with control and access"),
    ]));
    let found = |words: &[&str]| {
        let mut names = search_names(&index, words);
        names.sort();
        names
    };
    assert_eq!(found(&["word", "-access control"]), ["a/0", "c/0"]);
    assert_eq!(found(&["word", "-any control"]), ["a/0", "b/0", "c/0"]);
    assert_eq!(found(&["+access control", "word"]), ["b/0"]);
}

#[test]
fn clauses_without_terms_are_left_out() {
    let index = in_memory(&MemoryFiles::from_posts([post("a").text("words")]));
    let empty = Clause { alternatives: vec![Alternative::new(vec![])], weight: 1.0, role: ClauseRole::Must };
    let none = Clause { alternatives: vec![], weight: 1.0, role: ClauseRole::MustNot };
    let mut query = query(&["words"]);
    query.clauses.extend([empty, none]);
    assert_eq!(hit_names(&index.search(&query, 10).expect("found")), ["a/0"]);
    query.clauses.remove(0);
    assert_eq!(hit_names(&index.search(&query, 10).expect("found")), [""; 0]);
}

#[test]
fn filters() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").author("Ada Lovelace").event("conf-2018", Some(2018)).date("2019-01-05").text("word"),
        post("b").author("ada lovelace").date("2019-06-01").text("word"),
        post("c").author("Bob").event("conf-2019", Some(2019)).event("side-2019", None).text("word"),
        post("d").visible_from("2026-12-31T23:59:59.5Z").text("word"),
        post("e").event("someday", None).date("2018-02-02").text("word"),
    ]));
    let events = |ids: &[&str]| ids.iter().map(|id| EventId((*id).into())).collect();
    let authors = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let at = |visible_at: &str| visible_at.parse().expect("a time");
    let base = Filter { visible_at: now(), ..Filter::default() };
    for (name, filter, expected) in [
        ("none", base.clone(), &["a/0", "b/0", "c/0", "e/0"][..]),
        (
            "half a second before",
            Filter { visible_at: at("2026-12-31T23:59:59Z"), ..base.clone() },
            &["a/0", "b/0", "c/0", "e/0"],
        ),
        (
            "later",
            Filter { visible_at: at("2027-01-01T00:00:00Z"), ..base.clone() },
            &["a/0", "b/0", "c/0", "d/0", "e/0"],
        ),
        ("one event", Filter { events: events(&["conf-2019"]), ..base.clone() }, &["c/0"]),
        ("a second event", Filter { events: events(&["side-2019"]), ..base.clone() }, &["c/0"]),
        (
            "two events",
            Filter { events: events(&["conf-2019", "conf-2018"]), ..base.clone() },
            &["a/0", "c/0"],
        ),
        ("no such event", Filter { events: events(&["conf-2020"]), ..base.clone() }, &[]),
        ("2018", Filter { years: Some(Years::single(2018)), ..base.clone() }, &["a/0", "e/0"]),
        ("2019", Filter { years: Some(Years::single(2019)), ..base.clone() }, &["b/0", "c/0"]),
        ("1999", Filter { years: Some(Years::single(1999)), ..base.clone() }, &[]),
        (
            "all years",
            Filter { years: Some(Years::between(i16::MIN, i16::MAX)), ..base.clone() },
            &["a/0", "b/0", "c/0", "e/0"],
        ),
        ("2019 on", Filter { years: Some(Years::between(2019, 2026)), ..base.clone() }, &["b/0", "c/0"]),
        ("an author", Filter { authors: authors(&["ADA  Lovelace"]), ..base.clone() }, &["a/0", "b/0"]),
        ("half an author", Filter { authors: authors(&["ada"]), ..base.clone() }, &[]),
        (
            "two authors",
            Filter { authors: authors(&["bob", "ada lovelace"]), ..base.clone() },
            &["a/0", "b/0", "c/0"],
        ),
        ("a post", Filter { posts: vec![PostId("b".into())], ..base.clone() }, &["b/0"]),
        (
            "all at once",
            Filter {
                authors: authors(&["bob"]),
                years: Some(Years::single(2019)),
                events: events(&["conf-2019"]),
                ..base
            },
            &["c/0"],
        ),
    ] {
        let query = Query { filter, ..query(&["word"]) };
        assert_eq!(hit_names(&index.search(&query, 10).expect("found")), expected, "{name}");
    }
}

#[test]
fn ties_are_ordered_by_post_and_position_up_to_the_limit() {
    let posts = ["m", "b", "z", "a"].map(|id| post(id).text("same").text("same"));
    let index = in_memory(&MemoryFiles::from_posts(posts));
    let all = ["a/0", "a/1", "b/0", "b/1", "m/0", "m/1", "z/0", "z/1"];
    for limit in 0..=8 {
        let hits = index.search(&query(&["same"]), limit).expect("found");
        assert_eq!(hit_names(&hits), all[..limit], "{limit}");
    }
}

#[test]
fn a_query_of_a_thousand_words_is_cut_to_the_strongest() {
    let frequent = (0..200).map(|n| post(&format!("p{n:03}")).text(&format!("common word{n}")));
    let index = in_memory(&MemoryFiles::from_posts(frequent));
    let words: Vec<String> =
        std::iter::repeat_n("common".to_owned(), 900).chain((0..100).map(|n| format!("word{n}"))).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let hits = index.search(&query(&words), 1_000).expect("found");
    assert_eq!(hits.len(), Query::MAX_CLAUSES, "rare words are stronger than the frequent one");
}

#[test]
fn more_terms_than_are_looked_up_are_left_out() {
    let index = in_memory(&MemoryFiles::from_posts([post("a").text("first"), post("b").text("first last")]));
    let long = Alternative::new(vec!["first".into(); Query::MAX_TERMS + 1]);
    let mut query = query(&["last", "first"]);
    query.clauses.insert(0, Clause::new(long, ClauseRole::Should));
    assert_eq!(hit_names(&index.search(&query, 10).expect("found")), ["b/0", "a/0"]);
}

#[test]
fn scores_are_those_of_bm25() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").text("apple pear fig"),
        post("b").text("plum plum plum"),
        post("c").text("kiwi"),
    ]));
    let idf = |texts: f32, df: f32| (1.0 + (texts - df + 0.5) / (df + 0.5)).ln();
    let saturated = |frequency: f32, length: f32| {
        // Each with the one word of its title.
        let (length, average) = (length + 1.0, 10.0 / 3.0);
        2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average))
    };
    for (word, expected) in [
        ("pear", idf(3.0, 1.0) * saturated(1.0, 3.0)),
        ("plum", idf(3.0, 1.0) * saturated(3.0, 3.0)),
        ("kiwi", idf(3.0, 1.0) * saturated(1.0, 1.0)),
        ("apple pear", 2.0 * idf(3.0, 1.0) * saturated(1.0, 3.0)),
    ] {
        let score = index.search(&query(&[word]), 1).expect("found")[0].score;
        assert!((score - expected).abs() < 1e-3, "{word}: {score} instead of {expected}");
    }
}

#[test]
fn frequencies_count_passages() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").title("Mesh").text("one").text("two mesh"),
        post("b").heading("A mesh").text("three").text("four"),
        post("c").text("mesh of meshes").text("service mesh").author("Mesh"),
    ]));
    for (words, expected) in [("mesh", 6), ("service mesh", 1), ("mesh of", 1), ("absent", 0), ("", 0)] {
        let terms = tokenize(words, Language::Other).into_iter().map(|token| token.term).collect();
        let alternative = Alternative::new(terms);
        for _ in 0..2 {
            assert_eq!(index.frequency(&alternative).expect("counted"), expected, "{words}");
        }
    }
}

#[test]
fn similar_terms_come_from_the_texts() {
    let index = in_memory(&MemoryFiles::from_posts([
        post("a").title("kubernetos").text("kubernetes").text("kubernetes kubernets"),
        post("b").text("kubernete").text("something"),
    ]));
    let similar = |term, distance| index.similar_terms(term, distance, 10).expect("found");
    let pairs =
        |pairs: &[(&str, u64)]| pairs.iter().map(|(term, n)| ((*term).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(similar("kuberentes", 1), pairs(&[("kubernetes", 2)]));
    let near = [("kubernetos", 2), ("kubernete", 1), ("kubernets", 1)];
    assert_eq!(similar("kubernetes", 1), pairs(&near), "a title stands over two passages");
    assert_eq!(similar("kuberntes", 9).len(), 4, "no distance is above 2");
    assert_eq!(similar("", 2), pairs(&[]));
    assert_eq!(similar(&"kubernetes".repeat(600), 2), pairs(&[]), "a pasted page");
    assert_eq!(index.similar_terms("kuberentes", 2, 1).expect("found"), pairs(&[("kubernetes", 2)]));
}

#[test]
fn posts_by_id() {
    let mut files = MemoryFiles::from_posts(["b", "c", "a"].map(|id| post(id).text("x")));
    files.put_empty("empty.md");
    let index = in_memory(&files);
    let id = |id: &str| PostId(id.into());
    assert_eq!(index.post(&id("c")).expect("read").map(|post| post.id.clone()), Some(id("c")));
    assert!(index.post(&id("empty.md")).expect("read").is_none());
    let status = index.status();
    assert_eq!((status.files, status.posts, status.passages, status.problems), (4, 3, 3, 1));
    assert_eq!((index.posts(), index.passages()), (3, 3));
}

#[test]
fn records_say_of_each_post_what_the_post_says() {
    let mut files = MemoryFiles::from_posts(["b", "a"].map(|id| post(id).title(id).text("x")));
    let second = SignedDuration::from_secs(1);
    for (id, draft, visible_from, date) in [
        ("c", true, None, None),
        ("d", false, Some(now() + second), Some("1969-12-31")),
        ("e", false, Some(now() + SignedDuration::from_millis(-500)), Some("2019-11-18")),
        ("f", false, Some(now()), None),
    ] {
        let mut made = post(id).text("y").build();
        (made.draft, made.visible_from) = (draft, visible_from);
        made.url = Some(format!("https://example.com/{id}"));
        made.date = date.map(|date| date.parse().expect("a date"));
        files.put(made, 7);
    }
    let index = in_memory(&files);
    let records = index.post_records().expect("read");
    assert_eq!(records.iter().map(|record| record.id.0.as_str()).collect::<String>(), "abcdef");
    for record in &records {
        let post = index.post(&record.id).expect("read").expect("a post");
        assert_eq!((&record.path, &record.url, record.date), (&post.path, &post.url, post.date));
        assert_eq!(record.fingerprint, post_fingerprint(&post), "{post:?}");
        assert_eq!(record.is_published(now()), !post.draft && post.scheduled_at(now()).is_none(), "{post:?}");
    }
    assert_eq!(records[3].published_at(now()), Some(now() + second));
    assert!(records[3].is_published(now() + second) && records[3].published_at(now() + second).is_none());
    assert_eq!(records[2].published_at(now()), None);
}

#[test]
fn the_hash_of_the_contents_does_not_depend_on_their_history() {
    let mut files = MemoryFiles::from_posts(["b", "a"].map(|id| post(id).text("x")));
    let before = in_memory(&files).contents_hash();
    files.put(post("c").text("y").build(), 9);
    let after = in_memory(&files).contents_hash();
    assert_ne!(before, after);
    files.reverse();
    assert_eq!(in_memory(&files).contents_hash(), after);
    files.remove("c.md");
    assert_eq!(in_memory(&files).contents_hash(), before);
    assert_ne!(in_memory(&MemoryFiles::default()).contents_hash(), before);
}

#[test]
fn an_empty_corpus_answers_nothing() {
    let index = in_memory(&MemoryFiles::default());
    assert_eq!(search_names(&index, &["anything"]), [""; 0]);
    assert_eq!(index.posts() + index.passages(), 0);
    assert!(index.facets(now()).expect("counted").events.is_empty());
    assert!(index.similar_terms("anything", 2, 5).expect("found").is_empty());
}
