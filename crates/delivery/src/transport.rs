//! The transport that delivery needs, how its errors are classified, and the waits between attempts.

use crate::clock::Deadline;
use jiff::Timestamp;
use serde_json::Value;
use std::{future::Future, time::Duration};
use takeaways_digest::{DeliveryReason, PauseReason};

/// The most messages that [`Transport::list_messages`] returns at once:
/// <https://discord.com/developers/docs/resources/message#get-channel-messages>.
pub const MESSAGES_PER_PAGE: usize = 100;
/// How long after an attempt the transport surely still recognises its nonce. Discord's documentation says "a few
/// minutes".
pub const NONCE_LIFETIME: Duration = Duration::from_mins(1);

/// The connection over which messages are sent.
pub trait Transport: Send + Sync + 'static {
    /// Opens the channel for direct messages to a person.
    fn open_direct_message(&self, person: u64) -> impl Future<Output = Result<u64, TransportError>> + Send;

    /// Posts the message in `json`. No request starts after `deadline`. Returns the message's id.
    fn post(
        &self,
        channel: u64,
        json: String,
        deadline: &Deadline,
    ) -> impl Future<Output = Result<u64, TransportError>> + Send;

    /// The first messages of a channel after an id, at most [`MESSAGES_PER_PAGE`], in any order.
    fn list_messages(
        &self,
        channel: u64,
        after: u64,
    ) -> impl Future<Output = Result<Vec<ChannelMessage>, TransportError>> + Send;

    /// Whether the bot may read the history of a server's channel. If not, the channel may seem empty.
    fn can_read_history(
        &self,
        server: u64,
        channel: u64,
    ) -> impl Future<Output = Result<bool, TransportError>> + Send;

    /// The time by the clock that makes message ids. `None` until it is known.
    fn remote_time(&self) -> Option<Timestamp>;

    /// Why the bot may not post a digest in a server's channel, by its permissions. `None` if it may.
    fn find_obstacle(
        &self,
        server: u64,
        channel: u64,
    ) -> impl Future<Output = Result<Option<PauseReason>, TransportError>> + Send;

    /// Ends once the transport refuses every request, so that no retry can help.
    fn wait_for_refusal(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

/// A message of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelMessage {
    /// Its id.
    pub id: u64,
    /// Whether the bot wrote it.
    pub is_ours: bool,
    /// Its whole text.
    pub text: String,
}

/// Why a request failed, classified by what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// The request surely had no effect, and another attempt may succeed; after this time, if one is named.
    RetryLater(Option<Duration>),
    /// The request may have had its effect.
    NoResponse,
    /// The request had no effect, and a repetition would not either.
    Refused(DeliveryReason),
}

/// A message that the transport posts once, however often it is sent with this nonce within [`NONCE_LIFETIME`].
pub fn with_nonce(mut message: Value, nonce: &str) -> Value {
    message["nonce"] = nonce.into();
    message["enforce_nonce"] = true.into();
    message
}

/// Waits after failures in a row. They vary at random, so that attempts that failed together do not run together again.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The waits in seconds. The last one is the longest and is repeated.
    pub seconds: &'static [f64],
    /// The largest random change, as a share of the wait: 0.5 adds up to half of it, -0.5 subtracts up to half of it.
    /// No wait becomes longer than the last one.
    pub jitter: f64,
}

impl Backoff {
    /// The wait after this many failures in a row, with a random share of the jitter.
    pub fn wait(&self, failures: u32) -> Duration {
        self.wait_with(failures, fastrand::f64())
    }

    /// The wait after this many failures in a row; none counts as one. `random` is the share of the jitter, from 0 to
    /// 1.
    pub fn wait_with(&self, failures: u32, random: f64) -> Duration {
        let at = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
        let max = self.seconds.last().copied().unwrap_or_default();
        let wait = self.seconds.get(at).copied().unwrap_or(max);
        Duration::from_secs_f64((wait * (1.0 + self.jitter * random.clamp(0.0, 1.0))).min(max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest() {
        let backoff = Backoff { seconds: &[2.0, 4.0, 8.0, 16.0, 32.0, 60.0], jitter: 0.5 };
        let seconds = |failures, random| backoff.wait_with(failures, random).as_secs();
        assert_eq!([0, 1, 2, 3, 5, 6, 99].map(|failures| seconds(failures, 0.0)), [2, 2, 4, 8, 32, 60, 60]);
        assert_eq!(seconds(3, 1.0), 12);
        assert_eq!(seconds(99, 1.0), 60);
    }

    #[test]
    fn jitter_may_take_away() {
        let backoff = Backoff { seconds: &[1.0, 2.0, 120.0], jitter: -0.5 };
        assert_eq!(backoff.wait_with(u32::MAX, 1.0), Duration::from_mins(1));
        assert_eq!(backoff.wait_with(1, 0.0), Duration::from_secs(1));
    }
}
