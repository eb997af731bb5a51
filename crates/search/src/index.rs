//! The index as callers see it: immutable, opened again after a change. Caches the posts that were read lately.

use crate::scope_counts::{ScopeCounts, count_by_year, count_scope};
use crate::{
    error::SearchError,
    facets::{DatedFacets, Facets, count_facets},
    folder::Generation,
    post_records::{PostRecord, hash_contents, read_records},
    query::{Alternative, Filter, Query},
    score::to_float,
    searcher::{self, Searcher},
    segment::{IndexSegment, SegmentCounts},
    top_passages::ScoredPassage,
    vocabulary,
};
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache};
use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use takeaways_text::model::{Language, LanguageSet, Post, PostId};
use tantivy::{DocId, index::SegmentId};

/// Cached results of [`Index::frequency`]: questions share many words.
const MAX_CACHED_FREQUENCIES: usize = 4_096;

/// The terms of an argument of [`Index::frequency`], and the languages of the index in which they count.
type FrequencyKey = (Vec<String>, LanguageSet);

/// The arguments of [`Index::similar_terms`]: term, distance and limit.
type SimilarityKey = (String, u8, usize);

/// Cached results of [`Index::similar_terms`]: one question looks the same word up several times.
const MAX_CACHED_SIMILAR: usize = 512;

/// The posts of a corpus, ready to be searched. It is cheap to open, and many threads may share it.
pub struct Index {
    pub(super) tantivy: tantivy::Index,
    /// The generation on disk; `None` in memory.
    pub(super) generation: Option<Generation>,
    /// The folder that the caller asked for, even if the index is in memory.
    pub(super) requested_folder: Option<PathBuf>,
    pub(super) searcher: Searcher,
    frequent_languages: Vec<Language>,
    /// When all files were last known to be as indexed, in nanoseconds since 1970.
    pub(super) checked_ns: i64,
    revision: u64,
    frequencies: Cache<FrequencyKey, u64>,
    similar: Cache<SimilarityKey, Vec<(String, u64)>>,
    facets: Mutex<Option<DatedFacets>>,
}

/// A passage that matches a query.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The score: above 0, without an upper bound. Only scores of one query can be compared.
    pub score: f32,
    /// The post of the passage.
    pub post: Arc<Post>,
    /// The position in [`takeaways_text::model::Body::passages`].
    pub passage: usize,
}

impl Index {
    /// Makes an index from its opened parts.
    pub(super) fn new(
        tantivy: tantivy::Index,
        generation: Option<Generation>,
        searcher: Searcher,
        opstamp: u64,
        checked_ns: i64,
    ) -> Self {
        // An index with 2^40 operations would have filled the disk long before.
        let revision = (generation.as_ref().map_or(0, |generation| generation.number) << 40) | opstamp;
        Self {
            frequent_languages: searcher.counts.frequent_languages(),
            searcher,
            frequencies: Cache::new(MAX_CACHED_FREQUENCIES),
            similar: Cache::new(MAX_CACHED_SIMILAR),
            facets: Mutex::default(),
            requested_folder: None,
            tantivy,
            generation,
            checked_ns,
            revision,
        }
    }

    /// Returns the best `limit` passages for a query, best first. Ties are ordered by post id, then by position in the
    /// post. A query without terms finds nothing.
    ///
    /// Scores don't depend on the history of the index: neither on the order of files, the number of threads or
    /// segments, nor on former contents.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`]. There are no partial results.
    pub fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, SearchError> {
        self.record_damage(|| {
            let passages = searcher::search(&self.searcher, query, limit)?;
            passages.iter().map(|passage| self.to_hit(passage)).collect()
        })
    }

    /// Returns the ids of all posts with a passage that matches a query. A query without terms finds nothing.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn posts_matching(&self, query: &Query) -> Result<HashSet<PostId>, SearchError> {
        self.record_damage(|| searcher::posts_matching(&self.searcher, query))
    }

    /// Returns the posts that write all words of one of some names, in any order. The words of a name are given by their
    /// [keys](takeaways_text::tokens::word_key).
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn posts_writing(&self, names: &[Vec<String>]) -> Result<HashSet<PostId>, SearchError> {
        self.record_damage(|| searcher::posts_writing(&self.searcher, names))
    }

    /// Counts the passages with an alternative in their text, their headings or their post's title.
    ///
    /// # Errors
    /// [`SearchError::Search`] if a segment can't be read.
    pub fn frequency(&self, alternative: &Alternative) -> Result<u64, SearchError> {
        if alternative.terms.is_empty() {
            return Ok(0);
        }
        let count = || {
            self.record_damage(|| {
                searcher::frequency(&self.searcher, alternative).map_err(SearchError::Search)
            })
        };
        let languages = alternative.languages.intersection(self.languages());
        self.frequencies.get_or_insert_with(&(alternative.terms.clone(), languages), count)
    }

    /// Returns the number of passages.
    pub fn passages(&self) -> u64 {
        self.counts().passages
    }

    /// Returns the number of posts.
    pub fn posts(&self) -> u64 {
        self.counts().posts
    }

    /// Returns a number that changes whenever the contents change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the languages of the posts.
    pub fn languages(&self) -> LanguageSet {
        self.searcher.languages
    }

    /// Returns the languages of at least one post in a thousand, the most frequent first.
    pub fn frequent_languages(&self) -> &[Language] {
        &self.frequent_languages
    }

    /// Returns the post with an id.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn post(&self, id: &PostId) -> Result<Option<Arc<Post>>, SearchError> {
        self.record_damage(|| {
            for (segment_ord, segment) in self.segments().iter().enumerate() {
                let files = segment.files_with_id(self.searcher.fields.id, id);
                let files = files.map_err(SearchError::Search)?;
                if let Some(file) = files.into_iter().find(|&file| segment.is_alive(file)) {
                    return self.searcher.post_at(segment_ord, file).map(Some);
                }
            }
            Ok(None)
        })
    }

    /// Returns the posts that a filter allows, the newest first and those without a date last, at most `limit`; and
    /// their number without the limit.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn posts_in(&self, filter: &Filter, limit: usize) -> Result<(Vec<Arc<Post>>, usize), SearchError> {
        self.record_damage(|| {
            let mut files = searcher::files_in(&self.searcher, filter)?;
            let all = files.len();
            files.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.id.cmp(&b.id)));
            files.truncate(limit);
            let posts = files.into_iter().map(|it| self.searcher.post_at(it.segment_ord, it.file));
            Ok((posts.collect::<Result<_, _>>()?, all))
        })
    }

    /// Returns the ids of the posts that a filter allows. No post is read.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn post_ids_in(&self, filter: &Filter) -> Result<HashSet<PostId>, SearchError> {
        let files = self.record_damage(|| searcher::files_in(&self.searcher, filter))?;
        Ok(files.into_iter().map(|file| PostId(file.id)).collect())
    }

    /// Counts the posts that a filter allows, and their authors. No post is read.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn count_in(&self, filter: &Filter) -> Result<ScopeCounts, SearchError> {
        self.record_damage(|| count_scope(&self.searcher, filter))
    }

    /// Counts the posts that a filter allows by the years of [`Filter::years`]. One about events of several of these years counts in each.
    /// No post is read.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn count_by_year(&self, filter: &Filter) -> Result<BTreeMap<i16, usize>, SearchError> {
        self.record_damage(|| count_by_year(&self.searcher, filter))
    }

    /// Returns what identifies each post, in the order of their ids. No text is read.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn post_records(&self) -> Result<Vec<PostRecord>, SearchError> {
        self.record_damage(|| read_records(self.segments().iter().map(AsRef::as_ref)))
    }

    /// Returns a hash of the contents. Unlike [`Self::revision`], it is the same for another index of the same files.
    pub fn contents_hash(&self) -> u64 {
        hash_contents(self.segments().iter().map(AsRef::as_ref))
    }

    /// Returns the terms of the texts within an edit distance of at most 2 (a transposition counts once), with the
    /// number of passages that hold them. The most frequent is first; `term` itself is not among them.
    ///
    /// # Errors
    /// [`SearchError::Search`] if a segment can't be read.
    pub fn similar_terms(
        &self,
        term: &str,
        distance: u8,
        limit: usize,
    ) -> Result<Vec<(String, u64)>, SearchError> {
        let similar =
            || vocabulary::similar_terms(&self.searcher, term, distance, limit).map_err(SearchError::Search);
        let key = (term.to_owned(), distance, limit);
        self.similar.get_or_insert_with(&key, || self.record_damage(similar))
    }

    /// Returns the facets of the posts that may be shown at a time. They are counted once, until that changes.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn facets(&self, visible_at: Timestamp) -> Result<Arc<Facets>, SearchError> {
        if let Some(dated) = &*lock_cache(&self.facets)
            && dated.are_valid_at(visible_at)
        {
            return Ok(Arc::clone(&dated.facets));
        }
        let dated = self.record_damage(|| count_facets(&self.searcher, visible_at))?;
        let facets = Arc::clone(&dated.facets);
        *lock_cache(&self.facets) = Some(dated);
        Ok(facets)
    }

    /// Returns the folder of the current generation; `None` in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.generation.as_ref().map(|generation| generation.path.as_path())
    }

    pub(super) fn segments(&self) -> &[Arc<IndexSegment>] {
        &self.searcher.segments
    }

    pub(super) fn counts(&self) -> &SegmentCounts {
        &self.searcher.counts
    }

    fn to_hit(&self, scored: &ScoredPassage) -> Result<Hit, SearchError> {
        let (file, passage) = self.segments()[scored.segment_ord].locate_passage(scored.doc)?;
        let post = self.searcher.post_at(scored.segment_ord, file)?;
        if passage >= post.body.passages.len() {
            let reason = format!("passage {passage} of {} is missing", post.id);
            return Err(SearchError::Damaged { reason });
        }
        Ok(Hit { score: to_float(scored.score), post, passage })
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("revision", &self.revision)
            .field("posts", &self.posts())
            .finish_non_exhaustive()
    }
}

fn lock_cache<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic can't leave a cached value half written.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Capacity of the post cache in bytes. It holds all posts of most corpora; a question reads some dozen posts.
const MAX_BYTES: u64 = 8 << 20;

/// Rough size of a post without its texts, in bytes.
const OVERHEAD: usize = 1 << 10;

/// Expected number of cached posts. It is so low that `quick_cache` makes one shard: a long post would not fit into
/// shards of an eighth of [`MAX_BYTES`].
const EXPECTED_POSTS: usize = 60;

/// The address of a stored post. It never changes while its segment exists.
type PostAddress = (SegmentId, DocId);

/// A cache of posts, bounded in bytes.
pub(super) struct PostCache(Cache<PostAddress, Arc<Post>, ByteWeighter>);

impl Default for PostCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_POSTS, MAX_BYTES, ByteWeighter))
    }
}

impl PostCache {
    /// Returns the post at an address, with `read` if it is not cached.
    ///
    /// # Errors
    /// The error of `read`.
    pub(super) fn get(
        &self,
        address: PostAddress,
        read: impl FnOnce() -> Result<Post, SearchError>,
    ) -> Result<Arc<Post>, SearchError> {
        self.0.get_or_insert_with(&address, || read().map(Arc::new))
    }
}

impl fmt::Debug for PostCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostCache").field("posts", &self.0.len()).finish_non_exhaustive()
    }
}

/// Weighs posts by their bytes.
#[derive(Debug, Clone)]
struct ByteWeighter;

impl Weighter<PostAddress, Arc<Post>> for ByteWeighter {
    fn weight(&self, _: &PostAddress, post: &Arc<Post>) -> u64 {
        let body = &post.body;
        let link_bytes: usize = body.links.iter().map(|link| link.url.len() + size_of_val(link)).sum();
        let bytes = OVERHEAD
            + body.text.len()
            + size_of_val(&*body.blocks)
            + size_of_val(&*body.sections)
            + size_of_val(&*body.sentences)
            + size_of_val(&*body.passages)
            + link_bytes;
        bytes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::post;

    #[test]
    fn the_cache_stays_within_its_bound_and_keeps_a_post_in_use() {
        let cache = PostCache::default();
        let segment = SegmentId::generate_random();
        let text = "x".repeat(usize::try_from(MAX_BYTES / 4).expect("small"));
        let long_post = || Ok(post("big").text(&text).build());
        cache.get((segment, 0), long_post).expect("reads");
        for doc in 1..20 {
            cache.get((segment, doc), long_post).expect("reads");
            cache.get((segment, 0), || panic!("still there")).expect("kept");
        }
        assert!(cache.0.weight() <= MAX_BYTES, "{} bytes", cache.0.weight());
        assert_eq!(cache.0.len(), 3);
    }
}
