//! Held-out questions: each is asked after the posts that answer it are removed. They are as close to the topic as
//! unanswerable questions can be, and there are about as many as answerable ones.

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

/// What became of questions without their answers.
#[derive(Debug, Clone, Serialize)]
pub struct HeldOutReport {
    /// Always [`ReportKind::HiddenAnswers`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// What was asked of what, before anything was taken away.
    pub setting: QaSetting,
    /// Questions with an answer that were left out, because another post answers them too.
    pub dropped: Vec<String>,
    /// Questions that were answered all the same.
    pub answered: Option<Share>,
    /// The same by kind.
    pub by_kind: BTreeMap<String, Share>,
    /// AUROC of the confidence: the same questions with their answers against those without.
    pub auroc: Option<Interval>,
    /// The confidence below which this part of the questions lies, without and with their answers.
    pub spread: Vec<ConfidenceQuantile>,
    /// Some of those that were answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// One for each question that was asked, in their order.
    pub rows: Vec<HeldOutRow>,
}

/// A quantile of the confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConfidenceQuantile {
    /// This part of the questions lies below.
    pub below: f64,
    /// With the answers taken away.
    pub hidden: f64,
    /// With the answers there.
    pub there: f64,
}

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOutRow {
    /// Its id and its part in every mean.
    #[serde(flatten)]
    pub row: ReportRow,
    /// Its kind.
    pub kind: String,
    /// How sure it was without the answer.
    pub confidence: f64,
    /// How sure it is with it.
    pub confidence_there: f64,
}

/// Asks each question that has an answer with the posts that answer it taken away. Those are left out that match in a
/// post which stays: they still have an answer, or may have one.
///
/// # Errors
/// Where an index can't be built or read.
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
    for (posts, places) in groups {
        // From group to group few files change, and what an index was before does not change what it finds.
        index = Arc::new(index.refresh(&corpus.without(posts), now, &options)?.0);
        let engine = Engine::new(Arc::clone(&index), strictness);
        for at in places {
            outcomes.insert(at, ask_question(&engine, corpus, &judged[at], now)?);
        }
    }
    Ok(outcomes.into_values().collect())
}

/// Whether only its own posts answer it.
fn can_be_held_out(judged: &JudgedQuestion, corpus: &InMemoryCorpus) -> bool {
    let mut others = corpus.posts().filter(|(name, _)| !judged.posts.contains(*name));
    judged.is_answerable() && !others.any(|(_, post)| judged.matches_answer(&post.body.text))
}

impl HeldOutReport {
    /// From what became of `judged` without their answers and, as far as they have one, with them; with up to `misses`
    /// of those told that were answered.
    #[must_use]
    pub fn new(
        setting: QaSetting,
        judged: &[JudgedQuestion],
        hidden: &[QuestionOutcome<'_>],
        there: &[QuestionOutcome<'_>],
        misses: usize,
    ) -> Self {
        let there: BTreeMap<&str, f64> =
            there.iter().map(|outcome| (outcome.judged.id.as_str(), outcome.confidence)).collect();
        let there =
            |outcome: &QuestionOutcome<'_>| there.get(outcome.judged.id.as_str()).copied().unwrap_or(0.0);
        let rows: Vec<HeldOutRow> =
            hidden.iter().map(|outcome| HeldOutRow::new(outcome, there(outcome))).collect();
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
    fn new(outcome: &QuestionOutcome<'_>, there: f64) -> Self {
        let metrics = BTreeMap::from([("false_answers".to_owned(), f64::from(!outcome.refused))]);
        Self {
            row: ReportRow { id: outcome.judged.id.clone(), metrics },
            kind: outcome.judged.kind.clone(),
            confidence: round_metric(outcome.confidence),
            confidence_there: round_metric(there),
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

/// Over questions, not over confidences: a question comes with both of its own.
fn auroc(rows: &[HeldOutRow]) -> Option<Interval> {
    let pairs: Vec<(f64, f64)> = rows.iter().map(|row| (row.confidence_there, row.confidence)).collect();
    bootstrap_interval(&pairs, |pairs| {
        let both = pairs.iter().flat_map(|(there, hidden)| [(*there, true), (*hidden, false)]);
        confidence::auroc(&both.collect::<Vec<Prediction>>())
    })
}

fn confidence_quantiles(rows: &[HeldOutRow]) -> Vec<ConfidenceQuantile> {
    let sorted = |confidence: fn(&HeldOutRow) -> f64| {
        let mut all: Vec<f64> = rows.iter().map(confidence).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let (hidden, there) = (sorted(|row| row.confidence), sorted(|row| row.confidence_there));
    let at = |below| {
        let quantile = |sorted| statistics::quantile(sorted, below);
        Some(ConfidenceQuantile { below, hidden: quantile(&hidden)?, there: quantile(&there)? })
    };
    [0.1, 0.25, 0.5, 0.75, 0.9, 1.0].into_iter().filter_map(at).collect()
}

/// What is wanted is no answer.
fn false_answer(outcome: &QuestionOutcome<'_>) -> Miss {
    Miss { wanted: ExpectedAnswer { posts: Vec::new(), any: Vec::new() }, ..Miss::from_outcome(outcome) }
}
