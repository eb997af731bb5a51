//! The posts of an index in the order in which they were first seen, and which of them a digest reads.

use std::sync::Arc;

use jiff::Timestamp;
use takeaways_search::{Index, PostRecord, SearchError};
use takeaways_text::model::Post;

use crate::digest_post::DigestPostCache;
use crate::main_topics::topic_share;
use crate::{DigestPost, Interest, OmittedPost, PostEntry, PostWindow};

/// A post with its number in the order in which posts were first seen, before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedPost {
    /// Its number, from 1.
    pub number: i64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether it was there when the state was created. Then `first_seen` says nothing about the post.
    pub is_initial: bool,
    /// The post.
    pub post: PostRecord,
}

/// The published posts of an index. Their texts are read only when a digest needs them.
#[derive(Debug)]
pub struct NumberedPosts {
    index: Arc<Index>,
    /// In the order of their numbers.
    posts: Vec<NumberedPost>,
}

impl NumberedPosts {
    /// Makes the list of the published posts of an index.
    pub fn new(index: Arc<Index>, mut posts: Vec<NumberedPost>) -> Self {
        posts.sort_by_key(|post| post.number);
        Self { index, posts }
    }

    /// Returns the index of the posts.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// Returns the highest number; 0 without posts.
    pub fn last_number(&self) -> i64 {
        self.posts.last().map_or(0, |post| post.number)
    }

    /// Reads the posts that are new by a window, in the order of their numbers. Only those that an interest wants are
    /// analysed; the others are there for the list of what is omitted.
    ///
    /// # Errors
    /// Fails if the index can't be read.
    pub fn new_entries(
        &self,
        interests: &[Interest],
        window: &PostWindow,
        cache: &DigestPostCache,
    ) -> Result<Vec<PostEntry>, SearchError> {
        let mut new = window
            .in_range(&self.posts, |post| post.number)
            .iter()
            .filter(|post| window.admits(post))
            .peekable();
        if new.peek().is_none() {
            return Ok(Vec::new());
        }
        let facets = self.index.facets(window.now)?;
        let topic_share = |topic: &str| topic_share(topic, &self.index, &facets);
        self.read(new, |post| {
            if interests.is_empty() || interests.iter().any(|interest| interest.wants(post)) {
                cache.get(post, &topic_share)
            } else {
                Arc::new(DigestPost::unanalysed(post))
            }
        })
    }

    /// Reads the posts that are not new by a window, in the order of their numbers, without analysing them.
    ///
    /// # Errors
    /// Fails if the index can't be read.
    pub fn old_entries(&self, window: &PostWindow) -> Result<Vec<PostEntry>, SearchError> {
        let old = self.posts.iter().filter(|post| !window.admits(post));
        self.read(old, |post| Arc::new(DigestPost::unanalysed(post)))
    }

    /// Reads the posts that were first seen after a time, in the order of their numbers, without analysing them.
    ///
    /// # Errors
    /// Fails if the index can't be read.
    pub fn entries_since(&self, time: Timestamp) -> Result<Vec<PostEntry>, SearchError> {
        let is_since = |post: &&NumberedPost| !post.is_initial && post.number > 0 && post.first_seen > time;
        self.read(self.posts.iter().filter(is_since), |post| Arc::new(DigestPost::unanalysed(post)))
    }

    fn read<'p>(
        &self,
        posts: impl Iterator<Item = &'p NumberedPost>,
        make: impl Fn(&Post) -> Arc<DigestPost>,
    ) -> Result<Vec<PostEntry>, SearchError> {
        let mut entries = Vec::new();
        for NumberedPost { number, first_seen, is_initial, post } in posts {
            if let Some(post) = self.index.post(&post.id)? {
                let (number, first_seen, is_initial) = (*number, *first_seen, *is_initial);
                entries.push(PostEntry { number, first_seen, is_initial, post: make(&post) });
            }
        }
        Ok(entries)
    }
}

/// Reads the posts of an index that are not published, with the reasons, in the order of their ids.
///
/// # Errors
/// Fails if the index can't be read.
pub fn omitted_unpublished_posts(
    index: &Index,
    records: &[PostRecord],
    now: Timestamp,
) -> Result<Vec<OmittedPost>, SearchError> {
    let mut omitted = Vec::new();
    for record in records.iter().filter(|record| !record.is_published(now)) {
        if let Some(post) = index.post(&record.id)? {
            omitted.extend(OmittedPost::unpublished(&Arc::new(DigestPost::unanalysed(&post)), now));
        }
    }
    Ok(omitted)
}
