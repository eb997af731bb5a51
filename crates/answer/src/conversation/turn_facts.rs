//! What the turn of a conversation tells: the events and excerpts of the conversation, and what its pronouns may mean.

use std::borrow::Cow;

use jiff::Timestamp;

use super::Turn;
use crate::excerpt_place::{CitedFor, ExcerptPlace};
use takeaways_text::model::{EventId, Scope, Shape};
use takeaways_text::tokens::folding::fold;

/// The maximum number of events that a conversation keeps, each as often as it was gone to.
pub(super) const MAX_EVENTS: usize = 10;

/// The maximum number of excerpts that a conversation keeps beside those of its last answer.
const MAX_SHOWN_BEFORE: usize = 30;

impl Turn {
    /// Whether its only author was not named in the conversation, but meant by a pronoun.
    pub(super) fn has_unnamed_author(&self) -> bool {
        self.named_person.is_none()
            && self.person.is_some()
            && self.scope.authors.iter().map(Some).eq([self.person.as_ref()])
    }

    /// Whether the answer is an overview.
    pub fn is_overview(&self) -> bool {
        self.overview.is_some()
    }

    /// Whether the answer has another side: that of a list or of a trend has none.
    pub(super) fn has_other_side(&self) -> bool {
        matches!(self.overview, Some(Shape::Opinions | Shape::Advice | Shape::Takeaways))
    }

    /// Whether it is a refusal. An answer that only lists places and days has no excerpt either, but no topic.
    pub(super) fn was_refused(&self) -> bool {
        let is_asked = self.is_unanswered || self.topic().is_some() || !self.offers.is_empty();
        self.found_nothing && is_asked
    }

    /// The scope of the excerpts that it shows.
    pub fn scope_of_shown(&self) -> &Scope {
        self.shown_scope.as_ref().unwrap_or(&self.scope)
    }

    /// How its excerpts are cited at a time.
    pub(super) fn cited_for(&self, now: Timestamp) -> CitedFor<'_> {
        CitedFor { scope: self.scope_of_shown(), language: self.language, now }
    }

    /// The events that the conversation was about, each as often as it was gone to, that of the turn last: the first, and the
    /// last ones.
    pub(super) fn events_talked_about(&self) -> Vec<EventId> {
        let mut events = self.events_before.clone();
        if let [event] = self.scope.events.as_slice()
            && events.last() != Some(event)
        {
            events.push(event.clone());
        }
        if events.len() > MAX_EVENTS {
            events.remove(1);
        }
        events
    }

    /// The excerpts that the conversation has shown, those of the turn last.
    pub(super) fn all_shown(&self) -> Vec<ExcerptPlace> {
        let mut all = self.shown_before.clone();
        let shown = if self.whole.is_empty() { &self.shown } else { &self.whole };
        for place in shown {
            if !all.contains(place) {
                all.push(place.clone());
            }
        }
        all.split_off(all.len().saturating_sub(MAX_SHOWN_BEFORE))
    }

    /// Whether events between the first and the last may be forgotten.
    pub(super) fn may_have_forgotten(&self) -> bool {
        self.events_talked_about().len() >= MAX_EVENTS
    }

    /// The same with all excerpts of the answer, where it shows a part of them.
    pub(super) fn with_whole(&self) -> Cow<'_, Self> {
        if self.whole.is_empty() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self { shown: self.whole.clone(), whole: Vec::new(), ..self.clone() })
    }

    /// The thing that it is about: the names among the words of its topic, else all of them; `None` if it has none.
    pub(super) fn thing(&self) -> Option<&str> {
        self.subject.as_deref().or(self.topic())
    }

    /// The words of its topic, unless that is a person.
    pub(super) fn other_topic(&self) -> Option<&str> {
        let person = self.person.as_deref().map(fold);
        self.topic().filter(|topic| person.as_ref().is_none_or(|person| !fold(topic).contains(person)))
    }

    /// Returns the words of its topic, for the person to see what was understood; `None` if it has none.
    pub fn topic(&self) -> Option<&str> {
        Some(self.topic.as_str()).filter(|topic| !topic.is_empty())
    }
}
