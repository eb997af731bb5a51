//! Test collections in the layout of BEIR: documents, queries and relevance judgments.
//!
//! Documents are indexed like posts and queries are answered like questions, with the current settings. This module
//! opens no file; it gets their texts.

mod documents;
mod measure;

use std::collections::{BTreeMap, HashSet};

use crate::lines::{LineProblem, parse_lines};
pub use documents::{CollectionQuery, Document, DocumentFiles, Gold};
pub use measure::{
    CollectionReport, CollectionSetting, DEPTH, MeasureError, RankedDocument, measure, sort_ranking,
    trec_run_lines,
};

/// A collection in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// The documents in the order of the file, with unique ids.
    pub documents: Vec<Document>,
    /// The queries in the order of the file, with unique ids.
    pub queries: Vec<CollectionQuery>,
    /// The relevance judgments.
    pub judgments: RelevanceJudgments,
    /// Oddities of the collection, for people. They don't make its figures incomparable.
    pub notes: Vec<String>,
}

impl Collection {
    /// Parses a collection from `corpus.jsonl`, `queries.jsonl` and named files with judgments.
    ///
    /// # Errors
    /// If lines of a file can't be read. The error has each of them.
    pub fn parse(
        documents: &str,
        queries: &str,
        judgment_files: &[(String, String)],
    ) -> Result<Self, Vec<LineProblem>> {
        let mut notes = Vec::new();
        let documents = documents::parse_documents("corpus.jsonl", documents, &mut notes)?;
        let queries = documents::parse_queries("queries.jsonl", queries, &mut notes)?;
        let mut judgments = RelevanceJudgments::default();
        for (name, text) in judgment_files {
            judgments.parse(name, text)?;
        }
        notes.extend(judgments.notes(&documents, &queries));
        Ok(Self { documents, queries, judgments, notes })
    }
}

/// The grades of a query's judged documents, by the documents' ids.
pub type Grades = BTreeMap<String, i32>;

/// The grades by query. A document with a grade above 0 is relevant; a higher grade is better.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelevanceJudgments {
    by_query: BTreeMap<String, Grades>,
}

impl RelevanceJudgments {
    /// Adds a file with tab-separated lines of `query-id, corpus-id, score`, after an optional header line.
    pub(super) fn parse(&mut self, file: &str, text: &str) -> Result<(), Vec<LineProblem>> {
        let mut is_first = true;
        let parsed = parse_lines(file, text, |_, line| {
            let may_be_header = std::mem::replace(&mut is_first, false);
            let fields: Vec<&str> = line.split('\t').collect();
            let [query, document, grade] = fields.as_slice() else {
                return Err(format!("it has {} fields, not query-id, corpus-id and score", fields.len()));
            };
            match grade.trim().parse::<i32>() {
                Ok(grade) => self.add(query, document, grade),
                Err(_) if may_be_header => Ok(()),
                Err(_) => Err(format!("the score \"{grade}\" is no whole number")),
            }
        });
        parsed.map(drop)
    }

    fn add(&mut self, query: &str, document: &str, grade: i32) -> Result<(), String> {
        let grades = self.by_query.entry(query.to_owned()).or_default();
        match grades.insert(document.to_owned(), grade) {
            Some(other) if other != grade => {
                Err(format!("{document} has another score for {query} already: {other}"))
            }
            _ => Ok(()),
        }
    }

    /// Returns the grades of a query; `None` if it has no relevant document, since then there is nothing to measure.
    pub fn relevant_grades(&self, query: &str) -> Option<&Grades> {
        self.by_query.get(query).filter(|grades| grades.values().any(|grade| *grade > 0))
    }

    /// Lists mismatches between judgments, documents and queries.
    pub(super) fn notes(&self, documents: &[Document], queries: &[CollectionQuery]) -> Vec<String> {
        let documents: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
        let queries: HashSet<&str> = queries.iter().map(|query| query.id.as_str()).collect();
        let unasked = self.by_query.keys().filter(|query| !queries.contains(query.as_str())).count();
        let irrelevant = self.by_query.keys().filter(|query| self.relevant_grades(query).is_none()).count();
        let judged = self.by_query.values().flatten().filter(|(_, grade)| **grade > 0);
        let missing = judged.filter(|(document, _)| !documents.contains(document.as_str())).count();
        let notes = [
            (unasked, "judged queries have no text and were left out"),
            (irrelevant, "judged queries have no relevant document and were left out"),
            (missing, "relevant documents are not in the collection and count as not found"),
        ];
        notes.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use takeaways_answer::{Engine, Strictness};
    use takeaways_search::{Index, IndexOptions};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn read(documents: &str, queries: &str, judgments: &str) -> Collection {
        let judgments = [("qrels/test.tsv".to_owned(), judgments.to_owned())];
        Collection::parse(documents, queries, &judgments).expect("a collection")
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
            Collection::parse(
                &documents.join("\n"),
                &queries.join("\n"),
                &[(String::new(), judgments.into())]
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

    fn read_judgments(text: &str) -> Result<RelevanceJudgments, String> {
        let mut judgments = RelevanceJudgments::default();
        judgments.parse("qrels/test.tsv", text).map_err(|problems| problems[0].to_string())?;
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
            let error = read_judgments(&format!("query-id\tcorpus-id\tscore\nq\tfirst\t1\n{line}\n"))
                .expect_err(line);
            assert_eq!(error, format!("qrels/test.tsv:3: {why}"));
        }
    }
}
