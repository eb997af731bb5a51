//! Held-out questions: each is asked after the posts that answer it are removed.
//!
//! They are as close to the topics of the posts as unanswerable questions can be, and there are about as many of them
//! as of answerable ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::confidence::{self, Prediction};
use crate::corpus_files::InMemoryCorpus;
use crate::metrics::Share;
use crate::outcome::{QuestionOutcome, ask_question};
use crate::qa_report::{ExpectedAnswer, Miss};
use crate::questions::JudgedQuestion;
use crate::report::{QaSetting, ReportKind, ReportRow, VERSION, round_metric};
use crate::statistics::{self, Interval, bootstrap_interval};
use takeaways_answer::{AnswerError, Engine, Strictness};
use takeaways_search::{Index, IndexOptions};

/// The report on held-out questions.
#[derive(Debug, Clone, Serialize)]
pub struct HeldOutReport {
    /// Always [`ReportKind::HiddenAnswers`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// The conditions, before any post was removed.
    pub setting: QaSetting,
    /// The answerable questions that were left out, because another post answers them too.
    pub dropped: Vec<String>,
    /// The share of the questions that were answered nevertheless.
    pub answered: Option<Share>,
    /// The share of answered questions by kind.
    pub by_kind: BTreeMap<String, Share>,
    /// AUROC of the confidence: the questions with their answering posts against the same questions without them.
    pub auroc: Option<Interval>,
    /// Quantiles of the confidence without and with the answering posts.
    pub spread: Vec<ConfidenceQuantile>,
    /// Some of the questions that were answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// A row for each question that was asked, in their order.
    pub rows: Vec<HeldOutRow>,
}

/// A quantile of the confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConfidenceQuantile {
    /// The share of the questions below the quantile.
    pub below: f64,
    /// The quantile without the answering posts.
    pub hidden: f64,
    /// The quantile with the answering posts.
    pub there: f64,
}

/// The row of a held-out question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOutRow {
    /// The id and the metrics.
    #[serde(flatten)]
    pub row: ReportRow,
    /// The kind of the question.
    pub kind: String,
    /// The confidence without the answering posts.
    pub confidence: f64,
    /// The confidence with the answering posts.
    pub confidence_there: f64,
}

/// Asks each answerable question with its posts removed. Skips questions that another post also matches, since they may
/// still have an answer.
///
/// # Errors
/// If an index can't be built or read.
pub fn ask_held_out<'q>(
    corpus: &InMemoryCorpus,
    judged: &'q [JudgedQuestion],
    strictness: Strictness,
    now: Timestamp,
) -> Result<Vec<QuestionOutcome<'q>>, AnswerError> {
    let mut groups: BTreeMap<&BTreeSet<String>, Vec<usize>> = BTreeMap::new();
    for (at, judged) in judged.iter().enumerate().filter(|(_, judged)| can_be_held_out(judged, corpus)) {
        groups.entry(&judged.posts).or_default().push(at);
    }
    let options = IndexOptions::default();
    let mut index = Arc::new(Index::open(None, corpus, now, &options)?.0);
    let mut outcomes = BTreeMap::new();
    for (posts, positions) in groups {
        // A refresh reads only the few changed files, and gives the same results as a new index.
        index = Arc::new(index.refresh(&corpus.without(posts), now, &options)?.0);
        let engine = Engine::new(Arc::clone(&index), strictness);
        for at in positions {
            outcomes.insert(at, ask_question(&engine, corpus, &judged[at], now)?);
        }
    }
    Ok(outcomes.into_values().collect())
}

/// Returns whether only the question's own posts answer it.
fn can_be_held_out(judged: &JudgedQuestion, corpus: &InMemoryCorpus) -> bool {
    let mut others = corpus.posts().filter(|(name, _)| !judged.posts.contains(*name));
    judged.is_answerable() && !others.any(|(_, post)| judged.matches_answer(&post.body.text))
}

impl HeldOutReport {
    /// Compares the outcomes of `judged` without their posts (`hidden`) and with them (`baseline`). The report lists up
    /// to `misses` of the questions that were answered.
    pub fn new(
        setting: QaSetting,
        judged: &[JudgedQuestion],
        hidden: &[QuestionOutcome<'_>],
        baseline: &[QuestionOutcome<'_>],
        misses: usize,
    ) -> Self {
        let confidences: BTreeMap<&str, f64> =
            baseline.iter().map(|outcome| (outcome.judged.id.as_str(), outcome.confidence)).collect();
        let row = |outcome: &QuestionOutcome<'_>| {
            let confidence = confidences.get(outcome.judged.id.as_str()).copied().unwrap_or(0.0);
            HeldOutRow::new(outcome, confidence)
        };
        let rows: Vec<HeldOutRow> = hidden.iter().map(row).collect();
        let asked: BTreeSet<&str> = hidden.iter().map(|outcome| outcome.judged.id.as_str()).collect();
        let dropped =
            judged.iter().filter(|judged| judged.is_answerable() && !asked.contains(judged.id.as_str()));
        let answered = hidden.iter().filter(|outcome| !outcome.refused);
        Self {
            kind: ReportKind::HiddenAnswers,
            version: VERSION,
            setting,
            dropped: dropped.map(|judged| judged.id.clone()).collect(),
            answered: Share::from_flags(hidden.iter().map(|outcome| !outcome.refused)),
            by_kind: by_kind(hidden),
            auroc: auroc(&rows),
            spread: confidence_quantiles(&rows),
            misses: answered.take(misses).map(false_answer).collect(),
            rows,
        }
    }
}

impl HeldOutRow {
    fn new(outcome: &QuestionOutcome<'_>, confidence_there: f64) -> Self {
        Self {
            row: ReportRow::new(&outcome.judged.id, [("false_answers", f64::from(!outcome.refused))]),
            kind: outcome.judged.kind.clone(),
            confidence: round_metric(outcome.confidence),
            confidence_there: round_metric(confidence_there),
        }
    }
}

fn by_kind(hidden: &[QuestionOutcome<'_>]) -> BTreeMap<String, Share> {
    let mut kinds: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for outcome in hidden {
        kinds.entry(&outcome.judged.kind).or_default().push(!outcome.refused);
    }
    let shares = kinds
        .into_iter()
        .map(|(kind, answered)| Some((kind.to_owned(), Share::from_flags(answered.into_iter())?)));
    shares.flatten().collect()
}

/// Measures the AUROC. The bootstrap draws questions, each with both of its confidences.
fn auroc(rows: &[HeldOutRow]) -> Option<Interval> {
    let pairs: Vec<(f64, f64)> = rows.iter().map(|row| (row.confidence_there, row.confidence)).collect();
    bootstrap_interval(&pairs, |pairs| {
        let predictions = pairs.iter().flat_map(|(there, hidden)| [(*there, true), (*hidden, false)]);
        confidence::auroc(&predictions.collect::<Vec<Prediction>>())
    })
}

fn confidence_quantiles(rows: &[HeldOutRow]) -> Vec<ConfidenceQuantile> {
    let sorted = |confidence: fn(&HeldOutRow) -> f64| {
        let mut confidences: Vec<f64> = rows.iter().map(confidence).collect();
        confidences.sort_by(f64::total_cmp);
        confidences
    };
    let (hidden, there) = (sorted(|row| row.confidence), sorted(|row| row.confidence_there));
    let at = |below| {
        let quantile = |sorted| statistics::quantile(sorted, below);
        Some(ConfidenceQuantile { below, hidden: quantile(&hidden)?, there: quantile(&there)? })
    };
    [0.1, 0.25, 0.5, 0.75, 0.9, 1.0].into_iter().filter_map(at).collect()
}

/// Returns the miss of a question that should have been refused.
fn false_answer(outcome: &QuestionOutcome<'_>) -> Miss {
    Miss { wanted: ExpectedAnswer { posts: Vec::new(), any: Vec::new() }, ..Miss::from_outcome(outcome) }
}
