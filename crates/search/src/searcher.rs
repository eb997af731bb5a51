//! Searches the segments of an index, with BM25 statistics over all of them.
//!
//! tantivy's own statistics include documents that are deleted but not merged away yet, and estimate lengths after a
//! merge, so scores would depend on the history of the index. Here only living documents are counted, from values that
//! a merge keeps: rounded lengths, and document frequencies minus the deleted documents (few, see
//! `IndexSegment::deleted`).

use crate::{
    error::SearchError,
    filter::PassageFilter,
    index::PostCache,
    max_score::{QueryWeights, add_best},
    post_language::{DocLanguages, LanguageFilter},
    query::{Alternative, Filter, Query},
    query_terms::{ClauseTerms, QueryTerms},
    schema::{self, SchemaFields, TextField, column},
    score::FixedScore,
    segment::{IndexSegment, SegmentCounts},
    top_passages::{ScoredPassage, TopPassages, best_of_segments},
};
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use takeaways_text::model::{LanguageSet, Post, PostId};
use tantivy::{
    DocId, IndexReader, ReloadPolicy, TantivyError, Term,
    query::{BooleanQuery, EnableScoring, Occur, Query as TantivyQuery, TermQuery, Weight},
    schema::IndexRecordOption,
};

/// The segments of an index, ready to be searched.
pub(super) struct Searcher {
    pub(super) fields: SchemaFields,
    pub(super) segments: Vec<Arc<IndexSegment>>,
    /// The counts over the living documents of all segments.
    pub(super) counts: SegmentCounts,
    pub(super) posts: Arc<PostCache>,
    /// The languages of all posts.
    pub(super) languages: LanguageSet,
    doc_languages: DocLanguages,
    /// See [`crate::FileSource::hides_unpublished`].
    pub(super) hides_unpublished: bool,
}

impl Searcher {
    /// Makes a searcher of opened segments.
    pub(super) fn new(fields: SchemaFields, segments: Vec<Arc<IndexSegment>>, posts: Arc<PostCache>) -> Self {
        let mut counts = SegmentCounts::default();
        for segment in &segments {
            counts.add(segment.counts());
        }
        let doc_languages = segments.iter().map(|it| (it.reader.segment_id(), it.doc_languages())).collect();
        let languages = counts.languages().collect();
        let doc_languages = Arc::new(doc_languages);
        Self { fields, segments, counts, posts, languages, doc_languages, hides_unpublished: true }
    }

    /// Returns the filter for posts in some languages; `None` if all posts are in one of them.
    pub(super) fn language_filter(&self, languages: LanguageSet) -> Option<LanguageFilter> {
        let is_needed = !languages.is_superset(self.languages);
        is_needed.then(|| LanguageFilter::new(languages, &self.doc_languages))
    }

    /// Returns the term of a word in a field.
    pub(super) fn term(&self, field: TextField, word: &str) -> Term {
        Term::from_field_text(self.fields.text_field(field), word)
    }

    /// Returns the weight of a query, with the statistics of all segments.
    pub(super) fn weight(&self, query: &dyn TantivyQuery) -> Result<Box<dyn Weight>, TantivyError> {
        query.weight(EnableScoring::enabled_from_statistics_provider(self, schema_searcher()?))
    }

    /// Returns the weight of a query without scores, for counting.
    pub(super) fn unscored_weight(query: &dyn TantivyQuery) -> Result<Box<dyn Weight>, TantivyError> {
        query.weight(EnableScoring::disabled_from_searcher(schema_searcher()?))
    }

    /// Returns the post of a file document.
    pub(super) fn post_at(&self, segment_ord: usize, file: DocId) -> Result<Arc<Post>, SearchError> {
        let segment = &self.segments[segment_ord];
        self.posts.get((segment.reader.segment_id(), file), || segment.post(file))
    }

    /// Reads the post id of a file document.
    pub(super) fn post_id_of(&self, segment_ord: usize, file: DocId) -> Result<String, SearchError> {
        Ok(self.post_ids_of(segment_ord, &[file])?.remove(0))
    }

    /// Reads the post id of each of some file documents of a segment.
    fn post_ids_of(&self, segment_ord: usize, files: &[DocId]) -> Result<Vec<String>, SearchError> {
        let missing = || SearchError::Damaged { reason: "the id of a document is missing".to_owned() };
        let ids = self.segments[segment_ord].texts(column::ID, files).map_err(SearchError::Search)?;
        ids.into_iter().map(|id| id.ok_or_else(missing)).collect()
    }
}

/// Returns a searcher of tantivy without documents. Queries need it for the schema only: statistics and segments come
/// from [`Searcher`]. A real one would open each segment twice.
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

/// Returns the best `limit` passages for a query, best first.
pub(super) fn search(
    searcher: &Searcher,
    query: &Query,
    limit: usize,
) -> Result<Vec<ScoredPassage>, SearchError> {
    let terms = QueryTerms::look_up(query, searcher).map_err(|error| SearchError::Search(error.into()))?;
    if limit == 0 || terms.clauses.is_empty() {
        return Ok(Vec::new());
    }
    let weights = terms.weights(searcher).map_err(SearchError::Search)?;
    let mut passages: Vec<ScoredPassage> = Vec::new();
    for segment_ord in 0..searcher.segments.len() {
        let top = TopPassages::new(limit, score_floor(&mut passages, limit));
        let top = search_segment(searcher, &weights, query, segment_ord, top).map_err(SearchError::Search)?;
        passages.extend(top.into_passages());
    }
    let id_of = |passage: &ScoredPassage| {
        let file = searcher.segments[passage.segment_ord].file_of(passage.doc);
        searcher.post_id_of(passage.segment_ord, file)
    };
    best_of_segments(passages, limit, id_of)
}

/// Returns the ids of all posts with a passage that matches a query. No post is read.
pub(super) fn posts_matching(searcher: &Searcher, query: &Query) -> Result<HashSet<PostId>, SearchError> {
    let terms = QueryTerms::look_up(query, searcher).map_err(|error| SearchError::Search(error.into()))?;
    if terms.clauses.is_empty() {
        return Ok(HashSet::new());
    }
    let weight = Searcher::unscored_weight(&terms.query()).map_err(SearchError::Search)?;
    let mut posts = HashSet::new();
    for (segment_ord, segment) in searcher.segments.iter().enumerate() {
        let filter = PassageFilter::new(searcher, segment, &query.filter);
        let Some(mut filter) = filter.map_err(SearchError::Search)? else { continue };
        let mut files: Vec<DocId> = Vec::new();
        let mut add = |docs: &[DocId]| {
            for &doc in docs.iter().filter(|&&doc| segment.is_alive(doc)) {
                let file = segment.file_of(doc);
                if files.last() != Some(&file) && filter.allows(file, doc) {
                    files.push(file);
                }
            }
        };
        weight.for_each_no_score(&segment.reader, &mut add).map_err(SearchError::Search)?;
        posts.extend(searcher.post_ids_of(segment_ord, &files)?.into_iter().map(PostId));
    }
    Ok(posts)
}

/// See [`crate::Index::posts_writing`].
pub(super) fn posts_writing(
    searcher: &Searcher,
    names: &[Vec<String>],
) -> Result<HashSet<PostId>, SearchError> {
    let query = |occur: Occur, parts: Vec<Box<dyn TantivyQuery>>| -> Box<dyn TantivyQuery> {
        Box::new(BooleanQuery::new(parts.into_iter().map(|part| (occur, part)).collect()))
    };
    let word = |key: &String| -> Box<dyn TantivyQuery> {
        let term = Term::from_field_text(searcher.fields.word, key);
        Box::new(TermQuery::new(term, IndexRecordOption::Basic))
    };
    let name = |keys: &Vec<String>| query(Occur::Must, keys.iter().map(word).collect());
    let any = query(Occur::Should, names.iter().map(name).collect());
    let weight = Searcher::unscored_weight(&any).map_err(SearchError::Search)?;
    let mut posts = HashSet::new();
    for (segment_ord, segment) in searcher.segments.iter().enumerate() {
        let mut files: Vec<DocId> = Vec::new();
        let mut add = |docs: &[DocId]| files.extend(docs.iter().filter(|&&doc| segment.is_alive(doc)));
        weight.for_each_no_score(&segment.reader, &mut add).map_err(SearchError::Search)?;
        posts.extend(searcher.post_ids_of(segment_ord, &files)?.into_iter().map(PostId));
    }
    Ok(posts)
}

/// A post that a filter allows.
pub(super) struct FilteredFile {
    pub(super) segment_ord: usize,
    pub(super) file: DocId,
    /// Its id.
    pub(super) id: String,
    /// Its date in days since 1970.
    pub(super) date: Option<i64>,
}

/// Returns the posts that a filter allows.
pub(super) fn files_in(searcher: &Searcher, filter: &Filter) -> Result<Vec<FilteredFile>, SearchError> {
    let mut files = Vec::new();
    for (segment_ord, segment) in searcher.segments.iter().enumerate() {
        let allowed = PassageFilter::new(searcher, segment, filter).map_err(SearchError::Search)?;
        let Some(mut allowed) = allowed else { continue };
        let dates = segment.i64_column(column::DATE).map_err(SearchError::Search)?;
        let in_segment: Vec<DocId> =
            segment.live_posts().filter(|&file| allowed.allows(file, file)).collect();
        let ids = searcher.post_ids_of(segment_ord, &in_segment)?;
        files.extend(in_segment.into_iter().zip(ids).map(|(file, id)| {
            let date = dates.as_ref().and_then(|dates| dates.first(file));
            FilteredFile { segment_ord, file, id, date }
        }));
    }
    Ok(files)
}

/// Counts the living passages with an alternative in their text, their headings or their post's title.
pub(super) fn frequency(searcher: &Searcher, alternative: &Alternative) -> Result<u64, TantivyError> {
    let terms = ClauseTerms::of_alternative(
        alternative,
        &[TextField::Body, TextField::Heading, TextField::Title],
        searcher,
    )?;
    let weight = Searcher::unscored_weight(&BooleanQuery::new(terms.field_queries()))?;
    let counts = searcher.segments.iter().map(|segment| weight.count(&segment.reader).map(u64::from));
    counts.sum()
}

/// Returns the score below which a passage of the next segments can't be among the best.
fn score_floor(passages: &mut [ScoredPassage], limit: usize) -> FixedScore {
    if passages.len() < limit {
        return 0;
    }
    let (_, worst, _) =
        passages.select_nth_unstable_by_key(limit - 1, |passage| std::cmp::Reverse(passage.score));
    worst.score
}

/// Adds the best passages of a segment.
fn search_segment(
    searcher: &Searcher,
    weights: &QueryWeights,
    query: &Query,
    segment_ord: usize,
    mut top: TopPassages,
) -> Result<TopPassages, TantivyError> {
    let segment = &*searcher.segments[segment_ord];
    let Some(mut filter) = PassageFilter::new(searcher, segment, &query.filter)? else {
        return Ok(top);
    };
    let Some(ids) = segment.text_column(column::ID)? else { return Ok(top) };
    add_best(weights, segment, &mut filter, &mut top, |score, doc, file| {
        let id = ids.ords().first(file).unwrap_or(u64::MAX);
        ScoredPassage { score, segment_ord, doc, id, number: doc - file }
    })?;
    Ok(top)
}
