//! Which posts somebody wants.

use serde::{Deserialize, Serialize};

use takeaways_text::model::{EventId, Language, Post};

/// A filter over posts: all of what is set must hold, nothing set is every post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Interest {
    /// Only posts about this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// Only posts about this topic: its id in `config/topics.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only posts by this author, as the index writes the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Only posts in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Interest {
    /// Whether a post is wanted.
    #[must_use]
    pub fn wants(&self, post: &Post) -> bool {
        let event = |wanted: &EventId| post.events.iter().any(|event| event.id == *wanted);
        let topic = |wanted: &String| post.topics.contains(wanted);
        let author = |wanted: &String| post.authors.contains(wanted);
        self.event.as_ref().is_none_or(event)
            && self.topic.as_ref().is_none_or(topic)
            && self.author.as_ref().is_none_or(author)
            && self.language.as_ref().is_none_or(|wanted| *wanted == post.language)
    }

    /// Whether every post is wanted.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}
