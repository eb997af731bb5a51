//! Servers, their channels and threads, and the bot's permissions in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::samples::{self, MEMBER, text};
use super::state::{ChannelOwner, FakeState};

/// The permission to see a channel.
pub const VIEW: u64 = 1 << 10;
/// The permission to write in a channel.
pub const SEND: u64 = 1 << 11;
/// The permission to show embeds.
pub const EMBED: u64 = 1 << 14;
/// The permission to attach files.
pub const ATTACH: u64 = 1 << 15;
/// The permission to read the history.
pub const HISTORY: u64 = 1 << 16;
/// The permission to write in threads.
pub const SEND_IN_THREADS: u64 = 1 << 38;

/// The type of a text channel.
pub const TEXT: u64 = 0;
/// The type of an announcement channel.
pub const ANNOUNCEMENT: u64 = 5;
pub(crate) const THREAD: u64 = 11;

/// The changed servers, channels and users; all others are as in `samples`.
#[derive(Default)]
pub(super) struct ChannelPermissions {
    /// The permissions of everyone in a server.
    everyone: BTreeMap<u64, u64>,
    /// The permissions that everyone is allowed and denied in a channel.
    overwrites: BTreeMap<u64, (u64, u64)>,
    kinds: BTreeMap<u64, u64>,
    parents: BTreeMap<u64, u64>,
    /// Servers without the bot.
    pub servers_without_bot: BTreeSet<u64>,
    /// Users who accept no direct messages.
    pub closed_direct_messages: BTreeSet<u64>,
}

impl ChannelPermissions {
    pub(crate) fn grant(&mut self, guild: u64, permissions: u64) {
        self.everyone.insert(guild, permissions);
    }

    pub(crate) fn overwrite(&mut self, channel: u64, allow: u64, deny: u64) {
        self.overwrites.insert(channel, (allow, deny));
    }

    pub(crate) fn set_kind(&mut self, channel: u64, kind: u64, parent: Option<u64>) {
        self.kinds.insert(channel, kind);
        parent.map(|parent| self.parents.insert(channel, parent));
    }

    fn kind(&self, channel: u64) -> u64 {
        self.kinds.get(&channel).copied().unwrap_or(TEXT)
    }

    /// Returns the bot's permissions in a channel. A thread has those of its channel.
    fn permissions(&self, guild: u64, channel: u64) -> u64 {
        let channel = self.parents.get(&channel).copied().unwrap_or(channel);
        let (allow, deny) = self.overwrites.get(&channel).copied().unwrap_or_default();
        (self.everyone_permissions(guild) & !deny) | allow
    }

    fn everyone_permissions(&self, guild: u64) -> u64 {
        self.everyone.get(&guild).copied().unwrap_or(MEMBER)
    }

    /// Returns all roles of a server: that of everyone and that of moderators.
    pub(crate) fn roles(&self, guild: u64) -> Value {
        let mut roles = samples::roles(guild);
        roles[0]["permissions"] = self.everyone_permissions(guild).to_string().into();
        roles
    }

    pub(crate) fn guild(&self, id: u64) -> Value {
        let mut guild = samples::guild(id);
        guild["roles"] = self.roles(id);
        guild
    }

    pub(crate) fn channel(&self, id: u64, guild: u64) -> Value {
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
    /// Returns the status and the code of the error if the bot may not do this in a channel.
    pub(crate) fn refusal(&self, channel: u64, is_new_message: bool, body: &Value) -> Option<(u16, u32)> {
        let guild = match self.channel_owners.get(&channel)? {
            ChannelOwner::Guild(guild) => *guild,
            // The bot is no member: it only replies to interactions.
            ChannelOwner::Group => return Some((403, 50001)),
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
        let has_files = body["attachments"].as_array().is_some_and(|files| !files.is_empty());
        let needs = send | if has_embeds { EMBED } else { 0 } | if has_files { ATTACH } else { 0 };
        (is_new_message && has & needs != needs).then_some((403, 50013))
    }

    /// Without the permission Discord gives no messages and no error:
    /// <https://discord.com/developers/docs/resources/message#get-channel-messages>
    pub(crate) fn may_read_history(&self, channel: u64) -> bool {
        self.guild_of(channel).is_none_or(|guild| self.permissions.permissions(guild, channel) & HISTORY != 0)
    }

    /// Returns a channel as Discord shows it.
    pub(crate) fn channel_object(&self, id: u64) -> Option<Value> {
        Some(match self.channel_owners.get(&id)? {
            ChannelOwner::Guild(guild) => self.permissions.channel(id, *guild),
            ChannelOwner::Direct(user) => samples::direct_channel(id, *user),
            ChannelOwner::Group => samples::group_channel(id),
        })
    }

    /// Returns a server as the gateway sends it after READY.
    pub(crate) fn guild_created(&self, id: u64) -> Value {
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
