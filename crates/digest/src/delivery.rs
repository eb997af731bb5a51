//! A row of the ledger: one run of one subscription, and what became of it.
//!
//! What names a delivery to Discord, so that it can be found again.

use crate::{Destination, SubscriptionId, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use xxhash_rust::xxh3::xxh3_128;

/// Names a delivery within its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub i64);

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be sent.
    Planned,
    /// It was handed to Discord, or is about to be: what became of it has to be found out before it is sent again.
    Sending,
    /// It is there.
    Sent,
    /// There was nothing new, and nothing was posted.
    Empty,
    /// The run was not made.
    Skipped,
    /// Discord refused it.
    Failed,
    /// Whether it is there can't be found out. It is not sent again.
    Unknown,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Planned, Self::Sending, Self::Sent, Self::Empty, Self::Skipped, Self::Failed, Self::Unknown];

    /// The word for it, in the state and in logs.
    #[must_use]
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

/// Why a run was not made, was refused, or is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryReason {
    /// Nobody was there to make it, for longer than it may be late.
    Missed,
    /// The subscription was paused.
    Paused,
    /// The subscription was changed or removed before it was sent.
    Changed,
    /// The bot may not post there.
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
    /// All of them.
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

    /// The word for it, in the state and in logs.
    #[must_use]
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
    /// Its number.
    pub id: DeliveryId,
    /// Whose run it is.
    pub subscription: SubscriptionId,
    /// Where it goes, or went.
    pub target: Target,
    /// The time that it is the run of; of several that were skipped, the first.
    pub slot: Timestamp,
    /// The same, or of several that were skipped, the last.
    pub last_slot: Timestamp,
    /// 1, or how many were skipped.
    pub slots: u32,
    /// How far it is.
    pub state: DeliveryState,
    /// Why it is not sent, where it is not.
    pub reason: Option<DeliveryReason>,
    /// Whether it says that it is late.
    pub is_late: bool,
    /// What names it to Discord.
    pub key: DeliveryKey,
    /// The message as JSON, as long as it may have to be sent.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array. Read for a press only.
    pub more: Option<String>,
    /// How many posts it holds.
    pub posts: u32,
    /// Posts with a number up to this one are covered by it.
    pub covers: i64,
    /// How often it was handed to Discord.
    pub attempts: u32,
    /// Counts up with each claim; who writes with an older one is refused.
    pub epoch: i64,
    /// Since when Discord may have it: the first handing over since the last time that it was seen not to be there.
    pub sending_since: Option<Timestamp>,
    /// Not to be claimed before.
    pub not_before: Timestamp,
    /// The message, once it is known.
    pub message: Option<u64>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
}

/// Names one delivery: the same for the same state, place, subscription and slot. 96 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryKey(u128);

impl DeliveryKey {
    /// `state` is a number that was drawn when the state was made, so that two states never share a key.
    #[must_use]
    pub fn new(state: u64, place: Destination, subscription: SubscriptionId, slot: Timestamp) -> Self {
        let (kind, id) = match place {
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

    /// The nonce: 25 characters, which is the most that Discord takes.
    #[must_use]
    pub fn nonce(self) -> String {
        format!("d{self}")
    }

    /// What stands at the end of the message, `d:` and 8 hexadecimal digits.
    #[must_use]
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

/// What is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 24 hexadecimal digits")]
pub struct DeliveryKeyError;

impl FromStr for DeliveryKey {
    type Err = DeliveryKeyError;

    fn from_str(text: &str) -> Result<Self, DeliveryKeyError> {
        let is_one = text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| is_one).map(Self).ok_or(DeliveryKeyError)
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
