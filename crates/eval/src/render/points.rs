//! Renders the report on graded sentences.

use super::{list_ids, share};
use crate::judgments::Agreement;
use crate::metrics::Share;
use crate::points::{PointQuality, PointReport};

/// Renders a report as lines of text.
pub fn point_report(report: &PointReport) -> String {
    let mut page = String::new();
    let PointReport { marks, claims, alone, .. } = report;
    line!(page, "{marks} graded sentences; {claims:.2} are claims, {alone:.2} can stand alone");
    if let Some(Agreement { judgments, same, kappa }) = &report.agreement {
        line!(
            page,
            "{judgments} of them by two readers: {same:.2} of the grades are the same, kappa {kappa:.2}"
        );
    }
    quality_lines(&mut page, "posts that weights are fitted to", &report.fitted);
    quality_lines(&mut page, "posts set aside", &report.set_aside);
    if !report.stale.is_empty() {
        page.push('\n');
        line!(page, "{} graded but changed since: {}", report.stale.len(), list_ids(&report.stale));
    }
    page
}

fn quality_lines(page: &mut String, what: &str, quality: &PointQuality) {
    page.push('\n');
    line!(page, "{what}: {}, with {} graded sentences", quality.posts, quality.sentences);
    let auroc = quality.auroc.map_or_else(|| "–".to_owned(), |auroc| format!("{auroc:.3}"));
    line!(page, "  {:<34} {auroc}", "AUROC, 2 or more");
    let share_or_dash = |found: Option<&Share>| found.map_or_else(|| "–".to_owned(), share);
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
