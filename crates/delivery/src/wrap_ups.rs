//! The overview of an event that a digest posts once.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use takeaways_answer::{AnswerLimits, EngineHandle, NamedOverview, ScopeOptions};
use takeaways_corpus::topics::TopicTable;
use takeaways_digest::{Interest, NumberedPosts, Subscription, events_to_wrap_up, recaps_needed_since};
use takeaways_render::discord::{self as pages, Embed};
use takeaways_text::model::{Answer, EventId};

use crate::digest_composer::{DigestWriterError, posts_error};

/// Which overview of an event a subscription posts next.
pub(crate) struct WrapUps {
    engine: Arc<EngineHandle>,
    /// The events that had theirs.
    done: BTreeSet<EventId>,
}

/// The overview of an event.
pub(crate) struct WrapUp {
    pub event: EventId,
    /// Its box in the message.
    pub shown: Embed,
}

impl WrapUps {
    /// Overviews of this engine, but of these events.
    pub(crate) fn new(engine: Arc<EngineHandle>, done: BTreeSet<EventId>) -> Self {
        Self { engine, done }
    }

    /// The overview of the first event that is due and has one. Each line is verified against its post.
    pub(crate) fn find(
        &self,
        posts: &NumberedPosts,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<Option<WrapUp>, DigestWriterError> {
        let definition = &subscription.definition;
        if !definition.wrap_up {
            return Ok(None);
        }
        let entries = posts.entries_since(recaps_needed_since(subscription, now)).map_err(posts_error)?;
        // What the overview is limited to, as the digest is.
        let (topic, authors) = match definition.interests.as_slice() {
            [Interest { topic, author, .. }] => {
                let topic =
                    topic.as_deref().map(|id| TopicTable::builtin().name(id).unwrap_or(id).to_owned());
                (topic, author.iter().cloned().collect())
            }
            _ => (None, Vec::new()),
        };
        for event in events_to_wrap_up(&entries, subscription, &self.done, now) {
            let scope = ScopeOptions {
                events: vec![event.id.0.clone()],
                authors: authors.clone(),
                ..ScopeOptions::default()
            };
            let named = NamedOverview::Takeaways { topic: topic.clone() };
            let limits = AnswerLimits { line: pages::MAX_OVERVIEW_LINE, ..self.engine.limits() };
            let request = named.request(scope, limits, now).map_err(posts_error)?;
            // Posts without a point have no overview; the next event may.
            match self.engine.answer(&request).map_err(posts_error)?.answer {
                Answer::Overview(overview) if !overview.excerpts.is_empty() => {
                    let shown = pages::wrap_up(&event, &overview);
                    return Ok(Some(WrapUp { event: event.id, shown }));
                }
                _ => {}
            }
        }
        Ok(None)
    }
}
