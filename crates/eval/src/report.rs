//! What all reports share, so that two of one kind can be compared; what was asked of what; how long answers took.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::corpus_files::InMemoryCorpus;
use crate::questions::JudgedQuestion;
use crate::statistics::quantile;
use takeaways_answer::{Engine, Strictness};

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
    pub rows: Vec<ReportRow>,
}

/// What was measured of one question. A kind of report may have more fields in a row: `#[serde(flatten)]` this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The question's, once in a report.
    pub id: String,
    /// Each metric that is a mean over questions, by its name; none that this question does not count for.
    pub metrics: BTreeMap<String, f64>,
}

/// To six digits after the point, as numbers stand in reports: what comes after them depends on the order of sums.
#[must_use]
pub fn round_metric(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// What was asked of what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QaSetting {
    /// Questions that were asked.
    pub questions: usize,
    /// Those of them that a post answers.
    pub answerable: usize,
    /// Posts of the index.
    pub posts: u64,
    /// Passages of the index.
    pub passages: u64,
    /// How sure it has to be to answer.
    pub strictness: Strictness,
    /// The least confidence with which it answers.
    pub threshold: f32,
    /// When it was asked.
    pub now: Timestamp,
    /// Files that questions name and that the corpus does not have: what they answer can't be found.
    pub absent: Vec<String>,
}

impl QaSetting {
    /// Of questions that `engine` is asked, whose index holds `corpus`.
    #[must_use]
    pub fn new(
        questions: &[JudgedQuestion],
        corpus: &InMemoryCorpus,
        engine: &Engine,
        strictness: Strictness,
        now: Timestamp,
    ) -> Self {
        let there: BTreeSet<&str> = corpus.posts().map(|(name, _)| name).collect();
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
            absent: named.difference(&there).map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// How long an answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// Where the question had not been asked before.
    pub first: LatencyPercentiles,
    /// Where it had, and what it needs of the index was at hand.
    pub again: LatencyPercentiles,
}

/// How long some answers took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LatencyPercentiles {
    /// How many.
    pub answers: usize,
    /// Half of them took no longer.
    pub p50_us: f64,
    /// 99 % of them took no longer.
    pub p99_us: f64,
}

impl Latency {
    /// From how long each answer took, in microseconds; `None` where there is none.
    #[must_use]
    pub fn new(first: Vec<f64>, again: Vec<f64>) -> Option<Self> {
        Some(Self { first: LatencyPercentiles::new(first)?, again: LatencyPercentiles::new(again)? })
    }
}

impl LatencyPercentiles {
    fn new(mut took_us: Vec<f64>) -> Option<Self> {
        took_us.sort_by(f64::total_cmp);
        let at = |share| quantile(&took_us, share);
        Some(Self { answers: took_us.len(), p50_us: at(0.5)?, p99_us: at(0.99)? })
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
