//! The shared parts of all reports: rows that can be compared, the conditions, and latencies.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::corpus_files::InMemoryCorpus;
use crate::questions::JudgedQuestion;
use crate::statistics::quantile;
use takeaways_answer::{Engine, Strictness};

/// The version of the report format. It changes when older reports can't be compared with new ones.
pub const VERSION: u32 = 1;

/// The kind of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Questions with known answers.
    Questions,
    /// Questions whose answering posts are removed.
    HiddenAnswers,
    /// Questions whose excerpts are graded.
    Graded,
    /// A collection of judged documents.
    Collection,
}

/// The part of every report that a comparison reads: `{"kind": …, "version": 1, "rows": […], …}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The kind of the measurement.
    pub kind: ReportKind,
    /// The [`VERSION`] of the program that wrote the report.
    pub version: u32,
    /// A row for each question, in the order in which they were asked.
    pub rows: Vec<ReportRow>,
}

/// The metrics of a question. Rows with more fields include this type with `#[serde(flatten)]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The id of the question, unique in a report.
    pub id: String,
    /// The values of the metrics that this question counts for, by name.
    pub metrics: BTreeMap<String, f64>,
}

impl ReportRow {
    /// The row of a question, with rounded metrics.
    pub fn new<'n>(id: &str, metrics: impl IntoIterator<Item = (&'n str, f64)>) -> Self {
        let metrics = metrics.into_iter().map(|(name, value)| (name.to_owned(), round_metric(value)));
        Self { id: id.to_owned(), metrics: metrics.collect() }
    }
}

/// Rounds a number to six decimals, as in reports. Further digits depend on the order of summation.
pub fn round_metric(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// The conditions of a measurement with questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QaSetting {
    /// The number of questions.
    pub questions: usize,
    /// The number of answerable questions.
    pub answerable: usize,
    /// The number of posts in the index.
    pub posts: u64,
    /// The number of passages in the index.
    pub passages: u64,
    /// The strictness of the engine.
    pub strictness: Strictness,
    /// The least confidence of an answer.
    pub threshold: f32,
    /// The time at which the questions are asked.
    pub now: Timestamp,
    /// The files that questions name and the corpus lacks. Their questions can't be answered.
    pub absent: Vec<String>,
}

impl QaSetting {
    /// Describes a measurement of `questions` with `engine`, whose index has the posts of `corpus`.
    pub fn new(
        questions: &[JudgedQuestion],
        corpus: &InMemoryCorpus,
        engine: &Engine,
        strictness: Strictness,
        now: Timestamp,
    ) -> Self {
        let present: BTreeSet<&str> = corpus.posts().map(|(name, _)| name).collect();
        let named: BTreeSet<&str> =
            questions.iter().flat_map(|judged| &judged.posts).map(String::as_str).collect();
        Self {
            questions: questions.len(),
            answerable: questions.iter().filter(|judged| judged.is_answerable()).count(),
            posts: engine.index().posts(),
            passages: engine.index().passages(),
            strictness,
            threshold: strictness.threshold(),
            now,
            absent: named.difference(&present).map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// The latency of answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// The latency when questions are asked for the first time.
    pub first: LatencyPercentiles,
    /// The latency when they are asked again, with warm caches.
    pub again: LatencyPercentiles,
}

/// Percentiles of latencies, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LatencyPercentiles {
    /// The number of answers.
    pub answers: usize,
    /// The median.
    pub p50_us: f64,
    /// The 99th percentile.
    pub p99_us: f64,
}

impl Latency {
    /// Summarises the latencies of answers, in microseconds; `None` if one of the lists is empty.
    pub fn new(first: Vec<f64>, again: Vec<f64>) -> Option<Self> {
        Some(Self { first: LatencyPercentiles::new(first)?, again: LatencyPercentiles::new(again)? })
    }
}

impl LatencyPercentiles {
    fn new(mut latencies: Vec<f64>) -> Option<Self> {
        latencies.sort_by(f64::total_cmp);
        let at = |share| quantile(&latencies, share);
        Some(Self { answers: latencies.len(), p50_us: at(0.5)?, p99_us: at(0.99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_quantiles() {
        let took = LatencyPercentiles::new((1..=101).rev().map(f64::from).collect());
        assert_eq!(took, Some(LatencyPercentiles { answers: 101, p50_us: 51.0, p99_us: 100.0 }));
        assert_eq!(Latency::new(vec![1.0], Vec::new()), None);
    }
}
