//! A Discord on loopback: its REST API and its gateway, which keep its rules and check their client.
//!
//! It does not know the bot. Tests script faults: replies of REST routes with
//! [`FakeDiscord::script`], those of the gateway with [`FakeDiscord::gateway`]. Violations of the client are in
//! [`FakeDiscord::violations`].

mod channel_permissions;
mod dispatch;
mod gateway;
mod interactions;
mod messages;
mod rate_limits;
mod rest;
mod samples;
mod script;
mod state;
#[cfg(test)]
mod tests {
    mod client;
    mod gateway;
    mod state;
    mod validation;
}
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

pub use channel_permissions::{ANNOUNCEMENT, ATTACH, EMBED, HISTORY, SEND, SEND_IN_THREADS, TEXT, VIEW};
pub use dispatch::{FirstCallback, InteractionBuilder, InteractionHandle, MessageBuilder, MessageHandle};
pub use gateway::{ClientConnection, ClientOp, CloseReason, GatewayControl, Refusal};
pub use messages::EPHEMERAL;
pub use rest::{RecordedRequest, UploadedFile};
pub use samples::{APPLICATION, BOT, CHANNEL, DM, GUILD, MODERATOR, OTHER_USER, TOKEN, USER};
pub use script::{SEND_MESSAGE, ScriptedReply};
use state::FakeState;

/// The time limit of a wait. It leaves room for a loaded machine, since no test measures time.
pub const DEADLINE: Duration = Duration::from_mins(1);

const SECOND: Duration = Duration::from_secs(1);

/// The state that the servers and the test share.
struct SharedState {
    state: Mutex<FakeState>,
    changed: watch::Sender<u64>,
    rest: SocketAddr,
    gateway: SocketAddr,
}

impl SharedState {
    /// The state stays usable after a panic, because each test sees its own failed assertion.
    fn state(&self) -> MutexGuard<'_, FakeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes all waiting tests.
    fn change<T>(&self, change: impl FnOnce(&mut FakeState) -> T) -> T {
        let given = change(&mut self.state());
        self.changed.send_modify(|count| *count += 1);
        given
    }

    /// Waits until `look` returns a value. At the deadline it panics and shows the recorded requests.
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

/// A running fake. It ends on drop.
pub struct FakeDiscord {
    core: Arc<SharedState>,
    certificate: Option<tempfile::NamedTempFile>,
    servers: Vec<JoinHandle<()>>,
}

impl FakeDiscord {
    /// Starts with plain HTTP, for a client with a proxy address.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// Starts with TLS as `discord.com`, for a client that resolves that name to [`Self::address`] and trusts
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

    /// Returns the base URL of REST, without `/api/v10`.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.core.rest)
    }

    /// Returns the socket address of REST.
    pub fn address(&self) -> SocketAddr {
        self.core.rest
    }

    /// Returns the PEM file to trust; `None` for plain HTTP.
    pub fn certificate(&self) -> Option<&Path> {
        self.certificate.as_ref().map(tempfile::NamedTempFile::path)
    }

    /// Returns the control of the gateway.
    pub fn gateway(&self) -> GatewayControl<'_> {
        GatewayControl::new(&self.core)
    }

    /// Waits until a client has got READY.
    pub async fn ready(&self) {
        self.core.until("READY", |state| (state.gateway.open_sessions() > 0).then_some(())).await;
    }

    /// Scripts the next replies of a route, one for each request. Later requests get real replies again.
    ///
    /// A route is `METHOD /path` below `/api/v10`. `*` stands for any method or any one part of the path, and a last
    /// `**` for all further parts. Scripts of a route are used in the order in which they were added.
    pub fn script(&self, route: &str, replies: Vec<ScriptedReply>) {
        self.core.change(|state| state.scripts.add(route, replies));
    }

    /// Scripts all replies of a route until [`Self::unscript`].
    pub fn script_always(&self, route: &str, reply: ScriptedReply) {
        self.core.change(|state| state.scripts.add_forever(route, reply));
    }

    /// Removes the scripts of exactly this route.
    pub fn unscript(&self, route: &str) {
        self.core.change(|state| state.scripts.remove(route));
    }

    /// Returns all requests, in the order of their arrival.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.core.state().requests.clone()
    }

    /// Returns the requests to a route, as in [`Self::script`].
    pub fn requests_to(&self, route: &str) -> Vec<RecordedRequest> {
        self.core.state().requests_to(route)
    }

    /// Waits until a route has got this number of requests.
    pub async fn until_requests(&self, route: &str, count: usize) -> Vec<RecordedRequest> {
        let look =
            |state: &mut FakeState| Some(state.requests_to(route)).filter(|found| found.len() >= count);
        self.core.until(&format!("{count} × {route}"), look).await
    }

    /// Returns the most requests within one second. Callbacks to interactions don't count, as in Discord's limit.
    pub fn busiest_second(&self) -> usize {
        let requests = self.requests();
        let counted = requests.iter().filter(|request| !request.path.starts_with("/interactions/"));
        let times: Vec<Instant> = counted.map(|request| request.at).collect();
        let within =
            |first: &Instant| times.iter().filter(|at| (*first..*first + SECOND).contains(*at)).count();
        times.iter().map(within).max().unwrap_or_default()
    }

    /// Returns the number of replies that Discord counts as invalid requests: 401, 403 and 429.
    pub fn invalid_requests(&self) -> usize {
        let is_invalid = |request: &&RecordedRequest| matches!(request.status, Some(401 | 403 | 429));
        self.requests().iter().filter(is_invalid).count()
    }

    /// Returns the violations of Discord's rules, and the interactions that have no answer yet.
    pub fn violations(&self) -> Vec<String> {
        let state = self.core.state();
        let unanswered = state.interactions.values().filter_map(interactions::FakeInteraction::missing_reply);
        state.violations.iter().cloned().chain(unanswered).collect()
    }

    /// Checks that there are no violations.
    ///
    /// # Panics
    /// If the client broke a rule. The message lists all violations.
    #[track_caller]
    pub fn assert_clean(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "{}\n{}", violations.join("\n"), self.core.state().describe());
    }

    /// Sets the time for an interaction's callback. It is 3 s; tests of other things allow more, tests of the limit
    /// allow less.
    pub fn set_callback_window(&self, window: Duration) {
        self.core.change(|state| state.callback_window = window);
    }

    /// Sets the lifetime of an interaction's token. It is 15 min.
    pub fn set_token_lifetime(&self, life: Duration) {
        self.core.change(|state| state.token_life = life);
    }

    /// Sets this Discord's clock ahead of the real one, or behind it. Ids and nonces follow this clock.
    ///
    /// # Panics
    /// If the time is out of range.
    pub fn set_clock(&self, ahead: SignedDuration) {
        let ahead = i64::try_from(ahead.as_millis()).expect("milliseconds of some years");
        self.core.change(|state| state.ahead = ahead);
    }

    /// Enforces Discord's limits: 50 requests per second, and five messages in five seconds to a channel. Further
    /// requests get 429.
    pub fn enforce_limits(&self) {
        self.core.change(|state| state.limits.is_enforced = true);
    }

    /// Forgets the nonces of sent messages, as Discord does after a few minutes.
    pub fn forget_nonces(&self) {
        self.core.change(|state| state.messages.forget_nonces());
    }

    /// Forgets requests, messages, events and answered interactions, so that a long run does not fill this process.
    /// Violations and interactions without an answer stay.
    pub fn forget_history(&self) {
        self.core.change(|state| {
            state.requests.clear();
            state.messages.clear();
            state.gateway.forget_events();
            state.interactions.retain(|_, interaction| interaction.missing_reply().is_some());
        });
    }

    /// Adds a channel, and its guild if it is new.
    pub fn add_channel(&self, guild: u64, channel: u64) {
        self.core.change(|state| state.add_channel(guild, channel));
    }

    /// Returns the registered commands.
    pub fn commands(&self) -> Vec<Value> {
        self.core.state().commands.list()
    }

    /// Returns all visible messages of a channel, oldest first.
    pub fn messages(&self, channel: u64) -> Vec<Value> {
        self.core.state().messages.visible(channel)
    }

    /// Returns all visible messages of all channels, oldest first.
    pub fn all_messages(&self) -> Vec<Value> {
        self.core.state().messages.all().cloned().collect()
    }

    /// Returns the number of visible messages of all channels.
    pub fn message_count(&self) -> usize {
        self.core.state().messages.all().count()
    }

    /// Waits until this number of messages is visible.
    pub async fn until_messages(&self, count: usize) {
        let look = |state: &mut FakeState| (state.messages.all().count() >= count).then_some(());
        self.core.until(&format!("{count} messages"), look).await;
    }

    /// Waits for the next message of the bot in a channel. Each is returned once.
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
