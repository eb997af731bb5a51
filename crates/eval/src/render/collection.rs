//! The report on a collection of judged documents.

use super::line;
use crate::bootstrap::Interval;
use crate::collection::{CollectionReport, Setting};
use takeaways_render::clean::one_line;

/// In the order in which others report them.
const METRICS: [&str; 6] = ["ndcg@10", "recall@100", "mrr@10", "map", "span@1", "span@3"];

/// The page: lines that end with a line feed.
#[must_use]
pub fn collection(report: &CollectionReport) -> String {
    let mut page = String::new();
    let rows = &report.report.rows;
    let Setting { documents, passages, depth, answerable, unanswerable, .. } = &report.setting;
    line(&mut page, &format!("{} judged queries, {documents} documents in {passages} passages", rows.len()));
    line(&mut page, &format!("up to {depth} documents for a query; in brackets: 95 % of 10,000 draws"));
    page.push('\n');
    for (name, Interval { value, low, high }) in
        METRICS.iter().filter_map(|name| Some((name, report.means.get(*name)?)))
    {
        let queries = rows.iter().filter(|row| row.metrics.contains_key(*name)).count();
        line(&mut page, &format!("{name:<12} {value:.4} [{low:.3}, {high:.3}]   over {queries}"));
    }
    if let Some(auroc) = report.auroc {
        let of = format!("{answerable} with an answer, {unanswerable} without");
        line(&mut page, &format!("{:<12} {auroc:.4}                  {of}", "AUROC"));
    }
    if !report.setting.notes.is_empty() {
        page.push('\n');
    }
    for note in &report.setting.notes {
        line(&mut page, &format!("note: {}", one_line(note)));
    }
    page
}
