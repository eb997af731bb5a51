//! What the bot may do in a channel that a digest is to go to.

use std::time::Duration;

use serenity::all::{ChannelType, Permissions};
use tokio::time::timeout;

use super::{Here, Stopped};
use crate::bot::Bot;
use crate::permissions::{self, Allowed, Hidden, names};
use takeaways_render::discord::{self as pages, Look};

/// So long is looked: an answer without it is better than none.
const PATIENCE: Duration = Duration::from_secs(5);

/// A channel that was named for a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub channel: u64,
    /// Its kind, where Discord says so.
    pub kind: Option<ChannelType>,
}

impl Place {
    /// The channel that was named, else the one where it is said.
    ///
    /// # Errors
    /// Where no digest can go there.
    pub fn of(named: Option<(u64, ChannelType)>, here: &Here) -> Result<Self, Stopped> {
        let place = match named {
            Some((channel, kind)) => Self { channel, kind: Some(kind) },
            None => Self { channel: here.channel, kind: here.kind },
        };
        if place.kind.is_none_or(takes_digests) {
            Ok(place)
        } else {
            Err(Stopped::Told(pages::no_channel_for_digests()))
        }
    }
}

fn takes_digests(kind: ChannelType) -> bool {
    use ChannelType::{News, NewsThread, PrivateThread, PublicThread, Text};
    matches!(kind, Text | News | NewsThread | PublicThread | PrivateThread)
}

/// What the bot lacks in a channel of a server: as Discord said with the interaction, else as it says now.
///
/// # Errors
/// Where the channel is in another server.
pub async fn look(bot: &Bot, here: &Here, server: u64, place: Place) -> Result<Look, Stopped> {
    if let (true, Some(permissions), Some(kind)) =
        (place.channel == here.channel, here.of_the_bot, place.kind)
    {
        use ChannelType::{NewsThread, PrivateThread, PublicThread};
        let is_thread = matches!(kind, NewsThread | PublicThread | PrivateThread);
        return Ok(lacks(&Allowed { name: String::new(), permissions, is_thread }));
    }
    let Some(me) = bot.user.get() else { return Ok(Look::Unknown) };
    let asking = async {
        let server = permissions::server(&bot.rest, server).await?;
        permissions::allowed(&bot.rest, *me, &server, place.channel).await
    };
    match timeout(PATIENCE, asking).await {
        Ok(Ok(allowed)) => Ok(lacks(&allowed)),
        Ok(Err(Hidden::Elsewhere)) => Err(Stopped::Told(pages::no_channel_for_digests())),
        Ok(Err(Hidden::Refused(error))) if matches!(error.status(), 403 | 404) => Ok(Look::Unseen),
        _ => Ok(Look::Unknown),
    }
}

fn lacks(allowed: &Allowed) -> Look {
    if allowed.permissions.contains(Permissions::ADMINISTRATOR) {
        return Look::Lacks(Vec::new());
    }
    Look::Lacks(names(allowed.missing_for_digest()))
}
