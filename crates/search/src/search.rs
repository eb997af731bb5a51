//! The best passages for a query.

use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Weight};
use tantivy::{DocId, TantivyError};

use super::error::RetrievalError;
use super::filter::Gate;
use super::part::Part;
use super::query::{Alternative, Query};
use super::schema::{Zone, column};
use super::score::{Score, fixed};
use super::searcher::Searcher;
use super::terms::{GroupTerms, Terms};
use super::top::{Candidate, Top, best};

/// The best `limit` passages for a query, best first.
pub(super) fn search(
    searcher: &Searcher,
    query: &Query,
    limit: usize,
) -> Result<Vec<Candidate>, RetrievalError> {
    let terms = Terms::of(query, searcher).map_err(|error| RetrievalError::Search(error.into()))?;
    if limit == 0 || terms.groups.is_empty() {
        return Ok(Vec::new());
    }
    let weight = searcher.weight(&terms.query()).map_err(RetrievalError::Search)?;
    let mut found: Vec<Candidate> = Vec::new();
    for at in 0..searcher.parts().len() {
        let top = Top::new(limit, floor(&mut found, limit));
        let top = search_part(searcher, &*weight, query, at, top).map_err(RetrievalError::Search)?;
        found.extend(top.into_candidates());
    }
    let id_of = |candidate: &Candidate| {
        searcher.id_of(candidate.part, searcher.parts()[candidate.part].file_of(candidate.doc))
    };
    best(found, limit, id_of)
}

/// How many living passages hold an alternative in their text, their headings or their post's title.
pub(super) fn frequency(searcher: &Searcher, alternative: &Alternative) -> Result<u64, TantivyError> {
    let terms = GroupTerms::one(alternative, &[Zone::Body, Zone::Heading, Zone::Title], searcher)?;
    let weight = Searcher::unscored_weight(&BooleanQuery::new(terms.clauses()))?;
    let counts = searcher.parts().iter().map(|part| weight.count(&part.reader).map(u64::from));
    counts.sum()
}

/// The score below which a candidate can't be among the best any more.
fn floor(found: &mut [Candidate], limit: usize) -> Score {
    if found.len() < limit {
        return 0;
    }
    let (_, worst, _) =
        found.select_nth_unstable_by_key(limit - 1, |candidate| std::cmp::Reverse(candidate.score));
    worst.score
}

/// Scores all passages that match. tantivy could skip some by the best score of a block, but computes that with the
/// average length at the time of writing: passages among the best would be lost.
fn search_part(
    searcher: &Searcher,
    weight: &dyn Weight,
    query: &Query,
    at: usize,
    top: Top,
) -> Result<Top, TantivyError> {
    let part = &*searcher.parts()[at];
    let Some(gate) = Gate::new(part, &query.filter, searcher.fields())? else { return Ok(top) };
    let Some(ids) = part.texts(column::ID)? else { return Ok(top) };
    let mut sieve = Sieve { part, at, ids: ids.ords().clone(), gate, top };
    weight.for_each(&part.reader, &mut |doc, score| sieve.collect(doc, fixed(score)))?;
    Ok(sieve.top)
}

/// What decides on each passage of a part.
struct Sieve<'p> {
    part: &'p Part,
    at: usize,
    ids: Column<u64>,
    gate: Gate,
    top: Top,
}

impl Sieve<'_> {
    /// Keeps a passage, if it may be found and is among the best so far.
    fn collect(&mut self, doc: DocId, score: Score) {
        if score < self.top.threshold() || !self.part.is_alive(doc) {
            return;
        }
        let file = self.part.file_of(doc);
        if self.gate.lets_through(file) {
            let id = self.ids.first(file).unwrap_or(u64::MAX);
            self.top.push(Candidate { score, part: self.at, doc, id, ordinal: doc - file });
        }
    }
}
