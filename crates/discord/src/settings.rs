//! What the bot can be told to do otherwise. The program reads it; what stands here is right.

use std::num::NonZeroU32;

use secrecy::SecretString;

/// The bot.
#[derive(Debug, Clone)]
pub struct Discord {
    /// `None` where none was given: only the bot needs one.
    pub token: Option<SecretString>,
    /// What takes the place of `https://discord.com`.
    pub api_base: Option<String>,
    /// The one server in which commands are registered.
    pub guild: Option<u64>,
    /// Whether mentions are answered.
    pub answer_mentions: bool,
    /// Where people read about the bot.
    pub link: Option<String>,
    /// Channels in which they are not.
    pub denied_channels: Vec<u64>,
    /// Questions a minute of one person.
    pub person_limit: Option<NonZeroU32>,
    /// Questions a minute in one server.
    pub server_limit: Option<NonZeroU32>,
}

/// How many digests there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Of the channels of one server.
    pub server: u32,
    /// Topics, authors and events that one person follows.
    pub person: u32,
}
