//! The best passages for a query.

use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Weight};
use tantivy::{DocId, TantivyError};

use super::error::SearchError;
use super::filter::PostFilter;
use super::query::{Alternative, Query};
use super::query_terms::{ClauseTerms, QueryTerms};
use super::schema::{TextField, column};
use super::score::{Score, to_fixed};
use super::searcher::Searcher;
use super::segment::IndexSegment;
use super::top_passages::{ScoredPassage, TopPassages, best_of_segments};

/// The best `limit` passages for a query, best first.
pub(super) fn search(
    searcher: &Searcher,
    query: &Query,
    limit: usize,
) -> Result<Vec<ScoredPassage>, SearchError> {
    let terms = QueryTerms::of(query, searcher).map_err(|error| SearchError::Search(error.into()))?;
    if limit == 0 || terms.clauses.is_empty() {
        return Ok(Vec::new());
    }
    let weight = searcher.weight(&terms.query()).map_err(SearchError::Search)?;
    let mut found: Vec<ScoredPassage> = Vec::new();
    for at in 0..searcher.parts().len() {
        let top = TopPassages::new(limit, score_floor(&mut found, limit));
        let top = search_segment(searcher, &*weight, query, at, top).map_err(SearchError::Search)?;
        found.extend(top.into_passages());
    }
    let id_of = |candidate: &ScoredPassage| {
        searcher.post_id_of(candidate.segment, searcher.parts()[candidate.segment].file_of(candidate.doc))
    };
    best_of_segments(found, limit, id_of)
}

/// How many living passages hold an alternative in their text, their headings or their post's title.
pub(super) fn frequency(searcher: &Searcher, alternative: &Alternative) -> Result<u64, TantivyError> {
    let terms =
        ClauseTerms::one(alternative, &[TextField::Body, TextField::Heading, TextField::Title], searcher)?;
    let weight = Searcher::unscored_weight(&BooleanQuery::new(terms.clauses()))?;
    let counts = searcher.parts().iter().map(|part| weight.count(&part.reader).map(u64::from));
    counts.sum()
}

/// The score below which a candidate can't be among the best any more.
fn score_floor(found: &mut [ScoredPassage], limit: usize) -> Score {
    if found.len() < limit {
        return 0;
    }
    let (_, worst, _) =
        found.select_nth_unstable_by_key(limit - 1, |candidate| std::cmp::Reverse(candidate.score));
    worst.score
}

/// Scores all passages that match. tantivy could skip some by the best score of a block, but computes that with the
/// average length at the time of writing: passages among the best would be lost.
fn search_segment(
    searcher: &Searcher,
    weight: &dyn Weight,
    query: &Query,
    at: usize,
    top: TopPassages,
) -> Result<TopPassages, TantivyError> {
    let part = &*searcher.parts()[at];
    let Some(gate) = PostFilter::new(part, &query.filter, searcher.fields())? else { return Ok(top) };
    let Some(ids) = part.text_column(column::ID)? else { return Ok(top) };
    let mut sieve =
        FilterCollector { segment: part, segment_ord: at, ids: ids.ords().clone(), filter: gate, top };
    weight.for_each(&part.reader, &mut |doc, score| sieve.collect(doc, to_fixed(score)))?;
    Ok(sieve.top)
}

/// What decides on each passage of a part.
struct FilterCollector<'p> {
    segment: &'p IndexSegment,
    segment_ord: usize,
    ids: Column<u64>,
    filter: PostFilter,
    top: TopPassages,
}

impl FilterCollector<'_> {
    /// Keeps a passage, if it may be found and is among the best so far.
    fn collect(&mut self, doc: DocId, score: Score) {
        if score < self.top.threshold() || !self.segment.is_alive(doc) {
            return;
        }
        let file = self.segment.file_of(doc);
        if self.filter.allows(file) {
            let id = self.ids.first(file).unwrap_or(u64::MAX);
            self.top.push(ScoredPassage { score, segment: self.segment_ord, doc, id, ordinal: doc - file });
        }
    }
}
