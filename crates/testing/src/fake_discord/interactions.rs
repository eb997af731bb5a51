//! The life of an interaction: a first callback in time, then edits and follow-ups while its token is valid.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::messages::{EPHEMERAL, number};
use super::rest::RouteOutcome;
use super::state::FakeState;

const AUTOCOMPLETE: u64 = 4;
/// The code of an installation by the user only.
const FOLLOW_UPS: usize = 5;

pub(super) struct FakeInteraction {
    pub payload: Value,
    /// The time when it was first sent to the client.
    pub sent: Option<Instant>,
    pub callback: Option<InteractionCallback>,
    /// The message `@original`.
    pub original: Option<u64>,
    pub follow_ups: usize,
    /// Whether a deferred answer is missing.
    pub is_reply_due: bool,
    /// Whether a script broke the reply to a callback, or a test expects none; then a second callback is allowed.
    pub is_excused: bool,
}

#[derive(Clone)]
pub(super) struct InteractionCallback {
    pub body: Value,
    pub after: Duration,
}

impl FakeInteraction {
    pub(crate) fn new(payload: Value) -> Self {
        Self {
            payload,
            sent: None,
            callback: None,
            original: None,
            follow_ups: 0,
            is_reply_due: false,
            is_excused: false,
        }
    }

    /// Returns the missing reply at the end of a test, as a violation.
    pub(crate) fn missing_reply(&self) -> Option<String> {
        let id = &self.payload["id"];
        match self {
            _ if self.is_excused || self.sent.is_none() => None,
            Self { callback: None, .. } => Some(format!("interaction {id} was never answered")),
            Self { is_reply_due: true, .. } => Some(format!("interaction {id} was left deferred")),
            _ => None,
        }
    }

    fn age(&self) -> Duration {
        self.sent.map_or(Duration::ZERO, |sent| sent.elapsed())
    }

    fn is_ephemeral(&self) -> bool {
        let flags = self.callback.as_ref().and_then(|callback| callback.body["data"]["flags"].as_u64());
        flags.is_some_and(|flags| flags & EPHEMERAL != 0)
    }
}

impl FakeState {
    /// Starts the time of the interaction when it is first sent to a client.
    pub(crate) fn started(&mut self, id: u64) {
        if let Some(it) = self.interactions.get_mut(&id) {
            it.sent.get_or_insert_with(Instant::now);
        }
    }

    /// `POST /interactions/{id}/{token}/callback`.
    pub(crate) fn receive_callback(
        &mut self,
        id: u64,
        token: &str,
        body: &Value,
        with_response: bool,
    ) -> RouteOutcome {
        let window = self.callback_window;
        let Some(it) =
            self.interactions.get(&id).filter(|it| it.payload["token"] == token && it.sent.is_some())
        else {
            self.violation(format!("a callback for an interaction that was never sent: {id}"));
            return RouteOutcome::error(404, 10062);
        };
        let (age, excused) = (it.age(), it.is_excused);
        if it.callback.is_some() {
            if !excused {
                self.violation(format!("a double callback for {id}: {body}"));
            }
            return RouteOutcome::error(400, 40060);
        }
        if age > window {
            self.violation(format!("late: the callback for {id} came after {age:?}"));
            return RouteOutcome::error(404, 10062);
        }
        let kind = body["type"].as_u64().unwrap_or_default();
        if !fits(it.payload["type"].as_u64().unwrap_or_default(), kind, &it.payload) {
            let text = format!("a callback of type {kind} for an interaction of type {}", it.payload["type"]);
            self.violation(text);
            return RouteOutcome::error(400, 50035);
        }
        let message = self.acknowledge(id, body, kind, age);
        if !with_response {
            return RouteOutcome::empty();
        }
        RouteOutcome::ok(json!({
            "interaction": { "id": id.to_string(), "type": 2, "response_message_id": message["id"] },
            "resource": { "type": kind, "message": message },
        }))
    }

    fn acknowledge(&mut self, id: u64, body: &Value, kind: u64, after: Duration) -> Value {
        let payload = self.interactions[&id].payload.clone();
        let on = number(&payload["message"]["id"]);
        let message = match kind {
            4 => self.send_for(&payload, &body["data"]),
            7 => self.edit(on, &body["data"]).unwrap_or_default(),
            _ => Value::Null,
        };
        if let Some(it) = self.interactions.get_mut(&id) {
            it.callback = Some(InteractionCallback { body: body.clone(), after });
            it.is_reply_due = kind == 5;
            it.original = match kind {
                4 => Some(number(&message["id"])),
                6 | 7 => Some(on),
                _ => None,
            };
        }
        message
    }

    /// Returns the interaction of a valid token, for edits and follow-ups.
    fn with_token(&mut self, token: &str) -> Result<u64, RouteOutcome> {
        let life = self.token_life;
        let found = self.interactions.iter().find(|(_, it)| it.payload["token"] == token);
        let Some((id, it)) = found else {
            self.violation("a follow-up with a token that was never given");
            return Err(RouteOutcome::error(404, 10015));
        };
        let (id, age, called_back) = (*id, it.age(), it.callback.is_some());
        if !called_back {
            self.violation(format!("a follow-up before the callback of {id}"));
            return Err(RouteOutcome::error(404, 10015));
        }
        if age > life {
            self.violation(format!("a follow-up for {id} after {age:?}"));
            return Err(RouteOutcome::error(401, 50027));
        }
        Ok(id)
    }

    /// `PATCH /webhooks/{app}/{token}/messages/{which}`.
    pub(crate) fn edit_answer(&mut self, token: &str, which: &str, body: &Value) -> RouteOutcome {
        let id = match self.with_token(token) {
            Ok(id) => id,
            Err(outcome) => return outcome,
        };
        if which == "@original" && self.interactions[&id].is_reply_due {
            return RouteOutcome::ok(self.send_reply(id, body));
        }
        let message = self.message_id(id, which).and_then(|message| self.edit(message, body));
        message.map_or_else(|| RouteOutcome::error(404, 10008), RouteOutcome::ok)
    }

    /// `POST /webhooks/{app}/{token}`: the first follow-up of a deferral is its answer.
    pub(crate) fn follow_up(&mut self, token: &str, body: &Value) -> RouteOutcome {
        match self.with_token(token) {
            Ok(id) if self.interactions[&id].is_reply_due => RouteOutcome::ok(self.send_reply(id, body)),
            Ok(id) => self.follow(id, body),
            Err(outcome) => outcome,
        }
    }

    fn follow(&mut self, id: u64, body: &Value) -> RouteOutcome {
        let Some(it) = self.interactions.get_mut(&id) else { return RouteOutcome::error(404, 10015) };
        it.follow_ups += 1;
        let payload = it.payload.clone();
        if it.follow_ups > FOLLOW_UPS && payload["authorizing_integration_owners"]["0"].is_null() {
            self.violation(format!(
                "more than {FOLLOW_UPS} follow-ups for {id}, which only the user installed"
            ));
            return RouteOutcome::error(400, 40094);
        }
        RouteOutcome::ok(self.send_for(&payload, body))
    }

    /// `DELETE /webhooks/{app}/{token}/messages/{which}`: deleting a deferred answer also settles it.
    pub(crate) fn delete_answer(&mut self, token: &str, which: &str) -> RouteOutcome {
        let id = match self.with_token(token) {
            Ok(id) => id,
            Err(outcome) => return outcome,
        };
        let message = self.message_id(id, which);
        let was_owed = which == "@original"
            && self.interactions.get_mut(&id).is_some_and(|it| std::mem::take(&mut it.is_reply_due));
        if was_owed || message.is_some_and(|message| self.messages.delete(message)) {
            return RouteOutcome::empty();
        }
        RouteOutcome::error(404, 10008)
    }

    /// Fills a deferred answer. It stays ephemeral or public as the deferral was.
    fn send_reply(&mut self, id: u64, body: &Value) -> Value {
        let it = &self.interactions[&id];
        let (payload, ephemeral) = (it.payload.clone(), it.is_ephemeral());
        let mut message = self.send_for(&payload, body);
        let flags = message["flags"].as_u64().unwrap_or_default() & !EPHEMERAL;
        message["flags"] = (if ephemeral { flags | EPHEMERAL } else { flags }).into();
        self.messages.put(message.clone());
        if let Some(it) = self.interactions.get_mut(&id) {
            it.is_reply_due = false;
            it.original = Some(number(&message["id"]));
        }
        message
    }

    fn message_id(&self, id: u64, which: &str) -> Option<u64> {
        if which == "@original" { self.interactions[&id].original } else { which.parse().ok() }
    }
}

/// Returns whether a callback type is valid for an interaction type.
fn fits(interaction: u64, callback: u64, payload: &Value) -> bool {
    match callback {
        4 | 5 => interaction != AUTOCOMPLETE,
        6 | 7 => interaction == 3 || interaction == 5 && !payload["message"].is_null(),
        8 => interaction == AUTOCOMPLETE,
        9 => interaction == 2 || interaction == 3,
        _ => false,
    }
}
