//! A post as digests use it: its metadata, one sentence and a `MinHash`, without its text.
//!
//! It is made when a digest first needs it and shared by all subscriptions.

use crate::{
    Interest,
    compose::OmissionReason,
    key_sentence::{key_sentence, topic_sentences},
    main_topics::{MainTopic, TopicShare, main_topics},
    min_hash::MinHash,
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use takeaways_corpus::identity::{address_hash, text_hash};
use takeaways_search::post_fingerprint;
use takeaways_text::model::{Body, Event, Post, PostId, Quote};

/// A post as digests use it.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPost {
    /// The post without its body and tags.
    pub metadata: Post,
    /// The key sentence; `None` if no sentence is good enough.
    quoted: Option<Quote>,
    /// The best sentence on each topic that has one.
    on_topics: Vec<(String, Quote)>,
    /// The main topics, the heaviest first.
    pub main_topics: Vec<MainTopic>,
    /// A hash of the title and the text.
    fingerprint: u64,
    /// The signature of the text, for detecting near-duplicates.
    pub(super) min_hash: MinHash,
    /// A hash of the text.
    pub(super) text_key: u128,
    /// A hash of its own address, if it has one.
    pub(super) address_key: Option<u128>,
}

impl DigestPost {
    /// Analyses a post. The cost grows with its length.
    pub fn from_post(post: &Post, topic_share: TopicShare<'_>) -> Self {
        Self {
            quoted: key_sentence(post),
            on_topics: topic_sentences(post),
            main_topics: main_topics(post, topic_share),
            fingerprint: post_fingerprint(post),
            min_hash: MinHash::of_text(&post.body.text),
            text_key: text_hash(&post.body.text),
            address_key: post_address_key(post),
            metadata: without_body(post),
        }
    }

    /// Whether it may be posted at a time: never a draft, and a scheduled post from its time on. An unpublished post
    /// does not count as seen: it is new once it is published.
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

    /// The sentence that is shown: one on a topic for which the post is wanted, else the key sentence.
    pub(super) fn shown_sentence(&self, interests: &[Interest]) -> Option<&Quote> {
        let wanted = interests.iter().filter(|interest| interest.wants(&self.metadata));
        let on_topic = |wanted: &String| self.on_topics.iter().find(|(topic, _)| topic == wanted);
        let quoted = wanted.filter_map(|interest| interest.topic.as_ref()).find_map(on_topic);
        quoted.map(|(_, quoted)| quoted).or(self.quoted.as_ref())
    }

    /// A post that is not analysed, for lists of what a digest omits.
    pub fn unanalysed(post: &Post) -> Self {
        Self {
            quoted: None,
            on_topics: Vec::new(),
            main_topics: Vec::new(),
            fingerprint: 0,
            min_hash: MinHash::of_text(""),
            text_key: 0,
            address_key: None,
            metadata: without_body(post),
        }
    }

    /// Whether title, text and language are those of a post.
    fn is_unchanged(&self, post: &Post) -> bool {
        self.fingerprint == post_fingerprint(post) && self.metadata.language == post.language
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
        projects: post.projects.clone(),
        companies: post.companies.clone(),
        events: post.events.clone(),
        draft: post.draft,
        is_about_draft: post.is_about_draft,
        visible_from: post.visible_from,
        body: Body { speakers: post.body.speakers.clone(), ..Body::default() },
    }
}

/// Returns a hash of the address of a post, if it has one of its own.
fn post_address_key(post: &Post) -> Option<u128> {
    post.url.as_deref().and_then(address_hash)
}

/// The most posts that are kept. More new posts than that are analysed again for each subscription.
const MAX_KEPT: usize = 4_096;

/// The posts that were analysed lately, so that subscriptions share them. A post is analysed again if its title, text or
/// language has changed.
#[derive(Debug, Default)]
pub struct DigestPostCache(Mutex<HashMap<PostId, Arc<DigestPost>>>);

impl DigestPostCache {
    /// Returns a post with the metadata of now, analysed.
    pub(super) fn get(&self, post: &Post, topic_share: TopicShare<'_>) -> Arc<DigestPost> {
        let known = self.lock().get(&post.id).filter(|known| known.is_unchanged(post)).cloned();
        let analysed = known.map_or_else(
            || Arc::new(DigestPost::from_post(post, topic_share)),
            |known| known.with_metadata_of(post),
        );
        let mut kept = self.lock();
        if kept.len() >= MAX_KEPT && !kept.contains_key(&post.id) {
            kept.clear();
        }
        kept.insert(post.id.clone(), Arc::clone(&analysed));
        analysed
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PostId, Arc<DigestPost>>> {
        // A panic can't leave a post half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
