//! Builds messages of users, bots and webhooks.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::gateway::FakeEvent;
use super::super::messages::{blank, number};
use super::super::samples::{self, BOT, CHANNEL, USER, text, user};
use super::super::state::FakeState;
use super::super::{FakeDiscord, SharedState};
use super::MessageHandle;

/// `GUILD_MESSAGES` and `DIRECT_MESSAGES`.
const INTENTS: (u64, u64) = (1 << 9, 1 << 12);

/// A message that is being prepared.
pub struct MessageBuilder {
    core: Arc<SharedState>,
    content: String,
    channel: Option<u64>,
    author: u64,
    more: Value,
    mentions: Vec<Value>,
    is_bot: bool,
    is_webhook: bool,
    reads_bot: bool,
}

impl FakeDiscord {
    /// Prepares a message in [`CHANNEL`].
    pub fn message(&self, content: &str) -> MessageBuilder {
        MessageBuilder {
            core: Arc::clone(&self.core),
            content: content.into(),
            channel: Some(CHANNEL),
            author: USER,
            more: json!({}),
            mentions: Vec::new(),
            is_bot: false,
            is_webhook: false,
            reads_bot: false,
        }
    }
}

impl MessageBuilder {
    /// Sets the channel to the author's direct channel with the bot.
    pub fn in_dm(mut self) -> Self {
        self.channel = None;
        self
    }

    /// Sets the channel.
    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Sets the author, who is [`USER`] by default.
    pub fn by(mut self, user: u64) -> Self {
        self.author = user;
        self
    }

    /// Makes the author a bot.
    pub fn by_bot(mut self) -> Self {
        self.is_bot = true;
        self
    }

    /// Makes this bot the author.
    pub fn by_itself(self) -> Self {
        self.by(BOT)
    }

    /// Makes a webhook the author, which is not a user.
    pub fn by_webhook(mut self) -> Self {
        self.is_webhook = true;
        self
    }

    /// Puts a mention of the bot before the content.
    pub fn mentioning_bot(mut self) -> Self {
        self.content = format!("<@{BOT}> {}", self.content);
        self.reads_bot = true;
        self
    }

    /// Declares a mention of the bot that the content already has.
    pub fn naming_bot(mut self) -> Self {
        self.reads_bot = true;
        self
    }

    /// Makes it a reply. A reply that `pings` the bot mentions it even if the content does not.
    pub fn replying_to(mut self, message: &Value, pings: bool) -> Self {
        let reference =
            json!({ "type": 0, "message_id": message["id"], "channel_id": message["channel_id"] });
        self.more["message_reference"] = reference;
        self.more["referenced_message"] = message.clone();
        self.more["type"] = 19.into();
        if pings && number(&message["author"]["id"]) == BOT {
            self.reads_bot = true;
        } else if pings {
            self.mentions.push(message["author"].clone());
        }
        self
    }

    /// Puts `@everyone` before the content.
    pub fn mentioning_everyone(mut self) -> Self {
        self.content = format!("@everyone {}", self.content);
        self.more["mention_everyone"] = true.into();
        self
    }

    /// Puts a mention of a role before the content.
    pub fn mentioning_role(mut self, role: u64) -> Self {
        self.content = format!("<@&{role}> {}", self.content);
        self.more["mention_roles"] = json!([text(role)]);
        self
    }

    /// Attaches a file.
    pub fn with_attachment(mut self, name: &str) -> Self {
        let url = format!("https://cdn.discordapp.com/attachments/1/2/{name}");
        self.more["attachments"] = json!([{
            "id": "3", "filename": name, "size": 1_024, "url": url, "proxy_url": url, "content_type": "image/png",
            "width": 10, "height": 10,
        }]);
        self
    }

    /// Adds a sticker.
    pub fn with_sticker(mut self) -> Self {
        self.more["sticker_items"] = json!([{ "id": "4", "name": "Wave", "format_type": 1 }]);
        self
    }

    /// Sends the message to the bot, without its content if that needs an intent that the bot lacks.
    pub fn send(self) -> MessageHandle {
        let core = Arc::clone(&self.core);
        core.clone().change(|state| {
            let id = state.next_id();
            let channel = self.channel.unwrap_or_else(|| state.direct_channel(self.author));
            let guild = state.guild_of(channel);
            let message = self.payload(state, id, channel, guild);
            let mut event = FakeEvent::new("MESSAGE_CREATE", message);
            event.guild = guild;
            event.intents = if guild.is_some() { INTENTS.0 } else { INTENTS.1 };
            if guild.is_some() && !self.reads_bot && self.author != BOT {
                event.without_content = Some(without_content(event.data.clone()));
            }
            state.gateway.dispatch(event.clone());
            MessageHandle { core, event, id, channel }
        })
    }

    fn payload(&self, state: &mut FakeState, id: u64, channel: u64, guild: Option<u64>) -> Value {
        let mut message = blank(id, channel, self.author);
        message["content"] = self.content.clone().into();
        for (name, value) in self.more.as_object().into_iter().flatten() {
            message[name] = value.clone();
        }
        let to_bot = self.reads_bot.then(|| user(BOT));
        message["mentions"] = self.mentions.iter().cloned().chain(to_bot).collect();
        message["author"]["bot"] = (self.is_bot || self.is_webhook || self.author == BOT).into();
        state.messages.put(message.clone());
        if self.is_webhook {
            message["webhook_id"] = message["author"]["id"].clone();
        }
        if let Some(guild) = guild {
            message["guild_id"] = text(guild);
            if !self.is_webhook {
                message["member"] = samples::partial_member(&[]);
                message["mentions"].as_array_mut().into_iter().flatten().for_each(with_member);
            }
        }
        message
    }
}

/// Returns a mentioned user with its member, as in the gateway's messages of a guild.
fn with_member(user: &mut Value) {
    user["member"] = samples::partial_member(&[]);
}

/// Returns the message as a client without the intent for content sees it.
fn without_content(mut message: Value) -> Value {
    message["content"] = "".into();
    for name in ["attachments", "embeds", "components"] {
        message[name] = json!([]);
    }
    message
}
