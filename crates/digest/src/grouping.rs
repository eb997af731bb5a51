//! Groups posts by event and topic, in a fixed order, and removes duplicates.
//!
//! The order depends on the posts only. Events: by first day, newest first (an event with only a year counts as the day of its
//! first post, or as its last day), then by name; posts about no event are last. Bundles of an event: by number of posts, then by name.
//! Posts of a bundle: by date, newest first and undated ones last, then by title and path.

use crate::{Bundle, Digest, DigestItem, DigestPost, EventGroup, Interest, OmissionReason, OmittedPost};
use jiff::civil::Date;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{Citation, Event, EventId, PostKind};

/// Groups posts by the event that an interest names, or by their main event.
pub(super) fn group_by_event(posts: &[Arc<DigestPost>], interests: &[Interest]) -> Digest {
    let mut by_event: BTreeMap<Option<EventId>, (Option<Event>, Vec<&DigestPost>)> = BTreeMap::new();
    let is_wanted =
        |event: &Event| interests.iter().any(|interest| interest.event.as_ref() == Some(&event.id));
    let mut sorted: Vec<&DigestPost> = posts.iter().map(Arc::as_ref).collect();
    sorted.sort_by(|a, b| post_order(a).cmp(&post_order(b)));
    for post in sorted {
        let event = post.shown_event(is_wanted);
        let (group_event, group_posts) = by_event.entry(event.map(|event| event.id.clone())).or_default();
        *group_event = group_event.take().or_else(|| event.cloned());
        group_posts.push(post);
    }
    let mut groups: Vec<EventGroup> = by_event
        .into_values()
        .map(|(event, posts)| EventGroup { bundles: bundle_by_topic(&posts, interests), event })
        .collect();
    groups.sort_by_cached_key(group_order);
    Digest { groups }
}

fn post_order(post: &DigestPost) -> (Reverse<Option<Date>>, &str, &str) {
    (Reverse(post.metadata.date), post.metadata.display_title(), &post.metadata.path)
}

fn group_order(group: &EventGroup) -> (bool, Reverse<Option<Date>>, String) {
    let event = group.event.as_ref();
    let items = group.bundles.iter().flat_map(|bundle| &bundle.items);
    let first_post = items.filter_map(|item| item.citation.date).min();
    let of_year = |year| {
        let last = Date::new(year, 12, 31).ok();
        first_post.into_iter().chain(last).min()
    };
    let day = event.and_then(|event| event.start.or_else(|| event.year.and_then(of_year)));
    (event.is_none(), Reverse(day), event.map(Event::label).unwrap_or_default())
}

/// Makes the item of a post that any of the interests wants.
fn digest_item(digest_post: &DigestPost, interests: &[Interest]) -> DigestItem {
    let post = &digest_post.metadata;
    let citation = Citation {
        post: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.display_title().to_owned(),
        author: post.byline(),
        speaker: None,
        date: post.date,
        event: post.main_event().cloned(),
        section: Vec::new(),
        url: post.url.clone(),
        draft: post.draft || post.is_about_draft,
        scheduled: None,
    };
    DigestItem { citation, quoted: digest_post.shown_sentence(interests).cloned() }
}

/// Bundles the posts of one event by their shared main topics. The topic that the remaining posts share most comes
/// first; each post is in one bundle. Wanted topics make no bundle, because all posts share them.
fn bundle_by_topic(posts: &[&DigestPost], interests: &[Interest]) -> Vec<Bundle> {
    let wanted_topics: Vec<&str> =
        interests.iter().filter_map(|interest| interest.topic.as_deref()).collect();
    let items = |posts: Vec<&DigestPost>| -> Vec<DigestItem> {
        posts.into_iter().map(|post| digest_item(post, interests)).collect()
    };
    let mut remaining: Vec<&DigestPost> = posts.to_vec();
    let mut bundles: Vec<Bundle> = Vec::new();
    while let Some(topic) = most_shared_topic(&remaining, &wanted_topics) {
        let (members, others): (Vec<&DigestPost>, Vec<&DigestPost>) =
            remaining.into_iter().partition(|post| relative_weight(post, &topic) > 0.0);
        bundles.push(Bundle { topic: Some(topic), items: items(members) });
        remaining = others;
    }
    let topics = TopicTable::builtin();
    bundles.sort_by_key(|bundle| {
        (Reverse(bundle.items.len()), bundle.topic.as_deref().and_then(|topic| topics.name(topic)))
    });
    if !remaining.is_empty() {
        bundles.push(Bundle { topic: None, items: items(remaining) });
    }
    bundles
}

/// Returns the topic with the highest weight in all posts, if at least two posts share it. Of equal ones the first by
/// id.
fn most_shared_topic(posts: &[&DigestPost], wanted_topics: &[&str]) -> Option<String> {
    let mut shared: BTreeMap<&str, (usize, f32)> = BTreeMap::new();
    for post in posts {
        for main in post.main_topics.iter().filter(|main| !wanted_topics.contains(&main.topic.as_str())) {
            let (count, weight) = shared.entry(&main.topic).or_default();
            *count += 1;
            *weight += relative_weight(post, &main.topic);
        }
    }
    let topics = shared.into_iter().filter(|(_, (count, _))| *count >= 2);
    topics.rev().max_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b)).map(|(topic, _)| topic.to_owned())
}

/// Returns the weight of a topic relative to the first topic of the post: 0 to 1.
fn relative_weight(post: &DigestPost, topic: &str) -> f32 {
    let first = post.main_topics.first().map_or(0.0, |main| main.weight);
    let main = post.main_topics.iter().find(|main| main.topic == topic);
    main.map_or(0.0, |main| main.weight / first.max(f32::MIN_POSITIVE))
}

/// Posts without duplicates, and the duplicates.
pub(super) struct UniquePosts {
    /// The posts without duplicates, in their order.
    pub unique: Vec<Arc<DigestPost>>,
    /// The duplicates, each with the post that is kept instead.
    pub duplicates: Vec<OmittedPost>,
}

/// Keeps one of several posts with the same address or nearly the same text: a post rather than a note, then one with
/// an address, then the first. Notes on the same post are kept if their texts differ.
pub(super) fn remove_duplicates(posts: &[Arc<DigestPost>]) -> UniquePosts {
    let mut kept = DuplicateIndex::default();
    let mut order: Vec<usize> = (0..posts.len()).collect();
    order.sort_by_key(|&at| {
        (posts[at].metadata.kind == PostKind::Note, Reverse(posts[at].address_key.is_some()), at)
    });
    let mut originals: Vec<Option<usize>> = vec![None; posts.len()];
    for at in order {
        originals[at] = kept.find_original(posts, at);
        if originals[at].is_none() {
            kept.add(&posts[at], at);
        }
    }
    let mut result = UniquePosts { unique: Vec::new(), duplicates: Vec::new() };
    for (post, original) in posts.iter().zip(originals) {
        let post = Arc::clone(post);
        match original {
            Some(at) => {
                let reason = OmissionReason::SameAs(posts[at].metadata.id.clone());
                result.duplicates.push(OmittedPost { post, reason });
            }
            None => result.unique.push(post),
        }
    }
    result
}

/// The positions of the kept posts, by text, address and `MinHash` band.
#[derive(Default)]
struct DuplicateIndex {
    texts: HashMap<u128, usize>,
    addresses: HashMap<u128, usize>,
    bands: HashMap<u64, usize>,
}

impl DuplicateIndex {
    /// Returns the kept post that a post duplicates.
    fn find_original(&self, posts: &[Arc<DigestPost>], at: usize) -> Option<usize> {
        let post = &posts[at];
        let is_similar = |other: &usize| posts[*other].min_hash.is_near_duplicate(&post.min_hash);
        let exact = self.texts.get(&post.text_key);
        let address = || post.address_key.and_then(|address| self.addresses.get(&address));
        let near =
            || post.min_hash.bands().filter_map(|band| self.bands.get(&band)).find(|other| is_similar(other));
        exact.or_else(address).or_else(near).copied()
    }

    fn add(&mut self, post: &DigestPost, at: usize) {
        self.texts.entry(post.text_key).or_insert(at);
        if let Some(address) = post.address_key.filter(|_| post.metadata.kind == PostKind::Post) {
            self.addresses.entry(address).or_insert(at);
        }
        for band in post.min_hash.bands() {
            self.bands.entry(band).or_insert(at);
        }
    }
}
