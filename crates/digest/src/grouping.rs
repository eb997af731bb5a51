//! Posts under their events, in order.
//!
//! The order depends on the posts alone: events by their first day, newest first, those of which only the year is known at
//! that year's end, then by name; posts about no event last. Within an event, bundles by their number of posts, then by
//! name; within a bundle, posts by date, newest first and those without one last, then by title and path.
//!
//! What several posts are about, named once.
//!
//! Posts that say the same, folded into one.

use crate::{Bundle, Digest, DigestItem, DigestPost, EventGroup, Interest, OmissionReason, OmittedPost};
use jiff::civil::Date;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{Citation, Event, EventId, PostKind};

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

/// The posts of one event, in order, in bundles: again and again the topic that most of those left are mainly about, as
/// long as two are; each post stands once. What was asked for is no topic of a bundle: all posts share it.
pub(super) fn bundle_by_topic(recaps: &[&DigestPost], asked: &[&str]) -> Vec<Bundle> {
    let mut left: Vec<&DigestPost> = recaps.to_vec();
    let mut bundles: Vec<Bundle> = Vec::new();
    while let Some(topic) = most_shared_topic(&left, asked) {
        let (these, others): (Vec<&DigestPost>, Vec<&DigestPost>) =
            left.into_iter().partition(|recap| relative_weight(recap, &topic) > 0.0);
        let name = TopicTable::builtin().name(&topic).unwrap_or(&topic).to_owned();
        bundles.push(Bundle { topic: Some(name), items: these.into_iter().map(digest_item).collect() });
        left = others;
    }
    bundles.sort_by(|a, b| {
        Reverse(a.items.len()).cmp(&Reverse(b.items.len())).then_with(|| a.topic.cmp(&b.topic))
    });
    if !left.is_empty() {
        bundles.push(Bundle { topic: None, items: left.into_iter().map(digest_item).collect() });
    }
    bundles
}

/// The topic of at least two of the posts that weighs most in all of them; of equals the first by id.
fn most_shared_topic(recaps: &[&DigestPost], asked: &[&str]) -> Option<String> {
    let mut shared: BTreeMap<&str, (usize, f32)> = BTreeMap::new();
    for recap in recaps {
        for theme in recap.main_topics.iter().filter(|theme| !asked.contains(&theme.topic.as_str())) {
            let sum = shared.entry(&theme.topic).or_default();
            *sum = (sum.0 + 1, sum.1 + relative_weight(recap, &theme.topic));
        }
    }
    let several = shared.into_iter().filter(|(_, (posts, _))| *posts >= 2);
    several.rev().max_by(|a, b| a.1.1.total_cmp(&b.1.1)).map(|(topic, _)| topic.to_owned())
}

/// How much of a post's first topic another of its topics is, 0 to 1.
fn relative_weight(recap: &DigestPost, topic: &str) -> f32 {
    let first = recap.main_topics.first().map_or(0.0, |theme| theme.weight);
    let found = recap.main_topics.iter().find(|theme| theme.topic == topic);
    found.map_or(0.0, |theme| theme.weight / first.max(f32::MIN_POSITIVE))
}

/// Posts of which no two say the same, and the others.
pub(super) struct UniquePosts {
    /// In the order in which they came.
    pub unique: Vec<Arc<DigestPost>>,
    /// The others, with the one each says the same as.
    pub duplicates: Vec<OmittedPost>,
}

/// Keeps one of posts with the same address or nearly the same text: a post rather than a note on it, then one with an
/// address, then the one that came first. Notes on one post that differ in their words are all kept.
pub(super) fn remove_duplicates(recaps: &[Arc<DigestPost>]) -> UniquePosts {
    let mut seen = DuplicateIndex::default();
    let mut order: Vec<usize> = (0..recaps.len()).collect();
    order.sort_by_key(|&at| {
        (recaps[at].metadata.kind == PostKind::Note, Reverse(recaps[at].address_key.is_some()), at)
    });
    let mut same_as: Vec<Option<usize>> = vec![None; recaps.len()];
    for at in order {
        same_as[at] = seen.find_duplicate(recaps, at);
        if same_as[at].is_none() {
            seen.add(&recaps[at], at);
        }
    }
    let same = |(at, other): (usize, &Option<usize>)| {
        let why = OmissionReason::SameAs(recaps[(*other)?].metadata.id.clone());
        Some(OmittedPost { post: Arc::clone(&recaps[at]), reason: why })
    };
    let same = same_as.iter().enumerate().filter_map(same).collect();
    let kept = recaps.iter().zip(&same_as).filter(|(_, same)| same.is_none());
    UniquePosts { unique: kept.map(|(recap, _)| Arc::clone(recap)).collect(), duplicates: same }
}

/// The posts that were kept, by what others may share with them.
#[derive(Default)]
struct DuplicateIndex {
    texts: HashMap<u128, usize>,
    addresses: HashMap<u128, usize>,
    bands: HashMap<u64, usize>,
}

impl DuplicateIndex {
    /// One that says the same.
    fn find_duplicate(&self, recaps: &[Arc<DigestPost>], at: usize) -> Option<usize> {
        let recap = &recaps[at];
        let is_like = |other: &usize| recaps[*other].min_hash.is_near_duplicate(&recap.min_hash);
        let exact = self.texts.get(&recap.text_key);
        let address = || recap.address_key.and_then(|address| self.addresses.get(&address));
        let near =
            || recap.min_hash.bands().filter_map(|band| self.bands.get(&band)).find(|other| is_like(other));
        exact.or_else(address).or_else(near).copied()
    }

    fn add(&mut self, recap: &DigestPost, at: usize) {
        self.texts.entry(recap.text_key).or_insert(at);
        if let Some(address) = recap.address_key.filter(|_| recap.metadata.kind == PostKind::Post) {
            self.addresses.entry(address).or_insert(at);
        }
        for band in recap.min_hash.bands() {
            self.bands.entry(band).or_insert(at);
        }
    }
}
