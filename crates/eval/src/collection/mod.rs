//! Test collections in the layout of BEIR: documents, queries and relevance judgments.
//!
//! Documents are indexed like posts and queries are answered like questions, with the current settings. This module
//! opens no file; it reads from the readers it is given.

mod documents;
mod measure;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, Read};

use thiserror::Error;

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
    pub judgments: Judgments,
    /// Oddities of the collection, for people. They don't make its figures incomparable.
    pub notes: Vec<String>,
}

impl Collection {
    /// Reads a collection from `corpus.jsonl`, `queries.jsonl` and named files with judgments.
    ///
    /// # Errors
    /// If a line can't be read. The error names the first such line and its file.
    pub fn read<R: BufRead>(
        documents: R,
        queries: R,
        judgment_files: Vec<(String, R)>,
    ) -> Result<Self, CollectionError> {
        let mut notes = Vec::new();
        let documents = documents::parse_documents("corpus.jsonl", documents, &mut notes)?;
        let queries = documents::parse_queries("queries.jsonl", queries, &mut notes)?;
        let mut judgments = Judgments::default();
        for (name, input) in judgment_files {
            judgments.read(&name, input)?;
        }
        notes.extend(judgments.notes(&documents, &queries));
        Ok(Self { documents, queries, judgments, notes })
    }
}

/// The grades of a query's judged documents, by the documents' ids.
pub type Grades = BTreeMap<String, i32>;

/// The grades by query. A document with a grade above 0 is relevant; a higher grade is better.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgments {
    by_query: BTreeMap<String, Grades>,
}

impl Judgments {
    /// Adds a file with tab-separated lines of `query-id, corpus-id, score`, after an optional header line.
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

/// The length limit of a line, in bytes. The longest article of Wikipedia has 2 MB.
const MAX_LINE_BYTES: usize = 16 << 20;

/// Calls `on_line` with the number and the text of every line that is not blank, without byte order mark and line end.
pub(super) fn for_each_line(
    file: &str,
    mut input: impl BufRead,
    mut on_line: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<(), CollectionError> {
    let mut bytes = Vec::new();
    for line in 1.. {
        let error = |what: String| CollectionError { file: file.to_owned(), line, what };
        bytes.clear();
        let read = input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut bytes);
        match read.map_err(|cause| error(format!("it can't be read: {cause}")))? {
            0 => break,
            read if read > MAX_LINE_BYTES => return Err(error("the line is longer than 16 MiB".to_owned())),
            _ => {}
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| error("the line is not UTF-8".to_owned()))?;
        let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text };
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() {
            on_line(line, text).map_err(error)?;
        }
    }
    Ok(())
}

/// A problem in a line of a collection's file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {what}")]
pub struct CollectionError {
    /// The name of the file.
    pub file: String,
    /// The number of the line, from 1.
    pub line: usize,
    /// The problem.
    pub what: String,
}
