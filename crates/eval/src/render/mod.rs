//! Renders reports as plain text in columns, at most 100 characters wide except for long names.

/// Adds a formatted line to a page, without blanks at its end.
macro_rules! line {
    ($page:ident, $($text:tt)*) => {{
        $page.push_str(format!($($text)*).trim_end());
        $page.push('\n');
    }};
}

mod fit;
mod labels;
mod qa_report;

use crate::collection::{CollectionReport, CollectionSetting};
use crate::comparison::{Comparison, MetricDifference};
use crate::held_out::HeldOutReport;
use crate::labels::{CHOOSING, LabelReport};
use crate::metrics::Share;
use crate::statistics::Interval;
use takeaways_render::terminal_text::clean_line;

pub use fit::fit;
pub use labels::{graded_report, mark_report, overview_report, point_report, shape_report};
pub use qa_report::qa_report;
use qa_report::{push_misses, setting_lines};

/// The metrics in the usual order.
const METRICS: [&str; 6] = ["ndcg@10", "recall@100", "mrr@10", "map", "span@1", "span@3"];

/// Renders the report on a collection as lines of text.
pub fn collection(report: &CollectionReport) -> String {
    let mut page = String::new();
    let rows = &report.report.rows;
    let CollectionSetting { documents, passages, depth, answerable, unanswerable, .. } = &report.setting;
    line!(page, "{} judged queries, {documents} documents in {passages} passages", rows.len());
    line!(page, "up to {depth} documents for a query; in brackets: 95 % of 10,000 draws");
    page.push('\n');
    for (name, Interval { value, low, high }) in
        METRICS.iter().filter_map(|name| Some((name, report.means.get(*name)?)))
    {
        let queries = rows.iter().filter(|row| row.metrics.contains_key(*name)).count();
        line!(page, "{name:<12} {value:.4} [{low:.3}, {high:.3}]   over {queries}");
    }
    if let Some(auroc) = report.auroc {
        let counts = format!("{answerable} with an answer, {unanswerable} without");
        line!(page, "{:<12} {auroc:.4}                  {counts}", "AUROC");
    }
    if !report.setting.notes.is_empty() {
        page.push('\n');
    }
    for note in &report.setting.notes {
        line!(page, "note: {}", clean_line(note));
    }
    page
}

/// The most ids in a list; the JSON has all.
const MAX_IDS: usize = 12;

/// Renders a comparison as lines of text.
pub fn comparison(comparison: &Comparison) -> String {
    let mut page = String::new();
    line!(page, "{} questions in both reports", comparison.common);
    for (which, ids) in [("first", &comparison.only_before), ("second", &comparison.only_after)] {
        if !ids.is_empty() {
            line!(page, "only in the {which}: {}", list_ids(ids));
        }
    }
    page.push('\n');
    line!(page, "metric           n   before    after   change      p   rose   fell");
    for found in &comparison.metrics {
        let MetricDifference { questions, before, after, difference, p, .. } = found;
        let (name, rose, fell) = (clean_line(&found.metric), found.rose.len(), found.fell.len());
        line!(
            page,
            "{name:<13} {questions:>4}   {before:>6.4}   {after:>6.4}  {difference:>+7.4}  {p:>5.3}   {rose:>4}   {fell:>4}"
        );
    }
    page.push('\n');
    line!(
        page,
        "p: two-sided, by 10,000 random signs of the differences; one metric in twenty is below 0.05 by luck"
    );
    for found in &comparison.metrics {
        for (how, ids) in [("rose", &found.rose), ("fell", &found.fell)] {
            if !ids.is_empty() {
                line!(page, "{} {how}: {}", clean_line(&found.metric), list_ids(ids));
            }
        }
    }
    page
}

fn list_ids(ids: &[String]) -> String {
    let mut names: Vec<String> = ids.iter().take(MAX_IDS).map(|id| clean_line(id)).collect();
    let omitted = ids.len().saturating_sub(MAX_IDS);
    names.extend((omitted > 0).then(|| format!("and {omitted} more")));
    names.join(", ")
}

/// Renders the report on labels as lines of text.
pub fn label_report(report: &LabelReport) -> String {
    let mut page = String::new();
    for row in &report.rows {
        line!(page, "{:<10} {:<8} {}", row.half, row.what, share(&row.right));
    }
    if !report.misses.is_empty() {
        page.push('\n');
        line!(page, "missed in the half {CHOOSING}:");
    }
    for miss in &report.misses {
        line!(page, "  {}", clean_line(miss));
    }
    page
}

/// Renders the report on held-out questions as lines of text.
pub fn held_out(report: &HeldOutReport) -> String {
    let mut page = setting_lines(&report.setting);
    page.push('\n');
    let (asked, dropped) = (report.rows.len(), report.dropped.len());
    line!(page, "{asked} asked with their answers taken away; {dropped} left out, answered elsewhere too");
    page.push('\n');
    let mut shares = report.by_kind.iter().map(|(kind, found)| (format!("  {}", clean_line(kind)), found));
    let all = report.answered.iter().map(|found| ("answered all the same".to_owned(), found));
    for (what, found) in all.chain(shares.by_ref()) {
        line!(page, "{what:<24} {}", share(found));
    }
    page.push('\n');
    line!(
        page,
        "AUROC of the confidence, with or without the answers: {}",
        interval_or_dash(report.auroc.as_ref())
    );
    page.push('\n');
    line!(page, "part of the questions   below, without   below, with the answers");
    for spread in &report.spread {
        line!(page, "{:<23.2} {:<16.3} {:.3}", spread.below, spread.hidden, spread.there);
    }
    push_misses(&mut page, &report.misses);
    page
}

/// Formats an interval: `0.720 [0.62, 0.81]`.
pub(super) fn interval(interval: &Interval) -> String {
    let Interval { value, low, high } = interval;
    format!("{value:.3} [{low:.2}, {high:.2}]")
}

/// Formats an interval, or a dash for `None`.
pub(super) fn interval_or_dash(number: Option<&Interval>) -> String {
    number.map_or_else(|| "–".to_owned(), interval)
}

/// Formats a number, or a dash for `None`.
pub(super) fn number_or_dash(number: Option<f64>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"))
}

/// Formats a share, or a dash for `None`.
pub(super) fn share_or_dash(found: Option<&Share>) -> String {
    found.map_or_else(|| "–".to_owned(), share)
}

/// Formats a share: `9 of 80, 0.112 [0.05, 0.19]`.
pub(super) fn share(share: &Share) -> String {
    format!("{} of {}, {}", share.count, share.total, interval(&share.share))
}
