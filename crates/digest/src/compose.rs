//! From the posts that were seen to a digest, and to the reasons of those that it does not hold.
//!
//! Costs what is new to the one who gets it, however many other posts there are.

use std::sync::Arc;

use super::fold::{Folded, fold};
use super::group::grouped;
use super::{Digest, Entry, Interest, LeftOut, Recap, Why, Window};
use takeaways_text::model::Post;

/// What came of the posts that are new to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// `None` where nothing is new.
    pub digest: Option<Digest>,
    /// New posts that it does not hold, in the order of their numbers.
    pub left_out: Vec<LeftOut>,
}

/// The digest for somebody who wants what any of `interests` wants, or all where there are none. `entries` are in the order
/// of their numbers.
#[must_use]
pub fn compose(entries: &[Entry], interests: &[Interest], window: &Window) -> Composed {
    let mut left_out = Vec::new();
    let mut wanted: Vec<Arc<Recap>> = Vec::new();
    for entry in window.of_entries(entries).iter().filter(|entry| window.holds(entry)) {
        match unwanted(&entry.recap, interests, window) {
            Some(why) => left_out.push(LeftOut { recap: Arc::clone(&entry.recap), why }),
            None => wanted.push(Arc::clone(&entry.recap)),
        }
    }
    let Folded { kept, same } = fold(&wanted);
    left_out.extend(same);
    let digest = (!kept.is_empty()).then(|| grouped(&kept, interests));
    Composed { digest, left_out }
}

/// Why posts that are not new to somebody are not: what a preview shows beside [`Composed::left_out`].
#[must_use]
pub fn passed_over(entries: &[Entry], interests: &[Interest], window: &Window) -> Vec<LeftOut> {
    let is_old = |entry: &&Entry| !window.holds(entry);
    let why = |entry: &Entry| {
        let is_before = entry.is_initial || window.begun.is_none_or(|begun| entry.first_seen <= begun);
        let old = if is_before { Why::SeenBefore } else { Why::Delivered };
        unwanted(&entry.recap, interests, window).unwrap_or(old)
    };
    let left_out = |entry: &Entry| LeftOut { recap: Arc::clone(&entry.recap), why: why(entry) };
    entries.iter().filter(is_old).map(left_out).collect()
}

fn unwanted(recap: &Recap, interests: &[Interest], window: &Window) -> Option<Why> {
    let post = &recap.post;
    recap.not_out(window.now).or_else(|| match interests {
        [] => None,
        _ if interests.iter().any(|interest| interest.wants(post)) => None,
        [one] => Some(what_is_other(post, one)),
        _ => Some(Why::NotFollowed),
    })
}

/// What of an interest a post does not meet.
fn what_is_other(post: &Post, interest: &Interest) -> Why {
    let meets = |part: Interest| part.wants(post);
    match () {
        () if !meets(Interest { event: interest.event.clone(), ..Interest::default() }) => Why::OtherEvent,
        () if !meets(Interest { topic: interest.topic.clone(), ..Interest::default() }) => Why::OtherTopic,
        () if !meets(Interest { author: interest.author.clone(), ..Interest::default() }) => Why::OtherAuthor,
        () => Why::OtherLanguage,
    }
}

#[cfg(test)]
mod tests;
