//! Builds interactions: commands, autocompletion, button presses and modals.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::gateway::FakeEvent;
use super::super::interactions::FakeInteraction;
use super::super::samples::{self, APPLICATION, GUILD, MEMBER, USER, text};
use super::super::state::{ChannelOwner, FakeState};
use super::super::{FakeDiscord, SharedState};
use super::InteractionHandle;

/// The bot's permissions in the channel: read, send, embed, attach and read the history.
const BOT_PERMISSIONS: u64 = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16;
/// The component type of a text input.
const TEXT_INPUT: u64 = 4;

/// An interaction that is being prepared.
pub struct InteractionBuilder {
    core: Arc<SharedState>,
    kind: u64,
    data: Value,
    guild: Option<u64>,
    channel: Option<u64>,
    user: u64,
    permissions: u64,
    locale: String,
    message: Option<Value>,
    user_installed: bool,
    of_the_bot: u64,
}

impl FakeDiscord {
    fn interaction(&self, kind: u64, data: Value) -> InteractionBuilder {
        InteractionBuilder {
            core: Arc::clone(&self.core),
            kind,
            data,
            guild: Some(GUILD),
            channel: None,
            user: USER,
            permissions: MEMBER,
            locale: "en-US".into(),
            message: None,
            user_installed: false,
            of_the_bot: BOT_PERMISSIONS,
        }
    }

    /// Prepares `/ask question:…`.
    pub fn ask(&self, question: &str) -> InteractionBuilder {
        self.slash("ask").option("question", question)
    }

    /// Prepares a slash command.
    pub fn slash(&self, name: &str) -> InteractionBuilder {
        self.interaction(2, json!({ "type": 1, "name": name, "options": [] }))
    }

    /// Prepares an autocompletion; see [`InteractionBuilder::focused`].
    pub fn autocomplete(&self, name: &str) -> InteractionBuilder {
        self.interaction(4, json!({ "type": 1, "name": name, "options": [] }))
    }

    /// Prepares the press of a button of a message.
    pub fn press(&self, message: &Value, custom_id: &str) -> InteractionBuilder {
        self.interaction(3, json!({ "component_type": 2, "custom_id": custom_id })).with_message(message)
    }

    /// Prepares a selection in a menu of a message.
    pub fn choose(&self, message: &Value, custom_id: &str, values: &[&str]) -> InteractionBuilder {
        self.interaction(3, json!({ "component_type": 3, "custom_id": custom_id, "values": values }))
            .with_message(message)
    }

    /// Prepares a message command for any message.
    ///
    /// # Panics
    /// If the message has no id.
    pub fn message_command(&self, name: &str, message: &Value) -> InteractionBuilder {
        let id = message["id"].as_str().expect("a message has an id");
        let data =
            json!({ "type": 3, "name": name, "target_id": id, "resolved": { "messages": { id: message } } });
        self.interaction(2, data).in_channel_of(message)
    }

    /// Prepares a user command.
    pub fn user_command(&self, name: &str, target: u64) -> InteractionBuilder {
        let users = json!({ target.to_string(): samples::user(target) });
        let resolved = json!({ "users": users });
        self.interaction(
            2,
            json!({ "type": 2, "name": name, "target_id": text(target), "resolved": resolved }),
        )
    }

    /// Prepares the ping that Discord sends to applications with an HTTP endpoint.
    pub fn ping(&self) -> InteractionBuilder {
        self.interaction(1, json!({}))
    }

    /// Prepares the submission of a modal with its fields by custom id.
    pub fn submit(&self, custom_id: &str, fields: &[(&str, &str)]) -> InteractionBuilder {
        let row = |(id, value): &(&str, &str)| json!({ "type": 1, "components": [{ "type": TEXT_INPUT, "custom_id": id, "value": value }] });
        self.interaction(
            5,
            json!({ "custom_id": custom_id, "components": fields.iter().map(row).collect::<Vec<_>>() }),
        )
    }
}

impl InteractionBuilder {
    /// Adds an option: a text, an integer, a number or a flag.
    pub fn option(self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let kind = match &value {
            Value::Bool(_) => 5,
            Value::Number(number) if number.is_f64() => 10,
            Value::Number(_) => 4,
            _ => 3,
        };
        self.with_option(json!({ "name": name, "type": kind, "value": value }))
    }

    /// Adds a channel option, resolved with the user's permissions there.
    pub fn option_channel(mut self, name: &str, channel: u64) -> Self {
        let found = self.core.state().channel_object(channel);
        let mut found = found.unwrap_or_else(|| samples::guild_channel(channel, GUILD));
        found["permissions"] = self.permissions.to_string().into();
        self.data["resolved"]["channels"][channel.to_string()] = found;
        self.with_option(json!({ "name": name, "type": 7, "value": text(channel) }))
    }

    /// Adds the option that the user is typing.
    pub fn focused(self, name: &str, typed: &str) -> Self {
        self.with_option(json!({ "name": name, "type": 3, "value": typed, "focused": true }))
    }

    /// Adds a subcommand. Later options belong to it, earlier ones to the command itself.
    pub fn subcommand(self, name: &str) -> Self {
        self.with_option(json!({ "name": name, "type": 1, "options": [] }))
    }

    fn with_option(mut self, option: Value) -> Self {
        let top = self.data["options"].as_array_mut().expect("a command has options");
        let last = top.last_mut().filter(|last| last["type"] == 1 && option["type"] != 1);
        match last {
            Some(subcommand) => subcommand["options"].as_array_mut().expect("so has it").push(option),
            None => top.push(option),
        }
        self
    }

    /// Adds the option `event`.
    pub fn event(self, name: &str) -> Self {
        self.option("event", name)
    }

    /// Adds the option `year`.
    pub fn year(self, year: u16) -> Self {
        self.option("year", year)
    }

    /// Adds the option `author`.
    pub fn author(self, name: &str) -> Self {
        self.option("author", name)
    }

    /// Sets whether only the user sees the answer.
    pub fn private(self, yes: bool) -> Self {
        self.option("private", yes)
    }

    /// Sets the guild, with its first channel unless another is set.
    pub fn in_guild(mut self, guild: u64) -> Self {
        self.guild = Some(guild);
        self.channel = None;
        self
    }

    /// Sets the channel to the user's direct channel with the bot.
    pub fn in_dm(mut self) -> Self {
        self.guild = None;
        self.channel = None;
        self
    }

    /// Sets the channel to a group chat, where only the user has installed the application.
    pub fn in_group(self) -> Self {
        let channel = self.core.state().group_channel();
        self.in_dm().in_channel(channel).user_installed()
    }

    /// Sets the channel within the guild.
    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Sets the user, who is [`USER`] by default.
    pub fn by(mut self, user: u64) -> Self {
        self.user = user;
        self
    }

    /// Makes the user a moderator of the guild.
    pub fn by_moderator(self) -> Self {
        self.by(samples::OTHER_USER).permissions(MEMBER | samples::MANAGE)
    }

    /// Sets the bot's permissions.
    pub fn bot_may(mut self, bits: u64) -> Self {
        self.of_the_bot = bits;
        self
    }

    /// Sets the user's permissions in the channel.
    pub fn permissions(mut self, bits: u64) -> Self {
        self.permissions = bits;
        self
    }

    /// Sets the language of the user's client.
    pub fn locale(mut self, locale: &str) -> Self {
        self.locale = locale.into();
        self
    }

    /// Makes the application installed by the user only.
    pub fn user_installed(mut self) -> Self {
        self.user_installed = true;
        self
    }

    fn with_message(mut self, message: &Value) -> Self {
        self.message = Some(message.clone());
        self.in_channel_of(message)
    }

    fn in_channel_of(mut self, message: &Value) -> Self {
        let channel = message["channel_id"].as_str().and_then(|id| id.parse().ok());
        self.guild = channel.and_then(|channel| self.core.state().guild_of(channel));
        self.channel = channel;
        self
    }

    /// Sends the interaction to the bot.
    pub fn send(self) -> InteractionHandle {
        let core = Arc::clone(&self.core);
        core.clone().change(|state| {
            let id = state.next_id();
            let payload = self.payload(state, id);
            state.interactions.insert(id, FakeInteraction::new(payload.clone()));
            let mut event = FakeEvent::new("INTERACTION_CREATE", payload);
            (event.guild, event.interaction) = (self.guild, Some(id));
            state.gateway.dispatch(event.clone());
            InteractionHandle { core, event, id }
        })
    }

    fn payload(&self, state: &mut FakeState, id: u64) -> Value {
        let channel = self.channel.unwrap_or_else(|| match self.guild {
            Some(guild) => state.channel_of(guild),
            None => state.direct_channel(self.user),
        });
        let is_group = state.channel_owners.get(&channel) == Some(&ChannelOwner::Group);
        let context = match self.guild {
            Some(_) => 0,
            None => 1 + u8::from(is_group),
        };
        let guild = (!self.user_installed).then_some(()).and(self.guild);
        let owners = match (self.user_installed, self.guild) {
            (true, _) => json!({ "1": text(self.user) }),
            (false, Some(guild)) => json!({ "0": text(guild) }),
            (false, None) => json!({ "0": "0" }),
        };
        let payload = json!({
            "id": text(id), "application_id": text(APPLICATION), "type": self.kind, "version": 1,
            "token": format!("token-of-{id}-which-is-a-secret"), "data": self.resolved_data(state, id),
            "channel_id": text(channel), "app_permissions": self.of_the_bot.to_string(), "entitlements": [],
            "entitlement_sku_ids": [], "authorizing_integration_owners": owners, "locale": self.locale,
            "context": context, "attachment_size_limit": 10_485_760,
        });
        self.with_location(state, payload, channel, guild)
    }

    /// Returns the data with the id of the command.
    fn resolved_data(&self, state: &mut FakeState, id: u64) -> Value {
        let mut data = self.data.clone();
        let command = data["name"].as_str().map(|name| state.commands.id_of(name));
        if let Some(found) = command {
            data["id"] = found.unwrap_or_else(|| text(id - 1));
        } else if self.kind == 3 {
            data["id"] = 2.into();
        }
        data
    }

    /// Adds the user, the channel and the message.
    fn with_location(
        &self,
        state: &FakeState,
        mut payload: Value,
        channel: u64,
        guild: Option<u64>,
    ) -> Value {
        let mut more = Map::new();
        if let Some(guild) = self.guild {
            let mut member = samples::member(self.user, &[]);
            member["permissions"] = self.permissions.to_string().into();
            more.insert("member".into(), member);
            more.insert("guild_id".into(), text(guild));
            more.insert("guild_locale".into(), "en-US".into());
            let found =
                state.channel_object(channel).unwrap_or_else(|| samples::guild_channel(channel, guild));
            more.insert("channel".into(), found);
        } else {
            more.insert("user".into(), samples::user(self.user));
            let found = state.channel_object(channel);
            let found = found.unwrap_or_else(|| samples::direct_channel(channel, self.user));
            more.insert("channel".into(), found);
        }
        if let Some(guild) = guild {
            let partial = json!({ "id": text(guild), "locale": "en-US", "features": [] });
            more.insert("guild".into(), partial);
        }
        if let Some(message) = &self.message {
            more.insert("message".into(), message.clone());
        }
        payload.as_object_mut().expect("an object").extend(more);
        payload
    }
}
