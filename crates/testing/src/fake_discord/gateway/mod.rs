//! The gateway: what a test can see of it and do to it.

mod connection;
mod gateway_state;
mod protocol;

use std::time::Instant;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::SharedState;

pub(super) use connection::serve;
pub(super) use gateway_state::{FakeEvent, GatewayState};

/// What a client sent.
#[derive(Clone, Debug)]
pub struct ClientOp {
    /// When it came.
    pub at: Instant,
    /// The opcode.
    pub op: u64,
    /// The field `d`.
    pub data: Value,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq)]
pub enum CloseReason {
    /// The client closed it with this code; `None` if it sent none.
    ByClient(Option<u16>),
    /// The server did.
    ByServer,
    /// It broke, without a close frame.
    Broken,
}

/// One connection, from its handshake on.
#[derive(Clone, Debug)]
pub struct ClientConnection {
    /// When it was opened.
    pub opened: Instant,
    /// `/` for a fresh one, `/resume` where `resume_gateway_url` was used.
    pub path: String,
    /// The query of its address.
    pub query: String,
    /// What the client sent, in order.
    pub ops: Vec<ClientOp>,
    /// `None` while it is open.
    pub closed: Option<CloseReason>,
    pub(super) commands: UnboundedSender<ConnectionCommand>,
}

/// How the gateway turns clients away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// The TCP connection is reset as soon as it is there.
    Tcp,
    /// An HTTP status in the place of the upgrade.
    Http(u16),
    /// Reset after the upgrade, before HELLO.
    BeforeHello,
    /// Nothing is said after the upgrade, not even HELLO.
    Silent,
    /// Closed after HELLO with a code, or broken off without one.
    AfterHello(Option<u16>),
}

/// What a connection is told to do, in order.
#[derive(Clone, Debug)]
pub(super) enum ConnectionCommand {
    /// A frame; it may carry an interaction, whose clock then starts.
    Send(String, Option<u64>),
    Close(u16),
    /// The start of a frame, and then the end of the stream.
    CutMidFrame,
    Break,
}

/// The gateway of a fake.
pub struct GatewayControl<'a> {
    core: &'a SharedState,
}

impl<'a> GatewayControl<'a> {
    pub(super) fn new(core: &'a SharedState) -> Self {
        Self { core }
    }

    fn set(&self, change: impl FnOnce(&mut GatewayState)) {
        self.core.change(|state| change(&mut state.gateway));
    }

    fn command_all(&self, order: &ConnectionCommand) {
        self.set(|wires| wires.command_all(order));
    }

    /// The interval told in HELLO: 41,250 ms unless set; for the next connections.
    pub fn heartbeat_every(&self, milliseconds: u64) {
        self.set(|wires| wires.heartbeat_interval = milliseconds);
    }

    /// Whether heartbeats are acknowledged: without, every connection is a zombie.
    pub fn acknowledge(&self, yes: bool) {
        self.set(|wires| wires.acknowledge = yes);
    }

    /// Turns all clients away until [`Self::accept`].
    pub fn refuse(&self, how: Refusal) {
        self.set(|wires| wires.refuse = Some(how));
    }

    /// Turns so many next clients away.
    pub fn refuse_next(&self, times: usize, how: Refusal) {
        self.set(|wires| wires.refuse_next.extend(std::iter::repeat_n(how, times)));
    }

    /// Lets clients in again.
    pub fn accept(&self) {
        self.set(|wires| {
            wires.refuse = None;
            wires.refuse_next.clear();
        });
    }

    /// Lets these privileged intents be asked for; without, they are answered with 4014.
    pub fn allow_intents(&self, intents: u64) {
        self.set(|wires| wires.allowed_intents = intents);
    }

    /// The next IDENTIFY or RESUME is answered with op 9.
    pub fn refuse_session(&self, resumable: bool) {
        self.set(|wires| wires.refuse_session.push_back(resumable));
    }

    /// So many next IDENTIFYs and RESUMEs get no answer at all.
    pub fn ignore_sessions(&self, times: usize) {
        self.set(|wires| wires.ignore_sessions += times);
    }

    /// The next IDENTIFY is answered with this close code.
    pub fn close_on_identify(&self, code: u16) {
        self.set(|wires| wires.close_on_identify.push_back(code));
    }

    /// Forgets all sessions: a RESUME then finds none.
    pub fn forget_sessions(&self) {
        self.set(GatewayState::forget_sessions);
    }

    /// Op 7 on all open connections, as all of these do.
    pub fn reconnect(&self) {
        self.raw(r#"{"op":7,"d":null,"s":null,"t":null}"#);
    }

    /// Op 9; without `resumable` the session is gone.
    pub fn invalid_session(&self, resumable: bool) {
        if !resumable {
            self.forget_sessions();
        }
        self.raw(&format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#));
    }

    /// Op 1: asks for a heartbeat.
    pub fn request_heartbeat(&self) {
        self.raw(r#"{"op":1,"d":null,"s":null,"t":null}"#);
    }

    /// A text frame as it is: one that is no JSON, that has an unknown op, or that is huge.
    pub fn raw(&self, frame: &str) {
        self.command_all(&ConnectionCommand::Send(frame.into(), None));
    }

    /// An event of any name.
    pub fn event(&self, name: &str, data: Value) {
        self.set(|wires| wires.dispatch(FakeEvent::new(name, data)));
    }

    /// Closes with a code.
    pub fn close(&self, code: u16) {
        self.command_all(&ConnectionCommand::Close(code));
    }

    /// Ends the stream in the middle of a frame.
    pub fn cut_mid_frame(&self) {
        self.command_all(&ConnectionCommand::CutMidFrame);
    }

    /// Resets the connection.
    pub fn reset(&self) {
        self.command_all(&ConnectionCommand::Break);
    }

    /// All connections that came as far as the upgrade.
    #[must_use]
    pub fn connections(&self) -> Vec<ClientConnection> {
        self.core.state().gateway.connections.clone()
    }

    /// When clients came, also those that were turned away.
    #[must_use]
    pub fn attempts(&self) -> Vec<Instant> {
        self.core.state().gateway.attempts.clone()
    }

    /// All IDENTIFYs of all connections.
    #[must_use]
    pub fn identifies(&self) -> Vec<ClientOp> {
        self.core.state().gateway.identifies()
    }

    /// All that clients sent with an op, over all connections.
    #[must_use]
    pub fn ops(&self, op: u64) -> Vec<ClientOp> {
        self.core.state().gateway.ops(op)
    }

    /// How many sessions were begun.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.core.state().gateway.sessions_started
    }

    /// Waits until clients sent an op so many times.
    pub async fn until_ops(&self, op: u64, count: usize) -> Vec<ClientOp> {
        let what = format!("{count} × op {op}");
        let enough = |ops: &Vec<ClientOp>| ops.len() >= count;
        self.core.until(&what, |state| Some(state.gateway.ops(op)).filter(enough)).await
    }

    /// Waits until so many sessions were resumed.
    pub async fn until_resumed(&self, count: usize) {
        let resumed = |wires: &GatewayState| (wires.resumed >= count).then_some(());
        self.core.until(&format!("{count} × RESUMED"), |state| resumed(&state.gateway)).await;
    }

    /// Waits until so many sessions were begun.
    pub async fn until_ready(&self, count: usize) {
        let begun = |wires: &GatewayState| (wires.sessions_started >= count).then_some(());
        self.core.until(&format!("{count} × READY"), |state| begun(&state.gateway)).await;
    }

    /// Waits until so many clients came, also those that were turned away.
    pub async fn until_attempts(&self, count: usize) {
        let came = |wires: &GatewayState| (wires.attempts.len() >= count).then_some(());
        self.core.until(&format!("{count} connections"), |state| came(&state.gateway)).await;
    }

    /// Waits until the newest connection has ended, and gives how.
    pub async fn until_closed(&self) -> CloseReason {
        let ended = |wires: &GatewayState| wires.connections.last()?.closed.clone();
        self.core.until("the end of the connection", |state| ended(&state.gateway)).await
    }
}
