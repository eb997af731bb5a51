//! Public test collections in the layout of BEIR: documents, queries, and which document is relevant to which query.
//!
//! A document takes the way of a post and a query that of a question, with the settings that hold; nothing on that
//! way knows of it. This room opens no file: it reads what it is given, line by line.

mod error;
mod lines;
mod measure;
mod metrics;
mod posts;
mod qrels;
mod reader;
mod run;
mod spans;
#[cfg(test)]
mod tests;

use std::io::BufRead;

pub use error::CollectionError;
pub use measure::{CollectionReport, MeasureError, Setting, measure};
pub use metrics::{Measures, measures};
pub use posts::DocumentFiles;
pub use qrels::{Grades, Judgments};
pub use reader::{Document, Gold, Query};
pub use run::{DEPTH, Ranked, ordered, run_lines};

/// A collection in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// In the order of the file; each id once.
    pub documents: Vec<Document>,
    /// In the order of the file; each id once.
    pub queries: Vec<Query>,
    /// By query.
    pub judgments: Judgments,
    /// What is odd about it and changes no result that is comparable, for people.
    pub notes: Vec<String>,
}

impl Collection {
    /// Reads what `corpus.jsonl` and `queries.jsonl` hold, and files of judgments with their names.
    ///
    /// # Errors
    /// The first line that can't be read, with its file.
    pub fn read<R: BufRead>(
        documents: R,
        queries: R,
        judgments: Vec<(String, R)>,
    ) -> Result<Self, CollectionError> {
        let mut notes = Vec::new();
        let documents = reader::documents("corpus.jsonl", documents, &mut notes)?;
        let queries = reader::queries("queries.jsonl", queries, &mut notes)?;
        let files = judgments;
        let mut judgments = Judgments::default();
        for (name, input) in files {
            judgments.read(&name, input)?;
        }
        notes.extend(judgments.notes(&documents, &queries));
        Ok(Self { documents, queries, judgments, notes })
    }
}
