//! The actions of users: events that reach the bot, and handles to wait for the replies.

mod changes;
mod interaction_builder;
mod message_builder;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::SharedState;
use super::gateway::FakeEvent;
use super::messages::{is_by, number};
use super::samples::BOT;

pub use interaction_builder::InteractionBuilder;
pub use message_builder::MessageBuilder;

/// The first callback to an interaction.
#[derive(Clone, Debug)]
pub struct FirstCallback {
    /// The type: 4 message, 5 deferral, 6 and 7 the same for an existing message, 8 choices, 9 modal.
    pub kind: u64,
    /// Its body.
    pub data: Value,
    /// The time since the interaction was first sent to the bot.
    pub after: Duration,
}

/// A dispatched interaction.
#[derive(Clone)]
pub struct InteractionHandle {
    pub(super) core: Arc<SharedState>,
    pub(super) event: FakeEvent,
    /// Returns its id.
    pub id: u64,
}

impl InteractionHandle {
    /// Returns the interaction as it was sent.
    pub fn payload(&self) -> &Value {
        &self.event.data
    }

    /// Sends it again with the same id, as after a resumption.
    pub fn repeat(&self) {
        self.core.change(|state| state.gateway.dispatch(self.event.clone()));
    }

    /// Waits for the first callback.
    pub async fn first_callback(&self) -> FirstCallback {
        let what = format!("the callback of interaction {}", self.id);
        let callback = self.core.until(&what, |state| state.interactions[&self.id].callback.clone()).await;
        FirstCallback {
            kind: callback.body["type"].as_u64().unwrap_or_default(),
            data: callback.body["data"].clone(),
            after: callback.after,
        }
    }

    /// Waits for the answer: after a deferral the follow-up, after a press the changed message.
    pub async fn reply(&self) -> Value {
        let what = format!("the reply to interaction {}", self.id);
        let look = |state: &mut super::state::FakeState| {
            let interaction = &state.interactions[&self.id];
            let is_done = interaction.callback.is_some() && !interaction.is_reply_due;
            interaction.original.filter(|_| is_done).and_then(|id| state.messages.get(id).cloned())
        };
        self.core.until(&what, look).await
    }

    /// Waits for the choices of an autocompletion, and returns their names.
    pub async fn choices(&self) -> Vec<String> {
        let data = self.first_callback().await.data;
        let names = data["choices"].as_array().into_iter().flatten();
        names.filter_map(|choice| choice["name"].as_str()).map(str::to_owned).collect()
    }

    /// Waits for this number of messages, answer and follow-ups, and returns the visible ones.
    pub async fn messages(&self, count: usize) -> Vec<Value> {
        let (id, channel) = (&self.event.data["id"], number(&self.event.data["channel_id"]));
        let of = |message: &Value| message["interaction_metadata"]["id"] == *id;
        let look = |state: &mut super::state::FakeState| {
            let found: Vec<Value> = state.messages.visible(channel).into_iter().filter(of).collect();
            (found.len() >= count).then_some(found)
        };
        self.core.until(&format!("{count} messages for interaction {}", self.id), look).await
    }

    /// Accepts that there is no answer, because the test broke the bot on purpose.
    pub fn excuse(&self) {
        self.core.change(|state| {
            if let Some(interaction) = state.interactions.get_mut(&self.id) {
                interaction.is_excused = true;
            }
        });
    }
}

/// A dispatched message.
#[derive(Clone)]
pub struct MessageHandle {
    pub(super) core: Arc<SharedState>,
    pub(super) event: FakeEvent,
    /// Returns its id.
    pub id: u64,
    /// The channel of the message.
    pub channel: u64,
}

impl MessageHandle {
    /// Returns the message as it was sent, with its content.
    pub fn payload(&self) -> &Value {
        &self.event.data
    }

    /// Sends it again with the same id.
    pub fn repeat(&self) {
        self.core.change(|state| state.gateway.dispatch(self.event.clone()));
    }

    /// Waits for the next message of the bot in its channel.
    pub async fn reply(&self) -> Value {
        let what = format!("the reply to message {}", self.id);
        let look = |state: &mut super::state::FakeState| {
            let after = |message: &Value| number(&message["id"]) > self.id && is_by(message, BOT);
            state.messages.visible(self.channel).into_iter().find(after)
        };
        self.core.until(&what, look).await
    }
}
