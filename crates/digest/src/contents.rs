//! What a digest holds: posts under events and topics.

use takeaways_text::model::{Citation, Event, PostId, PostKind, Quote};

/// The posts that are new to somebody, grouped; never none.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// One for each event, the newest event first; posts about no event are the last.
    pub groups: Vec<EventGroup>,
}

/// The posts about one event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventGroup {
    /// The event; `None` for posts about none.
    pub event: Option<Event>,
    /// What several of the posts share is a bundle each, the largest first; the last has no topic.
    pub bundles: Vec<Bundle>,
}

/// Posts of one event that share a topic, or are left.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The topic's name; `None` for posts that share none.
    pub topic: Option<String>,
    /// At least two where there is a topic, newest first.
    pub items: Vec<DigestItem>,
}

/// A post of a digest.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestItem {
    /// Where it comes from. The section is that of the sentence.
    pub citation: Citation,
    /// The one sentence worth reading, where there is one.
    pub quoted: Option<Quote>,
}

/// How many of what a digest holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestCounts {
    /// Posts in their authors' words.
    pub recaps: usize,
    /// Notes on posts.
    pub notes: usize,
    /// Events that they are about.
    pub events: usize,
}

impl Digest {
    /// All posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.groups.iter().flat_map(EventGroup::items)
    }

    /// What the headline counts.
    #[must_use]
    pub fn counts(&self) -> DigestCounts {
        let notes = self.items().filter(|item| item.citation.kind == PostKind::Note).count();
        let events = self.groups.iter().filter(|group| group.event.is_some()).count();
        DigestCounts { recaps: self.items().count() - notes, notes, events }
    }

    /// Each quote with the post that it is from, for [`takeaways_answer::verify_quotes`].
    pub fn quotes(&self) -> impl Iterator<Item = (&PostId, &Quote)> {
        self.items().filter_map(|item| Some((&item.citation.post, item.quoted.as_ref()?)))
    }
}

impl EventGroup {
    /// Its posts, in order.
    pub fn items(&self) -> impl Iterator<Item = &DigestItem> {
        self.bundles.iter().flat_map(|bundle| &bundle.items)
    }
}
