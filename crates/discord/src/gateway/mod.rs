//! The connection to Discord's gateway: it is kept up, and its events are handed on.
//!
//! Ours, in place of serenity's shard runner. That one keeps close codes to itself (4010, 4011 and 4012 are tried
//! again for ever), resumes in a loop without a pause, writes frames that it can't read into the log, words of people
//! with them, begins a new session where an old one could go on after a missed heartbeat, and never uses the
//! address that Discord gives for going on. Its models and builders are used all the same.
//!
//! This module must not know what an event means.

mod backoff;
mod budget;
mod close_code;
mod connection;
mod frame;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use backoff::ReconnectBackoff;
use budget::IdentifyBudget;
use close_code::CloseAction;
pub use close_code::FatalError;
use connection::{ConnectionEnd, GatewayConnection};
use takeaways_delivery::ServerEvent;

/// Where the count of sessions lies in the state folder.
const BUDGET_FILE: &str = "gateway.json";
/// A wait that is longer is told of.
const LONG_WAIT: Duration = Duration::from_secs(10);

/// What happens at the gateway.
#[derive(Debug)]
pub enum GatewayEvent {
    /// A session began.
    Ready {
        /// The bot's own account.
        user: u64,
        /// Its application.
        application: u64,
        /// All servers that the bot is in, where Discord named them.
        servers: Option<BTreeSet<u64>>,
    },
    /// A session goes on.
    Resumed,
    /// There is none, and a try to have one came to nothing or has to wait.
    Disconnected,
    /// A command, a button or the like, as JSON.
    Interaction(RawEvent),
    /// A message, as JSON.
    Message(RawEvent),
    /// Something happened to a server.
    Server {
        /// Which.
        server: u64,
        /// What.
        change: ServerEvent,
    },
}

/// Something as JSON, and when it came: from then on somebody waits.
#[derive(Debug)]
pub struct RawEvent {
    pub json: String,
    pub received_at: Instant,
}

/// A session of the gateway, which outlives its connection.
#[derive(Debug)]
struct GatewaySession {
    id: String,
    /// Of the last event.
    sequence: u64,
    /// Where to go on.
    address: String,
}

/// The gateway, and where its events go.
pub struct Gateway {
    token: SecretString,
    events: mpsc::UnboundedSender<GatewayEvent>,
    stop: watch::Receiver<bool>,
}

impl Gateway {
    /// Nothing is connected yet. It ends when `stop` becomes true.
    #[must_use]
    pub fn new(
        token: SecretString,
        events: mpsc::UnboundedSender<GatewayEvent>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { token, events, stop }
    }

    /// Keeps a session up until it is stopped. `address` is where sessions begin; the count of them lies in `state`.
    ///
    /// # Errors
    /// If no other try can do better.
    pub async fn run(&self, address: &str, state: Option<&Path>) -> Result<(), FatalError> {
        let mut budget = IdentifyBudget::open(state.map(|folder| folder.join(BUDGET_FILE)));
        let mut session: Option<GatewaySession> = None;
        let mut tries = ReconnectBackoff::default();
        loop {
            let is_new = session.is_none();
            let to_spend = if is_new { budget.wait(Timestamp::now()) } else { Duration::ZERO };
            if to_spend > LONG_WAIT {
                tracing::warn!("too many sessions were begun: the next one has to wait");
            }
            if !self.sleep_unless_stopped(to_spend.max(tries.next_wait(fastrand::f64()))).await {
                return Ok(());
            }
            // The token goes to whoever is there, so never to a place without TLS where Discord has it.
            let at = session.as_ref().map(|session| &session.address);
            let at = at.filter(|at| keeps_tls(at, address)).map_or(address, String::as_str).to_owned();
            let connected = tokio::select! {
                connected = GatewayConnection::open(self, &at) => connected,
                () = self.wait_for_stop() => return Ok(()),
            };
            let ConnectionEnd { action: after, reason: why, session_time: held } = match connected {
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
            tries.record_end(held);
            let failed = tries.failures();
            if held.is_some() {
                tracing::info!(why, failed, "the connection to Discord ended");
            } else {
                tracing::warn!(why, failed, "no connection to Discord");
                self.emit(GatewayEvent::Disconnected);
            }
            match after {
                CloseAction::Stop(fatal) => return Err(fatal),
                CloseAction::Resume if !tries.is_session_lost() => {}
                CloseAction::Resume => session = None,
                CloseAction::Identify => {
                    session = None;
                    // Discord wants one to five seconds between a refused session and the next.
                    if !self.sleep_unless_stopped(Duration::from_secs_f64(1.0 + 4.0 * fastrand::f64())).await
                    {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn token(&self) -> &str {
        self.token.expose_secret()
    }

    fn emit(&self, event: GatewayEvent) {
        // Nobody listens any more only where the bot ends.
        let _ = self.events.send(event);
    }

    /// `false` where it was stopped meanwhile.
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
        // An error means that whoever could stop it is gone, which is the same.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// Whether an address has TLS, where the first one has it.
fn keeps_tls(address: &str, first: &str) -> bool {
    address.starts_with("wss://") || (first.starts_with("ws://") && address.starts_with("ws://"))
}
