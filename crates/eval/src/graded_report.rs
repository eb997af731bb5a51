//! The report on questions whose excerpts are graded: how good the first excerpt is, and whether others add to it.

use serde::Serialize;

use crate::confidence::{Calibration, Prediction};
use crate::judgments::{ANSWERS, Agreement, Judgments};
use crate::metrics::Share;
use crate::outcome::QuestionOutcome;
use crate::report::{QaSetting, ReportKind, ReportRow, VERSION};
use crate::statistics::{Interval, mean_interval};
use takeaways_answer::MAX_EXCERPTS;

/// The report on questions whose excerpts are graded.
#[derive(Debug, Clone, Serialize)]
pub struct GradedReport {
    /// Always [`ReportKind::Graded`].
    pub kind: ReportKind,
    /// [`VERSION`].
    pub version: u32,
    /// The conditions.
    pub setting: QaSetting,
    /// How often two readers of these questions agree.
    pub agreement: Option<Agreement>,
    /// The mean nDCG of the first three excerpts, over answerable questions; a refusal has 0. Unjudged excerpts are left out, as if
    /// the next ones stood in their place (Sakai 2007, *SIGIR*), and so are questions with no judged one.
    pub ndcg_3: Option<Interval>,
    /// The share of answerable questions whose first excerpt answers; a refusal does not. Questions whose first excerpt is
    /// unjudged are left out.
    pub first_answers: Option<Share>,
    /// The share of shown second and third excerpts that are not on the topic, of all that are judged.
    pub others_off_topic: Option<Share>,
    /// The share of refused questions among answerable ones.
    pub refused: Option<Share>,
    /// The share of answered questions among unanswerable ones.
    pub false_answers: Option<Share>,
    /// How well the confidence predicts that the first excerpt answers, shown or not.
    pub calibration: Calibration,
    /// The first three excerpts of each answer that are like no judged span.
    pub unjudged: Vec<UnjudgedExcerpt>,
    /// The judgments whose text is no longer in its post, as `question post from..to`.
    pub stale: Vec<String>,
    /// A row for each question, in the order in which they were asked.
    pub rows: Vec<ReportRow>,
}

/// A shown excerpt without a judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnjudgedExcerpt {
    /// The id of the question.
    pub question: String,
    /// The rank of the excerpt, from 1.
    pub rank: usize,
    /// The path of its post.
    pub path: String,
    /// Its first byte in the post's text, and the byte after its last.
    pub span: (usize, usize),
}

/// The grades of the excerpts of one question.
struct GradedOutcome<'o> {
    outcome: &'o QuestionOutcome<'o>,
    /// The grade of each excerpt, shown or not; `None` if it is unjudged.
    grades: Vec<Option<u8>>,
    /// The grades of the best possible excerpts.
    best: Vec<u8>,
}

impl GradedReport {
    /// Measures the outcomes of questions that have judgments. `stale` lists the judgments that no longer fit.
    pub fn new(
        setting: QaSetting,
        outcomes: &[QuestionOutcome<'_>],
        judgments: &Judgments,
        stale: Vec<String>,
    ) -> Self {
        let graded: Vec<GradedOutcome<'_>> =
            outcomes.iter().map(|outcome| GradedOutcome::new(outcome, judgments)).collect();
        let (answerable, unanswerable): (Vec<_>, Vec<_>) =
            graded.iter().partition(|graded| graded.outcome.judged.is_answerable());
        let ndcg: Vec<f64> = answerable.iter().filter_map(|graded| graded.ndcg()).collect();
        let others = graded.iter().flat_map(|graded| graded.shown().iter().skip(1).flatten());
        let predictions: Vec<Prediction> = graded.iter().filter_map(GradedOutcome::prediction).collect();
        Self {
            kind: ReportKind::Graded,
            version: VERSION,
            setting,
            agreement: judgments.agreement(outcomes.iter().map(|outcome| outcome.judged.id.as_str())),
            ndcg_3: mean_interval(&ndcg),
            first_answers: Share::from_flags(answerable.iter().filter_map(|graded| graded.is_first_right())),
            others_off_topic: Share::from_flags(others.map(|grade| *grade == 0)),
            refused: Share::from_flags(answerable.iter().map(|graded| graded.outcome.refused)),
            false_answers: Share::from_flags(unanswerable.iter().map(|graded| !graded.outcome.refused)),
            calibration: Calibration::new(&predictions),
            unjudged: graded.iter().flat_map(GradedOutcome::unjudged).collect(),
            stale,
            rows: graded.iter().map(GradedOutcome::row).collect(),
        }
    }
}

impl<'o> GradedOutcome<'o> {
    fn new(outcome: &'o QuestionOutcome<'o>, judgments: &Judgments) -> Self {
        let id = &outcome.judged.id;
        Self {
            outcome,
            grades: outcome.excerpts.iter().map(|excerpt| judgments.grade(id, excerpt)).collect(),
            best: judgments.best_grades(id, MAX_EXCERPTS),
        }
    }

    /// The grades of the first three excerpts that are shown. An overview has more lines, which are measured by their points.
    fn shown(&self) -> &[Option<u8>] {
        let shown = if self.outcome.refused { 0 } else { self.grades.len().min(MAX_EXCERPTS) };
        self.grades.get(..shown).unwrap_or_default()
    }

    /// The discounted gain of the shown excerpts relative to the best ones. `None` if no judged span is worth anything, or no
    /// shown excerpt is judged.
    fn ndcg(&self) -> Option<f64> {
        let best = discounted_gain(self.best.iter().copied());
        let shown: Vec<u8> = self.shown().iter().copied().flatten().collect();
        let is_measured = best > 0.0 && (self.outcome.refused || !shown.is_empty());
        is_measured.then(|| (discounted_gain(shown.into_iter()) / best).min(1.0))
    }

    /// Whether the first excerpt answers; `None` if it is unjudged.
    fn is_first_right(&self) -> Option<bool> {
        let Some(first) = self.shown().first() else { return Some(false) };
        first.map(|grade| grade >= ANSWERS)
    }

    fn prediction(&self) -> Option<Prediction> {
        let grade = (*self.grades.first()?)?;
        Some((self.outcome.confidence, grade >= ANSWERS))
    }

    fn unjudged(&self) -> Vec<UnjudgedExcerpt> {
        let missing = self.shown().iter().enumerate().filter(|(_, grade)| grade.is_none());
        let excerpt = |at: usize| {
            let excerpt = &self.outcome.excerpts[at];
            UnjudgedExcerpt {
                question: self.outcome.judged.id.clone(),
                rank: at + 1,
                path: excerpt.citation.path.clone(),
                span: (excerpt.quote.span.start(), excerpt.quote.span.end()),
            }
        };
        missing.map(|(at, _)| excerpt(at)).collect()
    }

    fn row(&self) -> ReportRow {
        let mut metrics = Vec::new();
        if self.outcome.judged.is_answerable() {
            metrics.extend(self.ndcg().map(|ndcg| ("ndcg@3", ndcg)));
            metrics.extend(self.is_first_right().map(|is_right| ("first_answers", f64::from(is_right))));
            metrics.push(("refused", f64::from(self.outcome.refused)));
        } else {
            metrics.push(("false_answers", f64::from(!self.outcome.refused)));
        }
        ReportRow::new(&self.outcome.judged.id, metrics)
    }
}

/// Sums `(2^grade - 1) / log2(rank + 1)` (Järvelin and Kekäläinen 2002, *ACM TOIS* 20(4), with the gain of Burges et al.
/// 2005).
fn discounted_gain(grades: impl Iterator<Item = u8>) -> f64 {
    let gains = grades.enumerate().map(|(at, grade)| {
        let rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
        (f64::from(grade).exp2() - 1.0) / (f64::from(rank) + 1.0).log2()
    });
    gains.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{excerpt, judged, outcome, setting};

    /// Grades for `0123456789` and `01234` in `a.md`.
    fn judgments() -> Judgments {
        let judgment = |end: usize, grade: u8| {
            format!(r#"{{"post":"a.md","span":[0,{end}],"hash":"0","grade":{grade}}}"#)
        };
        let both = format!("{},{}", judgment(10, 3), judgment(4, 0));
        let lines: Vec<String> =
            ["1", "2", "4"].map(|id| format!(r#"{{"id":"{id}","judgments":[{both}]}}"#)).to_vec();
        Judgments::parse("j.jsonl", &lines.join("\n")).expect("judgments")
    }

    #[test]
    fn refusals_and_what_nobody_judged_count_nothing() {
        let questions = judged();
        let right = || excerpt("a.md", "0123456789", None);
        let off_topic = || excerpt("a.md", "0123", None);
        let unjudged = || excerpt("b.md", "0123", None);
        let outcomes = [
            outcome(&questions[0], false, 0.9, vec![right(), off_topic(), unjudged()]),
            outcome(&questions[1], true, 0.1, vec![right()]),
            outcome(&questions[3], false, 0.4, vec![off_topic()]),
        ];
        let report = GradedReport::new(setting(), &outcomes, &judgments(), vec!["old".into()]);
        let share = |share: &Option<Share>| share.as_ref().map(|share| (share.count, share.total));
        assert_eq!(share(&report.first_answers), Some((1, 2)));
        assert_eq!(share(&report.others_off_topic), Some((1, 1)));
        assert_eq!((share(&report.refused), share(&report.false_answers)), (Some((1, 2)), Some((1, 1))));
        assert_eq!(report.ndcg_3.map(|ndcg| ndcg.value), Some(0.5));
        let unjudged: Vec<_> = report.unjudged.iter().map(|it| (it.question.as_str(), it.rank)).collect();
        assert_eq!(unjudged, [("1", 3)]);
        assert_eq!((report.stale.len(), report.rows.len()), (1, 3));
    }

    #[test]
    fn the_first_three_excerpts_are_measured_and_unjudged_ones_are_left_out() {
        let questions = judged();
        let right = || excerpt("a.md", "0123456789", None);
        let off_topic = || excerpt("a.md", "0123", None);
        let unjudged = || excerpt("b.md", "0123", None);
        let lines = vec![right(), off_topic(), off_topic(), off_topic(), unjudged()];
        let outcomes = [
            outcome(&questions[0], false, 0.9, lines),
            outcome(&questions[1], false, 0.9, vec![unjudged(), right()]),
        ];
        let report = GradedReport::new(setting(), &outcomes, &judgments(), Vec::new());
        let share = |share: &Option<Share>| share.as_ref().map(|share| (share.count, share.total));
        assert_eq!(share(&report.others_off_topic), Some((2, 3)));
        assert_eq!(share(&report.first_answers), Some((1, 1)));
        assert_eq!(report.ndcg_3.map(|ndcg| ndcg.value), Some(1.0));
        let unjudged: Vec<_> = report.unjudged.iter().map(|it| (it.question.as_str(), it.rank)).collect();
        assert_eq!(unjudged, [("2", 1)]);
    }

    #[test]
    fn a_later_rank_gains_less() {
        let gain = |grades: &[u8]| discounted_gain(grades.iter().copied());
        assert!((gain(&[3]) - 7.0).abs() < 1e-9);
        assert!(gain(&[3, 0]) > gain(&[0, 3]) && gain(&[0, 3]) > gain(&[0, 2]));
        assert!(gain(&[0, 0]).abs() < 1e-9);
    }
}
