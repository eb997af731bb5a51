//! The index as others see it: searched, never changed. Opening it anew gives another one.
//!
//! A cache of posts.

use crate::{
    error::SearchError,
    facets::{self, DatedFacets, Facets},
    folder::Generation,
    query::{Alternative, Query},
    score::to_float,
    searcher::{self, Searcher},
    segment::{IndexSegment, SegmentCounts},
    top_passages::ScoredPassage,
    vocabulary,
};
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache};
use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use takeaways_text::model::{Language, Post, PostId};
use tantivy::{DocId, DocSet as _, TERMINATED, Term, index::SegmentId, schema::IndexRecordOption};

/// How many answers of [`Index::frequency`] are kept: words of questions come again and again.
const MAX_CACHED_FREQUENCIES: usize = 4_096;

/// A term, a distance and a limit.
type SimilarityKey = (String, u8, usize);

/// How many answers of [`Index::similar_terms`] are kept: one question looks for the same word several times.
const MAX_CACHED_SIMILAR: usize = 512;

/// The posts of a corpus, ready to be searched. Cheap to open, to be shared by many threads.
pub struct Index {
    pub(super) tantivy: tantivy::Index,
    /// Where it lies; `None` in memory.
    pub(super) generation: Option<Generation>,
    /// The folder that it was asked to lie in.
    pub(super) requested_folder: Option<PathBuf>,
    searcher: Searcher,
    languages: Vec<Language>,
    /// When all files were last known to be as the index has them, in nanoseconds since 1970.
    pub(super) checked_ns: i64,
    revision: u64,
    frequencies: Cache<Vec<String>, u64>,
    similar: Cache<SimilarityKey, Vec<(String, u64)>>,
    facets: Mutex<Option<DatedFacets>>,
}

/// A passage that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// How well it matches: above 0 without upper bound, to be compared within one query only.
    pub score: f32,
    /// Its post.
    pub post: Arc<Post>,
    /// Which of [`takeaways_text::model::Body::passages`] it is.
    pub passage: usize,
}

impl Index {
    /// Puts together what has been opened.
    pub(super) fn new(
        tantivy: tantivy::Index,
        generation: Option<Generation>,
        searcher: Searcher,
        opstamp: u64,
        checked_ns: i64,
    ) -> Self {
        // An index with 2^40 operations would have filled the disk long before.
        let revision = (generation.as_ref().map_or(0, |home| home.number) << 40) | opstamp;
        Self {
            languages: searcher.counts().languages(),
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

    /// The best `limit` passages for a query, best first; equal ones by post id, then by their place in the post.
    /// A query that has nothing to look for finds nothing.
    ///
    /// Scores don't depend on how the index came about: not on the order of files, the number of threads or
    /// segments, nor on what was in it before.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`]; there are no partial results.
    pub fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, SearchError> {
        self.record_damage(|| {
            let candidates = searcher::search(&self.searcher, query, limit)?;
            candidates.iter().map(|candidate| self.to_hit(candidate)).collect()
        })
    }

    /// How many passages hold an alternative in their text, their headings or their post's title.
    ///
    /// # Errors
    /// [`SearchError::Search`] where a segment can't be read.
    pub fn frequency(&self, alternative: &Alternative) -> Result<u64, SearchError> {
        if alternative.terms.is_empty() {
            return Ok(0);
        }
        let count = || {
            self.record_damage(|| {
                searcher::frequency(&self.searcher, alternative).map_err(SearchError::Search)
            })
        };
        self.frequencies.get_or_insert_with(&alternative.terms, count)
    }

    /// How many passages there are.
    #[must_use]
    pub fn passages(&self) -> u64 {
        self.counts().passages
    }

    /// How many posts there are.
    #[must_use]
    pub fn posts(&self) -> u64 {
        self.counts().posts
    }

    /// Changes whenever what can be found does.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The languages of the posts, most posts first.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// A post by its id.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn post(&self, id: &PostId) -> Result<Option<Arc<Post>>, SearchError> {
        self.record_damage(|| {
            let term = Term::from_field_text(self.searcher.fields().id, &id.0);
            for (at, part) in self.segments().iter().enumerate() {
                let words =
                    part.reader.inverted_index(self.searcher.fields().id).map_err(SearchError::Search)?;
                let Some(mut postings) =
                    words.read_postings(&term, IndexRecordOption::Basic).map_err(search_error)?
                else {
                    continue;
                };
                while postings.doc() != TERMINATED {
                    if part.is_alive(postings.doc()) {
                        return self.searcher.post_at(at, postings.doc()).map(Some);
                    }
                    postings.advance();
                }
            }
            Ok(None)
        })
    }

    /// Calls `f` with each post, in the order of their ids.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`]; posts before it have been seen.
    pub fn each_post(&self, f: &mut dyn FnMut(&Post)) -> Result<(), SearchError> {
        self.record_damage(|| {
            let mut places = Vec::new();
            for (at, part) in self.segments().iter().enumerate() {
                for (file, _) in part.live_files().filter(|(_, passages)| passages.is_some()) {
                    places.push((self.searcher.post_id_of(at, file)?, at, file));
                }
            }
            places.sort();
            for (_, at, file) in places {
                f(&self.segments()[at].post(file)?);
            }
            Ok(())
        })
    }

    /// Terms of the texts that are spelled like `term`, within a distance of at most 2 (a swap of neighbours
    /// counts once), with the number of passages that hold them: most frequent first, `term` itself left out.
    ///
    /// # Errors
    /// [`SearchError::Search`] where a segment can't be read.
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

    /// What the posts that may be shown at a time are about. Counted once, until that changes.
    ///
    /// # Errors
    /// [`SearchError::Search`] or [`SearchError::Damaged`].
    pub fn facets(&self, visible_at: Timestamp) -> Result<Arc<Facets>, SearchError> {
        if let Some(dated) = &*lock_cache(&self.facets)
            && dated.are_valid_at(visible_at)
        {
            return Ok(Arc::clone(&dated.facets));
        }
        let dated = self.record_damage(|| facets::facets(&self.searcher, visible_at))?;
        let facets = Arc::clone(&dated.facets);
        *lock_cache(&self.facets) = Some(dated);
        Ok(facets)
    }

    /// The folder of the index; `None` in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.generation.as_ref().map(|home| home.path.as_path())
    }

    pub(super) fn segments(&self) -> &[Arc<IndexSegment>] {
        self.searcher.parts()
    }

    pub(super) fn counts(&self) -> &SegmentCounts {
        self.searcher.counts()
    }

    pub(super) fn post_cache(&self) -> &Arc<PostCache> {
        self.searcher.post_cache()
    }

    fn to_hit(&self, candidate: &ScoredPassage) -> Result<Hit, SearchError> {
        let (file, passage) = self.segments()[candidate.segment].locate_passage(candidate.doc)?;
        let post = self.searcher.post_at(candidate.segment, file)?;
        if passage >= post.body.passages.len() {
            let what = format!("passage {passage} of {} is missing", post.id);
            return Err(SearchError::Damaged { what });
        }
        Ok(Hit { score: to_float(candidate.score), post, passage })
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
    // What is behind these locks are answers to be kept, whole or not there at all.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn search_error(error: io::Error) -> SearchError {
    SearchError::Search(error.into())
}

/// The most bytes of the cache. Enough for all posts of most corpora; a question reads some dozen posts.
const MAX_BYTES: u64 = 8 << 20;

/// Bytes that a post takes beside its texts, roughly.
const OVERHEAD: usize = 1 << 10;

/// About as many posts fit into the cache, if they are short. So few that `quick_cache` makes one shard of it: in shards
/// of an eighth of [`MAX_BYTES`] a long post would find no room.
const EXPECTED_POSTS: usize = 60;

/// Where a post is stored. It never changes while its segment exists.
type PostAddress = (SegmentId, DocId);

/// Posts that were read lately, up to a number of bytes.
pub(super) struct PostCache(Cache<PostAddress, Arc<Post>, ByteWeighter>);

impl Default for PostCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_POSTS, MAX_BYTES, ByteWeighter))
    }
}

impl PostCache {
    /// The post at an address, read where it is not known.
    ///
    /// # Errors
    /// Those of `read`.
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

/// Weighs posts by the bytes that they take.
#[derive(Debug, Clone)]
struct ByteWeighter;

impl Weighter<PostAddress, Arc<Post>> for ByteWeighter {
    fn weight(&self, _: &PostAddress, post: &Arc<Post>) -> u64 {
        let body = &post.body;
        let links: usize = body.links.iter().map(|link| link.url.len() + size_of_val(link)).sum();
        let bytes = OVERHEAD
            + body.text.len()
            + size_of_val(&*body.blocks)
            + size_of_val(&*body.sections)
            + size_of_val(&*body.sentences)
            + size_of_val(&*body.passages)
            + links;
        bytes as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::post;

    #[test]
    fn the_bound_holds_and_a_post_in_use_stays() {
        let cache = PostCache::default();
        let segment = SegmentId::generate_random();
        let text = "x".repeat(usize::try_from(MAX_BYTES / 4).expect("small"));
        let big = || Ok(post("big").text(&text).build());
        cache.get((segment, 0), big).expect("reads");
        for doc in 1..20 {
            cache.get((segment, doc), big).expect("reads");
            cache.get((segment, 0), || panic!("still there")).expect("kept");
        }
        assert!(cache.0.weight() <= MAX_BYTES, "{} bytes", cache.0.weight());
        assert_eq!(cache.0.len(), 3);
    }
}
