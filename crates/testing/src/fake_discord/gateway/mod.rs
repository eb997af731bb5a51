//! The gateway, as a test sees and controls it.

mod connection;
mod gateway_state;
mod protocol;

use std::time::Instant;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::SharedState;

pub(super) use connection::serve;
pub(super) use gateway_state::{FakeEvent, GatewayState};

/// A frame of a client.
#[derive(Clone, Debug)]
pub struct ClientOp {
    /// The time of its arrival.
    pub at: Instant,
    /// The opcode.
    pub op: u64,
    /// The field `d`.
    pub data: Value,
}

/// The reason of a connection's end.
#[derive(Clone, Debug, PartialEq)]
pub enum CloseReason {
    /// The client closed the connection with this code; `None` if it sent none.
    ByClient(Option<u16>),
    /// The server closed the connection.
    ByServer,
    /// The connection broke without a close frame.
    Broken,
}

/// A connection, from its handshake on.
#[derive(Clone, Debug)]
pub struct ClientConnection {
    /// The time of its start.
    pub opened: Instant,
    /// The path: `/` for a new session, `/resume` if the client used `resume_gateway_url`.
    pub path: String,
    /// The query of the URL.
    pub query: String,
    /// The frames of the client, in order.
    pub ops: Vec<ClientOp>,
    /// The reason of its end; `None` while it is open.
    pub closed: Option<CloseReason>,
    pub(super) commands: UnboundedSender<ConnectionCommand>,
}

/// The way in which the gateway refuses clients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// The TCP connection is reset at once.
    Tcp,
    /// The upgrade request gets this HTTP status.
    Http(u16),
    /// The connection is reset after the upgrade, before HELLO.
    BeforeHello,
    /// The server sends nothing after the upgrade, not even HELLO.
    Silent,
    /// The connection is closed after HELLO with this code, or broken without one.
    AfterHello(Option<u16>),
}

/// A command to a connection. Commands are carried out in order.
#[derive(Clone, Debug)]
pub(super) enum ConnectionCommand {
    /// Sends a frame. If it carries an interaction, its time starts.
    Send(String, Option<u64>),
    Close(u16),
    /// Sends the start of a frame, and then ends the stream.
    CutMidFrame,
    Break,
}

/// Controls the gateway of a fake.
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

    /// Sets the heartbeat interval of new connections; the default is 41,250 ms.
    pub fn heartbeat_every(&self, milliseconds: u64) {
        self.set(|wires| wires.heartbeat_interval = milliseconds);
    }

    /// Sets whether heartbeats are acknowledged. Without acknowledgements every connection is a zombie.
    pub fn acknowledge(&self, yes: bool) {
        self.set(|wires| wires.acknowledge = yes);
    }

    /// Refuses all clients until [`Self::accept`].
    pub fn refuse(&self, how: Refusal) {
        self.set(|wires| wires.refuse = Some(how));
    }

    /// Refuses this number of clients.
    pub fn refuse_next(&self, times: usize, how: Refusal) {
        self.set(|wires| wires.refuse_next.extend(std::iter::repeat_n(how, times)));
    }

    /// Accepts clients again.
    pub fn accept(&self) {
        self.set(|wires| {
            wires.refuse = None;
            wires.refuse_next.clear();
        });
    }

    /// Allows these privileged intents. A client that requests others gets close code 4014.
    pub fn allow_intents(&self, intents: u64) {
        self.set(|wires| wires.allowed_intents = intents);
    }

    /// Sends each event to all sessions from now on, as Discord does if several processes use one shard.
    pub fn share_events(&self) {
        self.set(|wires| wires.is_shared = true);
    }

    /// Replies to the next IDENTIFY or RESUME with op 9.
    pub fn refuse_session(&self, resumable: bool) {
        self.set(|wires| wires.refuse_session.push_back(resumable));
    }

    /// Ignores this number of IDENTIFYs and RESUMEs.
    pub fn ignore_sessions(&self, times: usize) {
        self.set(|wires| wires.ignore_sessions += times);
    }

    /// Replies to the next IDENTIFY with this close code.
    pub fn close_on_identify(&self, code: u16) {
        self.set(|wires| wires.close_on_identify.push_back(code));
    }

    /// Forgets all sessions, so that a RESUME fails.
    pub fn forget_sessions(&self) {
        self.set(GatewayState::forget_sessions);
    }

    /// Sends op 7 on all open connections. The following methods do so too.
    pub fn reconnect(&self) {
        self.raw(r#"{"op":7,"d":null,"s":null,"t":null}"#);
    }

    /// Sends op 9. Without `resumable` the session is forgotten.
    pub fn invalid_session(&self, resumable: bool) {
        if !resumable {
            self.forget_sessions();
        }
        self.raw(&format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#));
    }

    /// Sends op 1, which requests a heartbeat.
    pub fn request_heartbeat(&self) {
        self.raw(r#"{"op":1,"d":null,"s":null,"t":null}"#);
    }

    /// Sends a text frame unchanged. It may be invalid, have an unknown op, or be huge.
    pub fn raw(&self, frame: &str) {
        self.command_all(&ConnectionCommand::Send(frame.into(), None));
    }

    /// Sends an event of any name.
    pub fn event(&self, name: &str, data: Value) {
        self.set(|wires| wires.dispatch(FakeEvent::new(name, data)));
    }

    /// Closes the connections with a code.
    pub fn close(&self, code: u16) {
        self.command_all(&ConnectionCommand::Close(code));
    }

    /// Ends the streams in the middle of a frame.
    pub fn cut_mid_frame(&self) {
        self.command_all(&ConnectionCommand::CutMidFrame);
    }

    /// Resets the connections.
    pub fn reset(&self) {
        self.command_all(&ConnectionCommand::Break);
    }

    /// Returns all connections that completed the upgrade.
    pub fn connections(&self) -> Vec<ClientConnection> {
        self.core.state().gateway.connections.clone()
    }

    /// Returns the times at which clients connected, including refused ones.
    pub fn attempts(&self) -> Vec<Instant> {
        self.core.state().gateway.attempts.clone()
    }

    /// Returns all IDENTIFYs of all connections.
    pub fn identifies(&self) -> Vec<ClientOp> {
        self.core.state().gateway.identifies()
    }

    /// Returns all frames with an op, over all connections.
    pub fn ops(&self, op: u64) -> Vec<ClientOp> {
        self.core.state().gateway.ops(op)
    }

    /// Returns the number of sessions that were started.
    pub fn begun(&self) -> usize {
        self.core.state().gateway.sessions_started
    }

    /// Waits until clients have sent this number of frames with an op.
    pub async fn until_ops(&self, op: u64, count: usize) -> Vec<ClientOp> {
        let what = format!("{count} × op {op}");
        let enough = |ops: &Vec<ClientOp>| ops.len() >= count;
        self.core.until(&what, |state| Some(state.gateway.ops(op)).filter(enough)).await
    }

    /// Waits until this number of sessions were resumed.
    pub async fn until_resumed(&self, count: usize) {
        let resumed = |wires: &GatewayState| (wires.resumed >= count).then_some(());
        self.core.until(&format!("{count} × RESUMED"), |state| resumed(&state.gateway)).await;
    }

    /// Waits until this number of sessions were started.
    pub async fn until_ready(&self, count: usize) {
        let begun = |wires: &GatewayState| (wires.sessions_started >= count).then_some(());
        self.core.until(&format!("{count} × READY"), |state| begun(&state.gateway)).await;
    }

    /// Waits until this number of clients connected, including refused ones.
    pub async fn until_attempts(&self, count: usize) {
        let came = |wires: &GatewayState| (wires.attempts.len() >= count).then_some(());
        self.core.until(&format!("{count} connections"), |state| came(&state.gateway)).await;
    }

    /// Waits until the newest connection has ended, and returns the reason.
    pub async fn until_closed(&self) -> CloseReason {
        let ended = |wires: &GatewayState| wires.connections.last()?.closed.clone();
        self.core.until("the end of the connection", |state| ended(&state.gateway)).await
    }
}
