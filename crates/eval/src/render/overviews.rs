//! Renders the report on overviews.

use super::list_ids;
use crate::overviews::{CUTS, OverviewReport};

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
