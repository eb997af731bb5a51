//! What a post is mainly about: of the topics that it names, those that stand out.

use super::commonness::Commonness;
use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{BlockKind, Post};

/// The most topics that a post is mainly about.
const MOST: usize = 4;
/// A topic of more posts than this share tells none from the others: in a corpus of KubeCon posts, Kubernetes.
const EVERYWHERE: f32 = 0.33;
/// Topics of events themselves.
const OF_EVENTS: [&str; 8] = [
    "keynotes",
    "lightning-talks",
    "hallway",
    "sponsors",
    "event-organisation",
    "travel",
    "announcements",
    "community",
];
/// Less than this share of what its first topic weighs is beside the point.
const SHARE: f32 = 0.5;
/// How often it would have to be in the text to count as much as in the title, or in a heading.
const OF_TITLE: f32 = 12.0;
const OF_HEADING: f32 = 3.0;

/// One of the topics that a post is mainly about.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its id in the table of topics.
    pub topic: String,
    /// How much the post is about it; to be compared within one post, or summed.
    pub weight: f32,
}

/// The topics that a post is mainly about, most of all first.
pub(super) fn themes(post: &Post, commonness: &dyn Commonness) -> Vec<Theme> {
    let mut found: Vec<Theme> = Vec::new();
    let mut add = |text: &str, worth: f32| {
        for (topic, times) in TopicTable::builtin().named_in(text) {
            let weight = worth * f32::from(u16::try_from(times).unwrap_or(u16::MAX));
            match found.iter_mut().find(|theme| theme.topic == topic) {
                Some(theme) => theme.weight += weight,
                None => found.push(Theme { topic: topic.to_owned(), weight }),
            }
        }
    };
    add(&post.body.text, 1.0);
    add(post.title.as_deref().unwrap_or_default(), OF_TITLE);
    for block in post.body.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_))) {
        add(post.body.slice(block.span), OF_HEADING);
    }
    standing_out(found, post, commonness)
}

/// Whether a topic is one of events themselves: that several posts tell of its keynotes is nothing that they agree on.
pub(super) fn is_of_event(topic: &str) -> bool {
    OF_EVENTS.contains(&topic)
}

fn standing_out(mut found: Vec<Theme>, post: &Post, commonness: &dyn Commonness) -> Vec<Theme> {
    found.retain_mut(|theme| {
        let common = commonness.of_topic(&theme.topic);
        theme.weight *= (1.0 - common).max(0.0);
        common <= EVERYWHERE && !is_of_event(&theme.topic) && post.topics.contains(&theme.topic)
    });
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
    let least = found.first().map_or(0.0, |first| first.weight * SHARE);
    found.retain(|theme| theme.weight >= least);
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topics_of_events_are_in_the_table() {
        for id in OF_EVENTS {
            assert!(TopicTable::builtin().name(id).is_some(), "{id}");
        }
    }
}
