//! The bot's permissions in a channel.
//!
//! They are computed as Discord does: the roles of the server, then the channel's overwrites.

use crate::{
    bot::Bot,
    commands::NamedChannel,
    digest_commands::{Caller, Rejection},
    models::is_thread,
    rest::{Rest, RestError},
    route::Route,
};
use jiff::Timestamp;
use serenity::all::{
    ChannelType, GuildChannel, Member, PartialGuild, PermissionOverwriteType, Permissions, RoleId,
};
use std::time::Duration;
use takeaways_render::discord::{self as pages, ChannelAccess};
use tokio::time::timeout;

/// The permissions that the bot needs to answer: to see a channel, to write there and in threads, to embed, and to read
/// the message that it replies to.
pub(crate) const REQUIRED_PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY);

/// Their names in Discord's settings, in the same order.
const NAMES: [(Permissions, &str); 5] = [
    (Permissions::VIEW_CHANNEL, "View Channel"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::EMBED_LINKS, "Embed Links"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
];

/// The timeout of the check. The reply is sent without it after that.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// The bot's permissions in a channel.
#[derive(Debug)]
pub(crate) struct BotPermissions {
    /// The channel's name.
    pub name: String,
    pub permissions: Permissions,
    /// Whether it is a thread.
    pub is_thread: bool,
}

/// Why the bot's permissions in a channel are unknown.
#[derive(Debug)]
pub(crate) enum PermissionError {
    /// Discord refuses to show the channel, or the bot's membership in the server.
    Refused(RestError),
    /// The channel belongs to another server.
    OtherServer,
}

impl From<RestError> for PermissionError {
    fn from(error: RestError) -> Self {
        Self::Refused(error)
    }
}

impl BotPermissions {
    /// The permissions that the bot lacks for a digest. Threads need another permission to write than other channels.
    pub(crate) fn missing_for_digest(&self) -> Permissions {
        let unneeded =
            if self.is_thread { Permissions::SEND_MESSAGES } else { Permissions::SEND_MESSAGES_IN_THREADS };
        REQUIRED_PERMISSIONS.difference(unneeded).difference(self.permissions)
    }
}

pub(crate) fn names(permissions: Permissions) -> Vec<&'static str> {
    NAMES
        .into_iter()
        .filter(|(permission, _)| permissions.contains(*permission))
        .map(|(_, name)| name)
        .collect()
}

/// A server that the bot is in.
pub(crate) async fn fetch_server(rest: &Rest, server: u64) -> Result<PartialGuild, RestError> {
    rest.get(Route::Server(server)).await
}

/// The bot's permissions in a channel of a server. `user` is the bot's account.
pub(crate) async fn fetch_bot_permissions(
    rest: &Rest,
    user: u64,
    server: &PartialGuild,
    channel: u64,
) -> Result<BotPermissions, PermissionError> {
    let member: Member = rest.get(Route::Member { server: server.id.get(), user }).await?;
    let found: GuildChannel = rest.get(Route::Channel(channel)).await?;
    if found.guild_id != server.id {
        return Err(PermissionError::OtherServer);
    }
    let (name, is_thread) = (found.name.clone(), is_thread(found.kind));
    let is_locked = found.thread_metadata.is_some_and(|thread| thread.archived && thread.locked);
    let permission_source = permission_channel(rest, found).await?;
    let mut permissions = permissions_in(server, &permission_source, &member);
    // A member in timeout, or without write access to a closed thread, may only read.
    let is_silenced = member.communication_disabled_until.is_some_and(|until| {
        until.unix_timestamp() > Timestamp::now().as_second()
            && !permissions.contains(Permissions::ADMINISTRATOR)
    });
    if is_silenced || (is_locked && !permissions.contains(Permissions::MANAGE_THREADS)) {
        permissions.remove(Permissions::SEND_MESSAGES | Permissions::SEND_MESSAGES_IN_THREADS);
    }
    Ok(BotPermissions { name, permissions, is_thread })
}

/// The channel with the permissions: for a thread, its parent.
async fn permission_channel(rest: &Rest, channel: GuildChannel) -> Result<GuildChannel, RestError> {
    match channel.parent_id {
        Some(channel_id) if is_thread(channel.kind) => rest.get(Route::Channel(channel_id.get())).await,
        _ => Ok(channel),
    }
}

/// The permissions of a member in a channel, by the rules of
/// <https://discord.com/developers/docs/topics/permissions#permission-overwrites>.
fn permissions_in(server: &PartialGuild, channel: &GuildChannel, member: &Member) -> Permissions {
    if member.user.id == server.owner_id {
        return Permissions::all();
    }
    let role_permissions =
        |id: &RoleId| server.roles.get(id).map_or(Permissions::empty(), |role| role.permissions);
    // The role of everyone has the id of the server.
    let everyone = RoleId::new(server.id.get());
    let base = member.roles.iter().fold(role_permissions(&everyone), |base, id| base | role_permissions(id));
    if base.contains(Permissions::ADMINISTRATOR) {
        return Permissions::all();
    }
    let overwrite = |permissions: Permissions, applies: &dyn Fn(PermissionOverwriteType) -> bool| {
        let matching = || channel.permission_overwrites.iter().filter(|it| applies(it.kind));
        let denied = matching().fold(Permissions::empty(), |all, it| all | it.deny);
        let allowed = matching().fold(Permissions::empty(), |all, it| all | it.allow);
        permissions.difference(denied) | allowed
    };
    let base = overwrite(base, &|kind| kind == PermissionOverwriteType::Role(everyone));
    let is_own_role = |id: RoleId| id != everyone && member.roles.contains(&id);
    let base = overwrite(base, &|kind| matches!(kind, PermissionOverwriteType::Role(id) if is_own_role(id)));
    overwrite(base, &|kind| kind == PermissionOverwriteType::Member(member.user.id))
}

/// The channel for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DigestChannel {
    pub id: u64,
    /// Its type, if Discord sends it.
    pub kind: Option<ChannelType>,
}

impl DigestChannel {
    /// The channel from the option, else the channel of the command.
    ///
    /// # Errors
    /// If no digest can be posted there, or the caller may not send messages there: a digest must not give a person more
    /// rights than they have.
    pub(crate) fn resolve(named: Option<NamedChannel>, caller: &Caller) -> Result<Self, Rejection> {
        let (resolved, permissions) = match named {
            Some(NamedChannel { id, kind, permissions }) => (Self { id, kind: Some(kind) }, permissions),
            None => (Self { id: caller.channel, kind: caller.kind }, Some(caller.permissions)),
        };
        if !resolved.kind.is_none_or(accepts_digests) {
            return Err(Rejection::Page(pages::no_channel_for_digests()));
        }
        if permissions.is_some_and(|permissions| !resolved.may_write(permissions)) {
            return Err(Rejection::Page(pages::may_not_send(resolved.id)));
        }
        Ok(resolved)
    }

    fn may_write(self, permissions: Permissions) -> bool {
        let sending = if self.kind.is_some_and(is_thread) {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        };
        permissions.contains(Permissions::ADMINISTRATOR)
            || permissions.contains(Permissions::VIEW_CHANNEL | sending)
    }
}

fn accepts_digests(kind: ChannelType) -> bool {
    matches!(kind, ChannelType::Text | ChannelType::News) || is_thread(kind)
}

/// The permissions that the bot lacks in a channel of a server: from the interaction, else from a request to Discord.
///
/// # Errors
/// If the channel belongs to another server.
pub(crate) async fn check_access(
    bot: &Bot,
    caller: &Caller,
    server: u64,
    channel: DigestChannel,
) -> Result<ChannelAccess, Rejection> {
    if let (true, Some(permissions), Some(kind)) =
        (channel.id == caller.channel, caller.bot_permissions, channel.kind)
    {
        let is_thread = is_thread(kind);
        return Ok(missing_permissions(&BotPermissions { name: String::new(), permissions, is_thread }));
    }
    let Some(me) = bot.user.get() else { return Ok(ChannelAccess::Unknown) };
    let lookup = async {
        let server = fetch_server(&bot.rest, server).await?;
        fetch_bot_permissions(&bot.rest, *me, &server, channel.id).await
    };
    match timeout(LOOKUP_TIMEOUT, lookup).await {
        Ok(Ok(allowed)) => Ok(missing_permissions(&allowed)),
        Ok(Err(PermissionError::OtherServer)) => Err(Rejection::Page(pages::no_channel_for_digests())),
        Ok(Err(PermissionError::Refused(error))) if matches!(error.status(), 403 | 404) => {
            Ok(ChannelAccess::NotVisible)
        }
        _ => Ok(ChannelAccess::Unknown),
    }
}

fn missing_permissions(allowed: &BotPermissions) -> ChannelAccess {
    if allowed.permissions.contains(Permissions::ADMINISTRATOR) {
        return ChannelAccess::MissingPermissions(Vec::new());
    }
    ChannelAccess::MissingPermissions(names(allowed.missing_for_digest()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SERVER: u64 = 10;
    const OWNER: u64 = 20;
    const MEMBER: u64 = 21;
    const FIRST_ROLE: u64 = 30;
    const SECOND_ROLE: u64 = 31;
    const VIEW: Permissions = Permissions::VIEW_CHANNEL;
    const SEND: Permissions = Permissions::SEND_MESSAGES;

    /// An overwrite of a role or, with type 1, of a member.
    fn overwrite(id: u64, kind: u8, allow: Permissions, deny: Permissions) -> Value {
        json!({ "id": id.to_string(), "type": kind, "allow": allow, "deny": deny })
    }

    /// The permissions of a member with both roles, if everyone and the first role have these permissions.
    fn computed(user: u64, everyone: Permissions, first: Permissions, overwrites: &[Value]) -> Permissions {
        let role = |id: u64, permissions: Permissions| {
            json!({
                "id": id.to_string(), "name": "role", "color": 0, "colors": { "primary_color": 0 }, "hoist": false, "managed": false,
                "mentionable": false, "position": 0, "permissions": permissions,
            })
        };
        let roles =
            [role(SERVER, everyone), role(FIRST_ROLE, first), role(SECOND_ROLE, Permissions::empty())];
        let server = json!({
            "id": SERVER.to_string(), "name": "server", "owner_id": OWNER.to_string(), "roles": roles,
            "afk_timeout": 300, "default_message_notifications": 0, "emojis": [], "features": [], "mfa_level": 0,
            "verification_level": 0, "explicit_content_filter": 0, "nsfw_level": 0, "premium_tier": 0,
            "premium_subscription_count": 0, "preferred_locale": "en-US", "stickers": [],
            "premium_progress_bar_enabled": false, "system_channel_flags": 0,
        });
        let channel = json!({
            "id": "40", "guild_id": SERVER.to_string(), "name": "channel", "type": 0, "position": 0,
            "permission_overwrites": overwrites,
        });
        let member = json!({
            "guild_id": SERVER.to_string(), "user": { "id": user.to_string(), "username": "user" },
            "roles": [FIRST_ROLE.to_string(), SECOND_ROLE.to_string()], "deaf": false, "mute": false, "flags": 0,
        });
        let expected = "a model of serenity's";
        let server: PartialGuild = serde_json::from_value(server).expect(expected);
        let channel: GuildChannel = serde_json::from_value(channel).expect(expected);
        let member: Member = serde_json::from_value(member).expect(expected);
        permissions_in(&server, &channel, &member)
    }

    #[test]
    fn owners_and_administrators_may_do_everything_whatever_a_channel_denies() {
        let none = Permissions::empty();
        let denied = [overwrite(MEMBER, 1, none, VIEW), overwrite(OWNER, 1, none, VIEW)];
        assert_eq!(computed(OWNER, none, none, &denied), Permissions::all());
        assert_eq!(computed(MEMBER, none, Permissions::ADMINISTRATOR, &denied), Permissions::all());
        assert_eq!(computed(MEMBER, none, none, &denied), none);
    }

    #[test]
    fn a_channel_overrides_for_everyone_then_for_roles_then_for_the_member() {
        let none = Permissions::empty();
        let everyone = overwrite(SERVER, 0, none, VIEW | SEND);
        let allowing = overwrite(FIRST_ROLE, 0, SEND, none);
        let denying = overwrite(SECOND_ROLE, 0, none, SEND);
        let foreign = overwrite(99, 0, VIEW, none);
        let own = overwrite(MEMBER, 1, VIEW, SEND);
        assert_eq!(computed(MEMBER, VIEW, SEND, &[]), VIEW | SEND);
        assert_eq!(computed(MEMBER, VIEW, SEND, &[everyone.clone(), foreign]), none);
        let roles = [denying.clone(), everyone.clone(), allowing.clone()];
        assert_eq!(
            computed(MEMBER, VIEW, SEND, &roles),
            SEND,
            "one role's permission is stronger than another's denial"
        );
        assert_eq!(computed(MEMBER, VIEW, SEND, &[own, denying, everyone, allowing]), VIEW);
    }

    #[test]
    fn a_digest_is_only_for_channels_that_the_caller_may_write_in() {
        let may = |kind, permissions| DigestChannel { id: 1, kind: Some(kind) }.may_write(permissions);
        assert!(
            may(ChannelType::Text, VIEW | SEND)
                && !may(ChannelType::Text, VIEW)
                && !may(ChannelType::Text, SEND)
        );
        let in_threads = VIEW | Permissions::SEND_MESSAGES_IN_THREADS;
        assert!(may(ChannelType::PublicThread, in_threads) && !may(ChannelType::PublicThread, VIEW | SEND));
        assert!(may(ChannelType::News, Permissions::ADMINISTRATOR));
    }

    #[test]
    fn every_permission_that_the_bot_needs_has_a_name() {
        assert_eq!(names(REQUIRED_PERMISSIONS).len(), REQUIRED_PERMISSIONS.iter().count());
        assert_eq!(names(Permissions::empty()), [""; 0]);
    }

    #[test]
    fn a_thread_is_written_to_by_another_permission() {
        let missing = |is_thread, permissions| {
            BotPermissions { name: "general".into(), permissions, is_thread }.missing_for_digest()
        };
        let without = REQUIRED_PERMISSIONS.difference(Permissions::SEND_MESSAGES_IN_THREADS);
        assert_eq!(missing(false, without), Permissions::empty());
        assert_eq!(missing(true, without), Permissions::SEND_MESSAGES_IN_THREADS);
        assert_eq!(
            missing(true, REQUIRED_PERMISSIONS.difference(Permissions::SEND_MESSAGES)),
            Permissions::empty()
        );
        assert_eq!(missing(false, Permissions::empty()), without);
    }
}
