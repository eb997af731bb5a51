//! A Discord in memory, with nonces that expire and requests that fail before or after their effect.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::task::yield_now;

use super::TestTime;
use crate::{ChannelMessage, Deadline, MESSAGES_PER_PAGE, Transport, TransportError, snowflake};
use takeaways_digest::{DeliveryReason, PauseReason};

/// How long a nonce is remembered: a little longer than delivery relies on.
const NONCE_LIFETIME: SignedDuration = SignedDuration::from_secs(75);
/// The channel of a person's direct messages is their id plus this.
pub(crate) const DIRECT: u64 = 1 << 40;

/// A fault of a request that creates a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestFault {
    /// The request is lost.
    Before,
    /// The request has its effect, and the answer is lost.
    After,
    /// The rate limit is hit, and Discord names a wait.
    Limited(Duration),
}

/// A posted message.
#[derive(Debug, Clone)]
pub(crate) struct StoredMessage {
    pub id: u64,
    pub nonce: String,
    pub text: String,
    pub at: Timestamp,
    pub is_ours: bool,
}

#[derive(Default)]
pub(crate) struct MemoryDiscordState {
    pub channels: BTreeMap<u64, Vec<StoredMessage>>,
    /// The faults of the next requests.
    pub faults: VecDeque<RequestFault>,
    /// Channels that refuse posts, with the reason.
    pub refused: BTreeMap<u64, DeliveryReason>,
    /// No request is answered.
    pub is_down: bool,
    /// Requests in flight, and the most there ever were.
    in_flight: usize,
    pub max_in_flight: usize,
    /// The number of requests to create a message.
    pub posts: usize,
    /// The channels of the bot's messages, in the order of posting.
    pub order: Vec<u64>,
    /// The number of permission checks.
    pub permission_checks: usize,
    count: u64,
}

/// A Discord in memory. All clones share it.
#[derive(Clone)]
pub(crate) struct MemoryDiscord {
    pub time: TestTime,
    state: Arc<Mutex<MemoryDiscordState>>,
}

impl MemoryDiscord {
    pub(crate) fn new(time: TestTime) -> Self {
        Self { time, state: Arc::default() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, MemoryDiscordState> {
        self.state.lock().expect("nobody panicked")
    }

    /// The keys of the messages that the bot posted in a channel, in the order of posting.
    pub(crate) fn keys(&self, channel: u64) -> Vec<String> {
        let state = self.state();
        let ours = state.channels.get(&channel).into_iter().flatten().filter(|posted| posted.is_ours);
        ours.map(|posted| posted.nonce.clone()).collect()
    }

    /// Posts messages of somebody else.
    pub(crate) fn post_by_others(&self, channel: u64, count: usize) {
        for _ in 0..count {
            let (id, at) = (self.id(), self.time.real());
            let posted =
                StoredMessage { id, nonce: String::new(), text: "d:00000000".into(), at, is_ours: false };
            self.state().channels.entry(channel).or_default().push(posted);
        }
    }

    /// A new id. It begins with the time, as Discord's ids do.
    fn id(&self) -> u64 {
        let mut state = self.state();
        state.count += 1;
        snowflake::first_id_at(self.time.real()) | (state.count & 0xFFF)
    }

    fn create(&self, channel: u64, json: &str) -> Result<u64, TransportError> {
        let body: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(body["enforce_nonce"], true, "{json}");
        let nonce = body["nonce"].as_str().expect("a nonce").to_owned();
        assert!(nonce.len() <= 25, "{nonce}");
        let (id, at) = (self.id(), self.time.real());
        let mut state = self.state();
        if let Some(reason) = state.refused.get(&channel) {
            return Err(TransportError::Refused(*reason));
        }
        let messages = state.channels.entry(channel).or_default();
        let is_same =
            |posted: &&StoredMessage| posted.nonce == nonce && at.duration_since(posted.at) < NONCE_LIFETIME;
        if let Some(same) = messages.iter().find(is_same) {
            return Ok(same.id);
        }
        let text = body["content"].as_str().unwrap_or_default().to_owned();
        messages.push(StoredMessage { id, nonce, text, at, is_ours: true });
        state.order.push(channel);
        Ok(id)
    }
}

/// Counts a request as in flight until it is dropped.
struct InFlightGuard(MemoryDiscord);

impl InFlightGuard {
    fn new(discord: &MemoryDiscord) -> Self {
        let mut state = discord.state();
        state.in_flight += 1;
        state.max_in_flight = state.max_in_flight.max(state.in_flight);
        drop(state);
        Self(discord.clone())
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
    }
}

impl Transport for MemoryDiscord {
    async fn open_direct_message(&self, person: u64) -> Result<u64, TransportError> {
        yield_now().await;
        Ok(person + DIRECT)
    }

    async fn post(&self, channel: u64, json: String, deadline: &Deadline) -> Result<u64, TransportError> {
        let _in_flight = InFlightGuard::new(self);
        yield_now().await;
        if deadline.is_over() {
            return Err(TransportError::RetryLater(None));
        }
        let fault = {
            let mut state = self.state();
            state.posts += 1;
            if state.is_down { Some(RequestFault::Before) } else { state.faults.pop_front() }
        };
        match fault {
            Some(RequestFault::Before) => return Err(TransportError::NoResponse),
            Some(RequestFault::Limited(wait)) => return Err(TransportError::RetryLater(Some(wait))),
            Some(RequestFault::After) | None => {}
        }
        let created = self.create(channel, &json);
        yield_now().await;
        if fault == Some(RequestFault::After) { Err(TransportError::NoResponse) } else { created }
    }

    async fn list_messages(&self, channel: u64, after: u64) -> Result<Vec<ChannelMessage>, TransportError> {
        yield_now().await;
        let state = self.state();
        if state.is_down {
            return Err(TransportError::NoResponse);
        }
        let messages = state.channels.get(&channel).into_iter().flatten().filter(|posted| posted.id > after);
        let message = |posted: &StoredMessage| ChannelMessage {
            id: posted.id,
            is_ours: posted.is_ours,
            text: posted.text.clone(),
        };
        Ok(messages.take(MESSAGES_PER_PAGE).map(message).collect())
    }

    async fn can_read_history(&self, _server: u64, _channel: u64) -> Result<bool, TransportError> {
        yield_now().await;
        Ok(true)
    }

    fn remote_time(&self) -> Option<Timestamp> {
        Some(self.time.real())
    }

    async fn find_obstacle(&self, _server: u64, channel: u64) -> Result<Option<PauseReason>, TransportError> {
        yield_now().await;
        let mut state = self.state();
        state.permission_checks += 1;
        Ok(state.refused.get(&channel).map(|reason| match reason {
            DeliveryReason::NoChannel => PauseReason::NoChannel,
            DeliveryReason::NoServer => PauseReason::NoServer,
            _ => PauseReason::NoPermission,
        }))
    }
}
