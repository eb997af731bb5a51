//! The report on questions with known answers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::confidence::Confidence;
use super::miss::Miss;
use super::outcome::{Inexact, Outcome};
use super::report::{ReportKind, Row, VERSION, rounded};
use super::scores::{Scores, Share, hit, reciprocal};
use super::setting::Setting;
use super::time::Time;

/// All that is known after the questions were asked.
#[derive(Debug, Clone, Serialize)]
pub struct Exam {
    /// Always [`ReportKind::Questions`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// What was asked of what.
    pub setting: Setting,
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
    pub confidence: Confidence,
    /// Whether excerpts say what their files say.
    pub exactness: Exactness,
    /// The misses that were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// How long answers took, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// One for each question, in the order in which they were asked.
    pub rows: Vec<QuestionRow>,
}

/// Whether excerpts say what their files say, those that were held back included.
#[derive(Debug, Clone, Serialize)]
pub struct Exactness {
    /// How many excerpts were compared.
    pub excerpts: usize,
    /// Those that differ.
    pub inexact: Vec<Inexact>,
}

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionRow {
    /// Its id and its part in every mean.
    #[serde(flatten)]
    pub row: Row,
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
    pub right: bool,
}

impl Exam {
    /// From all outcomes, with up to `misses` misses told.
    #[must_use]
    pub fn new(setting: Setting, outcomes: &[Outcome<'_>], misses: usize, time: Option<Time>) -> Self {
        let (with, without): (Vec<_>, Vec<_>) =
            outcomes.iter().partition(|outcome| outcome.judged.is_answerable());
        let answered = |outcomes: &[&Outcome<'_>]| Share::of(outcomes.iter().map(|outcome| !outcome.refused));
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
            without_refusing: Scores::of(&best, 0),
            refused: Share::of(with.iter().map(|outcome| outcome.refused)),
            false_answers: answered(&without),
            false_answers_near: near(true),
            false_answers_far: near(false),
            confidence: Confidence::of(outcomes),
            exactness: Exactness::of(outcomes),
            misses: Miss::first(outcomes, misses),
            time,
            rows: outcomes.iter().map(QuestionRow::of).collect(),
        }
    }
}

fn scores(outcomes: &[&Outcome<'_>]) -> Option<Scores> {
    let ranks: Vec<_> = outcomes.iter().map(|outcome| outcome.rank()).collect();
    Scores::of(&ranks, outcomes.iter().filter(|outcome| outcome.refused).count())
}

fn by_kind(outcomes: &[&Outcome<'_>]) -> BTreeMap<String, Scores> {
    let mut kinds: BTreeMap<&str, Vec<&Outcome<'_>>> = BTreeMap::new();
    for outcome in outcomes {
        kinds.entry(&outcome.judged.kind).or_default().push(outcome);
    }
    let scored = kinds.into_iter().map(|(kind, alike)| Some((kind.to_owned(), scores(&alike)?)));
    scored.flatten().collect()
}

impl Exactness {
    fn of(outcomes: &[Outcome<'_>]) -> Self {
        Self {
            excerpts: outcomes.iter().map(|outcome| outcome.excerpts.len()).sum(),
            inexact: outcomes.iter().flat_map(|outcome| outcome.inexact.iter().cloned()).collect(),
        }
    }
}

impl QuestionRow {
    fn of(outcome: &Outcome<'_>) -> Self {
        let rank = outcome.rank();
        let metrics: Vec<(&str, f64)> = if outcome.judged.is_answerable() {
            vec![
                ("hit@1", hit(rank, 1)),
                ("hit@3", hit(rank, 3)),
                ("mrr", reciprocal(rank)),
                ("refused", f64::from(outcome.refused)),
            ]
        } else {
            vec![("false_answers", f64::from(!outcome.refused))]
        };
        Self {
            row: Row {
                id: outcome.judged.id.clone(),
                metrics: metrics.into_iter().map(|(name, value)| (name.to_owned(), rounded(value))).collect(),
            },
            kind: outcome.judged.kind.clone(),
            rank,
            best_rank: outcome.best_rank,
            refused: outcome.refused,
            confidence: rounded(outcome.confidence),
            right: outcome.is_right(),
        }
    }
}

#[cfg(test)]
mod tests;
