//! How common a word or a topic is among all posts.

use takeaways_search::{Alternative, Facets, Index};

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
