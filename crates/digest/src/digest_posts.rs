//! All posts of an index as digests see them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{DigestPost, IndexFrequency};
use takeaways_search::{Index, SearchError};
use takeaways_text::model::{Post, PostId};

/// The posts of an index, each read once. All clones share them.
#[derive(Debug, Clone, Default)]
pub struct DigestPosts {
    posts: Vec<Arc<DigestPost>>,
    by_id: HashMap<PostId, usize>,
    revision: Option<u64>,
}

impl DigestPosts {
    /// The posts of an index, in the order of their ids. What this shelf has of them is taken over where neither title nor
    /// text has changed; the shelf of the same index stays as it is.
    ///
    /// # Errors
    /// Where the index can't be read.
    pub fn refresh(&self, index: &Index, now: Timestamp) -> Result<Self, SearchError> {
        if self.revision == Some(index.revision()) {
            return Ok(self.clone());
        }
        let facets = index.facets(now)?;
        let commonness = IndexFrequency::new(index, &facets);
        let mut recaps: Vec<Arc<DigestPost>> = Vec::new();
        index.each_post(&mut |post| {
            let known = self.find(&post.id).filter(|known| known.is_unchanged(post));
            let recap = known.map_or_else(
                || Arc::new(DigestPost::from_post(post, &commonness)),
                |known| known.with_metadata_of(post),
            );
            recaps.push(recap);
        })?;
        let by_id = recaps.iter().enumerate().map(|(at, recap)| (recap.metadata.id.clone(), at)).collect();
        Ok(Self { posts: recaps, by_id, revision: Some(index.revision()) })
    }

    /// All posts, also those that are not out.
    #[must_use]
    pub fn all(&self) -> &[Arc<DigestPost>] {
        &self.posts
    }

    /// Those that are out at a time: the posts to take note of as seen.
    pub fn published(&self, now: Timestamp) -> impl Iterator<Item = &Arc<DigestPost>> {
        self.posts.iter().filter(move |recap| recap.is_published(now))
    }

    /// The post of this id.
    #[must_use]
    pub fn find(&self, id: &PostId) -> Option<&Arc<DigestPost>> {
        self.by_id.get(id).and_then(|&at| self.posts.get(at))
    }
}

impl DigestPost {
    /// Whether it was made of these words.
    fn is_unchanged(&self, post: &Post) -> bool {
        self.fingerprint == super::digest_post::fingerprint(post) && self.metadata.language == post.language
    }

    /// The same with what else is known of the post now.
    fn with_metadata_of(self: &Arc<Self>, post: &Post) -> Arc<Self> {
        let now = super::digest_post::without_body(post);
        if self.metadata == now {
            return Arc::clone(self);
        }
        let address = super::digest_post::post_address_key(post);
        Arc::new(Self { metadata: now, address_key: address, ..Self::clone(self) })
    }
}
