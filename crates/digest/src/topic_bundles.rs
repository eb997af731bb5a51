//! What several posts are about, named once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::event_groups::digest_item;
use super::{Bundle, DigestPost};
use takeaways_corpus::topics::TopicTable;

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
