//! Reports on graded excerpts, overviews and points as lines of text.

use super::qa_report::{calibration_table, setting_lines};
use super::{interval_or_dash, list_ids, number_or_dash, share_or_dash};
use crate::graded_report::GradedReport;
use crate::judgments::Agreement;
use crate::marks::MarkReport;
use crate::metrics::Share;
use crate::overviews::{CUTS, OverviewReport};
use crate::points::{PointQuality, PointReport};
use crate::shapes::{ShapeReport, ShapeShares};
use takeaways_render::terminal_text::clean_line;

/// The maximum number of characters of a line of ids.
const MAX_LINE: usize = 100;

/// Renders a report as lines of text.
pub fn graded_report(report: &GradedReport) -> String {
    let mut page = setting_lines(&report.setting);
    if let Some(agreement) = &report.agreement {
        agreement_line(&mut page, "judgments", *agreement);
    }
    page.push('\n');
    line!(page, "{:<38} {}", "nDCG@3 of what is shown", interval_or_dash(report.ndcg_3.as_ref()));
    let mut shares = |what: &str, found: Option<&Share>| {
        line!(page, "{what:<38} {}", share_or_dash(found));
    };
    shares("first excerpt answers", report.first_answers.as_ref());
    shares("second and third are off the topic", report.others_off_topic.as_ref());
    shares("refused, with an answer", report.refused.as_ref());
    shares("answered, without one", report.false_answers.as_ref());
    page.push('\n');
    line!(page, "calibration error (ECE) {:.3}", report.calibration.ece);
    calibration_table(&mut page, &report.calibration);
    let unjudged: Vec<String> =
        report.unjudged.iter().map(|excerpt| format!("{} #{}", excerpt.question, excerpt.rank)).collect();
    let firsts = report.unjudged.iter().filter(|excerpt| excerpt.rank == 1).count();
    let what = format!("of the first three not judged, {firsts} of them the first");
    for (what, ids) in [(what.as_str(), &unjudged), ("judged but changed since", &report.stale)] {
        if !ids.is_empty() {
            page.push('\n');
            line!(page, "{} {what}:", ids.len());
            push_ids(&mut page, ids);
        }
    }
    page
}

fn agreement_line(page: &mut String, what: &str, agreement: Agreement) {
    let Agreement { judgments, same, kappa } = agreement;
    line!(page, "{judgments} {what} by two readers: {same:.2} of the grades are the same, kappa {kappa:.2}");
}

/// Adds all ids, in lines of at most [`MAX_LINE`] characters if none is longer.
fn push_ids(page: &mut String, ids: &[String]) {
    let mut ids = ids.iter().map(|id| clean_line(id)).peekable();
    while let Some(id) = ids.next() {
        let mut line = format!("  {id}");
        while let Some(next) = ids.next_if(|next| line.len() + next.len() + 3 <= MAX_LINE) {
            line += ", ";
            line += &next;
        }
        line!(page, "{line}{}", if ids.peek().is_some() { "," } else { "" });
    }
}

/// Renders a report as lines of text.
pub fn overview_report(report: &OverviewReport) -> String {
    let mut page = String::new();
    let [few, many] = CUTS;
    line!(
        page,
        "{:<12} {:>9} {:>8} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6} {:>8}",
        "shape",
        "questions",
        format!("at {few}"),
        format!("at {many}"),
        format!("most {few}"),
        format!("most {many}"),
        "bad",
        "lines",
        "posts",
        "authors"
    );
    for row in &report.rows {
        let cell = |values: &[f64], at: usize| format!("{:.3}", values.get(at).copied().unwrap_or_default());
        line!(
            page,
            "{:<12} {:>9} {:>8} {:>8} {:>8} {:>8} {:>6.3} {:>6.1} {:>6.1} {:>8.1}",
            row.shape,
            row.questions,
            cell(&row.recall, 0),
            cell(&row.recall, 1),
            cell(&row.recall_of_most, 0),
            cell(&row.recall_of_most, 1),
            row.bad,
            row.lines,
            row.posts,
            row.authors
        );
    }
    page.push('\n');
    line!(page, "at N: the weighted share of points that N lines hold; most: of those that matter most");
    if !report.other_shapes.is_empty() {
        line!(
            page,
            "{} answers have another shape: {}",
            report.other_shapes.len(),
            list_ids(&report.other_shapes)
        );
    }
    line!(page, "{} lines are not graded", report.ungraded.len());
    page
}

/// Renders a report as lines of text.
pub fn point_report(report: &PointReport) -> String {
    let mut page = String::new();
    let PointReport { marks, claims, alone, .. } = report;
    line!(page, "{marks} graded sentences; {claims:.2} are claims, {alone:.2} can stand alone");
    if let Some(agreement) = &report.agreement {
        agreement_line(&mut page, "of them", *agreement);
    }
    quality_lines(&mut page, "posts that weights are fitted to", &report.fitted);
    quality_lines(&mut page, "posts set aside", &report.set_aside);
    if !report.stale.is_empty() {
        page.push('\n');
        line!(page, "{} graded but changed since: {}", report.stale.len(), list_ids(&report.stale));
    }
    page
}

/// Renders a report as lines of text.
pub fn mark_report(report: &MarkReport) -> String {
    let mut page = String::new();
    line!(page, "\n{} marked sentences", report.marked);
    for (mark, Agreement { judgments, kappa, .. }) in &report.agreement {
        line!(
            page,
            "  {:<34} kappa {kappa:.2} of two readers, {judgments} sentences",
            format!("{mark:?}").to_lowercase()
        );
    }
    for (what, quality) in
        [("posts that weights are fitted to", &report.fitted), ("posts set aside", &report.set_aside)]
    {
        line!(page, "\n{what}: {} sentences", quality.sentences);
        line!(
            page,
            "  {:<34} {}",
            "found on the event and marked so",
            share_or_dash(quality.precision.as_ref())
        );
        line!(page, "  {:<34} {}", "marked so and found", share_or_dash(quality.recall.as_ref()));
    }
    if !report.stale.is_empty() {
        line!(page, "\n{} marked but changed since: {}", report.stale.len(), list_ids(&report.stale));
    }
    page
}

/// Renders a report as lines of text.
pub fn shape_report(report: &ShapeReport) -> String {
    let mut page = String::new();
    for (half, ShapeShares { right, facts, broad, unanswerable }) in &report.0 {
        line!(page, "{half}");
        line!(page, "  {:<34} {}", "the right shape", share_or_dash(right.as_ref()));
        line!(page, "  {:<34} {}", "facts taken for such", share_or_dash(facts.as_ref()));
        line!(page, "  {:<34} {}", "broad questions taken for such", share_or_dash(broad.as_ref()));
        line!(page, "  {:<34} {}", "unanswerable ones taken for such", share_or_dash(unanswerable.as_ref()));
    }
    page
}

fn quality_lines(page: &mut String, what: &str, quality: &PointQuality) {
    page.push('\n');
    line!(page, "{what}: {}, with {} graded sentences", quality.posts, quality.sentences);
    line!(page, "  {:<34} {}", "AUROC, 2 or more", number_or_dash(quality.auroc));
    line!(page, "  {:<34} {}", "the best point has 2 or more", share_or_dash(quality.best_is_good.as_ref()));
    line!(page, "  {:<34} {}", "the best point has 0", share_or_dash(quality.best_is_bad.as_ref()));
    if !quality.unmarked.is_empty() {
        line!(
            page,
            "  {} best points are not graded: {}",
            quality.unmarked.len(),
            list_ids(&quality.unmarked)
        );
    }
}
