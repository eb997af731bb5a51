//! Deliveries: rows of the ledger, their states, and the keys that identify their messages in Discord.

use crate::{Destination, SubscriptionId, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use xxhash_rust::xxh3::xxh3_128;

/// The id of a delivery within its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub i64);

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be sent.
    Planned,
    /// It is being sent to Discord. Before it is sent again, its outcome must be found out.
    Sending,
    /// Discord has it.
    Sent,
    /// Nothing was new, so nothing was posted.
    Empty,
    /// The run was not made.
    Skipped,
    /// Discord refused it.
    Failed,
    /// Its outcome can't be found out. It is not sent again.
    Unknown,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 7] =
        [Self::Planned, Self::Sending, Self::Sent, Self::Empty, Self::Skipped, Self::Failed, Self::Unknown];

    /// Returns its name in the database and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Empty => "empty",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a delivery was skipped, failed or is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryReason {
    /// The bot was not running, for longer than the run may be late.
    Missed,
    /// The subscription was paused.
    Paused,
    /// The subscription was changed or removed before it was sent.
    Changed,
    /// The bot may not post in the channel.
    NoPermission,
    /// The channel is gone.
    NoChannel,
    /// The bot is no longer in the server.
    NoServer,
    /// The person takes no direct messages.
    DirectMessagesClosed,
    /// Discord refused it for another reason.
    Refused,
    /// Discord could not be reached for as long as the run may be late.
    Unreachable,
    /// It is not known whether Discord took it, and the channel's messages can't be read.
    HistoryUnreadable,
}

impl DeliveryReason {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::Missed,
        Self::Paused,
        Self::Changed,
        Self::NoPermission,
        Self::NoChannel,
        Self::NoServer,
        Self::DirectMessagesClosed,
        Self::Refused,
        Self::Unreachable,
        Self::HistoryUnreadable,
    ];

    /// Returns its name in the database and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Paused => "paused",
            Self::Changed => "changed",
            Self::NoPermission => "no_permission",
            Self::NoChannel => "no_channel",
            Self::NoServer => "no_server",
            Self::DirectMessagesClosed => "direct_messages_closed",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::HistoryUnreadable => "history_unreadable",
        }
    }
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The subscription that it is for.
    pub subscription: SubscriptionId,
    /// Where it is sent.
    pub target: Target,
    /// The time of the run, or of the first of several skipped runs.
    pub slot: Timestamp,
    /// The time of the run, or of the last of several skipped runs.
    pub last_slot: Timestamp,
    /// 1, or the number of skipped runs.
    pub slots: u32,
    /// Its state.
    pub state: DeliveryState,
    /// Why it is not sent, if it is not.
    pub reason: Option<DeliveryReason>,
    /// Whether the message says that it is late.
    pub is_late: bool,
    /// Identifies its message in Discord.
    pub key: DeliveryKey,
    /// The message as JSON, while it may have to be sent.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array. They are read only when the button is pressed.
    pub more: Option<String>,
    /// Number of posts in it.
    pub posts: u32,
    /// It covers posts up to this number.
    pub covers: i64,
    /// Number of attempts at sending it.
    pub attempts: u32,
    /// Counts up with each claim. Writes with an older epoch are refused.
    pub epoch: i64,
    /// Since when Discord may have it: the first attempt after it was last known to be missing.
    pub sending_since: Option<Timestamp>,
    /// It must not be claimed before this time.
    pub not_before: Timestamp,
    /// The id of the message, once it is known.
    pub message: Option<u64>,
    /// When it reached its final state.
    pub ended_at: Option<Timestamp>,
}

/// Identifies a delivery, with 96 bits: the same for the same state, destination, subscription and slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryKey(u128);

impl DeliveryKey {
    /// Makes a key. `state` is the random number of the state, so that two states never share a key.
    pub fn new(state: u64, destination: Destination, subscription: SubscriptionId, slot: Timestamp) -> Self {
        let (kind, id) = match destination {
            Destination::Channel(id) => (1_u8, id),
            Destination::Person(id) => (2, id),
        };
        let mut bytes = vec![kind];
        bytes.extend(state.to_be_bytes());
        bytes.extend(id.to_be_bytes());
        bytes.extend(subscription.0.to_be_bytes());
        bytes.extend(slot.as_millisecond().to_be_bytes());
        Self(xxh3_128(&bytes) >> 32)
    }

    /// Returns the nonce: 25 characters, the most that Discord accepts.
    pub fn nonce(self) -> String {
        format!("d{self}")
    }

    /// Returns the footer of the message: `d:` and 8 hexadecimal digits.
    pub fn footer(self) -> String {
        format!("d:{:08x}", self.0 >> 64)
    }
}

/// 24 hexadecimal digits.
impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:024x}", self.0)
    }
}

/// The error of parsing a [`DeliveryKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 24 hexadecimal digits")]
pub struct DeliveryKeyError;

impl FromStr for DeliveryKey {
    type Err = DeliveryKeyError;

    fn from_str(text: &str) -> Result<Self, DeliveryKeyError> {
        let is_key = text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| is_key).map(Self).ok_or(DeliveryKeyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_for_the_same_run_and_no_other() {
        let slot = Timestamp::from_second(1_800_000_000).expect("a time");
        let key = |state, place, id| DeliveryKey::new(state, place, SubscriptionId(id), slot);
        let one = key(7, Destination::Channel(1), 1);
        assert_eq!(one, key(7, Destination::Channel(1), 1));
        assert_ne!(one, key(8, Destination::Channel(1), 1));
        assert_ne!(one, key(7, Destination::Person(1), 1));
        assert_ne!(one, key(7, Destination::Channel(1), 2));
        assert_eq!(one.nonce().len(), 25);
        assert_eq!(one.footer().len(), 10);
        assert!(one.nonce()[1..].starts_with(&one.footer()[2..]));
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!("zz".parse::<DeliveryKey>(), Err(DeliveryKeyError));
    }
}
