//! The connection to Discord's gateway: keeps a session up and passes its events on.
//!
//! It replaces serenity's shard runner. That one does not report close codes, and so retries for ever after 4010, 4011
//! and 4012. It resumes in a loop without a pause. It logs frames that it can't parse, with people's text in them. It
//! starts a new session after a missed heartbeat, although the old one could be resumed. It never uses the resume
//! address. serenity's models and builders are still used.
//!
//! This module must not know what an event means.

mod connection;
pub(crate) mod frame;
mod reconnect;
mod session_start;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::rest::Rest;
use connection::{ConnectionEnd, GatewayConnection};
pub use reconnect::FatalError;
use reconnect::{CloseAction, ReconnectBackoff, new_session_wait};
use session_start::IdentifyBudget;
pub(crate) use session_start::{wait_after, wait_for_session};
use std::sync::Arc;
use takeaways_delivery::ServerEvent;

/// The file in the state folder with the budget of sessions.
const BUDGET_FILE: &str = "gateway.json";
/// How long Discord usually takes to say whether it allows a new session. After that the bot counts as unreachable.
const USUAL_WAIT: Duration = Duration::from_secs(2);
/// A longer wait is reported.
const LONG_WAIT: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) enum GatewayEvent {
    /// A session started.
    Ready {
        /// The bot's own account.
        user: u64,
        /// The bot's application.
        application: u64,
        /// All servers that the bot is in, if Discord sent them.
        servers: Option<BTreeSet<u64>>,
    },
    /// A session was resumed.
    Resumed,
    /// There is no session, and an attempt to get one failed or has to wait.
    Disconnected,
    /// An interaction as JSON.
    Interaction(RawEvent),
    /// A message, as JSON.
    Message(RawEvent),
    /// An event of a server.
    Server {
        server: u64,
        /// The event.
        change: ServerEvent,
    },
    /// A channel or thread was deleted.
    ChannelDeleted {
        server: u64,
        /// The channel or thread.
        channel: u64,
    },
}

/// An event as JSON, and when it arrived. Latencies are measured from then.
#[derive(Debug)]
pub(crate) struct RawEvent {
    pub json: String,
    pub received_at: Instant,
}

/// A session of the gateway, which outlives its connection.
#[derive(Debug)]
pub(crate) struct GatewaySession {
    id: String,
    /// The sequence number of the latest event.
    sequence: u64,
    /// The resume address.
    address: String,
}

/// The gateway, and the receiver of its events.
pub(crate) struct Gateway {
    rest: Arc<Rest>,
    token: SecretString,
    events: mpsc::UnboundedSender<GatewayEvent>,
    stop: watch::Receiver<bool>,
}

impl Gateway {
    /// A gateway that is not connected yet. It ends when `stop` becomes true.
    pub(crate) fn new(
        rest: Arc<Rest>,
        token: SecretString,
        events: mpsc::UnboundedSender<GatewayEvent>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { rest, token, events, stop }
    }

    /// Keeps a session up until it is stopped. The first session starts at `address`; before each later one Discord is
    /// asked whether it allows it. The budget of sessions is stored in `state`.
    ///
    /// # Errors
    /// If further attempts would fail too.
    pub(crate) async fn run(&self, mut address: String, state: Option<&Path>) -> Result<(), FatalError> {
        let mut budget = IdentifyBudget::open(state.map(|folder| folder.join(BUDGET_FILE)));
        let mut session: Option<GatewaySession> = None;
        let mut backoff = ReconnectBackoff::default();
        let mut is_first = true;
        loop {
            let is_new = session.is_none();
            let budget_wait = if is_new { budget.wait(Timestamp::now()) } else { Duration::ZERO };
            if budget_wait > LONG_WAIT {
                tracing::warn!("too many sessions were started: the next one has to wait");
            }
            if !self.sleep_unless_stopped(budget_wait.max(backoff.next_wait(fastrand::f64()))).await {
                return Ok(());
            }
            if is_new && !is_first {
                match self.next_address(&address).await? {
                    Some(found) => address = found,
                    None => return Ok(()),
                }
            }
            is_first = false;
            // The token is sent to this address, so it must have TLS if the first address has it.
            let resume_address = session.as_ref().map(|session| &session.address);
            let target =
                resume_address.filter(|resume| keeps_tls(resume, &address)).unwrap_or(&address).clone();
            let connected = tokio::select! {
                connected = GatewayConnection::open(self, &target) => connected,
                () = self.wait_for_stop() => return Ok(()),
            };
            let ConnectionEnd { action, reason, session_time } = match connected {
                Ok(connection) => {
                    if is_new {
                        budget.spend(Timestamp::now());
                    }
                    connection.run(&mut session).await
                }
                Err(end) => end,
            };
            if *self.stop.borrow() {
                return Ok(());
            }
            backoff.record_end(session_time);
            let failures = backoff.failures();
            if session_time.is_some() {
                tracing::info!(why = reason, failed = failures, "the connection to Discord ended");
            } else {
                tracing::warn!(why = reason, failed = failures, "no connection to Discord");
                self.emit(GatewayEvent::Disconnected);
            }
            match action {
                CloseAction::Stop(fatal) => return Err(fatal),
                CloseAction::Resume if !backoff.is_session_lost() => {}
                CloseAction::Resume => session = None,
                CloseAction::Identify => {
                    session = None;
                    if !self.sleep_unless_stopped(new_session_wait()).await {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Waits until Discord allows a new session. Returns the address of the gateway; `None` if the bot is stopped.
    async fn next_address(&self, known: &str) -> Result<Option<String>, FatalError> {
        let waiting = wait_for_session(&self.rest, Some(known), &self.stop);
        tokio::pin!(waiting);
        if let Ok(found) = timeout(USUAL_WAIT, &mut waiting).await {
            return found;
        }
        self.emit(GatewayEvent::Disconnected);
        waiting.await
    }

    fn token(&self) -> &str {
        self.token.expose_secret()
    }

    fn emit(&self, event: GatewayEvent) {
        // The receiver is gone only at shutdown.
        let _ = self.events.send(event);
    }

    /// Sleeps. Returns `false` if the gateway was stopped meanwhile.
    async fn sleep_unless_stopped(&self, time: Duration) -> bool {
        if time > LONG_WAIT {
            let until = Timestamp::now().saturating_add(time).unwrap_or(Timestamp::MAX);
            tracing::warn!(seconds = time.as_secs(), %until, "waiting before the next connection to Discord");
            self.emit(GatewayEvent::Disconnected);
        }
        tokio::select! {
            () = sleep(time) => true,
            () = self.wait_for_stop() => false,
        }
    }

    async fn wait_for_stop(&self) {
        // An error means that the sender is gone, which also means stop.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// Whether an address has TLS, if the first one has it.
fn keeps_tls(address: &str, first: &str) -> bool {
    address.starts_with("wss://") || (first.starts_with("ws://") && address.starts_with("ws://"))
}
