//! What all reports have in common, so that any two of a kind can be compared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Changes when a report of an older program can't be compared with a new one.
pub const VERSION: u32 = 1;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Questions with known answers.
    Questions,
    /// The same with the posts that answer them taken away.
    HiddenAnswers,
    /// A collection of judged documents.
    Collection,
}

/// The part of every report that a comparison reads: `{"kind": …, "version": 1, "rows": […], …}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What was measured.
    pub kind: ReportKind,
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// One for each question, in the order in which they were asked.
    pub rows: Vec<Row>,
}

/// What was measured of one question. A kind of report may have more fields in a row: `#[serde(flatten)]` this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The question's, once in a report.
    pub id: String,
    /// Each metric that is a mean over questions, by its name; none that this question does not count for.
    pub metrics: BTreeMap<String, f64>,
}

/// To six digits after the point, as numbers stand in reports: what comes after them depends on the order of sums.
#[must_use]
pub fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
