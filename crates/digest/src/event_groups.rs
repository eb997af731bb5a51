//! Posts under their events, in order.
//!
//! The order depends on the posts alone: events by their first day, newest first, those of which only the year is known at
//! that year's end, then by name; posts about no event last. Within an event, bundles by their number of posts, then by
//! name; within a bundle, posts by date, newest first and those without one last, then by title and path.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::topic_bundles::bundle_by_topic;
use super::{Digest, DigestItem, DigestPost, EventGroup, Interest};
use takeaways_text::model::{Citation, Event, EventId};

/// All posts, under the events that somebody asked for, else under their main ones.
pub(super) fn group_by_event(recaps: &[Arc<DigestPost>], interests: &[Interest]) -> Digest {
    let mut by_event: BTreeMap<Option<EventId>, (Option<Event>, Vec<&DigestPost>)> = BTreeMap::new();
    let is_asked_for =
        |event: &Event| interests.iter().any(|interest| interest.event.as_ref() == Some(&event.id));
    let mut sorted: Vec<&DigestPost> = recaps.iter().map(Arc::as_ref).collect();
    sorted.sort_by(|a, b| post_order(a).cmp(&post_order(b)));
    for recap in sorted {
        let event = recap.shown_event(is_asked_for);
        let of_event = by_event.entry(event.map(|event| event.id.clone())).or_default();
        of_event.0 = of_event.0.take().or_else(|| event.cloned());
        of_event.1.push(recap);
    }
    let asked: Vec<&str> = interests.iter().filter_map(|interest| interest.topic.as_deref()).collect();
    let mut groups: Vec<EventGroup> = by_event
        .into_values()
        .map(|(event, recaps)| EventGroup { bundles: bundle_by_topic(&recaps, &asked), event })
        .collect();
    groups.sort_by_cached_key(group_order);
    Digest { groups }
}

fn post_order(recap: &DigestPost) -> (Reverse<Option<Date>>, &str, &str) {
    (Reverse(recap.metadata.date), recap.metadata.display_title(), &recap.metadata.path)
}

fn group_order(group: &EventGroup) -> (bool, Reverse<Option<Date>>, String) {
    let event = group.event.as_ref();
    let day = event
        .and_then(|event| event.start.or_else(|| event.year.and_then(|year| Date::new(year, 12, 31).ok())));
    (event.is_none(), Reverse(day), event.map(Event::label).unwrap_or_default())
}

/// The post as an item.
pub(super) fn digest_item(recap: &DigestPost) -> DigestItem {
    let post = &recap.metadata;
    let citation = Citation {
        post: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.display_title().to_owned(),
        author: post.byline(),
        date: post.date,
        event: post.main_event().cloned(),
        section: Vec::new(),
        url: post.url.clone(),
        draft: post.draft,
        scheduled: None,
    };
    DigestItem { citation, quoted: recap.quoted.clone() }
}
