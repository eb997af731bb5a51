//! What the bot may do in a channel, as Discord computes it: roles of the server, then what the channel says of them.

use jiff::Timestamp;
use serenity::all::{
    ChannelId, ChannelType, GuildChannel, GuildId, Member, PartialGuild, Permissions, UserId,
};
use serenity::http::Route;

use super::rest::{Rest, RestError};

/// What the bot needs where it answers: to see a channel, to write there and in threads, to show embeds, and to read
/// what it replies to.
pub const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY);

/// What the bot may do in a channel.
#[derive(Debug)]
pub struct Allowed {
    /// The channel's name.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// Whether it is a thread.
    pub is_thread: bool,
}

/// Why it can't be said what the bot may do in a channel.
#[derive(Debug)]
pub enum Hidden {
    /// Discord does not tell of the channel, or of the bot in its server.
    Refused(RestError),
    /// It is a channel of another server.
    Elsewhere,
}

impl From<RestError> for Hidden {
    fn from(error: RestError) -> Self {
        Self::Refused(error)
    }
}

impl Allowed {
    /// What the bot lacks for a digest: in a thread it writes by another permission than elsewhere.
    #[must_use]
    pub fn missing_for_digest(&self) -> Permissions {
        let other =
            if self.is_thread { Permissions::SEND_MESSAGES } else { Permissions::SEND_MESSAGES_IN_THREADS };
        PERMISSIONS.difference(other).difference(self.permissions)
    }
}

/// A server that the bot is in.
pub async fn server(rest: &Rest, server: u64) -> Result<PartialGuild, RestError> {
    rest.get(Route::Guild { guild_id: GuildId::new(server) }).await
}

/// What the bot, whose account is `user`, may do in a channel of a server.
pub async fn allowed(rest: &Rest, user: u64, server: &PartialGuild, channel: u64) -> Result<Allowed, Hidden> {
    let member = Route::GuildMember { guild_id: server.id, user_id: UserId::new(user) };
    let member: Member = rest.get(member).await?;
    let found: GuildChannel = rest.get(Route::Channel { channel_id: ChannelId::new(channel) }).await?;
    if found.guild_id != server.id {
        return Err(Hidden::Elsewhere);
    }
    let (name, is_thread) = (found.name.clone(), is_thread(&found));
    let is_locked = found.thread_metadata.is_some_and(|thread| thread.archived && thread.locked);
    let decides = decides(rest, found).await?;
    let mut permissions = server.user_permissions_in(&decides, &member);
    // Who has to be silent, and who may not wake a thread that was closed, may read and no more.
    let is_silenced = member.communication_disabled_until.is_some_and(|until| {
        until.unix_timestamp() > Timestamp::now().as_second()
            && !permissions.contains(Permissions::ADMINISTRATOR)
    });
    if is_silenced || (is_locked && !permissions.contains(Permissions::MANAGE_THREADS)) {
        permissions.remove(Permissions::SEND_MESSAGES | Permissions::SEND_MESSAGES_IN_THREADS);
    }
    Ok(Allowed { name, permissions, is_thread })
}

/// A thread has no permissions of its own: those of its channel hold.
async fn decides(rest: &Rest, channel: GuildChannel) -> Result<GuildChannel, RestError> {
    match channel.parent_id {
        Some(channel_id) if is_thread(&channel) => rest.get(Route::Channel { channel_id }).await,
        _ => Ok(channel),
    }
}

fn is_thread(channel: &GuildChannel) -> bool {
    use ChannelType::{NewsThread, PrivateThread, PublicThread};
    matches!(channel.kind, NewsThread | PublicThread | PrivateThread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_written_to_by_another_permission() {
        let allowed = |is_thread, permissions| {
            Allowed { name: "general".into(), permissions, is_thread }.missing_for_digest()
        };
        let without = PERMISSIONS.difference(Permissions::SEND_MESSAGES_IN_THREADS);
        assert_eq!(allowed(false, without), Permissions::empty());
        assert_eq!(allowed(true, without), Permissions::SEND_MESSAGES_IN_THREADS);
        assert_eq!(allowed(true, PERMISSIONS.difference(Permissions::SEND_MESSAGES)), Permissions::empty());
        assert_eq!(allowed(false, Permissions::empty()), without);
    }
}
