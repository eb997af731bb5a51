//! Discord's objects with all their fields, and the ids that all tests use.

use serde_json::{Value, json};

/// The bot's user.
pub const BOT: u64 = 1_100_000_000_000_000_001;
/// The application, which has the id of its bot, as all recent applications do.
pub const APPLICATION: u64 = BOT;
/// The default user.
pub const USER: u64 = 1_100_000_000_000_000_002;
/// Another member of the server.
pub const OTHER_USER: u64 = 1_100_000_000_000_000_003;
/// The default guild.
pub const GUILD: u64 = 1_100_000_000_000_000_004;
/// The default channel.
pub const CHANNEL: u64 = 1_100_000_000_000_000_005;
/// The direct channel of [`USER`] and the bot.
pub const DM: u64 = 1_100_000_000_000_000_006;
/// A role that may manage the guild.
pub const MODERATOR: u64 = 1_100_000_000_000_000_007;

/// A fake token in Discord's format, whose first part is the bot's id. No output of the bot may have it.
pub const TOKEN: &str =
    concat!("MTEwMDAwMDAwMDAwMDAwMDAwMQ", ".", "Canary", ".", "not-a-secret-but-never-to-be-seen-0000");

/// The permissions of a member without roles: read, send (also in threads), embed, attach files, use commands.
pub(crate) const MEMBER: u64 = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 38;
/// `MANAGE_GUILD`.
pub(crate) const MANAGE: u64 = 1 << 5;

/// The creation time of all sample objects.
pub(crate) const THEN: &str = "2023-04-20T10:00:00.000000+00:00";

pub(crate) fn text(id: u64) -> Value {
    id.to_string().into()
}

pub(crate) fn user(id: u64) -> Value {
    json!({
        "id": text(id), "username": format!("user_{}", id % 1_000), "discriminator": "0",
        "global_name": if id == BOT { Value::Null } else { format!("User {}", id % 1_000).into() },
        "avatar": null, "avatar_decoration_data": null, "collectibles": null, "primary_guild": null,
        "banner": null, "accent_color": null, "bot": id == BOT, "public_flags": 0, "flags": 0,
    })
}

/// Returns a member without its user, as in a message.
pub(crate) fn partial_member(roles: &[u64]) -> Value {
    json!({
        "nick": null, "avatar": null, "banner": null, "joined_at": THEN, "premium_since": null,
        "roles": roles.iter().map(|role| text(*role)).collect::<Vec<_>>(),
        "deaf": false, "mute": false, "pending": false, "flags": 0, "communication_disabled_until": null,
    })
}

pub(crate) fn member(id: u64, roles: &[u64]) -> Value {
    let mut member = partial_member(roles);
    member["user"] = user(id);
    member
}

/// Returns all roles of a guild: that of everyone and that of moderators.
pub(crate) fn roles(guild: u64) -> Value {
    let role = |id: u64, name: &str, permissions: u64, position: u64| {
        json!({
            "id": text(id), "name": name, "permissions": permissions.to_string(), "position": position,
            "color": 0, "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
        })
    };
    json!([role(guild, "@everyone", MEMBER, 0), role(MODERATOR, "Moderators", MEMBER | MANAGE, 1)])
}

pub(crate) fn guild(id: u64) -> Value {
    json!({
        "id": text(id), "name": format!("Guild {}", id % 1_000), "icon": null, "icon_hash": null, "splash": null,
        "discovery_splash": null, "owner_id": text(OTHER_USER), "region": "deprecated", "afk_channel_id": null,
        "afk_timeout": 300, "verification_level": 1, "default_message_notifications": 1,
        "explicit_content_filter": 0, "roles": roles(id), "emojis": [], "features": [], "mfa_level": 0,
        "application_id": null, "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
        "vanity_url_code": null, "description": null, "banner": null, "premium_tier": 0,
        "premium_subscription_count": 0, "preferred_locale": "en-US", "public_updates_channel_id": null,
        "nsfw": false, "nsfw_level": 0, "stickers": [], "premium_progress_bar_enabled": false,
        "safety_alerts_channel_id": null, "incidents_data": null, "max_members": 500_000,
    })
}

/// Returns a guild as the gateway sends it after READY, without its channels.
pub(crate) fn guild_created(id: u64) -> Value {
    let mut guild = guild(id);
    let members = [member(BOT, &[]), member(USER, &[])];
    let more = json!({
        "joined_at": THEN, "large": false, "unavailable": false, "member_count": members.len(), "voice_states": [],
        "members": members, "threads": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
        "soundboard_sounds": [], "channels": [],
    });
    for (name, value) in more.as_object().expect("an object") {
        guild[name] = value.clone();
    }
    guild
}

pub(crate) fn guild_channel(id: u64, guild: u64) -> Value {
    json!({
        "id": text(id), "type": 0, "guild_id": text(guild), "name": format!("channel-{}", id % 1_000), "topic": null,
        "position": 0, "permission_overwrites": [], "parent_id": null, "last_message_id": null,
        "last_pin_timestamp": null, "nsfw": false, "rate_limit_per_user": 0, "flags": 0,
    })
}

pub(crate) fn direct_channel(id: u64, recipient: u64) -> Value {
    json!({
        "id": text(id), "type": 1, "last_message_id": null, "last_pin_timestamp": null, "flags": 0,
        "recipients": [user(recipient)],
    })
}

pub(crate) fn group_channel(id: u64) -> Value {
    let mut channel = direct_channel(id, USER);
    channel["type"] = 3.into();
    channel["recipients"] = json!([user(USER), user(OTHER_USER)]);
    channel
}

/// Returns the application, without privileged intents.
pub(crate) fn application() -> Value {
    json!({
        "id": text(APPLICATION), "name": "Takeaways", "icon": null, "description": "", "summary": "", "type": null,
        "rpc_origins": [], "bot_public": true, "bot_require_code_grant": false, "verify_key": "0".repeat(64),
        "owner": user(OTHER_USER), "team": null, "flags": 0, "tags": [], "hook": true, "is_monetized": false,
        "integration_types_config": { "0": {} }, "approximate_guild_count": 1, "redirect_uris": [],
        "approximate_user_install_count": 0, "interactions_endpoint_url": null, "bot": user(BOT),
    })
}
