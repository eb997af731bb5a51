//! Compares two reports of the same kind, question by question.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::metrics::mean;
use crate::report::{Report, ReportKind, ReportRow, VERSION, round_metric};
use crate::statistics;

/// The changes from one report to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The kind of both reports.
    pub kind: ReportKind,
    /// The number of questions in both reports.
    pub common: usize,
    /// The questions that only the first report has. They are not compared.
    pub only_before: Vec<String>,
    /// The questions that only the second report has. They are not compared.
    pub only_after: Vec<String>,
    /// The changes of the metrics, by name.
    pub metrics: Vec<MetricDifference>,
}

/// The change of a metric, over the questions that have it in both reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricDifference {
    /// The name of the metric.
    pub metric: String,
    /// The number of questions that have the metric.
    pub questions: usize,
    /// The mean in the first report.
    pub before: f64,
    /// The mean in the second report.
    pub after: f64,
    /// `after` minus `before`.
    pub difference: f64,
    /// The p-value of the difference: see `statistics::p_value`.
    pub p: f64,
    /// The questions for which it rose.
    pub rose: Vec<String>,
    /// The questions for which it fell.
    pub fell: Vec<String>,
}

/// The reason why two reports can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComparisonError {
    /// A file is not a report.
    #[error("{file} is no report of `takeaways-eval … --format json`: {why}")]
    InvalidReport {
        /// The file.
        file: String,
        /// The problem.
        why: String,
    },
    /// A report is of another version of the program.
    #[error("{file} has version {version} of reports, this program has {VERSION}: measure anew")]
    OtherVersion {
        /// The file.
        file: String,
        /// The version of the report.
        version: u32,
    },
    /// A report has a question twice.
    #[error("{file} has the question {id:?} twice")]
    DuplicateQuestion {
        /// The file.
        file: String,
        /// The id of the question.
        id: String,
    },
    /// The reports have different kinds.
    #[error("the reports measure different things")]
    OtherKind,
    /// The reports have no question in common.
    #[error("the reports have no question in common")]
    NothingInCommon,
}

/// Parses a report. `file` names it in errors.
///
/// # Errors
/// If the text is not a report, is of another version, or has a question twice.
pub fn parse_report(file: &str, text: &str) -> Result<Report, ComparisonError> {
    let file = || file.to_owned();
    let report: Report = serde_json::from_str(text)
        .map_err(|error| ComparisonError::InvalidReport { file: file(), why: error.to_string() })?;
    if report.version != VERSION {
        return Err(ComparisonError::OtherVersion { file: file(), version: report.version });
    }
    let mut ids = BTreeSet::new();
    match report.rows.iter().find(|row| !ids.insert(&row.id)) {
        Some(row) => Err(ComparisonError::DuplicateQuestion { file: file(), id: row.id.clone() }),
        None => Ok(report),
    }
}

impl Comparison {
    /// Compares two reports from [`parse_report`].
    ///
    /// # Errors
    /// If the reports have different kinds, or no question in common.
    pub fn new(before: &Report, after: &Report) -> Result<Self, ComparisonError> {
        if before.kind != after.kind {
            return Err(ComparisonError::OtherKind);
        }
        let after_by_id: BTreeMap<&str, &ReportRow> =
            after.rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let pairs: Vec<(&ReportRow, &ReportRow)> =
            before.rows.iter().filter_map(|row| Some((row, *after_by_id.get(row.id.as_str())?))).collect();
        if pairs.is_empty() {
            return Err(ComparisonError::NothingInCommon);
        }
        let names: BTreeSet<&String> = pairs.iter().flat_map(|(before, _)| before.metrics.keys()).collect();
        Ok(Self {
            kind: before.kind,
            common: pairs.len(),
            only_before: ids_missing_in(before, after),
            only_after: ids_missing_in(after, before),
            metrics: names.into_iter().filter_map(|name| MetricDifference::new(name, &pairs)).collect(),
        })
    }
}

impl MetricDifference {
    /// Returns `None` if no question has the metric in both reports.
    fn new(metric: &str, pairs: &[(&ReportRow, &ReportRow)]) -> Option<Self> {
        let value = |row: &ReportRow| row.metrics.get(metric).copied();
        let values: Vec<(&str, f64, f64)> = pairs
            .iter()
            .filter_map(|(before, after)| Some((before.id.as_str(), value(before)?, value(after)?)))
            .collect();
        if values.is_empty() {
            return None;
        }
        let numbers = |number: fn(&(&str, f64, f64)) -> f64| values.iter().map(number).collect::<Vec<f64>>();
        let ids = |filter: fn(f64) -> bool| {
            let changed = values.iter().filter(|(_, before, after)| filter(after - before));
            changed.map(|(id, ..)| (*id).to_owned()).collect()
        };
        let differences = numbers(|(_, before, after)| after - before);
        Some(Self {
            metric: metric.to_owned(),
            questions: values.len(),
            before: round_metric(mean(&numbers(|(_, before, _)| *before))),
            after: round_metric(mean(&numbers(|(.., after)| *after))),
            difference: round_metric(mean(&differences)),
            p: round_metric(statistics::p_value(&differences)),
            rose: ids(|difference| difference > 0.0),
            fell: ids(|difference| difference < 0.0),
        })
    }
}

/// Returns the questions of `report` that `other` does not have.
fn ids_missing_in(report: &Report, other: &Report) -> Vec<String> {
    let known: BTreeSet<&str> = other.rows.iter().map(|row| row.id.as_str()).collect();
    report.rows.iter().filter(|row| !known.contains(row.id.as_str())).map(|row| row.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(rows: &[(&str, &[(&str, f64)])]) -> Report {
        let row = |(id, metrics): &(&str, &[(&str, f64)])| {
            let metrics = metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            ReportRow { id: (*id).to_owned(), metrics }
        };
        let rows = rows.iter().map(row);
        Report { kind: ReportKind::Questions, version: VERSION, rows: rows.collect() }
    }

    #[test]
    fn only_common_questions_are_compared() {
        let before = report(&[("a", &[("hit@1", 0.0)]), ("b", &[("hit@1", 1.0), ("old", 1.0)]), ("x", &[])]);
        let after = report(&[("y", &[]), ("b", &[("hit@1", 1.0), ("new", 1.0)]), ("a", &[("hit@1", 1.0)])]);
        let found = Comparison::new(&before, &after).expect("two in common");
        assert_eq!(
            (found.common, &*found.only_before, &*found.only_after),
            (2, &["x".to_owned()][..], &["y".to_owned()][..])
        );
        let [hit] = found.metrics.as_slice() else { panic!("{found:?}") };
        assert_eq!((hit.before, hit.after, hit.difference), (0.5, 1.0, 0.5));
        assert_eq!((&*hit.rose, hit.fell.len(), hit.p), (&["a".to_owned()][..], 0, 1.0));
    }

    #[test]
    fn a_report_equals_itself_and_a_clear_change_is_significant() {
        let ids: Vec<String> = (0..40).map(|at| at.to_string()).collect();
        let all = |value: f64| Report {
            kind: ReportKind::Collection,
            version: VERSION,
            rows: ids
                .iter()
                .map(|id| ReportRow { id: id.clone(), metrics: [("ndcg@10".to_owned(), value)].into() })
                .collect(),
        };
        let metric = |before: f64, after: f64| {
            Comparison::new(&all(before), &all(after)).expect("a comparison").metrics.remove(0)
        };
        assert_eq!((metric(0.4, 0.4).p, metric(0.4, 0.4).difference), (1.0, 0.0));
        assert!(metric(0.4, 0.6).p < 0.001 && metric(0.6, 0.4).p < 0.001);
    }

    #[test]
    fn incomparable_reports_are_errors() {
        let text = |version: u32, ids: &[&str]| {
            let rows: Vec<_> = ids.iter().map(|id| json!({"id": id, "metrics": {}, "rank": 1})).collect();
            json!({"kind": "questions", "version": version, "rows": rows, "all": null}).to_string()
        };
        assert!(parse_report("a.json", &text(VERSION, &["a", "b"])).is_ok(), "further fields are ignored");
        let error = |text: &str| parse_report("a.json", text).expect_err("no report").to_string();
        assert_eq!(error(&text(7, &[])), "a.json has version 7 of reports, this program has 1: measure anew");
        assert_eq!(error(&text(VERSION, &["a", "a"])), "a.json has the question \"a\" twice");
        assert!(
            error("{}").starts_with("a.json is no report of `takeaways-eval … --format json`: missing field")
        );
        let (a, b) = (report(&[("a", &[])]), report(&[("b", &[])]));
        assert_eq!(Comparison::new(&a, &b), Err(ComparisonError::NothingInCommon));
        let other = Report { kind: ReportKind::Collection, ..a.clone() };
        assert_eq!(Comparison::new(&a, &other), Err(ComparisonError::OtherKind));
    }
}
