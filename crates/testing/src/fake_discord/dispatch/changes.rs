//! Changes of permissions, channels, servers and users. Connected clients get events; others find the new state.

use serde_json::{Value, json};

use super::super::FakeDiscord;
use super::super::channel_permissions::THREAD;
use super::super::gateway::FakeEvent;
use super::super::samples::text;
use super::super::state::{ChannelOwner, FakeState};

/// The intent `GUILDS`.
const GUILDS: u64 = 1;

/// Sends an event to all sessions, each on its own connection.
fn broadcast_event(state: &mut FakeState, name: &str, guild: u64, data: Value) {
    let mut event = FakeEvent::new(name, data);
    event.guild = Some(guild);
    event.intents = GUILDS;
    state.gateway.broadcast(&event);
}

impl FakeDiscord {
    /// Sets the permissions of everyone, and so of the bot, in a server.
    pub fn grant(&self, guild: u64, permissions: u64) {
        self.core.change(|state| {
            state.permissions.grant(guild, permissions);
            let role = state.permissions.roles(guild)[0].clone();
            broadcast_event(
                state,
                "GUILD_ROLE_UPDATE",
                guild,
                json!({ "guild_id": text(guild), "role": role }),
            );
        });
    }

    /// Sets the permission overwrite of everyone, and so of the bot, in a channel.
    pub fn overwrite(&self, channel: u64, allow: u64, deny: u64) {
        self.core.change(|state| {
            state.permissions.overwrite(channel, allow, deny);
            broadcast_channel(state, "CHANNEL_UPDATE", channel);
        });
    }

    /// Creates a channel of a type.
    pub fn create_channel(&self, guild: u64, channel: u64, kind: u64) {
        self.core.change(|state| {
            state.add_channel(guild, channel);
            state.permissions.set_kind(channel, kind, None);
            broadcast_channel(state, "CHANNEL_CREATE", channel);
        });
    }

    /// Creates a thread of a channel.
    ///
    /// # Panics
    /// If the channel does not exist.
    pub fn create_thread(&self, parent: u64, thread: u64) {
        self.core.change(|state| {
            let guild = state.guild_of(parent).expect("a channel of a server");
            state.add_channel(guild, thread);
            state.permissions.set_kind(thread, THREAD, Some(parent));
            broadcast_channel(state, "THREAD_CREATE", thread);
        });
    }

    /// Deletes a channel with its messages.
    pub fn delete_channel(&self, channel: u64) {
        self.core.change(|state| {
            broadcast_channel(state, "CHANNEL_DELETE", channel);
            state.channel_owners.remove(&channel);
        });
    }

    /// Removes the bot from a server.
    pub fn remove_bot(&self, guild: u64) {
        self.core.change(|state| {
            state.permissions.servers_without_bot.insert(guild);
            broadcast_event(state, "GUILD_DELETE", guild, json!({ "id": text(guild) }));
        });
    }

    /// Adds the bot to a server again.
    pub fn invite_bot(&self, guild: u64) {
        self.core.change(|state| {
            state.permissions.servers_without_bot.remove(&guild);
            let created = state.guild_created(guild);
            broadcast_event(state, "GUILD_CREATE", guild, created);
        });
    }

    /// Makes a server unavailable for a while, which is not a removal.
    pub fn outage(&self, guild: u64) {
        self.core.change(|state| {
            broadcast_event(state, "GUILD_DELETE", guild, json!({ "id": text(guild), "unavailable": true }));
        });
    }

    /// Sets whether a user accepts direct messages of the bot.
    pub fn take_direct_messages(&self, user: u64, yes: bool) {
        self.core.change(|state| {
            if yes {
                state.permissions.closed_direct_messages.remove(&user)
            } else {
                state.permissions.closed_direct_messages.insert(user)
            }
        });
    }
}

fn broadcast_channel(state: &mut FakeState, name: &str, channel: u64) {
    let Some(ChannelOwner::Guild(guild)) = state.channel_owners.get(&channel).copied() else { return };
    let data = state.permissions.channel(channel, guild);
    broadcast_event(state, name, guild, data);
}
