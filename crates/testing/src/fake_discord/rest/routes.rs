//! The REST routes and their effects.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::messages::{EPHEMERAL, number};
use super::super::samples::{self, BOT, MODERATOR, OTHER_USER, TOKEN};
use super::super::state::FakeState;
use super::{RecordedRequest, RouteOutcome};

/// Carries a request out.
pub(super) fn apply(state: &mut FakeState, gateway: SocketAddr, request: &RecordedRequest) -> RouteOutcome {
    let parts = request.parts();
    if needs_token(&parts) && request.authorization.as_deref() != Some(&format!("Bot {TOKEN}")) {
        return RouteOutcome::error(401, 0);
    }
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["gateway"]) => RouteOutcome::ok(json!({ "url": format!("ws://{gateway}") })),
        ("GET", ["gateway", "bot"]) => RouteOutcome::ok(gateway_bot(state, gateway)),
        ("GET", ["oauth2", "applications", "@me"]) => RouteOutcome::ok(samples::application()),
        ("GET", ["users", "@me"]) => RouteOutcome::ok(samples::user(BOT)),
        ("POST", ["users", "@me", "channels"]) => open_direct(state, number(&request.body["recipient_id"])),
        ("POST", ["interactions", id, token, "callback"]) => {
            let with_response = request.query.contains("with_response=true");
            state.receive_callback(id.parse().unwrap_or_default(), token, &request.body, with_response)
        }
        (method, ["webhooks", _, token, rest @ ..]) => webhook(state, method, token, rest, &request.body),
        (method, ["applications", _, "commands", rest @ ..]) => commands(state, method, rest, &request.body),
        (method, ["channels", id, rest @ ..]) => {
            channel(state, method, id.parse().unwrap_or_default(), rest, request)
        }
        ("GET", ["guilds", id, rest @ ..]) => guild(state, id.parse().unwrap_or_default(), rest),
        _ => unknown(state, request),
    }
}

/// Returns whether only the bot itself may use a route.
pub(crate) fn needs_token(parts: &[&str]) -> bool {
    !matches!(parts, ["gateway"] | ["interactions", _, _, "callback"] | ["webhooks", _, _, ..])
}

fn unknown(state: &mut FakeState, request: &RecordedRequest) -> RouteOutcome {
    state.violation(format!("no such route: {} {}", request.method, request.path));
    RouteOutcome::error(404, 0)
}

fn gateway_bot(state: &FakeState, gateway: SocketAddr) -> Value {
    let used = u64::try_from(state.gateway.identifies().len()).unwrap_or(1_000);
    json!({
        "url": format!("ws://{gateway}"), "shards": 1,
        "session_start_limit": {
            "total": 1_000, "remaining": 1_000_u64.saturating_sub(used), "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    })
}

fn open_direct(state: &mut FakeState, user: u64) -> RouteOutcome {
    let channel = state.direct_channel(user);
    RouteOutcome::ok(samples::direct_channel(channel, user))
}

fn webhook(state: &mut FakeState, method: &str, token: &str, rest: &[&str], body: &Value) -> RouteOutcome {
    match (method, rest) {
        ("POST", []) => state.follow_up(token, body),
        ("PATCH", ["messages", which]) => state.edit_answer(token, which, body),
        ("DELETE", ["messages", which]) => state.delete_answer(token, which),
        _ => RouteOutcome::error(404, 10015),
    }
}

fn commands(state: &mut FakeState, method: &str, rest: &[&str], body: &Value) -> RouteOutcome {
    let list = || body.as_array().cloned().unwrap_or_default();
    match (method, rest) {
        ("GET", []) => RouteOutcome::ok(state.commands.list().into()),
        ("PUT", []) => {
            let ids: Vec<u64> = list().iter().map(|_| state.next_id()).collect();
            let mut ids = ids.into_iter();
            RouteOutcome::ok(state.commands.replace(&list(), || ids.next().unwrap_or_default()))
        }
        _ => RouteOutcome::error(404, 10063),
    }
}

fn channel(
    state: &mut FakeState,
    method: &str,
    id: u64,
    rest: &[&str],
    request: &RecordedRequest,
) -> RouteOutcome {
    let Some(object) = state.channel_object(id) else { return RouteOutcome::error(404, 10003) };
    let is_new_message = matches!((method, rest), ("POST", ["messages"]));
    if let Some((status, code)) = state.refusal(id, is_new_message, &request.body) {
        return RouteOutcome::error(status, code);
    }
    match (method, rest) {
        ("GET", []) => RouteOutcome::ok(object),
        ("POST", ["typing"]) => RouteOutcome::empty(),
        ("GET", ["messages"]) if !state.may_read_history(id) => RouteOutcome::ok(json!([])),
        ("GET", ["messages"]) => page(state.messages.visible(id), &request.query),
        ("POST", ["messages"]) => RouteOutcome::ok(state.send(id, &request.body)),
        _ => unknown(state, request),
    }
}

/// Returns messages of a channel, newest first: the newest of all, the newest before one, or those after one.
fn page(mut messages: Vec<Value>, query: &str) -> RouteOutcome {
    messages.retain(|message| message["flags"].as_u64().is_none_or(|flags| flags & EPHEMERAL == 0));
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.parse::<u64>().ok());
    let limit = value("limit=").unwrap_or(50);
    let (before, after) = (value("before="), value("after="));
    if !(1..=100).contains(&limit) || (before.is_some() && after.is_some()) || query.contains("around=") {
        return RouteOutcome::error(400, 50035);
    }
    let limit = usize::try_from(limit).expect("at most 100");
    messages.retain(|message| before.is_none_or(|before| number(&message["id"]) < before));
    if let Some(after) = after {
        messages.retain(|message| number(&message["id"]) > after);
        messages.truncate(limit);
    } else {
        messages.drain(..messages.len().saturating_sub(limit));
    }
    messages.reverse();
    RouteOutcome::ok(messages.into())
}

fn guild(state: &FakeState, id: u64, rest: &[&str]) -> RouteOutcome {
    if !state.guilds().contains_key(&id) {
        return RouteOutcome::error(404, 10004);
    }
    match rest {
        [] => RouteOutcome::ok(state.permissions.guild(id)),
        ["members", user] => {
            let user = user.parse().unwrap_or(BOT);
            let roles: &[u64] = if user == OTHER_USER { &[MODERATOR] } else { &[] };
            RouteOutcome::ok(samples::member(user, roles))
        }
        _ => RouteOutcome::error(404, 0),
    }
}
