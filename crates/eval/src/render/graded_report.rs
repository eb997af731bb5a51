//! Renders the report on questions whose excerpts are graded.

use super::qa_report::{calibration_table, setting_lines};
use super::{interval_or_dash, list_ids, share};
use crate::graded_report::GradedReport;
use crate::metrics::Share;

/// Renders a report as lines of text.
pub fn graded_report(report: &GradedReport) -> String {
    let mut page = setting_lines(&report.setting);
    if let Some(agreement) = &report.agreement {
        let crate::judgments::Agreement { judgments, same, kappa } = agreement;
        line!(
            page,
            "{judgments} judgments by two readers: {same:.2} of the grades are the same, kappa {kappa:.2}"
        );
    }
    page.push('\n');
    line!(page, "{:<38} {}", "nDCG@3 of what is shown", interval_or_dash(report.ndcg_3.as_ref()));
    let mut shares = |what: &str, found: Option<&Share>| {
        line!(page, "{what:<38} {}", found.map_or_else(|| "–".to_owned(), share));
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
    for (what, ids) in [("shown but not judged", &unjudged), ("judged but changed since", &report.stale)] {
        if !ids.is_empty() {
            page.push('\n');
            line!(page, "{} {what}: {}", ids.len(), list_ids(ids));
        }
    }
    page
}
