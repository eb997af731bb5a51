//! A post as digests use it: its metadata, one sentence and a `MinHash`, without its text.
//!
//! It is made once for each post and shared by all subscriptions, so that the cost of a digest does not depend on the
//! length of its posts.

use crate::{
    IndexFrequency,
    compose::OmissionReason,
    key_sentence::key_sentence,
    main_topics::{CorpusFrequency, MainTopic, main_topics},
    min_hash::MinHash,
};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};
use takeaways_corpus::identity::{address_hash, text_hash};
use takeaways_search::{Index, SearchError};
use takeaways_text::model::{Body, Event, Post, PostId, Quote};
use xxhash_rust::xxh3::xxh3_64;

/// A post as digests use it.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPost {
    /// The post without its body and tags.
    pub metadata: Post,
    /// The key sentence; `None` if no sentence is good enough.
    pub quoted: Option<Quote>,
    /// The main topics, the heaviest first.
    pub main_topics: Vec<MainTopic>,
    /// A hash of the title and the text: it stays the same if the file is renamed.
    pub fingerprint: u64,
    /// The signature of the text, for detecting near-duplicates.
    pub(super) min_hash: MinHash,
    /// A hash of the text.
    pub(super) text_key: u128,
    /// A hash of its own address, if it has one.
    pub(super) address_key: Option<u128>,
}

impl DigestPost {
    /// Analyses a post. The cost grows with its length.
    #[must_use]
    pub fn from_post(post: &Post, frequency: &dyn CorpusFrequency) -> Self {
        Self {
            quoted: key_sentence(post, frequency),
            main_topics: main_topics(post, frequency),
            fingerprint: fingerprint(post),
            min_hash: MinHash::of_text(&post.body.text),
            text_key: text_hash(&post.body.text),
            address_key: post_address_key(post),
            metadata: without_body(post),
        }
    }

    /// Whether it may be posted at a time: never a draft, and a scheduled post from its time on. An unpublished post
    /// does not count as seen: it is new once it is published.
    #[must_use]
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.unpublished_reason(now).is_none()
    }

    /// Returns why it must not be posted at a time; `None` if it may be posted.
    pub(super) fn unpublished_reason(&self, now: Timestamp) -> Option<OmissionReason> {
        if self.metadata.draft {
            Some(OmissionReason::Draft)
        } else {
            self.metadata.scheduled_at(now).map(OmissionReason::Scheduled)
        }
    }

    /// Returns the event of its group: the first wanted one, or the main event.
    pub(super) fn shown_event(&self, is_wanted: impl Fn(&Event) -> bool) -> Option<&Event> {
        self.metadata.events.iter().find(|event| is_wanted(event)).or_else(|| self.metadata.main_event())
    }

    /// Whether title, text and language are those of a post.
    fn is_unchanged(&self, post: &Post) -> bool {
        self.fingerprint == fingerprint(post) && self.metadata.language == post.language
    }

    /// Returns the same post with the metadata of now.
    fn with_metadata_of(self: &Arc<Self>, post: &Post) -> Arc<Self> {
        let metadata = without_body(post);
        if self.metadata == metadata {
            return Arc::clone(self);
        }
        let address_key = post_address_key(post);
        Arc::new(Self { metadata, address_key, ..Self::clone(self) })
    }
}

fn without_body(post: &Post) -> Post {
    Post {
        id: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.title.clone(),
        authors: post.authors.clone(),
        date: post.date,
        url: post.url.clone(),
        publisher: post.publisher.clone(),
        language: post.language,
        tags: Vec::new(),
        topics: post.topics.clone(),
        events: post.events.clone(),
        draft: post.draft,
        visible_from: post.visible_from,
        body: Body::default(),
    }
}

fn fingerprint(post: &Post) -> u64 {
    let title = post.title.as_deref().unwrap_or_default();
    xxh3_64([title.as_bytes(), &[0], post.body.text.as_bytes()].concat().as_slice())
}

/// Returns a hash of the address of a post, if it has one of its own.
fn post_address_key(post: &Post) -> Option<u128> {
    post.url.as_deref().and_then(address_hash)
}

/// The posts of an index as digests use them. Clones share the posts.
#[derive(Debug, Clone, Default)]
pub struct DigestPosts {
    posts: Vec<Arc<DigestPost>>,
    by_id: HashMap<PostId, usize>,
    revision: Option<u64>,
}

impl DigestPosts {
    /// Reads the posts of an index, in the order of their ids. Posts of `self` are used again if neither title, text
    /// nor language has changed.
    ///
    /// # Errors
    /// Fails if the index can't be read.
    pub fn refresh(&self, index: &Index, now: Timestamp) -> Result<Self, SearchError> {
        if self.revision == Some(index.revision()) {
            return Ok(self.clone());
        }
        let facets = index.facets(now)?;
        let frequency = IndexFrequency::new(index, &facets);
        let mut posts: Vec<Arc<DigestPost>> = Vec::new();
        index.each_post(&mut |post| {
            let unchanged = self.find(&post.id).filter(|old| old.is_unchanged(post));
            posts.push(unchanged.map_or_else(
                || Arc::new(DigestPost::from_post(post, &frequency)),
                |old| old.with_metadata_of(post),
            ));
        })?;
        let by_id = posts.iter().enumerate().map(|(at, post)| (post.metadata.id.clone(), at)).collect();
        Ok(Self { posts, by_id, revision: Some(index.revision()) })
    }

    /// Returns all posts, unpublished ones included.
    #[must_use]
    pub fn all(&self) -> &[Arc<DigestPost>] {
        &self.posts
    }

    /// Iterates over the posts that are published at a time.
    pub fn published(&self, now: Timestamp) -> impl Iterator<Item = &Arc<DigestPost>> {
        self.posts.iter().filter(move |post| post.is_published(now))
    }

    /// Returns the post with an id.
    #[must_use]
    pub fn find(&self, id: &PostId) -> Option<&Arc<DigestPost>> {
        self.by_id.get(id).and_then(|&at| self.posts.get(at))
    }
}
