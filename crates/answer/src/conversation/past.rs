//! The topics that a conversation was about, to which a message may go back: `go back to Istio`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Turn;
use super::command_phrases::COMMANDS;
use super::editions::RETURNING;
use super::follow_up::{Message, ask_again, with_options};
use super::topic::{asks, is_only_topic};
use super::words::Word;
use crate::{concepts::Concept, engine::Request, resolve::ScopeOptions};
use takeaways_text::model::Scope;
use takeaways_text::tokens::folding::fold;

/// The maximum number of topics that a conversation keeps.
const MAX_TOPICS: usize = 8;
/// A longer topic is not kept: nobody goes back to it by name.
const MAX_TOPIC_CHARS: usize = 100;

/// A topic that a conversation was about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastTopic {
    /// Its words.
    pub topic: String,
    /// The scope in which it was asked.
    pub scope: Scope,
}

impl Turn {
    /// The topics that the conversation was about, that of the turn last.
    pub(super) fn topics_talked_about(&self) -> Vec<PastTopic> {
        let mut topics = self.topics_before.clone();
        let is_short = |topic: &&str| topic.chars().count() <= MAX_TOPIC_CHARS;
        if let Some(topic) = self.topic().filter(|_| !self.is_unanswered).filter(is_short) {
            let last = PastTopic { topic: topic.to_owned(), scope: self.scope.clone() };
            if topics.last() != Some(&last) {
                topics.push(last);
            }
        }
        if topics.len() > MAX_TOPICS {
            topics.remove(0);
        }
        topics
    }

    /// The turn with the topic talked about before, if nothing was found on its own and that is no known thing.
    pub(super) fn answered(&self) -> Cow<'_, Self> {
        if !self.is_unanswered {
            return Cow::Borrowed(self);
        }
        let topic = self.topics_before.last().map(|past| past.topic.clone());
        let question = topic.clone().unwrap_or_default();
        let turn =
            Self { subject: topic.clone(), topic: topic.unwrap_or_default(), question, ..self.clone() };
        Cow::Owned(turn)
    }

    /// The last time that the conversation was about a topic, for which a message may have another name.
    pub(super) fn returned_to(&self, topic: &Concept) -> Option<PastTopic> {
        let names: Vec<String> = std::iter::once(topic.text.as_str())
            .chain(
                topic
                    .other_words
                    .iter()
                    .filter(|(_, weight)| *weight >= 1.0)
                    .map(|(words, _)| words.as_str()),
            )
            .map(fold)
            .collect();
        self.topics_talked_about().into_iter().rfind(|past| names.contains(&fold(&past.topic)))
    }
}

impl Message<'_> {
    /// The topic or the event that a message goes back to, as it was talked about: `go back to Istio`, `back to London`.
    pub(super) fn returned(&self) -> Option<Request> {
        if self.own.is_none() {
            let topic = self.topic();
            let past = topic.iter().find_map(|topic| self.previous.returned_to(topic))?;
            let is_alone = topic.len() == 1 && is_only_topic(&self.names, &topic);
            let text = if is_alone { past.topic.as_str() } else { &self.follow_up.plain };
            let scope_options = ScopeOptions::of(&past.scope);
            return Some(with_options(self.request, text, scope_options));
        }
        let own = self.own.as_ref().filter(|own| own.names_events())?;
        let last = self.conversation_events.last_of(own);
        if self.topic().is_empty() && !asks(&self.names) {
            return last.map(|last| ask_again(self.previous, self.request, last));
        }
        // "Back to London: how many came?"
        let scope = Scope { authors: Vec::new(), ..self.previous.scope.clone() };
        let options = last.unwrap_or_else(|| own.clone()).over(&scope);
        Some(with_options(self.request, &self.follow_up.plain, options))
    }
}

/// Whether a message goes back to what was talked about: `go back to Istio`.
pub(super) fn goes_back(words: &[Word]) -> bool {
    let start = COMMANDS.beginnings(words).find(|start| RETURNING.match_at(words, *start).is_some());
    // "Again" does not tell to what.
    start.is_some_and(|start| words.len() > start + 1)
}
