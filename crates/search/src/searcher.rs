//! The segments of an index, with what is counted over all of them.

use std::sync::{Arc, OnceLock};

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocId, IndexReader, ReloadPolicy, TantivyError, Term};

use super::cache::PostCache;
use super::error::SearchError;
use super::schema::{self, SchemaFields, TextField, column};
use super::segment::IndexSegment;
use super::segment_counts::SegmentCounts;
use takeaways_text::model::Post;

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
    pub(super) fn weight(&self, query: &dyn Query) -> Result<Box<dyn Weight>, TantivyError> {
        query.weight(EnableScoring::enabled_from_statistics_provider(self, schema_searcher()?))
    }

    /// The same, for counting only.
    pub(super) fn unscored_weight(query: &dyn Query) -> Result<Box<dyn Weight>, TantivyError> {
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
