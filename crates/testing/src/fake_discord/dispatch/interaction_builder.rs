//! Interactions: commands, completions, presses and forms.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::gateway::FakeEvent;
use super::super::interactions::FakeInteraction;
use super::super::samples::{self, APPLICATION, GUILD, MEMBER, USER, text};
use super::super::state::FakeState;
use super::super::{FakeDiscord, SharedState};
use super::InteractionHandle;

/// What the bot may do where it is asked: read, send, embed, attach, read the history.
const BOT_PERMISSIONS: u64 = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16;
/// A component's number for a text input within a row.
const TEXT_INPUT: u64 = 4;

/// An interaction that a user is about to make.
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

    /// `/ask question:…`.
    #[must_use]
    pub fn ask(&self, question: &str) -> InteractionBuilder {
        self.slash("ask").option("question", question)
    }

    /// A slash command.
    #[must_use]
    pub fn slash(&self, name: &str) -> InteractionBuilder {
        self.interaction(2, json!({ "type": 1, "name": name, "options": [] }))
    }

    /// A slash command that is being typed; see [`InteractionBuilder::focused`].
    #[must_use]
    pub fn autocomplete(&self, name: &str) -> InteractionBuilder {
        self.interaction(4, json!({ "type": 1, "name": name, "options": [] }))
    }

    /// The press of a button that is on a message.
    #[must_use]
    pub fn press(&self, message: &Value, custom_id: &str) -> InteractionBuilder {
        self.interaction(3, json!({ "component_type": 2, "custom_id": custom_id })).with_message(message)
    }

    /// A choice from a menu that is on a message.
    #[must_use]
    pub fn choose(&self, message: &Value, custom_id: &str, values: &[&str]) -> InteractionBuilder {
        self.interaction(3, json!({ "component_type": 3, "custom_id": custom_id, "values": values }))
            .with_message(message)
    }

    /// A command from the menu of a message, which may be anybody's.
    ///
    /// # Panics
    /// Where the message has no id.
    #[must_use]
    pub fn message_command(&self, name: &str, message: &Value) -> InteractionBuilder {
        let id = message["id"].as_str().expect("a message has an id");
        let data =
            json!({ "type": 3, "name": name, "target_id": id, "resolved": { "messages": { id: message } } });
        self.interaction(2, data).in_channel_of(message)
    }

    /// A command from the menu of a user.
    #[must_use]
    pub fn user_command(&self, name: &str, target: u64) -> InteractionBuilder {
        let users = json!({ target.to_string(): samples::user(target) });
        let resolved = json!({ "users": users });
        self.interaction(
            2,
            json!({ "type": 2, "name": name, "target_id": text(target), "resolved": resolved }),
        )
    }

    /// What Discord asks an application whose interactions come over HTTP.
    #[must_use]
    pub fn ping(&self) -> InteractionBuilder {
        self.interaction(1, json!({}))
    }

    /// A form with its fields, by their custom ids.
    #[must_use]
    pub fn submit(&self, custom_id: &str, fields: &[(&str, &str)]) -> InteractionBuilder {
        let row = |(id, value): &(&str, &str)| json!({ "type": 1, "components": [{ "type": TEXT_INPUT, "custom_id": id, "value": value }] });
        self.interaction(
            5,
            json!({ "custom_id": custom_id, "components": fields.iter().map(row).collect::<Vec<_>>() }),
        )
    }
}

impl InteractionBuilder {
    /// With an option more: text, a whole number, a number, or yes and no.
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

    /// With a channel, as Discord resolves it: with what the user may do there.
    #[must_use]
    pub fn option_channel(mut self, name: &str, channel: u64) -> Self {
        let found = self.core.state().channel_object(channel);
        let mut found = found.unwrap_or_else(|| samples::guild_channel(channel, GUILD));
        found["permissions"] = self.permissions.to_string().into();
        self.data["resolved"]["channels"][channel.to_string()] = found;
        self.with_option(json!({ "name": name, "type": 7, "value": text(channel) }))
    }

    /// With the option whose text is being typed.
    #[must_use]
    pub fn focused(self, name: &str, typed: &str) -> Self {
        self.with_option(json!({ "name": name, "type": 3, "value": typed, "focused": true }))
    }

    /// Everything so far belongs to the command itself; the options after it to this subcommand.
    #[must_use]
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

    #[must_use]
    /// With the option `event`.
    pub fn event(self, name: &str) -> Self {
        self.option("event", name)
    }

    #[must_use]
    /// With the option `year`.
    pub fn year(self, year: u16) -> Self {
        self.option("year", year)
    }

    #[must_use]
    /// With the option `author`.
    pub fn author(self, name: &str) -> Self {
        self.option("author", name)
    }

    /// Whether only the user shall see the answer.
    #[must_use]
    pub fn private(self, yes: bool) -> Self {
        self.option("private", yes)
    }

    /// In a guild, in its first channel unless one is named.
    #[must_use]
    pub fn in_guild(mut self, guild: u64) -> Self {
        self.guild = Some(guild);
        self.channel = None;
        self
    }

    /// In the user's direct channel with the bot.
    #[must_use]
    pub fn in_dm(mut self) -> Self {
        self.guild = None;
        self.channel = None;
        self
    }

    /// In a channel of the guild.
    #[must_use]
    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = Some(channel);
        self
    }

    /// By another user than [`USER`].
    #[must_use]
    pub fn by(mut self, user: u64) -> Self {
        self.user = user;
        self
    }

    /// By somebody who manages the guild.
    #[must_use]
    pub fn by_moderator(self) -> Self {
        self.by(samples::OTHER_USER).permissions(MEMBER | samples::MANAGE)
    }

    /// Where the bot has these permissions.
    #[must_use]
    pub fn bot_may(mut self, bits: u64) -> Self {
        self.of_the_bot = bits;
        self
    }

    /// With these permissions in the channel.
    #[must_use]
    pub fn permissions(mut self, bits: u64) -> Self {
        self.permissions = bits;
        self
    }

    /// By a user whose client has this language.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Self {
        self.locale = locale.into();
        self
    }

    /// Where only the user has installed the application.
    #[must_use]
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

    /// Lets it reach the bot.
    #[must_use]
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
            "context": u8::from(self.guild.is_none()), "attachment_size_limit": 10_485_760,
        });
        self.with_location(state, payload, channel, guild)
    }

    /// The data, with the id of the command that it calls.
    fn resolved_data(&self, state: &mut FakeState, id: u64) -> Value {
        let mut data = self.data.clone();
        let command = data["name"].as_str().map(|name| state.commands.id_of(name, self.guild));
        if let Some(found) = command {
            data["id"] = found.unwrap_or_else(|| text(id - 1));
        } else if self.kind == 3 {
            data["id"] = 2.into();
        }
        data
    }

    /// With the user, the place and the message that it is on.
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
            more.insert("channel".into(), samples::direct_channel(channel, self.user));
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
