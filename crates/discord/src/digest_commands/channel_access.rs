//! What the bot may do in a channel that a digest is to go to.

use std::time::Duration;

use serenity::all::{ChannelType, Permissions};
use tokio::time::timeout;

use super::{Caller, Rejection};
use crate::bot::Bot;
use crate::permissions::{self, BotPermissions, PermissionError, names};
use takeaways_render::discord::{self as pages, ChannelAccess};

/// So long is looked: an answer without it is better than none.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// A channel that was named for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestChannel {
    /// Its id.
    pub channel: u64,
    /// Its kind, where Discord says so.
    pub kind: Option<ChannelType>,
}

impl DigestChannel {
    /// The channel that was named, else the one where it is said.
    ///
    /// # Errors
    /// If no digest can go there.
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

/// What the bot lacks in a channel of a server: as Discord said with the interaction, else as it says now.
///
/// # Errors
/// If the channel is in another server.
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
