//! Finds the main topics of a post, with the frequencies of topics in the corpus.

use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::{Facets, Index};
use takeaways_text::model::Post;

/// The most main topics of a post.
const MAX_TOPICS: usize = 4;
/// A topic of a larger share of all posts does not distinguish posts, such as Kubernetes among posts about KubeCon.
const MAX_TOPIC_SHARE: f32 = 0.33;
/// The least weight of a main topic, relative to the heaviest one.
const MIN_RELATIVE_WEIGHT: f32 = 0.5;
/// Weight of a mention in the title; a mention in the text weighs 1.
const TITLE_WEIGHT: f32 = 12.0;
/// Weight of a mention in a heading.
const HEADING_WEIGHT: f32 = 3.0;

/// A main topic of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct MainTopic {
    /// The id in `config/topics.toml`.
    pub topic: String,
    /// The weight. Weights of one post can be compared.
    pub weight: f32,
}

/// Returns the share of all posts that are about a topic, given by its id: 0 to 1. Calls are cheap.
pub type TopicShare<'a> = &'a dyn Fn(&str) -> f32;

/// Returns the main topics of a post, the heaviest first.
pub(super) fn main_topics(post: &Post, topic_share: TopicShare<'_>) -> Vec<MainTopic> {
    let mut topics: Vec<MainTopic> = Vec::new();
    let mut add = |text: &str, mention_weight: f32| {
        for (topic, mentions) in TopicTable::builtin().topics_in_text(text) {
            let weight = mention_weight * f32::from(u16::try_from(mentions).unwrap_or(u16::MAX));
            match topics.iter_mut().find(|main| main.topic == topic) {
                Some(main) => main.weight += weight,
                None => topics.push(MainTopic { topic: topic.to_owned(), weight }),
            }
        }
    };
    add(&post.body.text, 1.0);
    add(post.title.as_deref().unwrap_or_default(), TITLE_WEIGHT);
    for block in post.body.blocks.iter().filter(|block| block.is_heading()) {
        add(post.body.slice(block.span), HEADING_WEIGHT);
    }
    select_main_topics(topics, post, topic_share)
}

fn select_main_topics(
    mut topics: Vec<MainTopic>,
    post: &Post,
    topic_share: TopicShare<'_>,
) -> Vec<MainTopic> {
    topics.retain_mut(|main| {
        let share = topic_share(&main.topic);
        main.weight *= (1.0 - share).max(0.0);
        share <= MAX_TOPIC_SHARE && !is_event_topic(&main.topic) && post.topics.contains(&main.topic)
    });
    topics.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
    let min_weight = topics.first().map_or(0.0, |first| first.weight * MIN_RELATIVE_WEIGHT);
    topics.retain(|main| main.weight >= min_weight);
    topics.truncate(MAX_TOPICS);
    topics
}

/// Returns the share of the posts of an index that are about a topic. `facets` must be those of the index.
pub(super) fn topic_share(topic: &str, index: &Index, facets: &Facets) -> f32 {
    let posts = facets.topics.iter().find(|(id, _)| id == topic).map_or(0, |(_, posts)| *posts);
    smoothed_share(posts, index.posts())
}

/// Returns a share, smoothed for small corpora as if there were twenty more texts without a match.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more than seven digits")]
fn smoothed_share(matches: u64, total: u64) -> f32 {
    matches as f32 / (total + 20) as f32
}
