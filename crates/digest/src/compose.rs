//! Composes a digest from new posts, with the reason for each new post that it omits.
//!
//! The cost grows with the number of new posts, not with the number of all posts.

use crate::{
    DigestPost, Interest, PostWindow, Sighting,
    grouping::{UniquePosts, group_by_event, remove_duplicates},
};
use jiff::Timestamp;
use std::sync::Arc;
use takeaways_text::model::{Citation, Event, Post, PostId, PostKind, Quote};

/// A post with its first sighting.
#[derive(Debug, Clone, PartialEq)]
pub struct PostEntry {
    /// Its first sighting.
    pub sighting: Sighting,
    /// The post.
    pub post: Arc<DigestPost>,
}

impl PostEntry {
    /// Whether the post is new by a window.
    fn is_in(&self, window: &PostWindow) -> bool {
        window.contains(self.sighting, self.post.metadata.date)
    }
}

/// A digest, with the new posts that it omits.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// The digest; `None` if it would be empty.
    pub digest: Option<Digest>,
    /// The omitted new posts: those that are not wanted by their numbers, then the duplicates.
    pub omitted: Vec<OmittedPost>,
}

/// Composes the digest of the posts that any of `interests` wants, or of all posts if there are none. `entries` must
/// be in the order of their numbers.
pub fn compose(entries: &[PostEntry], interests: &[Interest], window: &PostWindow) -> Composition {
    let mut omitted = Vec::new();
    let mut wanted: Vec<Arc<DigestPost>> = Vec::new();
    for entry in
        window.in_range(entries, |entry| entry.sighting.number).iter().filter(|entry| entry.is_in(window))
    {
        match omission_reason(&entry.post, interests, window) {
            Some(reason) => omitted.push(OmittedPost { post: Arc::clone(&entry.post), reason }),
            None => wanted.push(Arc::clone(&entry.post)),
        }
    }
    let UniquePosts { unique, duplicates } = remove_duplicates(&wanted);
    omitted.extend(duplicates);
    let digest = (!unique.is_empty()).then(|| group_by_event(&unique, interests));
    Composition { digest, omitted }
}

/// Returns the posts that are not new, with the reasons. A preview shows them beside [`Composition::omitted`].
pub fn omitted_old_posts(
    entries: &[PostEntry],
    interests: &[Interest],
    window: &PostWindow,
) -> Vec<OmittedPost> {
    let is_old = |entry: &&PostEntry| !entry.is_in(window);
    let reason = |entry: &PostEntry| {
        let Sighting { first_seen, is_initial, .. } = entry.sighting;
        let is_before =
            is_initial || window.subscribed_at.is_none_or(|subscribed_at| first_seen <= subscribed_at);
        let old = if is_before { OmissionReason::SeenBefore } else { OmissionReason::Delivered };
        omission_reason(&entry.post, interests, window).unwrap_or(old)
    };
    let omitted = |entry: &PostEntry| OmittedPost { post: Arc::clone(&entry.post), reason: reason(entry) };
    entries.iter().filter(is_old).map(omitted).collect()
}

fn omission_reason(
    digest_post: &DigestPost,
    interests: &[Interest],
    window: &PostWindow,
) -> Option<OmissionReason> {
    let post = &digest_post.metadata;
    digest_post.unpublished_reason(window.now).or_else(|| match interests {
        [] => None,
        _ if interests.iter().any(|interest| interest.wants(post)) => None,
        [interest] => Some(unmet_interest(post, interest)),
        _ => Some(OmissionReason::NotFollowed),
    })
}

/// Returns the first part of an interest that a post does not meet.
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

/// New posts, grouped. A digest is never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// A group for each event, the newest event first. The group of posts about no event is the last.
    pub groups: Vec<EventGroup>,
}

/// The posts about one event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventGroup {
    /// The event; `None` for posts about no event.
    pub event: Option<Event>,
    /// The bundles, the largest first. The last one may have no topic.
    pub bundles: Vec<Bundle>,
}

/// Posts of one event that share a topic, or the remaining posts.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The id of the topic; `None` for posts that share no topic.
    pub topic: Option<String>,
    /// The posts, newest first; at least two if there is a topic.
    pub items: Vec<DigestItem>,
}

/// A post of a digest.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestItem {
    /// The source of the post. Its section stays empty.
    pub citation: Citation,
    /// The key sentence, if there is one.
    pub quoted: Option<Quote>,
}

/// The numbers in the headline of a digest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestCounts {
    /// Posts, without notes.
    pub recaps: usize,
    /// Notes on posts.
    pub notes: usize,
    /// Events.
    pub events: usize,
}

impl Digest {
    /// Iterates over all posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.groups.iter().flat_map(EventGroup::items)
    }

    /// Counts posts, notes and events.
    pub fn counts(&self) -> DigestCounts {
        let notes = self.items().filter(|item| item.citation.kind == PostKind::Note).count();
        let events = self.groups.iter().filter(|group| group.event.is_some()).count();
        DigestCounts { recaps: self.items().count() - notes, notes, events }
    }

    /// Iterates over the quotes with their posts, so that they can be verified.
    pub fn quotes(&self) -> impl Iterator<Item = (&PostId, &Quote)> {
        self.items().filter_map(|item| Some((&item.citation.post, item.quoted.as_ref()?)))
    }
}

impl EventGroup {
    /// Iterates over its posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.bundles.iter().flat_map(|bundle| &bundle.items)
    }
}

/// A post that a digest omits.
#[derive(Debug, Clone, PartialEq)]
pub struct OmittedPost {
    /// The post.
    pub post: Arc<DigestPost>,
    /// Why it is omitted.
    pub reason: OmissionReason,
}

impl OmittedPost {
    /// Returns a post with the reason why it is not published at a time; `None` if it is.
    pub fn unpublished(post: &Arc<DigestPost>, now: Timestamp) -> Option<Self> {
        Some(Self { reason: post.unpublished_reason(now)?, post: Arc::clone(post) })
    }

    /// Returns the posts with these ids, which are on pages behind the button.
    pub fn behind_button(entries: &[PostEntry], ids: &[PostId]) -> impl Iterator<Item = Self> {
        ids.iter().filter_map(|id| {
            let entry = entries.iter().find(|entry| entry.post.metadata.id == *id)?;
            Some(Self { post: Arc::clone(&entry.post), reason: OmissionReason::BehindButton })
        })
    }
}

/// Why a digest omits a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OmissionReason {
    /// An earlier digest covered it.
    Delivered,
    /// It was first seen before the subscription was made.
    SeenBefore,
    /// It is about another event.
    OtherEvent,
    /// It is not about the topic.
    OtherTopic,
    /// It is by another author.
    OtherAuthor,
    /// It is in another language.
    OtherLanguage,
    /// It matches none of several interests.
    NotFollowed,
    /// It is a draft.
    Draft,
    /// It is scheduled for this time.
    Scheduled(Timestamp),
    /// It duplicates this post, which is in the digest.
    SameAs(PostId),
    /// It was neither first seen nor dated within the requested days.
    OtherDays,
    /// It has no date, but days were requested.
    Undated,
    /// It is in the digest, on a page behind the button.
    BehindButton,
}

#[cfg(test)]
mod tests;
