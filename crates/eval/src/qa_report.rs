//! The report on questions with known answers, with its error analysis.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Serialize;

use crate::confidence::ConfidenceReport;
use crate::metrics::{Scores, Share, hit, reciprocal_rank};
use crate::outcome::{InexactExcerpt, QuestionOutcome};
use crate::questions::file_name;
use crate::report::{Latency, QaSetting, ReportKind, ReportRow, VERSION, round_metric};

/// The report on questions with known answers.
#[derive(Debug, Clone, Serialize)]
pub struct QaReport {
    /// Always [`ReportKind::Questions`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// The conditions.
    pub setting: QaSetting,
    /// The scores of all answerable questions; a refusal is a miss.
    pub all: Option<Scores>,
    /// The scores by kind.
    pub by_kind: BTreeMap<String, Scores>,
    /// The scores of all answerable questions if none were refused.
    pub without_refusing: Option<Scores>,
    /// The share of refused questions among answerable ones.
    pub refused: Option<Share>,
    /// The share of answered questions among unanswerable ones.
    pub false_answers: Option<Share>,
    /// The share of answered questions among unanswerable ones near the posts' topics, if the files mark them.
    pub false_answers_near: Option<Share>,
    /// The share of answered questions among unanswerable ones far from the posts' topics.
    pub false_answers_far: Option<Share>,
    /// The quality of the confidence.
    pub confidence: ConfidenceReport,
    /// Whether excerpts equal their files.
    pub exactness: Exactness,
    /// The worst misses, if they were requested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<Miss>,
    /// The latency of answers, if it was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Latency>,
    /// A row for each question, in the order in which they were asked.
    pub rows: Vec<QuestionRow>,
}

/// The comparison of all excerpts with their files, including those of refused questions.
#[derive(Debug, Clone, Serialize)]
pub struct Exactness {
    /// The number of excerpts.
    pub excerpts: usize,
    /// The excerpts that differ.
    pub inexact: Vec<InexactExcerpt>,
}

/// The row of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionRow {
    /// The id and the metrics.
    #[serde(flatten)]
    pub row: ReportRow,
    /// The kind of the question.
    pub kind: String,
    /// The rank of the first right excerpt that was shown, from 1.
    pub rank: Option<usize>,
    /// The rank of the first right excerpt, from 1, whether it was shown or not.
    pub best_rank: Option<usize>,
    /// Whether the question was refused.
    pub refused: bool,
    /// The confidence of the first excerpt.
    pub confidence: f64,
    /// Whether the first excerpt is right, whether it was shown or not.
    #[serde(rename = "right")]
    pub is_right: bool,
}

impl QaReport {
    /// Measures all outcomes. The report lists up to `misses` misses.
    pub fn new(
        setting: QaSetting,
        outcomes: &[QuestionOutcome<'_>],
        misses: usize,
        time: Option<Latency>,
    ) -> Self {
        let (answerable, unanswerable): (Vec<_>, Vec<_>) =
            outcomes.iter().partition(|outcome| outcome.judged.is_answerable());
        let answered = |outcomes: &[&QuestionOutcome<'_>]| {
            Share::from_flags(outcomes.iter().map(|outcome| !outcome.refused))
        };
        let near = |is_near: bool| {
            let outcomes = unanswerable.iter().filter(|outcome| outcome.judged.near == Some(is_near));
            answered(&outcomes.copied().collect::<Vec<_>>())
        };
        let best_ranks: Vec<_> = answerable.iter().map(|outcome| outcome.best_rank).collect();
        Self {
            kind: ReportKind::Questions,
            version: VERSION,
            setting,
            all: scores(&answerable),
            by_kind: by_kind(&answerable),
            without_refusing: Scores::from_ranks(&best_ranks, 0),
            refused: Share::from_flags(answerable.iter().map(|outcome| outcome.refused)),
            false_answers: answered(&unanswerable),
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
    kinds.into_iter().filter_map(|(kind, outcomes)| Some((kind.to_owned(), scores(&outcomes)?))).collect()
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
            row: ReportRow::new(&outcome.judged.id, metrics),
            kind: outcome.judged.kind.clone(),
            rank,
            best_rank: outcome.best_rank,
            refused: outcome.refused,
            confidence: round_metric(outcome.confidence),
            is_right: outcome.is_right(),
        }
    }
}

/// A question with a wrong result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// The id of the question.
    pub id: String,
    /// The kind of the question.
    pub kind: String,
    /// The text of the question.
    pub question: String,
    /// The right answer. It is empty if the question should have been refused.
    pub wanted: ExpectedAnswer,
    /// Whether the question was refused, so that `shown` was not shown.
    pub refused: bool,
    /// The confidence of the first excerpt.
    pub confidence: f64,
    /// The rank of the first right excerpt, from 1.
    pub best_rank: Option<usize>,
    /// The excerpts that were shown, or that would have been shown without the refusal.
    pub shown: Vec<ShownExcerpt>,
}

/// The right answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpectedAnswer {
    /// The names of the files that answer it.
    pub posts: Vec<String>,
    /// The regular expressions of which one must match the quote.
    pub any: Vec<String>,
}

/// An excerpt in a list of misses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownExcerpt {
    /// The name of its file.
    pub file: String,
    /// The quoted text.
    pub quote: String,
}

impl Miss {
    /// Returns up to `limit` misses, the worst kind first: a false answer or no right excerpt; a refusal although an
    /// excerpt is right; a right excerpt behind a wrong one.
    pub fn worst(outcomes: &[QuestionOutcome<'_>], limit: usize) -> Vec<Self> {
        let mut misses: Vec<(u8, &QuestionOutcome<'_>)> =
            outcomes.iter().filter_map(|outcome| Some((severity(outcome)?, outcome))).collect();
        misses.sort_by_key(|(severity, _)| *severity);
        misses.into_iter().take(limit).map(|(_, outcome)| Self::from_outcome(outcome)).collect()
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

/// Returns the rank of a miss, 0 for the worst; `None` for a right result.
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
mod tests {
    use super::*;
    use crate::corpus_files::InMemoryCorpus;
    use crate::outcome::differences;
    use crate::samples::{excerpt, qa_report};
    use takeaways_text::model::{Citation, Excerpt, PostId, Quote};

    /// The lead-in and other files don't count; a refusal is a miss.
    #[test]
    fn a_report_by_hand() {
        let report = qa_report(0);
        let values = |scores: &Scores| (scores.hit_1.value, scores.hit_3.value, scores.mrr.value);
        let all = report.all.as_ref().expect("questions with an answer");
        assert_eq!(values(all), (0.333_333, 0.666_667, 0.444_444));
        assert_eq!((all.questions, all.refused), (3, 1));
        assert_eq!(values(&report.by_kind["fact"]), (0.5, 1.0, 0.666_667));
        assert_eq!(values(&report.by_kind["why"]), (0.0, 0.0, 0.0));
        assert_eq!(report.by_kind.len(), 2, "unanswerable questions have no scores");
        assert_eq!(values(report.without_refusing.as_ref().expect("the same")), (0.666_667, 1.0, 0.777_778));
        let counts = |share: &Option<Share>| share.as_ref().map(|share| (share.count, share.total));
        assert_eq!(counts(&report.refused), Some((1, 3)));
        assert_eq!(counts(&report.false_answers), Some((1, 2)));
        assert_eq!(
            (counts(&report.false_answers_near), counts(&report.false_answers_far)),
            (Some((1, 1)), Some((0, 1)))
        );
    }

    /// By descending confidence: right, wrong, wrong (unanswerable), right (refused), wrong (unanswerable).
    #[test]
    fn the_confidence_is_measured_over_shown_and_refused_answers() {
        let confidence = qa_report(0).confidence;
        let value = |interval: Option<crate::statistics::Interval>| interval.map(|interval| interval.value);
        // (0 + 1/2 + 2/3 + 2/4 + 3/5) / 5 and 4 of 6 pairs.
        assert_eq!(value(confidence.aurc), Some(0.453_333));
        assert_eq!(value(confidence.auroc_right), Some(0.666_667));
        assert_eq!(value(confidence.auroc_answerable), Some(0.833_333));
        // (|0.9-1| + |0.8-0| + |0.2-1| + |0.6-0| + |0.1-0|) / 5, each in a bin of its own.
        assert!((confidence.calibration.ece - 0.48).abs() < 1e-9, "{}", confidence.calibration.ece);
        assert!((confidence.calibration_shown.ece - 0.5).abs() < 1e-9);
    }

    #[test]
    fn rows_can_be_compared() {
        let report = qa_report(0);
        let row = |at: usize| serde_json::to_value(&report.rows[at]).expect("JSON");
        assert_eq!(
            row(1),
            serde_json::json!({
                "id": "2", "kind": "fact", "rank": 3, "best_rank": 3, "refused": false, "confidence": 0.8, "right": false,
                "metrics": {"hit@1": 0.0, "hit@3": 1.0, "mrr": 0.333_333, "refused": 0.0},
            })
        );
        assert_eq!(row(2)["rank"], serde_json::Value::Null);
        assert_eq!((&row(2)["best_rank"], &row(2)["right"]), (&1.into(), &true.into()));
        assert_eq!(row(3)["metrics"], serde_json::json!({"false_answers": 1.0}));
        let read: crate::report::Report =
            serde_json::from_value(serde_json::to_value(&report).expect("JSON")).expect("a report");
        assert_eq!((read.kind, read.version, read.rows.len()), (ReportKind::Questions, VERSION, 5));
    }

    #[test]
    fn the_worst_misses_come_first() {
        let ids = |misses| qa_report(misses).misses.into_iter().map(|miss| miss.id).collect::<Vec<_>>();
        assert_eq!(ids(9), ["4", "3", "2"]);
        assert_eq!(ids(1), ["4"]);
    }

    #[test]
    fn an_excerpt_that_differs_from_its_file_is_found() {
        use takeaways_corpus::{Corpus, CorpusSettings};
        use takeaways_search::CorpusFiles;

        let files = Corpus::new(CorpusSettings::default());
        let corpus = InMemoryCorpus::load(&CorpusFiles::list(&files, jiff::Timestamp::UNIX_EPOCH));
        let (file, post) = corpus.posts().next().expect("a note");
        assert!(post.path.ends_with(file));
        let span = post.body.sentences[0].span;
        let quote = post.body.slice(span).to_owned();
        let exact = Excerpt {
            quote: Quote { text: quote, span },
            citation: Citation {
                post: post.id.clone(),
                title: post.display_title().into(),
                author: post.byline(),
                date: post.date,
                url: post.url.clone(),
                ..excerpt(&post.path, "x", None).citation
            },
            ..excerpt(&post.path, "x", None)
        };
        let changed = |change: fn(&mut Excerpt)| {
            let mut excerpt = exact.clone();
            change(&mut excerpt);
            differences(&excerpt, &corpus)
        };
        assert_eq!(changed(|_| ()), [""; 0]);
        assert_eq!(changed(|excerpt| excerpt.quote.text.push('.')), ["quote"]);
        assert_eq!(
            changed(|excerpt| excerpt.lead_in = Some(Quote { text: "~".into(), span: excerpt.quote.span })),
            ["lead-in"]
        );
        assert_eq!(changed(|excerpt| excerpt.citation.title.push('.')), ["title"]);
        assert_eq!(changed(|excerpt| excerpt.citation.author = Some("Nobody".into())), ["author"]);
        assert_eq!(changed(|excerpt| excerpt.citation.date = Some(jiff::civil::date(1970, 1, 1))), ["date"]);
        assert_eq!(changed(|excerpt| excerpt.citation.url = Some("https://example.com".into())), ["link"]);
        assert_eq!(changed(|excerpt| excerpt.citation.post = PostId("gone".into())), ["post"]);
    }
}
