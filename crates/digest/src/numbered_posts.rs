//! The posts of an index in the order in which they were first seen, and which of them a digest reads.

use std::sync::Arc;

use jiff::Timestamp;
use takeaways_search::{Index, PostRecord, SearchError};
use takeaways_text::model::Post;

use crate::digest_post::DigestPostCache;
use crate::main_topics::topic_share;
use crate::{DigestPost, Interest, OmittedPost, PostEntry, PostWindow};

/// The first sighting of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Its position in the order of first sightings, from 1. 0 and less for posts that were old when they came in.
    pub number: i64,
    /// The time of the first sighting.
    pub first_seen: Timestamp,
    /// Whether it was there when the state was created, or old when it came in. Then the time says nothing about the
    /// post.
    pub is_initial: bool,
}

impl Sighting {
    /// Fills the gaps of what is known: unseen posts get the numbers that they would get now, in their order.
    pub fn predict(known: Vec<Option<Self>>, now: Timestamp, is_initial: bool) -> Vec<Self> {
        let mut number = known.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
        let mut next = || {
            number += 1;
            Self { number, first_seen: now, is_initial }
        };
        known.into_iter().map(|known| known.unwrap_or_else(&mut next)).collect()
    }

    /// Whether the post came in after a time, as news.
    pub(crate) fn is_after(&self, time: Timestamp) -> bool {
        !self.is_initial && self.number > 0 && self.first_seen > time
    }
}

/// A post with its first sighting, before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedPost {
    /// Its first sighting.
    pub sighting: Sighting,
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
        posts.sort_by_key(|post| post.sighting.number);
        Self { index, posts }
    }

    /// Returns the index of the posts.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// Returns the highest number; 0 without posts.
    pub fn last_number(&self) -> i64 {
        self.posts.last().map_or(0, |post| post.sighting.number)
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
            .in_range(&self.posts, |post| post.sighting.number)
            .iter()
            .filter(|post| window.contains(post.sighting, post.post.date))
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
        let old = self.posts.iter().filter(|post| !window.contains(post.sighting, post.post.date));
        self.read(old, |post| Arc::new(DigestPost::unanalysed(post)))
    }

    /// Reads the posts that were first seen after a time, in the order of their numbers, without analysing them.
    ///
    /// # Errors
    /// Fails if the index can't be read.
    pub fn entries_since(&self, time: Timestamp) -> Result<Vec<PostEntry>, SearchError> {
        let since = self.posts.iter().filter(|post| post.sighting.is_after(time));
        self.read(since, |post| Arc::new(DigestPost::unanalysed(post)))
    }

    fn read<'p>(
        &self,
        posts: impl Iterator<Item = &'p NumberedPost>,
        make: impl Fn(&Post) -> Arc<DigestPost>,
    ) -> Result<Vec<PostEntry>, SearchError> {
        let mut entries = Vec::new();
        for NumberedPost { sighting, post } in posts {
            if let Some(post) = self.index.post(&post.id)? {
                entries.push(PostEntry { sighting: *sighting, post: make(&post) });
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
