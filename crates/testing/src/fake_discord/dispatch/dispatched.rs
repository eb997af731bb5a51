//! What a test holds of something that it dispatched.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::super::SharedState;
use super::super::gateway::FakeEvent;
use super::super::messages::{is_by, number};
use super::super::samples::BOT;

/// The first callback to an interaction.
#[derive(Clone, Debug)]
pub struct FirstCallback {
    /// Its type: 4 a message, 5 a deferral, 6 and 7 the same for a message that is there, 8 choices, 9 a modal.
    pub kind: u64,
    /// Its body.
    pub data: Value,
    /// Since it was sent to the bot for the first time.
    pub after: Duration,
}

/// An interaction that was dispatched.
#[derive(Clone)]
pub struct InteractionHandle {
    pub(super) core: Arc<SharedState>,
    pub(super) event: FakeEvent,
    /// Its id.
    pub id: u64,
}

impl InteractionHandle {
    /// As it was sent.
    #[must_use]
    pub fn payload(&self) -> &Value {
        &self.event.data
    }

    /// Sends it once more with the same id, as happens around a resumption.
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

    /// Waits for the message that answers it: of a deferral the one that followed, of a press the changed message.
    pub async fn reply(&self) -> Value {
        let what = format!("the reply to interaction {}", self.id);
        let look = |state: &mut super::super::state::FakeState| {
            let interaction = &state.interactions[&self.id];
            let is_done = interaction.callback.is_some() && !interaction.is_reply_due;
            interaction.original.filter(|_| is_done).and_then(|id| state.messages.get(id).cloned())
        };
        self.core.until(&what, look).await
    }

    /// Waits for the choices of an autocompletion: their names.
    pub async fn choices(&self) -> Vec<String> {
        let data = self.first_callback().await.data;
        let names = data["choices"].as_array().into_iter().flatten();
        names.filter_map(|choice| choice["name"].as_str()).map(str::to_owned).collect()
    }

    /// Waits until its messages, the answer and the follow-ups, are so many; gives those that can be seen.
    pub async fn messages(&self, count: usize) -> Vec<Value> {
        let (id, channel) = (&self.event.data["id"], number(&self.event.data["channel_id"]));
        let of = |message: &Value| message["interaction_metadata"]["id"] == *id;
        let look = |state: &mut super::super::state::FakeState| {
            let found: Vec<Value> = state.messages.visible(channel).into_iter().filter(of).collect();
            (found.len() >= count).then_some(found)
        };
        self.core.until(&format!("{count} messages for interaction {}", self.id), look).await
    }

    /// Its missing answer is no violation: what it was for has broken the bot on purpose.
    pub fn excuse(&self) {
        self.core.change(|state| {
            if let Some(interaction) = state.interactions.get_mut(&self.id) {
                interaction.is_excused = true;
            }
        });
    }
}

/// A message that was dispatched.
#[derive(Clone)]
pub struct MessageHandle {
    pub(super) core: Arc<SharedState>,
    pub(super) event: FakeEvent,
    /// Its id.
    pub id: u64,
    /// The channel it is in.
    pub channel: u64,
}

impl MessageHandle {
    /// As it was sent, with its content.
    #[must_use]
    pub fn payload(&self) -> &Value {
        &self.event.data
    }

    /// Sends it once more with the same id.
    pub fn repeat(&self) {
        self.core.change(|state| state.gateway.dispatch(self.event.clone()));
    }

    /// Waits for the first message of the bot in its channel after it.
    pub async fn reply(&self) -> Value {
        let what = format!("the reply to message {}", self.id);
        let look = |state: &mut super::super::state::FakeState| {
            let after = |message: &Value| number(&message["id"]) > self.id && is_by(message, BOT);
            state.messages.visible(self.channel).into_iter().find(after)
        };
        self.core.until(&what, look).await
    }
}
