//! What a digest needs to know of a post: all but its words, of which one sentence and a few marks are kept.
//!
//! Made once for each post and shared by all subscriptions, so that a digest costs nothing that grows with its posts' length.
//!
//! All posts of an index as digests see them.

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

/// A post as digests see it.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPost {
    /// All that is known of the post but its words: its body is empty.
    pub metadata: Post,
    /// The one sentence worth reading; `None` where no sentence is good enough.
    pub quoted: Option<Quote>,
    /// What it is mainly about, most of all first.
    pub main_topics: Vec<MainTopic>,
    /// A hash of its title and its text: a file that was only renamed keeps it.
    pub fingerprint: u64,
    /// What tells a near-duplicate.
    pub(super) min_hash: MinHash,
    /// Names its text.
    pub(super) text_key: u128,
    /// Names its address.
    pub(super) address_key: Option<u128>,
}

impl DigestPost {
    /// Reads a post: costs as much as it is long.
    #[must_use]
    pub fn from_post(post: &Post, commonness: &dyn CorpusFrequency) -> Self {
        Self {
            quoted: key_sentence(post, commonness),
            main_topics: main_topics(post, commonness),
            fingerprint: fingerprint(post),
            min_hash: MinHash::of_text(&post.body.text),
            text_key: text_hash(&post.body.text),
            address_key: post_address_key(post),
            metadata: without_body(post),
        }
    }

    /// Whether it may be posted at a time: drafts never, a post of the future when its time has come. One that may not is no
    /// post that was seen: it is new when it is published.
    #[must_use]
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.unpublished_reason(now).is_none()
    }

    /// Why it may not be posted at a time; `None` where it may.
    pub(super) fn unpublished_reason(&self, now: Timestamp) -> Option<OmissionReason> {
        if self.metadata.draft {
            Some(OmissionReason::Draft)
        } else {
            self.metadata.scheduled_at(now).map(OmissionReason::Scheduled)
        }
    }

    /// The event that it stands under for somebody: the first that they asked for, else the main one.
    pub(super) fn shown_event(&self, is_asked_for: impl Fn(&Event) -> bool) -> Option<&Event> {
        self.metadata.events.iter().find(|event| is_asked_for(event)).or_else(|| self.metadata.main_event())
    }
}

pub(super) fn without_body(post: &Post) -> Post {
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

pub(super) fn fingerprint(post: &Post) -> u64 {
    let title = post.title.as_deref().unwrap_or_default();
    xxh3_64([title.as_bytes(), &[0], post.body.text.as_bytes()].concat().as_slice())
}

/// Names its address, where it has one of its own.
pub(super) fn post_address_key(post: &Post) -> Option<u128> {
    post.url.as_deref().and_then(address_hash)
}

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
        self.fingerprint == fingerprint(post) && self.metadata.language == post.language
    }

    /// The same with what else is known of the post now.
    fn with_metadata_of(self: &Arc<Self>, post: &Post) -> Arc<Self> {
        let now = without_body(post);
        if self.metadata == now {
            return Arc::clone(self);
        }
        let address = post_address_key(post);
        Arc::new(Self { metadata: now, address_key: address, ..Self::clone(self) })
    }
}
