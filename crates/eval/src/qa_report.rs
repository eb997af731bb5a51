//! The report on questions with known answers, with its error analysis.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Serialize;

use crate::confidence::ConfidenceReport;
use crate::metrics::{Scores, Share, hit, reciprocal_rank};
use crate::outcome::{InexactExcerpt, QuestionOutcome};
use crate::questions::file_name;
use crate::report::{Latency, QaSetting, ReportKind, ReportRow, VERSION, round_metric};

/// All that is known after the questions were asked.
#[derive(Debug, Clone, Serialize)]
pub struct QaReport {
    /// Always [`ReportKind::Questions`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// What was asked of what.
    pub setting: QaSetting,
    /// Over all questions that have an answer; a refusal is a miss.
    pub all: Option<Scores>,
    /// The same by kind.
    pub by_kind: BTreeMap<String, Scores>,
    /// The same as `all` if nothing were ever refused.
    pub without_refusing: Option<Scores>,
    /// Questions with an answer that were refused.
    pub refused: Option<Share>,
    /// Questions without an answer that were answered.
    pub false_answers: Option<Share>,
    /// The same for those that are about what posts tell of, and for the others, where the files say which are.
    pub false_answers_near: Option<Share>,
    /// See `false_answers_near`.
    pub false_answers_far: Option<Share>,
    /// What the confidence is worth.
    pub confidence: ConfidenceReport,
    /// Whether excerpts say what their files say.
    pub exactness: Exactness,
    /// The misses that were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// How long answers took, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Latency>,
    /// One for each question, in the order in which they were asked.
    pub rows: Vec<QuestionRow>,
}

/// Whether excerpts say what their files say, those that were held back included.
#[derive(Debug, Clone, Serialize)]
pub struct Exactness {
    /// How many excerpts were compared.
    pub excerpts: usize,
    /// Those that differ.
    pub inexact: Vec<InexactExcerpt>,
}

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionRow {
    /// Its id and its part in every mean.
    #[serde(flatten)]
    pub row: ReportRow,
    /// Its kind.
    pub kind: String,
    /// The place of the first right excerpt that was shown, from 1.
    pub rank: Option<usize>,
    /// The same if it had not been refused.
    pub best_rank: Option<usize>,
    /// Whether it was refused.
    pub refused: bool,
    /// How sure it was.
    pub confidence: f64,
    /// Whether the first excerpt is right, were it shown or not.
    #[serde(rename = "right")]
    pub is_right: bool,
}

impl QaReport {
    /// From all outcomes, with up to `misses` misses told.
    #[must_use]
    pub fn new(
        setting: QaSetting,
        outcomes: &[QuestionOutcome<'_>],
        misses: usize,
        time: Option<Latency>,
    ) -> Self {
        let (with, without): (Vec<_>, Vec<_>) =
            outcomes.iter().partition(|outcome| outcome.judged.is_answerable());
        let answered = |outcomes: &[&QuestionOutcome<'_>]| {
            Share::from_flags(outcomes.iter().map(|outcome| !outcome.refused))
        };
        let near = |is_near: bool| {
            let alike = without.iter().filter(|outcome| outcome.judged.near == Some(is_near));
            answered(&alike.copied().collect::<Vec<_>>())
        };
        let best: Vec<_> = with.iter().map(|outcome| outcome.best_rank).collect();
        Self {
            kind: ReportKind::Questions,
            version: VERSION,
            setting,
            all: scores(&with),
            by_kind: by_kind(&with),
            without_refusing: Scores::from_ranks(&best, 0),
            refused: Share::from_flags(with.iter().map(|outcome| outcome.refused)),
            false_answers: answered(&without),
            false_answers_near: near(true),
            false_answers_far: near(false),
            confidence: ConfidenceReport::new(outcomes),
            exactness: Exactness::new(outcomes),
            misses: Miss::worst(outcomes, misses),
            time,
            rows: outcomes.iter().map(QuestionRow::new).collect(),
        }
    }
}

fn scores(outcomes: &[&QuestionOutcome<'_>]) -> Option<Scores> {
    let ranks: Vec<_> = outcomes.iter().map(|outcome| outcome.rank()).collect();
    Scores::from_ranks(&ranks, outcomes.iter().filter(|outcome| outcome.refused).count())
}

fn by_kind(outcomes: &[&QuestionOutcome<'_>]) -> BTreeMap<String, Scores> {
    let mut kinds: BTreeMap<&str, Vec<&QuestionOutcome<'_>>> = BTreeMap::new();
    for outcome in outcomes {
        kinds.entry(&outcome.judged.kind).or_default().push(outcome);
    }
    let scored = kinds.into_iter().map(|(kind, alike)| Some((kind.to_owned(), scores(&alike)?)));
    scored.flatten().collect()
}

impl Exactness {
    fn new(outcomes: &[QuestionOutcome<'_>]) -> Self {
        Self {
            excerpts: outcomes.iter().map(|outcome| outcome.excerpts.len()).sum(),
            inexact: outcomes.iter().flat_map(|outcome| outcome.inexact.iter().cloned()).collect(),
        }
    }
}

impl QuestionRow {
    fn new(outcome: &QuestionOutcome<'_>) -> Self {
        let rank = outcome.rank();
        let metrics: Vec<(&str, f64)> = if outcome.judged.is_answerable() {
            vec![
                ("hit@1", hit(rank, 1)),
                ("hit@3", hit(rank, 3)),
                ("mrr", reciprocal_rank(rank)),
                ("refused", f64::from(outcome.refused)),
            ]
        } else {
            vec![("false_answers", f64::from(!outcome.refused))]
        };
        Self {
            row: ReportRow {
                id: outcome.judged.id.clone(),
                metrics: metrics
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), round_metric(value)))
                    .collect(),
            },
            kind: outcome.judged.kind.clone(),
            rank,
            best_rank: outcome.best_rank,
            refused: outcome.refused,
            confidence: round_metric(outcome.confidence),
            is_right: outcome.is_right(),
        }
    }
}

/// A question that was not answered as it should have been.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// What was asked.
    pub question: String,
    /// What should have been shown: one of these patterns, of one of these files. Both are empty where nothing should
    /// have been.
    pub wanted: ExpectedAnswer,
    /// Whether it was refused; then `shown` was not.
    pub refused: bool,
    /// How sure it was of the first excerpt.
    pub confidence: f64,
    /// The place of the first right excerpt, from 1.
    pub best_rank: Option<usize>,
    /// What was shown, or would have been.
    pub shown: Vec<ShownExcerpt>,
}

/// What answers a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpectedAnswer {
    /// Names of files.
    pub posts: Vec<String>,
    /// Regular expressions.
    pub any: Vec<String>,
}

/// An excerpt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownExcerpt {
    /// The name of its file.
    pub file: String,
    /// Its words.
    pub quote: String,
}

impl Miss {
    /// The first `most` misses, the worst kind first: answered without an answer or no right excerpt at all, refused
    /// though the first excerpt is right, a right excerpt behind a wrong one.
    #[must_use]
    pub fn worst(outcomes: &[QuestionOutcome<'_>], most: usize) -> Vec<Self> {
        let mut missed: Vec<(u8, &QuestionOutcome<'_>)> =
            outcomes.iter().filter_map(|outcome| Some((severity(outcome)?, outcome))).collect();
        missed.sort_by_key(|(severity, _)| *severity);
        missed.into_iter().take(most).map(|(_, outcome)| Self::from_outcome(outcome)).collect()
    }

    pub(super) fn from_outcome(outcome: &QuestionOutcome<'_>) -> Self {
        let judged = outcome.judged;
        let shown = outcome.excerpts.iter().map(|excerpt| ShownExcerpt {
            file: file_name(&excerpt.citation.path).to_owned(),
            quote: excerpt.quote.text.clone(),
        });
        Self {
            id: judged.id.clone(),
            kind: judged.kind.clone(),
            question: judged.question.text().to_owned(),
            wanted: ExpectedAnswer {
                posts: judged.posts.iter().cloned().collect(),
                any: judged.any.iter().map(Regex::to_string).collect(),
            },
            refused: outcome.refused,
            confidence: round_metric(outcome.confidence),
            best_rank: outcome.best_rank,
            shown: shown.collect(),
        }
    }
}

/// `None` where all is as it should be.
fn severity(outcome: &QuestionOutcome<'_>) -> Option<u8> {
    if !outcome.judged.is_answerable() {
        return (!outcome.refused).then_some(0);
    }
    match (outcome.best_rank, outcome.refused) {
        (Some(1), false) => None,
        (None, _) => Some(0),
        (Some(_), true) => Some(1),
        (Some(_), false) => Some(2),
    }
}

#[cfg(test)]
mod tests;
