//! The state of the gateway: its connections, its sessions and its settings.

use std::collections::VecDeque;
use std::time::Instant;

use serde_json::{Value, json};

use super::{ClientConnection, ClientOp, ConnectionCommand, Refusal};

const IDENTIFY: u64 = 2;
/// The privileged intents: members, presences and the content of messages.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

pub(in super::super) struct GatewayState {
    pub heartbeat_interval: u64,
    pub acknowledge: bool,
    pub refuse: Option<Refusal>,
    pub refuse_next: VecDeque<Refusal>,
    pub refuse_session: VecDeque<bool>,
    pub ignore_sessions: usize,
    pub close_on_identify: VecDeque<u16>,
    pub allowed_intents: u64,
    /// Whether all live sessions get each event, as when several processes use one shard.
    pub is_shared: bool,
    pub attempts: Vec<Instant>,
    pub connections: Vec<ClientConnection>,
    pub sessions_started: usize,
    pub resumed: usize,
    pub(super) sessions: Vec<FakeSession>,
    /// The events before the first session, which receives them.
    pub(super) pending_events: Vec<FakeEvent>,
}

pub(super) struct FakeSession {
    pub id: String,
    pub intents: u64,
    /// The number of the shard, and the number of shards.
    pub shard: (u64, u64),
    pub sequence: u64,
    pub events: Vec<(u64, FakeEvent)>,
    /// The connection of the session.
    pub connection: usize,
    pub is_gone: bool,
}

/// An event, and the conditions for its delivery.
#[derive(Clone)]
pub(in super::super) struct FakeEvent {
    pub name: String,
    pub data: Value,
    pub guild: Option<u64>,
    pub interaction: Option<u64>,
    /// The intents of which a client needs at least one.
    pub intents: u64,
    /// The data for a client without the intent for the content of messages.
    pub without_content: Option<Value>,
}

impl FakeEvent {
    pub(crate) fn new(name: &str, data: Value) -> Self {
        Self { name: name.into(), data, guild: None, interaction: None, intents: 0, without_content: None }
    }
}

impl FakeSession {
    /// Returns the frame of the event.
    pub(crate) fn frame(&self, sequence: u64, event: &FakeEvent) -> String {
        let blind = self.intents & (1 << 15) == 0;
        let data = event.without_content.as_ref().filter(|_| blind).unwrap_or(&event.data);
        json!({ "op": 0, "t": event.name, "s": sequence, "d": data }).to_string()
    }

    fn is_for(&self, event: &FakeEvent) -> bool {
        let (number, of) = self.shard;
        let wanted = event.guild.map_or(0, |guild| (guild >> 22) % of.max(1));
        wanted == number && (event.intents == 0 || self.intents & event.intents != 0)
    }
}

impl GatewayState {
    pub(crate) fn new() -> Self {
        Self {
            heartbeat_interval: 41_250,
            acknowledge: true,
            refuse: None,
            refuse_next: VecDeque::new(),
            refuse_session: VecDeque::new(),
            ignore_sessions: 0,
            close_on_identify: VecDeque::new(),
            allowed_intents: 0,
            is_shared: false,
            attempts: Vec::new(),
            connections: Vec::new(),
            sessions_started: 0,
            resumed: 0,
            sessions: Vec::new(),
            pending_events: Vec::new(),
        }
    }

    /// Returns the refusal of a new client, if any.
    pub(crate) fn next_refusal(&mut self) -> Option<Refusal> {
        self.attempts.push(Instant::now());
        self.refuse_next.pop_front().or(self.refuse)
    }

    /// Returns whether these intents include one that is not allowed.
    pub(crate) fn forbids(&self, intents: u64) -> bool {
        intents & PRIVILEGED & !self.allowed_intents != 0
    }

    pub(crate) fn command(&self, connection: usize, order: ConnectionCommand) {
        // The connection may have ended; then the session keeps the event for its resumption.
        self.connections[connection].commands.send(order).ok();
    }

    pub(crate) fn command_all(&self, order: &ConnectionCommand) {
        let open = self.connections.iter().filter(|connection| connection.closed.is_none());
        open.for_each(|connection| drop(connection.commands.send(order.clone())));
    }

    pub(crate) fn forget_sessions(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.is_gone = true);
    }

    /// Forgets the events of the past. A resumption does not replay them.
    pub(crate) fn forget_events(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.events.clear());
    }

    /// Returns the number of sessions with an open connection.
    pub(crate) fn open_sessions(&self) -> usize {
        let open = |session: &&FakeSession| {
            !session.is_gone && self.connections[session.connection].closed.is_none()
        };
        self.sessions.iter().filter(open).count()
    }

    /// Sends an event to the newest session that it is for, or to all if they share events, or keeps it until there
    /// is one.
    pub(crate) fn dispatch(&mut self, event: FakeEvent) {
        if self.sessions.iter().all(|session| session.is_gone) {
            self.pending_events.push(event);
            return;
        }
        if self.is_shared {
            self.broadcast(&event);
            return;
        }
        let of = self.sessions.iter().rev();
        let Some(at) = of.clone().position(|session| !session.is_gone && session.is_for(&event)) else {
            return;
        };
        self.push(of.len() - 1 - at, event);
    }

    /// Sends an event to all live sessions. Later sessions don't get it, except by a resumption.
    pub(crate) fn broadcast(&mut self, event: &FakeEvent) {
        let meant = |at: &usize| !self.sessions[*at].is_gone && self.sessions[*at].is_for(event);
        for at in (0..self.sessions.len()).filter(meant).collect::<Vec<_>>() {
            self.push(at, event.clone());
        }
    }

    /// Sends an event to a session, with its next sequence number.
    pub(super) fn push(&mut self, session: usize, event: FakeEvent) {
        let session = &mut self.sessions[session];
        session.sequence += 1;
        let frame = session.frame(session.sequence, &event);
        let (connection, interaction) = (session.connection, event.interaction);
        session.events.push((session.sequence, event));
        self.command(connection, ConnectionCommand::Send(frame, interaction));
    }

    pub(crate) fn ops(&self, op: u64) -> Vec<ClientOp> {
        let all = self.connections.iter().flat_map(|connection| &connection.ops);
        all.filter(|sent| sent.op == op).cloned().collect()
    }

    pub(crate) fn identifies(&self) -> Vec<ClientOp> {
        self.ops(IDENTIFY)
    }

    /// Lists the history, one line per event, for a failed test.
    pub(crate) fn describe(&self) -> Vec<String> {
        let of = |(at, connection): (usize, &ClientConnection)| {
            let ops = connection.ops.iter().map(move |sent| format!("{at}: op {} {}", sent.op, sent.data));
            let first = format!("{at}: {}?{} {:?}", connection.path, connection.query, connection.closed);
            std::iter::once(first).chain(ops).collect::<Vec<_>>()
        };
        self.connections.iter().enumerate().flat_map(of).collect()
    }
}
