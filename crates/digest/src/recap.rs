//! What a digest needs to know of a post: all but its words, of which one sentence and a few marks are kept.
//!
//! Made once for each post and shared by all subscriptions, so that a digest costs nothing that grows with its posts' length.

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::commonness::Commonness;
use super::left_out::Why;
use super::likeness::Likeness;
use super::sentence::worth_reading;
use super::theme::{Theme, themes};
use takeaways_corpus::identity::{address_key, text_key};
use takeaways_text::model::{Body, Event, Post, Quoted};

/// A post as digests see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recap {
    /// All that is known of the post but its words: its body is empty.
    pub post: Post,
    /// The one sentence worth reading; `None` where no sentence is good enough.
    pub quoted: Option<Quoted>,
    /// What it is mainly about, most of all first.
    pub themes: Vec<Theme>,
    /// A hash of its title and its text: a file that was only renamed keeps it.
    pub fingerprint: u64,
    /// What tells a near-duplicate.
    pub(super) likeness: Likeness,
    /// Names its text.
    pub(super) text: u128,
    /// Names its address.
    pub(super) address: Option<u128>,
}

impl Recap {
    /// Reads a post: costs as much as it is long.
    #[must_use]
    pub fn of(post: &Post, commonness: &dyn Commonness) -> Self {
        Self {
            quoted: worth_reading(post, commonness),
            themes: themes(post, commonness),
            fingerprint: fingerprint(post),
            likeness: Likeness::of(&post.body.text),
            text: text_key(&post.body.text),
            address: address(post),
            post: without_words(post),
        }
    }

    /// Whether it may be posted at a time: drafts never, a post of the future when its time has come. One that may not is no
    /// post that was seen: it is new when it is published.
    #[must_use]
    pub fn is_out(&self, now: Timestamp) -> bool {
        self.not_out(now).is_none()
    }

    /// Why it may not be posted at a time; `None` where it may.
    pub(super) fn not_out(&self, now: Timestamp) -> Option<Why> {
        if self.post.draft { Some(Why::Draft) } else { self.post.scheduled(now).map(Why::NotBefore) }
    }

    /// The event that it stands under for somebody: the first that they asked for, else the main one.
    pub(super) fn event(&self, is_asked_for: impl Fn(&Event) -> bool) -> Option<&Event> {
        self.post.events.iter().find(|event| is_asked_for(event)).or_else(|| self.post.event())
    }
}

pub(super) fn without_words(post: &Post) -> Post {
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
pub(super) fn address(post: &Post) -> Option<u128> {
    post.url.as_deref().and_then(address_key)
}
