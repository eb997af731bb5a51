//! The messages of all channels.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::samples::{APPLICATION, BOT, text, user};
use super::state::{EPOCH, FakeState};

/// The time for which a nonce names its message, in milliseconds. Discord says "a few minutes".
const NONCE_LIFE: i64 = 5 * 60 * 1_000;

/// The flag of a message that only one user sees.
pub const EPHEMERAL: u64 = 1 << 6;

#[derive(Default)]
pub(super) struct Messages {
    all: BTreeMap<u64, Value>,
    nonces: HashMap<(u64, String), (u64, i64)>,
    taken: HashMap<u64, u64>,
}

impl Messages {
    pub(crate) fn get(&self, id: u64) -> Option<&Value> {
        self.all.get(&id)
    }

    pub(crate) fn put(&mut self, message: Value) {
        self.all.insert(number(&message["id"]), message);
    }

    pub(crate) fn delete(&mut self, id: u64) -> bool {
        self.all.remove(&id).is_some()
    }

    pub(crate) fn forget_nonces(&mut self) {
        self.nonces.clear();
    }

    /// Forgets all messages and their nonces.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns all visible messages, oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.all.values()
    }

    pub(crate) fn visible(&self, channel: u64) -> Vec<Value> {
        let here = |message: &&Value| number(&message["channel_id"]) == channel;
        self.all.values().filter(here).cloned().collect()
    }

    /// Returns the oldest message of the bot in a channel that was not returned before.
    pub(crate) fn take_next(&mut self, channel: u64) -> Option<Value> {
        let taken = self.taken.get(&channel).copied().unwrap_or_default();
        let found = self.visible(channel).into_iter().find(|message| {
            number(&message["id"]) > taken && is_by(message, BOT) && message["interaction_metadata"].is_null()
        })?;
        self.taken.insert(channel, number(&found["id"]));
        Some(found)
    }

    /// Returns the message that this nonce created recently. Otherwise the nonce names `id` from now on.
    fn same_nonce(&mut self, channel: u64, body: &Value, id: u64, now: i64) -> Option<Value> {
        let nonce = &body["nonce"];
        if nonce.is_null() || body["enforce_nonce"] != true {
            return None;
        }
        let key = (channel, nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned));
        let (first, since) = *self.nonces.get(&key).unwrap_or(&(id, now));
        let is_known = (since..since + NONCE_LIFE).contains(&now) && self.all.contains_key(&first);
        self.nonces.insert(key, if is_known { (first, since) } else { (id, now) });
        self.all.get(&first).filter(|_| is_known).cloned()
    }
}

pub(crate) fn is_by(message: &Value, author: u64) -> bool {
    number(&message["author"]["id"]) == author
}

/// Parses an id; 0 for other values.
pub(crate) fn number(id: &Value) -> u64 {
    id.as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// Returns the time of an id in Discord's format.
fn time_of(id: u64) -> Value {
    let since = i64::try_from(id >> 22).expect("42 bits");
    let time = Timestamp::from_millisecond(EPOCH + since).expect("a time of this era");
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string().into()
}

/// Returns an empty message.
pub(crate) fn blank(id: u64, channel: u64, author: u64) -> Value {
    json!({
        "id": text(id), "channel_id": text(channel), "author": user(author), "content": "", "type": 0,
        "timestamp": time_of(id), "edited_timestamp": null, "tts": false, "pinned": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "components": [], "flags": 0,
    })
}

/// Applies the visible parts of a body to a message.
pub(crate) fn apply(message: &mut Value, body: &Value) {
    if let Some(content) = body["content"].as_str() {
        message["content"] = content.into();
    }
    if let Some(embeds) = body["embeds"].as_array() {
        let rich = embeds.iter().cloned().map(|mut embed| {
            embed["type"] = "rich".into();
            embed
        });
        message["embeds"] = rich.collect();
    }
    if body["components"].is_array() {
        message["components"] = body["components"].clone();
    }
    if let Some(files) = body["attachments"].as_array() {
        let shown = files.iter().map(|file| {
            json!({ "id": file["id"], "filename": file["filename"], "description": file["description"] })
        });
        message["attachments"] = shown.collect();
    }
    if let Some(flags) = body["flags"].as_u64() {
        message["flags"] = flags.into();
    }
}

impl FakeState {
    /// Sends a message of the bot to a channel. A known nonce returns the first message again.
    pub(crate) fn send(&mut self, channel: u64, body: &Value) -> Value {
        let (id, now) = (self.next_id(), self.now());
        if let Some(first) = self.messages.same_nonce(channel, body, id, now) {
            return first;
        }
        let mut message = blank(id, channel, BOT);
        apply(&mut message, body);
        for name in ["nonce", "message_reference"] {
            if !body[name].is_null() {
                message[name] = body[name].clone();
            }
        }
        if !body["message_reference"].is_null() {
            let meant = number(&body["message_reference"]["message_id"]);
            message["type"] = 19.into();
            message["message_reference"]["channel_id"] = text(channel);
            message["message_reference"]["type"] = 0.into();
            message["referenced_message"] = self.messages.get(meant).cloned().unwrap_or_default();
        }
        self.messages.put(message.clone());
        message
    }

    /// Sends a message of the bot that answers an interaction.
    pub(crate) fn send_for(&mut self, interaction: &Value, body: &Value) -> Value {
        let (id, channel) = (self.next_id(), number(&interaction["channel_id"]));
        let mut message = blank(id, channel, BOT);
        message["application_id"] = text(APPLICATION);
        message["webhook_id"] = text(APPLICATION);
        let by = if interaction["member"].is_null() {
            &interaction["user"]
        } else {
            &interaction["member"]["user"]
        };
        let mut metadata = json!({
            "id": interaction["id"], "type": interaction["type"], "user": by,
            "authorizing_integration_owners": interaction["authorizing_integration_owners"],
        });
        if !interaction["message"].is_null() {
            metadata["interacted_message_id"] = interaction["message"]["id"].clone();
        }
        if interaction["type"] == 5 {
            metadata["triggering_interaction_metadata"] = json!({
                "id": interaction["id"], "type": 2, "user": by,
                "authorizing_integration_owners": interaction["authorizing_integration_owners"],
            });
        }
        message["interaction_metadata"] = metadata;
        message["type"] = if interaction["type"] == 2 { 20.into() } else { 0.into() };
        apply(&mut message, body);
        self.messages.put(message.clone());
        message
    }

    /// Edits a message if it exists.
    pub(crate) fn edit(&mut self, id: u64, body: &Value) -> Option<Value> {
        let mut message = self.messages.get(id)?.clone();
        apply(&mut message, body);
        message["edited_timestamp"] = "2026-11-20T12:00:01.000000+00:00".into();
        self.messages.put(message.clone());
        Some(message)
    }
}
