//! The bot's permissions in the channel of a digest.

use std::time::Duration;

use serenity::all::{ChannelType, Permissions};
use tokio::time::timeout;

use super::{Caller, Rejection};
use crate::bot::Bot;
use crate::permissions::{self, BotPermissions, PermissionError, names};
use takeaways_render::discord::{self as pages, ChannelAccess};

/// The timeout of the check. The reply is sent without it after that.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// The channel for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestChannel {
    /// Its id.
    pub channel: u64,
    /// Its type, if Discord sends it.
    pub kind: Option<ChannelType>,
}

impl DigestChannel {
    /// The channel from the option, else the channel of the command.
    ///
    /// # Errors
    /// If no digest can be posted there.
    pub fn resolve(named: Option<(u64, ChannelType)>, here: &Caller) -> Result<Self, Rejection> {
        let place = match named {
            Some((channel, kind)) => Self { channel, kind: Some(kind) },
            None => Self { channel: here.channel, kind: here.kind },
        };
        if place.kind.is_none_or(accepts_digests) {
            Ok(place)
        } else {
            Err(Rejection::Page(pages::no_channel_for_digests()))
        }
    }
}

fn accepts_digests(kind: ChannelType) -> bool {
    use ChannelType::{News, NewsThread, PrivateThread, PublicThread, Text};
    matches!(kind, Text | News | NewsThread | PublicThread | PrivateThread)
}

/// The permissions that the bot lacks in a channel of a server: from the interaction, else from a request to Discord.
///
/// # Errors
/// If the channel belongs to another server.
pub async fn check_access(
    bot: &Bot,
    here: &Caller,
    server: u64,
    place: DigestChannel,
) -> Result<ChannelAccess, Rejection> {
    if let (true, Some(permissions), Some(kind)) =
        (place.channel == here.channel, here.bot_permissions, place.kind)
    {
        use ChannelType::{NewsThread, PrivateThread, PublicThread};
        let is_thread = matches!(kind, NewsThread | PublicThread | PrivateThread);
        return Ok(missing_permissions(&BotPermissions { name: String::new(), permissions, is_thread }));
    }
    let Some(me) = bot.user.get() else { return Ok(ChannelAccess::Unknown) };
    let asking = async {
        let server = permissions::fetch_server(&bot.rest, server).await?;
        permissions::fetch_bot_permissions(&bot.rest, *me, &server, place.channel).await
    };
    match timeout(LOOKUP_TIMEOUT, asking).await {
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
