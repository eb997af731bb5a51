//! What a post is mainly about: of the topics that it names, those that stand out.
//!
//! How common a word or a topic is among all posts.

use takeaways_corpus::topics::TopicTable;
use takeaways_search::{Alternative, Facets, Index};
use takeaways_text::model::{BlockKind, Post};

/// The most topics that a post is mainly about.
const MAX_TOPICS: usize = 4;
/// A topic of more posts than this share tells none from the others: in a corpus of KubeCon posts, Kubernetes.
const MAX_TOPIC_SHARE: f32 = 0.33;
/// Topics of events themselves.
const EVENT_TOPICS: [&str; 8] = [
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
const MIN_RELATIVE_WEIGHT: f32 = 0.5;
/// How often it would have to be in the text to count as much as in the title, or in a heading.
const TITLE_WEIGHT: f32 = 12.0;
const HEADING_WEIGHT: f32 = 3.0;

/// One of the topics that a post is mainly about.
#[derive(Debug, Clone, PartialEq)]
pub struct MainTopic {
    /// Its id in the table of topics.
    pub topic: String,
    /// How much the post is about it; to be compared within one post, or summed.
    pub weight: f32,
}

/// The topics that a post is mainly about, most of all first.
pub(super) fn main_topics(post: &Post, commonness: &dyn CorpusFrequency) -> Vec<MainTopic> {
    let mut found: Vec<MainTopic> = Vec::new();
    let mut add = |text: &str, worth: f32| {
        for (topic, times) in TopicTable::builtin().topics_in_text(text) {
            let weight = worth * f32::from(u16::try_from(times).unwrap_or(u16::MAX));
            match found.iter_mut().find(|theme| theme.topic == topic) {
                Some(theme) => theme.weight += weight,
                None => found.push(MainTopic { topic: topic.to_owned(), weight }),
            }
        }
    };
    add(&post.body.text, 1.0);
    add(post.title.as_deref().unwrap_or_default(), TITLE_WEIGHT);
    for block in post.body.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_))) {
        add(post.body.slice(block.span), HEADING_WEIGHT);
    }
    select_main_topics(found, post, commonness)
}

/// Whether a topic is one of events themselves: that several posts tell of its keynotes is nothing that they agree on.
pub(super) fn is_event_topic(topic: &str) -> bool {
    EVENT_TOPICS.contains(&topic)
}

fn select_main_topics(
    mut found: Vec<MainTopic>,
    post: &Post,
    commonness: &dyn CorpusFrequency,
) -> Vec<MainTopic> {
    found.retain_mut(|theme| {
        let common = commonness.topic_share(&theme.topic);
        theme.weight *= (1.0 - common).max(0.0);
        common <= MAX_TOPIC_SHARE && !is_event_topic(&theme.topic) && post.topics.contains(&theme.topic)
    });
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
    let least = found.first().map_or(0.0, |first| first.weight * MIN_RELATIVE_WEIGHT);
    found.retain(|theme| theme.weight >= least);
    found.truncate(MAX_TOPICS);
    found
}

/// How common words and topics are, 0 (nowhere else) to 1 (everywhere). Cheap to ask.
pub trait CorpusFrequency {
    /// Of a term of [`takeaways_text::tokens`]: the share of passages that hold it.
    fn term_share(&self, term: &str) -> f32;
    /// Of a topic, by its id: the share of posts that are about it.
    fn topic_share(&self, topic: &str) -> f32;
}

/// As the index counts.
#[derive(Debug, Clone, Copy)]
pub struct IndexFrequency<'i> {
    index: &'i Index,
    facets: &'i Facets,
}

impl<'i> IndexFrequency<'i> {
    /// `facets` are those of the index.
    #[must_use]
    pub fn new(index: &'i Index, facets: &'i Facets) -> Self {
        Self { index, facets }
    }
}

impl CorpusFrequency for IndexFrequency<'_> {
    /// A word that can't be looked up counts as one of few: it is only about how sentences are weighed.
    fn term_share(&self, term: &str) -> f32 {
        let alternative = Alternative { terms: vec![term.to_owned()], weight: 1.0 };
        smoothed_share(self.index.frequency(&alternative).unwrap_or_default(), self.index.passages())
    }

    fn topic_share(&self, topic: &str) -> f32 {
        let posts = self.facets.topics.iter().find(|(id, _)| id == topic).map_or(0, |(_, posts)| *posts);
        smoothed_share(posts, self.index.posts())
    }
}

/// In a small corpus little is known: as if there were twenty more without it.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more than seven digits")]
fn smoothed_share(some: u64, all: u64) -> f32 {
    some as f32 / (all + 20) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topics_of_events_are_in_the_table() {
        for id in EVENT_TOPICS {
            assert!(TopicTable::builtin().name(id).is_some(), "{id}");
        }
    }
}
