//! Asks a collection's queries and measures what is found.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use serde::Serialize;

use super::Collection;
use super::metrics::{Measures, measures};
use super::qrels::Grades;
use super::reader::{Gold, Query};
use super::run::{DEPTH, Ranked, ordered};
use super::spans::place_of;
use crate::bootstrap::{Interval, of_mean};
use crate::curve::{Sure, auroc};
use crate::report::{Report, ReportKind, Row, VERSION, rounded};
use takeaways_answer::{AnswerError, Engine, MAX_EXCERPTS, Request, Strictness, Wish};

/// What was measured of a collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionReport {
    /// A row for each query that some document is relevant to.
    #[serde(flatten)]
    pub report: Report,
    /// What was asked of what.
    pub setting: Setting,
    /// The mean of each metric over the rows that have it.
    pub means: BTreeMap<String, Interval>,
    /// The area under the ROC curve of the confidence: questions that have an answer against those that have none.
    pub auroc: Option<f64>,
}

/// All that a report depends on besides the program and the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Documents of the collection.
    pub documents: usize,
    /// Passages of the index.
    pub passages: u64,
    /// Documents that are ranked for a query, at most.
    pub depth: usize,
    /// Questions that have an answer in a known place, and questions that have none.
    pub answerable: usize,
    /// See `answerable`.
    pub unanswerable: usize,
    /// How sure it has to be to answer: excerpts are looked at in any case, but where the first look does not suffice
    /// there may be a second.
    pub strictness: Strictness,
    /// When it was asked.
    pub now: Timestamp,
    /// What is odd about the collection, for people.
    pub notes: Vec<String>,
}

/// Why a collection can't be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The engine failed.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A ranking can't be handed on.
    #[error("the ranking can't be written")]
    Write(#[from] io::Error),
}

/// Asks all queries of a collection whose documents `engine` has. `each` is given every ranking: the query's id and
/// its documents, best first.
///
/// A query that can't be asked, because it is empty or longer than a question may be, has no results: it counts, and
/// counts as nothing found.
///
/// # Errors
/// Where the index can't be read, or `each` fails.
pub fn measure(
    engine: &Engine,
    strictness: Strictness,
    collection: &Collection,
    now: Timestamp,
    each: &mut dyn FnMut(&str, &[Ranked]) -> io::Result<()>,
) -> Result<CollectionReport, MeasureError> {
    let (mut rows, mut sure) = (Vec::new(), Vec::new());
    let mut unasked = 0;
    for query in &collection.queries {
        let grades = collection.judgments.of(&query.id);
        if grades.is_none() && query.gold.is_none() {
            continue;
        }
        let request = request(query, now);
        unasked += usize::from(request.is_none());
        let mut metrics = Vec::new();
        if let Some(grades) = grades {
            let ranking = request.as_ref().map_or_else(|| Ok(Vec::new()), |request| rank(engine, request))?;
            each(&query.id, &ranking)?;
            metrics.extend(named(measures(&ranking, grades)));
        }
        if let Some(gold) = &query.gold {
            metrics.extend(look(engine, request.as_ref(), gold, grades, &mut sure)?);
        }
        if !metrics.is_empty() {
            let metrics = metrics.into_iter().map(|(name, number)| (name.to_owned(), rounded(number)));
            rows.push(Row { id: query.id.clone(), metrics: metrics.collect() });
        }
    }
    let answerable = sure.iter().filter(|(_, is_answerable)| *is_answerable).count();
    let setting = Setting {
        documents: collection.documents.len(),
        passages: engine.index().passages(),
        depth: DEPTH,
        answerable,
        unanswerable: sure.len() - answerable,
        strictness,
        now,
        notes: notes(engine, collection, unasked),
    };
    let means = means(&rows);
    let report = Report { kind: ReportKind::Collection, version: VERSION, rows };
    Ok(CollectionReport { report, setting, means, auroc: auroc(&sure).map(rounded) })
}

/// What is odd about a collection, and how many of its queries could not be asked.
fn notes(engine: &Engine, collection: &Collection, unasked: usize) -> Vec<String> {
    let found = usize::try_from(engine.index().posts()).unwrap_or(usize::MAX);
    let counts = [
        (collection.documents.len().saturating_sub(found), "documents hold no words and can't be found"),
        (unasked, "queries are empty or too long to be asked, so that nothing is found for them"),
    ];
    let counted =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    collection.notes.iter().cloned().chain(counted).collect()
}

/// `None` where the query is no question.
fn request(query: &Query, now: Timestamp) -> Option<Request> {
    let question = query.text.parse().ok()?;
    Some(Request { question, wish: Wish::default(), limit: MAX_EXCERPTS, now })
}

fn rank(engine: &Engine, request: &Request) -> Result<Vec<Ranked>, AnswerError> {
    let ranked = engine.rank(request, DEPTH)?.into_iter();
    Ok(ordered(ranked.map(|(post, score)| Ranked { document: post.0, score }).collect()))
}

/// The names that others know the measures by, with where they are cut.
fn named(measures: Measures) -> [(&'static str, f64); 4] {
    let Measures { ndcg, recall, mrr, ap } = measures;
    [("ndcg@10", ndcg), ("recall@100", recall), ("mrr@10", mrr), ("map", ap)]
}

/// Looks at the excerpts of a question as if none were refused, and notes how sure they are.
fn look(
    engine: &Engine,
    request: Option<&Request>,
    gold: &Gold,
    grades: Option<&Grades>,
    sure: &mut Vec<Sure>,
) -> Result<Vec<(&'static str, f64)>, AnswerError> {
    let best = request.map(|request| engine.best(request)).transpose()?;
    let (excerpts, confidence) = best.map(|best| (best.excerpts, best.confidence)).unwrap_or_default();
    sure.push((f64::from(confidence), matches!(gold, Gold::Spans(_))));
    let (Gold::Spans(spans), Some(grades)) = (gold, grades) else { return Ok(Vec::new()) };
    let place = place_of(spans, grades, &excerpts);
    let within = |top: usize| f64::from(u8::from(place.is_some_and(|place| place < top)));
    Ok(vec![("span@1", within(1)), ("span@3", within(3))])
}

fn means(rows: &[Row]) -> BTreeMap<String, Interval> {
    let mut numbers: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (name, number) in rows.iter().flat_map(|row| &row.metrics) {
        numbers.entry(name).or_default().push(*number);
    }
    numbers.into_iter().filter_map(|(name, numbers)| Some((name.to_owned(), of_mean(&numbers)?))).collect()
}
