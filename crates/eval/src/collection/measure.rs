//! Asks a collection's queries, measures the rankings and the answers, and formats rankings as TREC runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use jiff::Timestamp;
use serde::Serialize;

use super::documents::{CollectionQuery, Gold};
use super::{Collection, Grades};
use crate::confidence::{Prediction, auroc};
use crate::metrics::{QueryMetrics, query_metrics};
use crate::report::{Report, ReportKind, ReportRow, VERSION, round_metric};
use crate::statistics::{Interval, mean_interval};
use takeaways_answer::{AnswerError, Engine, MAX_EXCERPTS, Request, Strictness};
use takeaways_text::model::Excerpt;
use takeaways_text::tokens::folding::collapse_whitespace;

/// The results of a collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionReport {
    /// A row for each query that has a relevant document or a known answer.
    #[serde(flatten)]
    pub report: Report,
    /// The conditions of the measurement.
    pub setting: CollectionSetting,
    /// The mean of each metric over the rows that have it.
    pub means: BTreeMap<String, Interval>,
    /// The area under the ROC curve of the confidence: answerable questions against unanswerable ones.
    pub auroc: Option<f64>,
}

/// Everything that a report depends on besides the program and the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionSetting {
    /// The number of documents in the collection.
    pub documents: usize,
    /// The number of passages in the index.
    pub passages: u64,
    /// The most documents that are ranked for a query.
    pub depth: usize,
    /// The number of questions with a known answer.
    pub answerable: usize,
    /// The number of questions that are known to have no answer.
    pub unanswerable: usize,
    /// The strictness of the engine. Excerpts are measured even if they would be refused, but the strictness decides
    /// whether a second search pass runs.
    pub strictness: Strictness,
    /// The time at which queries are asked.
    pub now: Timestamp,
    /// Oddities of the collection, for people.
    pub notes: Vec<String>,
}

/// The reason why a collection can't be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The engine failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A ranking can't be written.
    #[error("the ranking can't be written")]
    Write(#[from] io::Error),
}

/// Asks all queries of a collection whose documents are in the index of `engine`.
///
/// `on_ranking` gets every ranking: the query's id and its documents, best first. A query that is empty, or longer than
/// a question may be, has no results and counts as such.
///
/// # Errors
/// If the index can't be read, or if `on_ranking` fails.
pub fn measure(
    engine: &Engine,
    strictness: Strictness,
    collection: &Collection,
    now: Timestamp,
    on_ranking: &mut dyn FnMut(&str, &[RankedDocument]) -> io::Result<()>,
) -> Result<CollectionReport, MeasureError> {
    let (mut rows, mut predictions) = (Vec::new(), Vec::new());
    let mut unasked = 0;
    for query in &collection.queries {
        let grades = collection.judgments.relevant_grades(&query.id);
        if grades.is_none() && query.gold.is_none() {
            continue;
        }
        let request = request(query, now);
        unasked += usize::from(request.is_none());
        let mut metrics = Vec::new();
        if let Some(grades) = grades {
            let ranking = request.as_ref().map_or_else(|| Ok(Vec::new()), |request| rank(engine, request))?;
            on_ranking(&query.id, &ranking)?;
            metrics.extend(metric_names(query_metrics(&ranking, grades)));
        }
        if let Some(gold) = &query.gold {
            metrics.extend(measure_answer(engine, request.as_ref(), gold, grades, &mut predictions)?);
        }
        if !metrics.is_empty() {
            rows.push(ReportRow::new(&query.id, metrics));
        }
    }
    let answerable = predictions.iter().filter(|(_, is_answerable)| *is_answerable).count();
    let setting = CollectionSetting {
        documents: collection.documents.len(),
        passages: engine.index().passages(),
        depth: DEPTH,
        answerable,
        unanswerable: predictions.len() - answerable,
        strictness,
        now,
        notes: notes(engine, collection, unasked),
    };
    let means = means(&rows);
    let report = Report { kind: ReportKind::Collection, version: VERSION, rows };
    Ok(CollectionReport { report, setting, means, auroc: auroc(&predictions).map(round_metric) })
}

/// Lists the oddities of a collection, and the number of its queries that could not be asked.
fn notes(engine: &Engine, collection: &Collection, unasked: usize) -> Vec<String> {
    let indexed = usize::try_from(engine.index().posts()).unwrap_or(usize::MAX);
    let counts = [
        (collection.documents.len().saturating_sub(indexed), "documents hold no words and can't be found"),
        (unasked, "queries are empty or too long to be asked, so that nothing is found for them"),
    ];
    let counted =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    collection.notes.iter().cloned().chain(counted).collect()
}

/// Returns the request for a query; `None` if its text is not a question.
fn request(query: &CollectionQuery, now: Timestamp) -> Option<Request> {
    let question = query.text.parse().ok()?;
    Some(Request::new(question, MAX_EXCERPTS, now))
}

fn rank(engine: &Engine, request: &Request) -> Result<Vec<RankedDocument>, AnswerError> {
    let ranked = engine.rank_posts(request, DEPTH)?.into_iter();
    Ok(sort_ranking(ranked.map(|(post, score)| RankedDocument { document: post.0, score }).collect()))
}

/// Returns the usual names of the metrics, with their cutoffs, and the values.
fn metric_names(query_metrics: QueryMetrics) -> [(&'static str, f64); 4] {
    let QueryMetrics { ndcg, recall, mrr, ap } = query_metrics;
    [("ndcg@10", ndcg), ("recall@100", recall), ("mrr@10", mrr), ("map", ap)]
}

/// Measures the excerpts of a question, even if they would be refused, and adds their confidence to `predictions`.
fn measure_answer(
    engine: &Engine,
    request: Option<&Request>,
    gold: &Gold,
    grades: Option<&Grades>,
    predictions: &mut Vec<Prediction>,
) -> Result<Vec<(&'static str, f64)>, AnswerError> {
    let best = request.map(|request| engine.best_excerpts(request)).transpose()?;
    let (excerpts, confidence) = best.map(|best| (best.excerpts, best.confidence)).unwrap_or_default();
    predictions.push((f64::from(confidence), matches!(gold, Gold::Spans(_))));
    let (Gold::Spans(spans), Some(grades)) = (gold, grades) else { return Ok(Vec::new()) };
    let position = answer_position(spans, grades, &excerpts);
    let within = |top: usize| f64::from(position.is_some_and(|position| position < top));
    Ok(vec![("span@1", within(1)), ("span@3", within(3))])
}

fn means(rows: &[ReportRow]) -> BTreeMap<String, Interval> {
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (name, value) in rows.iter().flat_map(|row| &row.metrics) {
        values.entry(name).or_default().push(*value);
    }
    let interval = |(name, values): (&str, Vec<f64>)| Some((name.to_owned(), mean_interval(&values)?));
    values.into_iter().filter_map(interval).collect()
}

/// The number of documents that are ranked for a query, as in TREC's runs.
pub const DEPTH: usize = 1_000;

/// A document of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedDocument {
    /// The id of the document.
    pub document: String,
    /// The score; scores of different queries can't be compared.
    pub score: f32,
}

/// Sorts a ranking by score, the best first. Ties are in descending order of their ids' bytes, as in `trec_eval`, which
/// ignores the ranks of a run file. So the figures equal those of `trec_eval`.
pub fn sort_ranking(mut ranking: Vec<RankedDocument>) -> Vec<RankedDocument> {
    ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.document.cmp(&a.document)));
    ranking
}

/// Formats the lines of a run file for one query: `query Q0 document rank score tag`. Blanks in ids are written as
/// `%20`, since blanks separate the fields.
pub fn trec_run_lines(query: &str, ranking: &[RankedDocument]) -> String {
    let mut lines = String::new();
    let query = escape_blanks(query);
    for (rank, RankedDocument { document, score }) in (1..).zip(ranking) {
        let document = escape_blanks(document);
        // Floats print as the shortest text that reads as the same float. Writing to a `String` does not fail.
        let _ = writeln!(lines, "{query} Q0 {document} {rank} {score} takeaways");
    }
    lines
}

/// Percent-encodes the blanks and control characters of an id.
fn escape_blanks(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_whitespace() || c.is_control() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the position of the first excerpt of a relevant document that holds one of the spans, ignoring case.
pub(super) fn answer_position(spans: &[String], grades: &Grades, excerpts: &[Excerpt]) -> Option<usize> {
    let spans: Vec<String> = spans.iter().map(|span| normalise(span)).collect();
    excerpts.iter().position(|excerpt| {
        let is_relevant = grades.get(&excerpt.citation.post.0).is_some_and(|grade| *grade > 0);
        let quote = normalise(&excerpt.quote.text);
        is_relevant && spans.iter().any(|span| quote.contains(span.as_str()))
    })
}

/// Converts to lower case and single blanks, as on a page.
fn normalise(text: &str) -> String {
    collapse_whitespace(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::excerpt;

    fn ranked(document: &str, score: f32) -> RankedDocument {
        RankedDocument { document: document.into(), score }
    }

    #[test]
    fn a_run_has_the_format_of_trec() {
        let ranking = vec![ranked("b", 1.5), ranked("a c", 1.5), ranked("d", 0.1), ranked("é\u{a0}", 20.25)];
        assert_eq!(
            trec_run_lines("q\t1", &sort_ranking(ranking)),
            "q%091 Q0 é%C2%A0 1 20.25 takeaways\n\
             q%091 Q0 b 2 1.5 takeaways\n\
             q%091 Q0 a%20c 3 1.5 takeaways\n\
             q%091 Q0 d 4 0.1 takeaways\n"
        );
    }

    proptest! {
        #[test]
        fn the_order_depends_only_on_scores_and_ids(
            mut ranking in prop::collection::btree_map(".{1,5}", 0..4_u8, 0..20)
                .prop_map(|all| all.into_iter().map(|(id, score)| ranked(&id, score.into())).collect::<Vec<_>>())
        ) {
            let sorted = sort_ranking(ranking.clone());
            ranking.reverse();
            prop_assert_eq!(&sorted, &sort_ranking(ranking));
            for line in trec_run_lines("q", &sorted).lines() {
                prop_assert_eq!(line.split_whitespace().count(), 6);
            }
        }
    }

    #[test]
    fn a_span_counts_in_an_excerpt_of_a_relevant_document() {
        let excerpt_of = |document: &str, quote: &str| {
            let mut excerpt = excerpt(document, quote, None);
            excerpt.citation.post.0 = document.to_owned();
            excerpt
        };
        let excerpts = [
            excerpt_of("x", "in October 1973"),
            excerpt_of("a", "The Embargo"),
            excerpt_of("a", "in October  1973"),
        ];
        let grades: Grades = [("a".to_owned(), 1), ("x".to_owned(), 0)].into_iter().collect();
        for (spans, position) in [
            (&["october 1973"][..], Some(2)),
            (&["none", "EMBARGO"], Some(1)),
            (&["in  october"], Some(2)),
            (&["1974"], None),
            (&[], None),
        ] {
            let spans: Vec<String> = spans.iter().map(|&span| span.to_owned()).collect();
            assert_eq!(answer_position(&spans, &grades, &excerpts), position, "{spans:?}");
        }
    }
}
