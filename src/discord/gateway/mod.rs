//! The connection to Discord's gateway: it is kept up, and its events are handed on.
//!
//! Ours, in place of serenity's shard runner. That one keeps close codes to itself (4010, 4011 and 4012 are tried
//! again for ever), resumes in a loop without a pause, writes frames that it can't read into the log, words of people
//! with them, begins a new session where an old one could go on after a missed heartbeat, and never uses the
//! address that Discord gives for going on. Its models and its requests are used all the same.
//!
//! This module must not know what an event means.

mod backoff;
mod budget;
mod close;
mod connection;
mod frame;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use budget::Budget;
use close::After;
pub use close::Fatal;
use connection::{Connection, End};

/// Where the count of sessions lies in the state folder.
const BUDGET: &str = "gateway.json";

/// So many tries to go on with a session, then a new one is begun.
const MAX_RESUMES: u32 = 4;

/// What happens at the gateway.
#[derive(Debug)]
pub enum Event {
    /// A session began.
    Ready {
        /// The bot's own account.
        user: u64,
        /// Its application.
        application: u64,
    },
    /// A session goes on.
    Resumed,
    /// It is gone, and the next try is to be made.
    Lost,
    /// It could not be had for a while.
    Failing,
    /// A command, a button or the like, as JSON.
    Interaction(String),
    /// A message, as JSON.
    Message(String),
}

/// A session of the gateway, which outlives its connection.
#[derive(Debug)]
struct Session {
    id: String,
    /// Of the last event.
    sequence: u64,
    /// Where to go on.
    address: String,
}

/// The gateway, and where its events go.
pub struct Gateway {
    token: SecretString,
    events: mpsc::UnboundedSender<Event>,
    stop: watch::Receiver<bool>,
}

impl Gateway {
    /// Nothing is connected yet. It ends when `stop` becomes true.
    #[must_use]
    pub fn new(
        token: SecretString,
        events: mpsc::UnboundedSender<Event>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        Self { token, events, stop }
    }

    /// Keeps a session up until it is stopped. `address` is where sessions begin; the count of them lies in `state`.
    ///
    /// # Errors
    /// Where no other try can do better.
    pub async fn run(&self, address: &str, state: Option<&Path>) -> Result<(), Fatal> {
        let mut budget = Budget::open(state.map(|folder| folder.join(BUDGET)));
        let mut session: Option<Session> = None;
        let mut failed = 0;
        loop {
            let is_new = session.is_none();
            let wait = if is_new { budget.wait(Timestamp::now()) } else { Duration::ZERO };
            let wait = wait.max(backoff::wait(failed, fastrand::f64()));
            if !self.pause(wait).await {
                return Ok(());
            }
            // The token goes to whoever is there, so never to a place without TLS where Discord has it.
            let at = session.as_ref().map(|session| &session.address);
            let at = at.filter(|at| is_as_safe(at, address)).map_or(address, String::as_str).to_owned();
            let connected = tokio::select! {
                connected = Connection::open(self, &at) => connected,
                () = self.stopped() => return Ok(()),
            };
            let connection = match connected {
                Ok(connection) => connection,
                Err(why) => {
                    failed += 1;
                    // The place where it could go on may be gone for good.
                    session = session.filter(|_| failed < MAX_RESUMES);
                    tracing::warn!(why, failed, "no connection to Discord; it is tried again");
                    self.tell(Event::Failing);
                    continue;
                }
            };
            if is_new {
                budget.spend(Timestamp::now());
            }
            let before = session.as_ref().map(|session| session.sequence);
            let End { after, why } = connection.run(&mut session).await;
            if *self.stop.borrow() {
                return Ok(());
            }
            // Whatever came of the session, also a single event, shows that Discord is there.
            let went_on = session.as_ref().map(|session| session.sequence) != before;
            failed = if went_on { 0 } else { failed + 1 };
            self.tell(if failed > 2 { Event::Failing } else { Event::Lost });
            tracing::info!(why, "the connection to Discord ended");
            match after {
                After::Stop(fatal) => return Err(fatal),
                After::Resume => {}
                After::Identify => session = None,
            }
            // Discord wants one to five seconds between a refused session and the next.
            let is_refused =
                session.is_none() && !self.pause(Duration::from_secs_f64(1.0 + 4.0 * fastrand::f64())).await;
            if is_refused {
                return Ok(());
            }
        }
    }

    fn token(&self) -> &str {
        self.token.expose_secret()
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more only where the bot ends.
        let _ = self.events.send(event);
    }

    /// `false` where it was stopped meanwhile.
    async fn pause(&self, time: Duration) -> bool {
        if time > Duration::from_secs(10) {
            tracing::warn!(seconds = time.as_secs(), "waiting before the next connection to Discord");
        }
        tokio::select! {
            () = sleep(time) => true,
            () = self.stopped() => false,
        }
    }

    async fn stopped(&self) {
        // An error means that whoever could stop it is gone, which is the same.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// Whether an address has TLS, where the first one has it.
fn is_as_safe(address: &str, first: &str) -> bool {
    address.starts_with("wss://") || (first.starts_with("ws://") && address.starts_with("ws://"))
}
