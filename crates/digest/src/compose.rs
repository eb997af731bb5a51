//! From the posts that were seen to a digest, and to the reasons of those that it does not hold.
//!
//! Costs what is new to the one who gets it, however many other posts there are.

use std::sync::Arc;

use super::deduplication::{UniquePosts, remove_duplicates};
use super::event_groups::group_by_event;
use super::{Digest, DigestPost, Interest, OmissionReason, OmittedPost, PostEntry, PostWindow};
use takeaways_text::model::Post;

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

#[cfg(test)]
mod tests;
