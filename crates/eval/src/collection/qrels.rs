//! Judgments: which document is relevant to which query, and how much.

use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

use super::error::CollectionError;
use super::lines::for_each_line;
use super::reader::{Document, Query};

/// The grades of the documents that were judged for one query.
pub type Grades = BTreeMap<String, i32>;

/// Grades by query: above 0 relevant, and the more the better; 0 or less not relevant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgments {
    by_query: BTreeMap<String, Grades>,
}

impl Judgments {
    /// Adds a file of `query-id, corpus-id, score` with tabs between and a line of names before them.
    pub(super) fn read(&mut self, file: &str, input: impl BufRead) -> Result<(), CollectionError> {
        let mut is_first = true;
        for_each_line(file, input, |_, line| {
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
        })
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

    /// The grades for a query that some document is relevant to; `None` for any other: nothing can be found for it,
    /// so that there is nothing to measure.
    #[must_use]
    pub fn of(&self, query: &str) -> Option<&Grades> {
        self.by_query.get(query).filter(|grades| grades.values().any(|grade| *grade > 0))
    }

    /// What does not fit to documents and queries.
    pub(super) fn notes(&self, documents: &[Document], queries: &[Query]) -> Vec<String> {
        let documents: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
        let queries: HashSet<&str> = queries.iter().map(|query| query.id.as_str()).collect();
        let unasked = self.by_query.keys().filter(|query| !queries.contains(query.as_str())).count();
        let irrelevant = self.by_query.keys().filter(|query| self.of(query).is_none()).count();
        let judged = self.by_query.values().flatten().filter(|(_, grade)| **grade > 0);
        let gone = judged.filter(|(document, _)| !documents.contains(document.as_str())).count();
        let notes = [
            (unasked, "judged queries have no text and were left out"),
            (irrelevant, "judged queries have no relevant document and were left out"),
            (gone, "relevant documents are not in the collection and count as not found"),
        ];
        notes.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Judgments, String> {
        let mut judgments = Judgments::default();
        judgments.read("qrels/test.tsv", text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(judgments)
    }

    #[test]
    fn a_line_of_names_is_passed_over() {
        for text in ["query-id\tcorpus-id\tscore\nq\td\t1\n", "q\td\t1\r\n\nq\td\t1"] {
            let judgments = read(text).expect("read");
            assert_eq!(judgments.of("q").map(Grades::len), Some(1), "{text}");
        }
    }

    #[test]
    fn only_queries_with_something_relevant_are_measured() {
        let judgments = read("q\ta\t0\nq\tb\t-1\nr\ta\t2").expect("read");
        assert_eq!(judgments.of("q"), None);
        assert_eq!(judgments.of("r").map(|grades| grades["a"]), Some(2));
        assert_eq!(judgments.of("s"), None);
        let named = |id: &str| Query { id: id.into(), ..Query::default() };
        let notes = judgments.notes(&[], &[named("q")]);
        assert_eq!(notes.len(), 3, "{notes:?}");
    }

    #[test]
    fn what_can_not_be_read_is_told_with_its_line() {
        for (line, why) in [
            ("q\td", "it has 2 fields, not query-id, corpus-id and score"),
            ("q 0 d 1", "it has 1 fields, not query-id, corpus-id and score"),
            ("q\td\thigh", "the score \"high\" is no whole number"),
            ("q\td\t1.5", "the score \"1.5\" is no whole number"),
            ("q\tfirst\t2", "first has another score for q already: 1"),
        ] {
            let error = read(&format!("query-id\tcorpus-id\tscore\nq\tfirst\t1\n{line}\n")).expect_err(line);
            assert_eq!(error, format!("qrels/test.tsv:3: {why}"));
        }
    }
}
