//! The state of the fake.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::channel_permissions::ChannelPermissions;
use super::gateway::GatewayState;
use super::interactions::FakeInteraction;
use super::messages::Messages;
use super::rate_limits::RateLimits;
use super::rest::RecordedRequest;
use super::samples::{APPLICATION, CHANNEL, DM, GUILD, USER, text};
use super::script::{Scripts, matches};

/// The first millisecond of Discord's snowflakes: the start of 2015.
pub(crate) const EPOCH: i64 = 1_420_070_400_000;

/// The owner of a channel: a guild or a user, or people who chat without the bot.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum ChannelOwner {
    Guild(u64),
    Direct(u64),
    Group,
}

pub(super) struct FakeState {
    pub requests: Vec<RecordedRequest>,
    pub violations: Vec<String>,
    pub interactions: BTreeMap<u64, FakeInteraction>,
    pub messages: Messages,
    pub commands: Commands,
    pub channel_owners: BTreeMap<u64, ChannelOwner>,
    pub scripts: Scripts,
    pub gateway: GatewayState,
    pub callback_window: Duration,
    pub token_life: Duration,
    pub permissions: ChannelPermissions,
    pub limits: RateLimits,
    /// How far this Discord's clock is ahead of ours, in milliseconds.
    pub ahead: i64,
    ids: BTreeSet<u64>,
}

impl FakeState {
    pub(crate) fn new() -> Self {
        Self {
            requests: Vec::new(),
            violations: Vec::new(),
            interactions: BTreeMap::new(),
            messages: Messages::default(),
            commands: Commands::default(),
            channel_owners: BTreeMap::from([
                (CHANNEL, ChannelOwner::Guild(GUILD)),
                (DM, ChannelOwner::Direct(USER)),
            ]),
            scripts: Scripts::default(),
            gateway: GatewayState::new(),
            callback_window: Duration::from_secs(3),
            token_life: Duration::from_mins(15),
            permissions: ChannelPermissions::default(),
            limits: RateLimits::default(),
            ahead: 0,
            ids: BTreeSet::new(),
        }
    }

    /// This Discord's time, in milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        let ours = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_millis();
        i64::try_from(ours).expect("a time of this era") + self.ahead
    }

    /// Returns a new snowflake: this Discord's time and a counter. It is above all earlier ones unless the clock
    /// went back.
    pub(crate) fn next_id(&mut self) -> u64 {
        let mut id = u64::try_from(self.now() - EPOCH).expect("a time after 2015") << 22;
        while !self.ids.insert(id) {
            id += 1;
        }
        id
    }

    pub(crate) fn violation(&mut self, text: impl Into<String>) {
        self.violations.push(text.into());
    }

    pub(crate) fn add_channel(&mut self, guild: u64, channel: u64) {
        self.channel_owners.insert(channel, ChannelOwner::Guild(guild));
    }

    /// Returns the direct channel with a user, and creates it if necessary.
    pub(crate) fn direct_channel(&mut self, user: u64) -> u64 {
        let found = self.channel_owners.iter().find(|(_, place)| **place == ChannelOwner::Direct(user));
        if let Some((channel, _)) = found {
            return *channel;
        }
        let channel = self.next_id();
        self.channel_owners.insert(channel, ChannelOwner::Direct(user));
        channel
    }

    /// Returns the group chat, whose members may have installed the bot, and creates it if necessary.
    pub(crate) fn group_channel(&mut self) -> u64 {
        let found = self.channel_owners.iter().find(|(_, place)| **place == ChannelOwner::Group);
        if let Some((channel, _)) = found {
            return *channel;
        }
        let channel = self.next_id();
        self.channel_owners.insert(channel, ChannelOwner::Group);
        channel
    }

    /// Returns a channel of a guild, and creates it if necessary.
    pub(crate) fn channel_of(&mut self, guild: u64) -> u64 {
        let found = self.channel_owners.iter().find(|(_, place)| **place == ChannelOwner::Guild(guild));
        if let Some((channel, _)) = found {
            return *channel;
        }
        let channel = self.next_id();
        self.add_channel(guild, channel);
        channel
    }

    /// Returns the guild of a channel.
    pub(crate) fn guild_of(&self, channel: u64) -> Option<u64> {
        match self.channel_owners.get(&channel)? {
            ChannelOwner::Guild(guild) => Some(*guild),
            ChannelOwner::Direct(_) | ChannelOwner::Group => None,
        }
    }

    /// Returns the guilds of the bot with their channels.
    pub(crate) fn guilds(&self) -> BTreeMap<u64, Vec<u64>> {
        let mut guilds: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (channel, place) in &self.channel_owners {
            if let ChannelOwner::Guild(guild) = place
                && !self.permissions.servers_without_bot.contains(guild)
            {
                guilds.entry(*guild).or_default().push(*channel);
            }
        }
        guilds
    }

    pub(crate) fn requests_to(&self, route: &str) -> Vec<RecordedRequest> {
        let meant = |request: &&RecordedRequest| matches(route, &request.method, &request.path);
        self.requests.iter().filter(meant).cloned().collect()
    }

    /// Describes the last requests and events for a failed wait.
    pub(crate) fn describe(&self) -> String {
        let mut text = String::from("the last requests:\n");
        for request in last(&self.requests) {
            let answer = request.status.map_or("no answer yet".into(), |status| status.to_string());
            let _ = writeln!(text, "  {} {} → {answer} {}", request.method, request.path, request.body);
        }
        text += "the last of the gateway:\n";
        for line in last(&self.gateway.describe()) {
            let _ = writeln!(text, "  {line}");
        }
        for violation in &self.violations {
            let _ = writeln!(text, "violation: {violation}");
        }
        text
    }
}

/// Returns the last 20 items.
fn last<T>(items: &[T]) -> VecDeque<&T> {
    items.iter().skip(items.len().saturating_sub(20)).collect()
}

/// The registered global commands of the bot; they outlive its process.
#[derive(Default)]
pub(super) struct Commands(Vec<Value>);

impl Commands {
    pub(crate) fn list(&self) -> Vec<Value> {
        self.0.clone()
    }

    /// Replaces all commands.
    pub(crate) fn replace(&mut self, bodies: &[Value], mut id: impl FnMut() -> u64) -> Value {
        let new = bodies.iter().map(|body| stored(body, known(&self.0, body).unwrap_or_else(&mut id)));
        self.0 = new.collect();
        self.list().into()
    }

    /// Returns the id of the command with this name.
    pub(crate) fn id_of(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|command| command["name"] == name).map(|command| command["id"].clone())
    }
}

fn known(all: &[Value], body: &Value) -> Option<u64> {
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    let same = all.iter().find(|old| old["name"] == body["name"] && kind(old) == kind(body))?;
    same["id"].as_str()?.parse().ok()
}

fn stored(body: &Value, id: u64) -> Value {
    let mut command = json!({
        "type": 1, "description": "", "options": [], "default_member_permissions": null, "nsfw": false,
        "dm_permission": true, "integration_types": [0], "contexts": null, "name_localizations": null,
        "description_localizations": null,
    });
    for (name, value) in body.as_object().into_iter().flatten() {
        command[name] = value.clone();
    }
    command["id"] = text(id);
    command["version"] = text(id + 1);
    command["application_id"] = text(APPLICATION);
    command
}
