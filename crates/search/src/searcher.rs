//! The segments of an index, with what is counted over all of them.
//!
//! The best passages for a query.
//!
//! What BM25 needs to know about the whole corpus.
//!
//! tantivy's own counts include documents that are deleted but not merged away yet, and lengths that merging only
//! estimates. Scores would depend on the corpus's history. So everything is counted over the living documents here, from
//! what does not change when segments are merged: lengths as they are rounded in the index, and document frequencies less
//! the deleted documents (few, see `Part::deleted`).

use crate::{
    error::SearchError,
    filter::PostFilter,
    index::PostCache,
    query::{Alternative, Query},
    query_terms::{ClauseTerms, QueryTerms},
    schema::{self, SchemaFields, TextField, column},
    score::{FixedScore, to_fixed},
    segment::{IndexSegment, SegmentCounts},
    top_passages::{ScoredPassage, TopPassages, best_of_segments},
    vocabulary,
};
use std::sync::{Arc, OnceLock};
use takeaways_text::model::Post;
use tantivy::{
    DocId, IndexReader, ReloadPolicy, TantivyError, Term,
    columnar::Column,
    query::{Bm25StatisticsProvider, BooleanQuery, EnableScoring, Query as TantivyQuery, Weight},
    schema::Field,
};

/// The segments of an index, ready to be searched.
pub(super) struct Searcher {
    fields: SchemaFields,
    segments: Vec<Arc<IndexSegment>>,
    counts: SegmentCounts,
    posts: Arc<PostCache>,
}

impl Searcher {
    /// Of segments that have been opened.
    pub(super) fn new(fields: SchemaFields, segments: Vec<Arc<IndexSegment>>, posts: Arc<PostCache>) -> Self {
        let mut counts = SegmentCounts::default();
        for part in &segments {
            counts.add(part.counts());
        }
        Self { fields, segments, counts, posts }
    }

    /// The segments.
    pub(super) fn parts(&self) -> &[Arc<IndexSegment>] {
        &self.segments
    }

    /// The fields of the schema.
    pub(super) fn fields(&self) -> &SchemaFields {
        &self.fields
    }

    /// Counts over the living documents of all segments.
    pub(super) fn counts(&self) -> &SegmentCounts {
        &self.counts
    }

    /// The posts that were read lately.
    pub(super) fn post_cache(&self) -> &Arc<PostCache> {
        &self.posts
    }

    /// A word in a field.
    pub(super) fn term(&self, zone: TextField, word: &str) -> Term {
        Term::from_field_text(self.fields.text_field(zone), word)
    }

    /// A query with the statistics of all segments. It scores one segment after another.
    pub(super) fn weight(&self, query: &dyn TantivyQuery) -> Result<Box<dyn Weight>, TantivyError> {
        query.weight(EnableScoring::enabled_from_statistics_provider(self, schema_searcher()?))
    }

    /// The same, for counting only.
    pub(super) fn unscored_weight(query: &dyn TantivyQuery) -> Result<Box<dyn Weight>, TantivyError> {
        query.weight(EnableScoring::disabled_from_searcher(schema_searcher()?))
    }

    /// The post of a file document.
    pub(super) fn post_at(&self, part: usize, file: DocId) -> Result<Arc<Post>, SearchError> {
        let part = &self.segments[part];
        self.posts.get((part.reader.segment_id(), file), || part.post(file))
    }

    /// The post id of a file document.
    pub(super) fn post_id_of(&self, part: usize, file: DocId) -> Result<String, SearchError> {
        let missing = || SearchError::Damaged { what: format!("the id of document {file} is missing") };
        let column =
            self.segments[part].text_column(column::ID).map_err(SearchError::Search)?.ok_or_else(missing)?;
        let ordinal = column.ords().first(file).ok_or_else(missing)?;
        let mut id = String::new();
        column.ord_to_str(ordinal, &mut id).map_err(|error| SearchError::Search(error.into()))?;
        Ok(id)
    }
}

/// A searcher of tantivy without documents. Queries ask it for the schema alone: their statistics come from
/// [`Searcher`], and so do the segments. One of its own would open each segment twice.
fn schema_searcher() -> Result<&'static tantivy::Searcher, TantivyError> {
    static SEARCHER: OnceLock<tantivy::Searcher> = OnceLock::new();
    if let Some(searcher) = SEARCHER.get() {
        return Ok(searcher);
    }
    let index = schema::index_builder().create_in_ram()?;
    let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    Ok(SEARCHER.get_or_init(|| searcher))
}

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
fn score_floor(found: &mut [ScoredPassage], limit: usize) -> FixedScore {
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
    fn collect(&mut self, doc: DocId, score: FixedScore) {
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

impl Bm25StatisticsProvider for Searcher {
    fn total_num_tokens(&self, field: Field) -> Result<u64, TantivyError> {
        Ok(self.fields().zone_of(field).map_or(0, |zone| self.counts().word_counts[zone.index()]))
    }

    fn total_num_docs(&self) -> Result<u64, TantivyError> {
        Ok(self.counts().passages)
    }

    fn doc_freq(&self, term: &Term) -> Result<u64, TantivyError> {
        Ok(match self.fields().zone_of(term.field()) {
            Some(zone) => vocabulary::frequency(self, zone, term)?,
            None => 0,
        })
    }
}

/// How much a term tells that so many of all passages hold: BM25's idf, always above 0.
///
/// `ln(1 + (N − n + ½) / (n + ½))` (Robertson and Zaragoza 2009, *Foundations and Trends in IR* 3(4), made
/// positive as Lucene does).
#[expect(
    clippy::cast_precision_loss,
    reason = "counts in BM25 need no more than the seven digits of a float"
)]
pub(super) fn idf(passages: u64, frequency: u64) -> f32 {
    let (passages, frequency) = (passages.max(frequency) as f32, frequency as f32);
    (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln()
}
