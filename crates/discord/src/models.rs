//! Parts of Discord's objects that several modules parse. Unknown fields are ignored.

use serde::Deserialize;
use serenity::all::{ChannelType, GenericId, UserId};

/// Any object with an id.
#[derive(Debug, Deserialize)]
pub(crate) struct IdObject {
    pub id: GenericId,
}

/// An account.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub id: UserId,
    #[serde(default)]
    pub bot: bool,
    /// Whether it belongs to Discord itself.
    #[serde(default)]
    pub system: bool,
}

/// Whether channels of this type are threads.
pub(crate) fn is_thread(kind: ChannelType) -> bool {
    use ChannelType::{NewsThread, PrivateThread, PublicThread};
    matches!(kind, NewsThread | PublicThread | PrivateThread)
}
