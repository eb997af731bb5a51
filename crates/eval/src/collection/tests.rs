//! Tests of collections from their files to their figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use takeaways_answer::{Engine, Strictness};
use takeaways_search::{Index, IndexOptions};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn read(documents: &str, queries: &str, judgments: &str) -> Collection {
    let judgments = vec![("qrels/test.tsv".to_owned(), judgments.as_bytes())];
    Collection::read(documents.as_bytes(), queries.as_bytes(), judgments).expect("a collection")
}

fn engine(collection: &Collection) -> Engine {
    let files = DocumentFiles::new(&collection.documents, NOW);
    let (index, report) =
        Index::open(None, &files, NOW, &IndexOptions::default()).expect("an index in memory");
    assert_eq!(report.failed, []);
    Engine::new(Arc::new(index), Strictness::default())
}

fn measure_collection(collection: &Collection) -> (CollectionReport, BTreeMap<String, Vec<String>>) {
    let mut rankings = BTreeMap::new();
    let mut on_ranking = |query: &str, ranking: &[RankedDocument]| {
        let documents: Vec<String> = ranking.iter().map(|ranked| ranked.document.clone()).collect();
        assert!(rankings.insert(query.to_owned(), documents).is_none(), "{query} came twice");
        Ok(())
    };
    let strictness = Strictness::default();
    let report =
        measure(&engine(collection), strictness, collection, NOW, &mut on_ranking).expect("a report");
    (report, rankings)
}

#[test]
fn hostile_documents_and_queries_break_nothing() {
    let documents = [
        r#"{"_id": "../../etc/passwd", "title": "", "text": ""}"#,
        r#"{"_id": "a b\t\u0000", "title": "Otters <b>", "text": "---\ntitle: none\n---\n# Otters \u0000 sleep {{x}}"}"#,
        r#"{"_id": "a b\t\u0000", "title": "twice", "text": "twice"}"#,
        r#"{"_id": "index.html", "title": "Otters", "text": " "}"#,
        r#"{"_id": 7, "text": "seals"}"#,
    ];
    let long = "otters ".repeat(2_000);
    let queries = [
        r#"{"_id": "q 1", "text": "where do otters sleep?"}"#.to_owned(),
        r#"{"_id": "q2", "text": ""}"#.to_owned(),
        format!(r#"{{"_id": "q3", "text": "{long}"}}"#),
        r#"{"_id": "q4", "text": "\"quoted otters -seals event:none author:\"x"}"#.to_owned(),
        r#"{"_id": "unjudged", "text": "otters"}"#.to_owned(),
    ];
    let judgments = "query-id\tcorpus-id\tscore\nq 1\ta b\t\u{0}\t1\n";
    assert!(
        Collection::read(
            documents.join("\n").as_bytes(),
            queries.join("\n").as_bytes(),
            vec![(String::new(), judgments.as_bytes())]
        )
        .is_err(),
        "an id with a tab can't be judged"
    );
    let judgments = "q 1\tindex.html\t1\nq2\t7\t1\nq3\t7\t1\nq4\tgone\t1\n";
    let collection = read(&documents.join("\n"), &queries.join("\n"), judgments);
    assert_eq!(collection.documents.len(), 4);
    let (report, rankings) = measure_collection(&collection);
    assert_eq!(rankings["q 1"].len(), 2, "{rankings:?}");
    assert_eq!((rankings["q2"].len(), rankings["q3"].len(), rankings["q4"].len()), (0, 0, 0));
    assert_eq!(report.report.rows.len(), 4);
    assert_eq!(report.setting.notes.len(), 4, "{:?}", report.setting.notes);
}

/// Each query shares a word with exactly one document.
#[test]
fn the_only_matching_document_ranks_first() {
    let names = ["otter", "seal", "heron", "badger", "marten"];
    let line = |name: &&str| format!(r#"{{"_id": "{name}", "title": "", "text": "The {name} sleeps."}}"#);
    let query = |name: &&str| format!(r#"{{"_id": "{name}", "text": "tell me about the {name}"}}"#);
    let judgment = |name: &&str| format!("{name}\t{name}\t2");
    let lines = |line: &dyn Fn(&&str) -> String| names.iter().map(line).collect::<Vec<_>>().join("\n");
    let collection = read(&lines(&line), &lines(&query), &lines(&judgment));
    let (report, _) = measure_collection(&collection);
    for name in ["ndcg@10", "recall@100", "mrr@10", "map"] {
        assert!((report.means[name].value - 1.0).abs() < 1e-9, "{name}: {report:?}");
    }
    assert_eq!((report.auroc, report.setting.answerable), (None, 0));
}

#[test]
fn the_order_of_documents_changes_nothing() {
    let mut lines: Vec<String> = (0..40)
        .map(|at| {
            format!(
                r#"{{"_id": "d{at}", "title": "Otters", "text": "The otters sleep {}."}}"#,
                "x ".repeat(at % 3)
            )
        })
        .collect();
    let query = r#"{"_id": "q", "text": "otters that sleep"}"#;
    let (_, rankings) = measure_collection(&read(&lines.join("\n"), query, "q\td1\t1"));
    lines.reverse();
    let (_, reversed) = measure_collection(&read(&lines.join("\n"), query, "q\td1\t1"));
    assert_eq!(rankings["q"].len(), 40);
    assert_eq!(rankings, reversed);
}

fn read_judgments(text: &str) -> Result<Judgments, String> {
    let mut judgments = Judgments::default();
    judgments.read("qrels/test.tsv", text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(judgments)
}

#[test]
fn a_header_line_is_skipped() {
    for text in ["query-id\tcorpus-id\tscore\nq\td\t1\n", "q\td\t1\r\n\nq\td\t1"] {
        let judgments = read_judgments(text).expect("read");
        assert_eq!(judgments.relevant_grades("q").map(Grades::len), Some(1), "{text}");
    }
}

#[test]
fn only_queries_with_something_relevant_are_measured() {
    let judgments = read_judgments("q\ta\t0\nq\tb\t-1\nr\ta\t2").expect("read");
    assert_eq!(judgments.relevant_grades("q"), None);
    assert_eq!(judgments.relevant_grades("r").map(|grades| grades["a"]), Some(2));
    assert_eq!(judgments.relevant_grades("s"), None);
    let query = |id: &str| CollectionQuery { id: id.into(), ..CollectionQuery::default() };
    let notes = judgments.notes(&[], &[query("q")]);
    assert_eq!(notes.len(), 3, "{notes:?}");
}

#[test]
fn an_unreadable_judgment_is_reported_with_its_line() {
    for (line, why) in [
        ("q\td", "it has 2 fields, not query-id, corpus-id and score"),
        ("q 0 d 1", "it has 1 fields, not query-id, corpus-id and score"),
        ("q\td\thigh", "the score \"high\" is no whole number"),
        ("q\td\t1.5", "the score \"1.5\" is no whole number"),
        ("q\tfirst\t2", "first has another score for q already: 1"),
    ] {
        let error =
            read_judgments(&format!("query-id\tcorpus-id\tscore\nq\tfirst\t1\n{line}\n")).expect_err(line);
        assert_eq!(error, format!("qrels/test.tsv:3: {why}"));
    }
}
