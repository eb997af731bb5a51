//! From the posts that were seen to a digest, and to the reasons of those that it does not hold.
//!
//! Costs what is new to the one who gets it, however many other posts there are.
//!
//! What a digest holds: posts under events and topics.
//!
//! Posts that a digest does not hold, and why.
//!
//! A post with its place in the order in which posts were first seen.

use crate::{
    DigestPost, Interest, PostWindow,
    grouping::{UniquePosts, group_by_event, remove_duplicates},
};
use jiff::Timestamp;
use std::sync::Arc;
use takeaways_text::model::{Citation, Event, Post, PostId, PostKind, Quote};

/// What came of the posts that are new to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// `None` where nothing is new.
    pub digest: Option<Digest>,
    /// New posts that it does not hold, in the order of their numbers.
    pub omitted: Vec<OmittedPost>,
}

/// The digest for somebody who wants what any of `interests` wants, or all where there are none. `entries` are in the order
/// of their numbers.
#[must_use]
pub fn compose(entries: &[PostEntry], interests: &[Interest], window: &PostWindow) -> Composition {
    let mut left_out = Vec::new();
    let mut wanted: Vec<Arc<DigestPost>> = Vec::new();
    for entry in window.entries_in_range(entries).iter().filter(|entry| window.contains(entry)) {
        match omission_reason(&entry.post, interests, window) {
            Some(why) => left_out.push(OmittedPost { post: Arc::clone(&entry.post), reason: why }),
            None => wanted.push(Arc::clone(&entry.post)),
        }
    }
    let UniquePosts { unique: kept, duplicates: same } = remove_duplicates(&wanted);
    left_out.extend(same);
    let digest = (!kept.is_empty()).then(|| group_by_event(&kept, interests));
    Composition { digest, omitted: left_out }
}

/// Why posts that are not new to somebody are not: what a preview shows beside [`Composition::omitted`].
#[must_use]
pub fn omitted_old_posts(
    entries: &[PostEntry],
    interests: &[Interest],
    window: &PostWindow,
) -> Vec<OmittedPost> {
    let is_old = |entry: &&PostEntry| !window.contains(entry);
    let why = |entry: &PostEntry| {
        let is_before =
            entry.is_initial || window.subscribed_at.is_none_or(|begun| entry.first_seen <= begun);
        let old = if is_before { OmissionReason::SeenBefore } else { OmissionReason::Delivered };
        omission_reason(&entry.post, interests, window).unwrap_or(old)
    };
    let left_out = |entry: &PostEntry| OmittedPost { post: Arc::clone(&entry.post), reason: why(entry) };
    entries.iter().filter(is_old).map(left_out).collect()
}

fn omission_reason(
    recap: &DigestPost,
    interests: &[Interest],
    window: &PostWindow,
) -> Option<OmissionReason> {
    let post = &recap.metadata;
    recap.unpublished_reason(window.now).or_else(|| match interests {
        [] => None,
        _ if interests.iter().any(|interest| interest.wants(post)) => None,
        [one] => Some(unmet_interest(post, one)),
        _ => Some(OmissionReason::NotFollowed),
    })
}

/// What of an interest a post does not meet.
fn unmet_interest(post: &Post, interest: &Interest) -> OmissionReason {
    let meets = |part: Interest| part.wants(post);
    match () {
        () if !meets(Interest { event: interest.event.clone(), ..Interest::default() }) => {
            OmissionReason::OtherEvent
        }
        () if !meets(Interest { topic: interest.topic.clone(), ..Interest::default() }) => {
            OmissionReason::OtherTopic
        }
        () if !meets(Interest { author: interest.author.clone(), ..Interest::default() }) => {
            OmissionReason::OtherAuthor
        }
        () => OmissionReason::OtherLanguage,
    }
}

/// The posts that are new to somebody, grouped; never none.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// One for each event, the newest event first; posts about no event are the last.
    pub groups: Vec<EventGroup>,
}

/// The posts about one event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventGroup {
    /// The event; `None` for posts about none.
    pub event: Option<Event>,
    /// What several of the posts share is a bundle each, the largest first; the last has no topic.
    pub bundles: Vec<Bundle>,
}

/// Posts of one event that share a topic, or are left.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The topic's name; `None` for posts that share none.
    pub topic: Option<String>,
    /// At least two where there is a topic, newest first.
    pub items: Vec<DigestItem>,
}

/// A post of a digest.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestItem {
    /// Where it comes from. The section is that of the sentence.
    pub citation: Citation,
    /// The one sentence worth reading, where there is one.
    pub quoted: Option<Quote>,
}

/// How many of what a digest holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestCounts {
    /// Posts in their authors' words.
    pub recaps: usize,
    /// Notes on posts.
    pub notes: usize,
    /// Events that they are about.
    pub events: usize,
}

impl Digest {
    /// All posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.groups.iter().flat_map(EventGroup::items)
    }

    /// What the headline counts.
    #[must_use]
    pub fn counts(&self) -> DigestCounts {
        let notes = self.items().filter(|item| item.citation.kind == PostKind::Note).count();
        let events = self.groups.iter().filter(|group| group.event.is_some()).count();
        DigestCounts { recaps: self.items().count() - notes, notes, events }
    }

    /// Each quote with the post that it is from, for [`takeaways_answer::verify_quotes`].
    pub fn quotes(&self) -> impl Iterator<Item = (&PostId, &Quote)> {
        self.items().filter_map(|item| Some((&item.citation.post, item.quoted.as_ref()?)))
    }
}

impl EventGroup {
    /// Its posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.bundles.iter().flat_map(|bundle| &bundle.items)
    }
}

/// A post that a digest does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct OmittedPost {
    /// The post.
    pub post: Arc<DigestPost>,
    /// Why it is not in the digest.
    pub reason: OmissionReason,
}

impl OmittedPost {
    /// A post that may not be posted at a time; `None` for one that may.
    #[must_use]
    pub fn unpublished(recap: &Arc<DigestPost>, now: Timestamp) -> Option<Self> {
        Some(Self { reason: recap.unpublished_reason(now)?, post: Arc::clone(recap) })
    }
}

/// Why a digest does not hold a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OmissionReason {
    /// A digest before held it, or passed it over.
    Delivered,
    /// It was there before the subscription was made.
    SeenBefore,
    /// It is about another event.
    OtherEvent,
    /// It is not about the topic.
    OtherTopic,
    /// Somebody else wrote it.
    OtherAuthor,
    /// It is in another language.
    OtherLanguage,
    /// It is none of several things that somebody follows.
    NotFollowed,
    /// It is a draft.
    Draft,
    /// It is not out before this time.
    Scheduled(Timestamp),
    /// It says the same as another post that the digest holds.
    SameAs(PostId),
    /// It was not first seen, or is not dated, within the days that were asked for.
    OtherDays,
    /// It has no date, and days were asked for.
    Undated,
    /// It is in the digest, behind the button.
    BehindButton,
}

#[cfg(test)]
mod tests;

/// A post that was seen. Entries are handed over in the order of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct PostEntry {
    /// Its place in the order of first sights, from 1.
    pub number: i64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether it was there when the state began, so that the time says nothing about the post.
    pub is_initial: bool,
    /// The post.
    pub post: Arc<DigestPost>,
}
