//! The protocol of the gateway: reads the clients' frames and replies to them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::samples::{self, BOT, TOKEN, text};
use super::super::state::FakeState;
use super::gateway_state::{FakeEvent, FakeSession};
use super::{ClientOp, ConnectionCommand};

/// The most frames per minute, by the documentation.
const MAX_SENDS: usize = 120;

impl FakeState {
    /// Handles a frame of a client. `url` is the address for a resumption.
    pub(super) fn receive(&mut self, connection: usize, frame: &str, url: &str) {
        let Ok(frame) = serde_json::from_str::<Value>(frame) else {
            self.violation(format!("a frame that is no JSON: {frame}"));
            return self.close(connection, 4002);
        };
        let (op, data) = (frame["op"].as_u64().unwrap_or(u64::MAX), frame["d"].clone());
        let ops = &mut self.gateway.connections[connection].ops;
        ops.push(ClientOp { at: Instant::now(), op, data: data.clone() });
        let recent = |sent: &&ClientOp| sent.at.elapsed() < Duration::from_mins(1);
        if ops.iter().filter(recent).count() > MAX_SENDS {
            self.violation("more than 120 sends a minute");
            return self.close(connection, 4008);
        }
        if matches!(op, 2 | 6) && self.gateway.ignore_sessions > 0 {
            self.gateway.ignore_sessions -= 1;
            return;
        }
        match op {
            1 => self.heartbeat(connection, &data),
            2 => self.identify(connection, &data, url),
            6 => self.resume(connection, &data),
            3 | 4 | 8 => {}
            _ => {
                self.violation(format!("an op that no client sends: {op}"));
                self.close(connection, 4001);
            }
        }
    }

    fn close(&mut self, connection: usize, code: u16) {
        self.gateway.command(connection, ConnectionCommand::Close(code));
    }

    fn send_frame(&self, connection: usize, op: u64, data: &Value) {
        let frame = json!({ "op": op, "d": data, "s": null, "t": null }).to_string();
        self.gateway.command(connection, ConnectionCommand::Send(frame, None));
    }

    fn heartbeat(&mut self, connection: usize, data: &Value) {
        let sessions = &self.gateway.sessions;
        let session = sessions.iter().rev().find(|session| session.connection == connection);
        // A client that resumes keeps the sequence number of its session, even before the reply arrives.
        let known = session.or_else(|| sessions.iter().max_by_key(|session| session.sequence));
        let known = known.map_or(0, |session| session.sequence);
        if data.as_u64().map_or(!data.is_null(), |sequence| sequence > known) {
            self.violation(format!("a heartbeat with {data}, but the sequence is {known}"));
        }
        if self.gateway.acknowledge {
            self.send_frame(connection, 11, &Value::Null);
        }
    }

    fn identify(&mut self, connection: usize, data: &Value, url: &str) {
        if let Some(code) = self.gateway.close_on_identify.pop_front() {
            return self.close(connection, code);
        }
        if data["token"] != TOKEN {
            self.violation("an IDENTIFY with another token");
            return self.close(connection, 4004);
        }
        let Some(intents) = data["intents"].as_u64().filter(|_| data["properties"].is_object()) else {
            self.violation(format!("an IDENTIFY that lacks its intents or properties: {}", names(data)));
            return self.close(connection, 4002);
        };
        if self.gateway.sessions.iter().any(|session| !session.is_gone && session.connection == connection) {
            self.violation("a second IDENTIFY on a connection");
            return self.close(connection, 4005);
        }
        if self.gateway.forbids(intents) {
            return self.close(connection, 4014);
        }
        if let Some(resumable) = self.gateway.refuse_session.pop_front() {
            return self.send_frame(connection, 9, &resumable.into());
        }
        let shard = (data["shard"][0].as_u64().unwrap_or(0), data["shard"][1].as_u64().unwrap_or(1));
        self.start_session(connection, intents, shard, url);
    }

    fn start_session(&mut self, connection: usize, intents: u64, shard: (u64, u64), url: &str) {
        let id = format!("session{:024x}", self.next_id());
        let guilds = self.guilds();
        let mine = |guild: &&u64| (**guild >> 22) % shard.1.max(1) == shard.0;
        let away = guilds.keys().filter(mine).map(|guild| json!({ "id": text(*guild), "unavailable": true }));
        let ready = json!({
            "v": 10, "user": samples::user(BOT), "guilds": away.collect::<Vec<_>>(), "session_id": id,
            "resume_gateway_url": url, "shard": [shard.0, shard.1], "session_type": "normal", "private_channels": [],
            "application": { "id": text(samples::APPLICATION), "flags": 0 }, "user_settings": {}, "_trace": [],
        });
        let session =
            FakeSession { id, intents, shard, sequence: 0, events: Vec::new(), connection, is_gone: false };
        self.gateway.sessions.push(session);
        let at = self.gateway.sessions.len() - 1;
        self.gateway.push(at, FakeEvent::new("READY", ready));
        self.gateway.sessions_started += 1;
        for guild in guilds.keys().filter(|guild| intents & 1 != 0 && mine(guild)) {
            let created = self.guild_created(*guild);
            self.gateway.push(at, FakeEvent::new("GUILD_CREATE", created));
        }
        for event in std::mem::take(&mut self.gateway.pending_events) {
            self.gateway.dispatch(event);
        }
    }

    fn resume(&mut self, connection: usize, data: &Value) {
        let path = self.gateway.connections[connection].path.clone();
        if !path.starts_with("/resume") {
            self.violation(format!("a RESUME at {path}, not at resume_gateway_url"));
        }
        if data["token"] != TOKEN {
            self.violation("a RESUME with another token");
            return self.close(connection, 4004);
        }
        if let Some(resumable) = self.gateway.refuse_session.pop_front() {
            return self.send_frame(connection, 9, &resumable.into());
        }
        let sequence = data["seq"].as_u64().unwrap_or(u64::MAX);
        let sessions = &mut self.gateway.sessions;
        let found = sessions.iter().position(|session| session.id == data["session_id"] && !session.is_gone);
        let Some(at) = found.filter(|at| sequence <= sessions[*at].sequence) else {
            return self.send_frame(connection, 9, &false.into());
        };
        sessions[at].connection = connection;
        let missed = sessions[at].events.iter().filter(|(number, _)| *number > sequence);
        let frames: Vec<_> =
            missed.map(|(number, event)| (sessions[at].frame(*number, event), event.interaction)).collect();
        for (frame, interaction) in frames {
            self.gateway.command(connection, ConnectionCommand::Send(frame, interaction));
        }
        self.gateway.push(at, FakeEvent::new("RESUMED", json!({ "_trace": [] })));
        self.gateway.resumed += 1;
    }

    /// A client that closes with 1000 or 1001 also ends its session.
    pub(super) fn disconnect(&mut self, connection: usize, code: Option<u16>) {
        if matches!(code, Some(1000 | 1001)) {
            let its = self.gateway.sessions.iter_mut().filter(|session| session.connection == connection);
            its.for_each(|session| session.is_gone = true);
        }
    }
}

/// Lists the names of an object's fields without the values, which are secrets.
fn names(data: &Value) -> String {
    data.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}
