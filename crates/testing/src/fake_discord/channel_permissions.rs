//! Servers, their channels and threads, and what the bot may do in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::samples::{self, MEMBER, text};
use super::state::{ChannelOwner, FakeState};

/// To see a channel.
pub const VIEW: u64 = 1 << 10;
/// To write in a channel.
pub const SEND: u64 = 1 << 11;
/// To show embeds.
pub const EMBED: u64 = 1 << 14;
/// To read what was written before.
pub const HISTORY: u64 = 1 << 16;
/// To write in threads.
pub const SEND_IN_THREADS: u64 = 1 << 38;

/// Kinds of channels: of a text channel, of one for announcements, of a public thread.
pub const TEXT: u64 = 0;
/// The type of an announcement channel.
pub const ANNOUNCEMENT: u64 = 5;
pub const THREAD: u64 = 11;

/// What is special of some servers, channels and persons; all others are as in `samples`.
#[derive(Default)]
pub(super) struct ChannelPermissions {
    /// What everybody may do in a server.
    everyone: BTreeMap<u64, u64>,
    /// What is allowed and denied to everybody in a channel.
    overwrites: BTreeMap<u64, (u64, u64)>,
    kinds: BTreeMap<u64, u64>,
    parents: BTreeMap<u64, u64>,
    /// Servers without the bot.
    pub servers_without_bot: BTreeSet<u64>,
    /// Persons who take no direct messages.
    pub closed_direct_messages: BTreeSet<u64>,
}

impl ChannelPermissions {
    pub fn grant(&mut self, guild: u64, permissions: u64) {
        self.everyone.insert(guild, permissions);
    }

    pub fn overwrite(&mut self, channel: u64, allow: u64, deny: u64) {
        self.overwrites.insert(channel, (allow, deny));
    }

    pub fn set_kind(&mut self, channel: u64, kind: u64, parent: Option<u64>) {
        self.kinds.insert(channel, kind);
        parent.map(|parent| self.parents.insert(channel, parent));
    }

    fn kind(&self, channel: u64) -> u64 {
        self.kinds.get(&channel).copied().unwrap_or(TEXT)
    }

    /// What the bot may do in a channel; in a thread, what it may in the thread's channel.
    fn permissions(&self, guild: u64, channel: u64) -> u64 {
        let channel = self.parents.get(&channel).copied().unwrap_or(channel);
        let (allow, deny) = self.overwrites.get(&channel).copied().unwrap_or_default();
        (self.everyone_permissions(guild) & !deny) | allow
    }

    fn everyone_permissions(&self, guild: u64) -> u64 {
        self.everyone.get(&guild).copied().unwrap_or(MEMBER)
    }

    /// All roles of a server: the one that everybody has, and the moderators'.
    pub fn roles(&self, guild: u64) -> Value {
        let mut roles = samples::roles(guild);
        roles[0]["permissions"] = self.everyone_permissions(guild).to_string().into();
        roles
    }

    pub fn guild(&self, id: u64) -> Value {
        let mut guild = samples::guild(id);
        guild["roles"] = self.roles(id);
        guild
    }

    pub fn channel(&self, id: u64, guild: u64) -> Value {
        let mut channel = samples::guild_channel(id, guild);
        let kind = self.kind(id);
        channel["type"] = kind.into();
        if let Some((allow, deny)) = self.overwrites.get(&id) {
            channel["permission_overwrites"] = json!([{
                "id": text(guild), "type": 0, "allow": allow.to_string(), "deny": deny.to_string(),
            }]);
        }
        if let Some(parent) = self.parents.get(&id) {
            channel["parent_id"] = text(*parent);
            channel["owner_id"] = text(samples::USER);
            channel["member_count"] = 1.into();
            channel["message_count"] = 0.into();
            channel["thread_metadata"] = json!({
                "archived": false, "auto_archive_duration": 4_320, "locked": false,
                "archive_timestamp": samples::THEN, "create_timestamp": samples::THEN,
            });
        }
        channel
    }
}

impl FakeState {
    /// Why the bot may not do this in a channel: status and code of the error.
    pub fn refusal(&self, channel: u64, is_new_message: bool, body: &Value) -> Option<(u16, u32)> {
        let guild = match self.channel_owners.get(&channel)? {
            ChannelOwner::Guild(guild) => *guild,
            ChannelOwner::Direct(user) => {
                return (is_new_message && self.permissions.closed_direct_messages.contains(user))
                    .then_some((403, 50007));
            }
        };
        let has = self.permissions.permissions(guild, channel);
        if self.permissions.servers_without_bot.contains(&guild) || has & VIEW == 0 {
            return Some((403, 50001));
        }
        let send = if self.permissions.kind(channel) == THREAD { SEND_IN_THREADS } else { SEND };
        let has_embeds = body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
        let needs = send | if has_embeds { EMBED } else { 0 };
        (is_new_message && has & needs != needs).then_some((403, 50013))
    }

    /// Without the permission there is no error: no message is given.
    /// <https://discord.com/developers/docs/resources/message#get-channel-messages>
    pub fn may_read_history(&self, channel: u64) -> bool {
        self.guild_of(channel).is_none_or(|guild| self.permissions.permissions(guild, channel) & HISTORY != 0)
    }

    /// A channel as Discord shows it.
    pub fn channel_object(&self, id: u64) -> Option<Value> {
        Some(match self.channel_owners.get(&id)? {
            ChannelOwner::Guild(guild) => self.permissions.channel(id, *guild),
            ChannelOwner::Direct(user) => samples::direct_channel(id, *user),
        })
    }

    /// A server as the gateway brings it after READY.
    pub fn guild_created(&self, id: u64) -> Value {
        let channels = self.guilds().remove(&id).unwrap_or_default();
        let (threads, channels): (Vec<u64>, Vec<u64>) =
            channels.into_iter().partition(|channel| self.permissions.kind(*channel) == THREAD);
        let all =
            |ids: Vec<u64>| ids.into_iter().map(|it| self.permissions.channel(it, id)).collect::<Value>();
        let mut guild = samples::guild_created(id);
        guild["roles"] = self.permissions.roles(id);
        guild["channels"] = all(channels);
        guild["threads"] = all(threads);
        guild
    }
}
