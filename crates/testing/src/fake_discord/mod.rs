//! A Discord on loopback: its REST API and its gateway, which keep to its rules and judge who talks to them.
//!
//! It knows nothing of the bot, so that a benchmark can take it in by its path. Faults are scripted: answers of
//! REST routes with [`FakeDiscord::script`], the gateway's with [`FakeDiscord::gateway`]. What a client did wrong is
//! kept in [`FakeDiscord::violations`].
#![allow(dead_code, unused_imports, reason = "a harness offers more than each of its users takes")]
#![allow(clippy::expect_used, reason = "a test that can't go on ends, and says where")]

mod channel_permissions;
mod commands;
mod dispatch;
mod gateway;
mod interactions;
mod limits;
mod messages;
mod rest;
mod samples;
mod script;
mod state;
#[cfg(test)]
mod tests;
mod validation;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use channel_permissions::{ANNOUNCEMENT, EMBED, HISTORY, SEND, SEND_IN_THREADS, TEXT, VIEW};
pub use dispatch::{FirstCallback, InteractionBuilder, InteractionHandle, MessageBuilder, MessageHandle};
pub use gateway::{ClientConnection, ClientOp, CloseReason, GatewayControl, Refusal};
pub use rest::RecordedRequest;
pub use samples::{APPLICATION, BOT, CHANNEL, DM, GUILD, MODERATOR, OTHER_USER, TOKEN, USER};
pub use script::ScriptedReply;
use state::FakeState;

/// How long a wait lasts before it fails: with room for a loaded machine, since no test asserts a time.
pub const DEADLINE: Duration = Duration::from_secs(20);

const SECOND: Duration = Duration::from_secs(1);

/// What the servers and the test share.
struct SharedState {
    state: Mutex<FakeState>,
    changed: watch::Sender<u64>,
    rest: SocketAddr,
    gateway: SocketAddr,
}

impl SharedState {
    /// A panic of another holder leaves the state usable: what a test asserts is seen by that test.
    fn state(&self) -> MutexGuard<'_, FakeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes those who wait for it.
    fn change<T>(&self, change: impl FnOnce(&mut FakeState) -> T) -> T {
        let given = change(&mut self.state());
        self.changed.send_modify(|count| *count += 1);
        given
    }

    /// Waits until `look` finds something; fails, with all that was seen, at the deadline.
    async fn until<T>(&self, what: &str, mut look: impl FnMut(&mut FakeState) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        let wait = async {
            loop {
                let found = look(&mut self.state());
                if let Some(found) = found {
                    return found;
                }
                changes.changed().await.expect("the fake lives");
            }
        };
        let found = tokio::time::timeout(DEADLINE, wait).await;
        found.unwrap_or_else(|_| panic!("waited in vain for {what}\n{}", self.state().describe()))
    }
}

/// A running server; it ends when this is dropped.
pub struct FakeDiscord {
    core: Arc<SharedState>,
    certificate: Option<tempfile::NamedTempFile>,
    servers: Vec<JoinHandle<()>>,
}

impl FakeDiscord {
    /// With plain HTTP, for a client with a proxy address.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// With TLS as `discord.com`, for a client that resolves that name to [`Self::address`] and trusts
    /// [`Self::certificate`]. The gateway stays plain.
    pub async fn start_tls() -> Self {
        Self::start_with(Some(rest::Identity::new("discord.com"))).await
    }

    async fn start_with(identity: Option<rest::Identity>) -> Self {
        let bind = || TcpListener::bind("127.0.0.1:0");
        let (rest, gateway) = (bind().await.expect("a port"), bind().await.expect("a port"));
        let core = Arc::new(SharedState {
            state: Mutex::new(FakeState::new()),
            changed: watch::Sender::new(0),
            rest: rest.local_addr().expect("an address"),
            gateway: gateway.local_addr().expect("an address"),
        });
        let (certificate, acceptor) = match identity {
            Some(identity) => (Some(identity.certificate), Some(identity.acceptor)),
            None => (None, None),
        };
        let servers = vec![
            tokio::spawn(rest::serve(Arc::clone(&core), rest, acceptor)),
            tokio::spawn(gateway::serve(Arc::clone(&core), gateway)),
        ];
        Self { core, certificate, servers }
    }

    /// Where REST is served, without `/api/v10`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.core.rest)
    }

    /// Where REST is served.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.core.rest
    }

    /// The PEM file to trust; `None` for plain HTTP.
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_ref().map(tempfile::NamedTempFile::path)
    }

    /// The gateway: what clients sent, and what to do to them.
    #[must_use]
    pub fn gateway(&self) -> GatewayControl<'_> {
        GatewayControl::new(&self.core)
    }

    /// Waits until a client has identified and has been told that it is ready.
    pub async fn ready(&self) {
        self.core.until("READY", |state| (state.gateway.open_sessions() > 0).then_some(())).await;
    }

    /// Lets the next requests to a route be answered so, one each, and then as usual again.
    ///
    /// A route is `METHOD /path` below `/api/v10`, where `*` stands for any method or any one part of the path, and
    /// a last `**` for all that follows. Scripts of a route are used in the order of their writing.
    pub fn script(&self, route: &str, replies: Vec<ScriptedReply>) {
        self.core.change(|state| state.scripts.add(route, replies));
    }

    /// Lets all requests to a route be answered so until [`Self::unscript`].
    pub fn script_always(&self, route: &str, reply: ScriptedReply) {
        self.core.change(|state| state.scripts.add_forever(route, reply));
    }

    /// Takes back what was scripted for exactly this route.
    pub fn unscript(&self, route: &str) {
        self.core.change(|state| state.scripts.remove(route));
    }

    /// All requests, in the order of their arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.core.state().requests.clone()
    }

    /// The requests to a route, written as for [`Self::script`].
    #[must_use]
    pub fn requests_to(&self, route: &str) -> Vec<RecordedRequest> {
        self.core.state().requests_to(route)
    }

    /// Waits until so many requests to a route have come.
    pub async fn until_requests(&self, route: &str, count: usize) -> Vec<RecordedRequest> {
        let look =
            |state: &mut FakeState| Some(state.requests_to(route)).filter(|found| found.len() >= count);
        self.core.until(&format!("{count} × {route}"), look).await
    }

    /// The most requests that came within one second; the callbacks to interactions are exempt, as from the limit.
    #[must_use]
    pub fn busiest_second(&self) -> usize {
        let requests = self.requests();
        let counted = requests.iter().filter(|request| !request.path.starts_with("/interactions/"));
        let times: Vec<Instant> = counted.map(|request| request.at).collect();
        let within =
            |first: &Instant| times.iter().filter(|at| (*first..*first + SECOND).contains(*at)).count();
        times.iter().map(within).max().unwrap_or_default()
    }

    /// Answers that Discord counts as invalid: 401, 403 and 429.
    #[must_use]
    pub fn invalid_requests(&self) -> usize {
        let is_invalid = |request: &&RecordedRequest| matches!(request.status, Some(401 | 403 | 429));
        self.requests().iter().filter(is_invalid).count()
    }

    /// What was done against the rules, and the interactions that are without an answer by now.
    pub fn violations(&self) -> Vec<String> {
        let state = self.core.state();
        let unanswered = state.interactions.values().filter_map(interactions::FakeInteraction::missing_reply);
        state.violations.iter().cloned().chain(unanswered).collect()
    }

    /// Fails, with the list, if anything was done against the rules.
    ///
    /// # Panics
    /// Where the client broke a rule.
    #[track_caller]
    pub fn assert_clean(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "{}\n{}", violations.join("\n"), self.core.state().describe());
    }

    /// How long an interaction waits for its callback: 3 s; more room for a test that is not about it, less for one
    /// that is.
    pub fn set_callback_window(&self, window: Duration) {
        self.core.change(|state| state.callback_window = window);
    }

    /// How long an interaction's token works: 15 min.
    pub fn set_token_lifetime(&self, life: Duration) {
        self.core.change(|state| state.token_life = life);
    }

    /// Sets this Discord's clock so far ahead of ours, or behind it: ids and nonces go by it.
    ///
    /// # Panics
    /// Where the time is out of range.
    pub fn set_clock(&self, ahead: SignedDuration) {
        let ahead = i64::try_from(ahead.as_millis()).expect("milliseconds of some years");
        self.core.change(|state| state.ahead = ahead);
    }

    /// Keeps to Discord's limits: 50 requests a second, and five messages in five seconds to a channel. What is more is
    /// answered with 429.
    pub fn enforce_limits(&self) {
        self.core.change(|state| state.limits.is_enforced = true);
    }

    /// Forgets the nonces of sent messages, as Discord does after a few minutes.
    pub fn forget_nonces(&self) {
        self.core.change(|state| state.messages.forget_nonces());
    }

    /// Lets the bot be in one guild more, with one channel.
    pub fn add_channel(&self, guild: u64, channel: u64) {
        self.core.change(|state| state.add_channel(guild, channel));
    }

    /// The commands that are registered, globally or in a guild.
    #[must_use]
    pub fn commands(&self, guild: Option<u64>) -> Vec<Value> {
        self.core.state().commands.list(guild)
    }

    /// All messages that can be seen in a channel, the bot's and others', oldest first.
    #[must_use]
    pub fn messages(&self, channel: u64) -> Vec<Value> {
        self.core.state().messages.visible(channel)
    }

    /// All messages that can be seen anywhere, by when they were sent.
    #[must_use]
    pub fn all_messages(&self) -> Vec<Value> {
        self.core.state().messages.all().cloned().collect()
    }

    /// How many messages can be seen anywhere.
    #[must_use]
    pub fn message_count(&self) -> usize {
        self.core.state().messages.all().count()
    }

    /// Waits until so many messages can be seen anywhere.
    pub async fn until_messages(&self, count: usize) {
        let look = |state: &mut FakeState| (state.messages.all().count() >= count).then_some(());
        self.core.until(&format!("{count} messages"), look).await;
    }

    /// Waits for the next message of the bot in a channel: each is given once.
    pub async fn next_message(&self, channel: u64) -> Value {
        let what = format!("a message in {channel}");
        self.core.until(&what, |state| state.messages.take_next(channel)).await
    }
}

impl Drop for FakeDiscord {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}
