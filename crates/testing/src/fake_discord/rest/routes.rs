//! What each route does.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::super::messages::{EPHEMERAL, is_by, number};
use super::super::objects::{self, BOT, MODERATOR, OTHER_USER, TOKEN};
use super::super::state::State;
use super::{Outcome, Recorded};

/// Lets a request have its effect.
pub(super) fn apply(state: &mut State, gateway: SocketAddr, request: &Recorded) -> Outcome {
    let parts = request.parts();
    if needs_token(&parts) && request.authorization.as_deref() != Some(&format!("Bot {TOKEN}")) {
        return Outcome::error(401, 0);
    }
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["gateway"]) => Outcome::ok(json!({ "url": format!("ws://{gateway}") })),
        ("GET", ["gateway", "bot"]) => Outcome::ok(gateway_bot(state, gateway)),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => {
            Outcome::ok(objects::application())
        }
        ("GET", ["users", "@me"]) => Outcome::ok(objects::user(BOT)),
        ("POST", ["users", "@me", "channels"]) => open_direct(state, number(&request.body["recipient_id"])),
        ("POST", ["interactions", id, token, "callback"]) => {
            let with_response = request.query.contains("with_response=true");
            state.called_back(id.parse().unwrap_or_default(), token, &request.body, with_response)
        }
        (method, ["webhooks", _, token, rest @ ..]) => webhook(state, method, token, rest, &request.body),
        (method, ["applications", _, "commands", rest @ ..]) => {
            commands(state, method, None, rest, &request.body)
        }
        (method, ["applications", _, "guilds", guild, "commands", rest @ ..]) => {
            commands(state, method, guild.parse().ok(), rest, &request.body)
        }
        (method, ["channels", id, rest @ ..]) => {
            channel(state, method, id.parse().unwrap_or_default(), rest, request)
        }
        ("GET", ["guilds", id, rest @ ..]) => guild(state, id.parse().unwrap_or_default(), rest),
        _ => unknown(state, request),
    }
}

/// Whether a route is only for the bot itself.
pub fn needs_token(parts: &[&str]) -> bool {
    !matches!(parts, ["gateway"] | ["interactions", _, _, "callback"] | ["webhooks", _, _, ..])
}

fn unknown(state: &mut State, request: &Recorded) -> Outcome {
    state.violation(format!("no such route: {} {}", request.method, request.path));
    Outcome::error(404, 0)
}

fn gateway_bot(state: &State, gateway: SocketAddr) -> Value {
    let used = u64::try_from(state.gateway.identifies().len()).unwrap_or(1_000);
    json!({
        "url": format!("ws://{gateway}"), "shards": 1,
        "session_start_limit": {
            "total": 1_000, "remaining": 1_000_u64.saturating_sub(used), "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    })
}

fn open_direct(state: &mut State, user: u64) -> Outcome {
    let channel = state.direct_channel(user);
    Outcome::ok(objects::direct_channel(channel, user))
}

fn webhook(state: &mut State, method: &str, token: &str, rest: &[&str], body: &Value) -> Outcome {
    match (method, rest) {
        ("POST", []) => state.follow_up(token, body),
        ("PATCH", ["messages", which]) => state.edit_answer(token, which, body),
        ("GET", ["messages", which]) => state.get_answer(token, which),
        ("DELETE", ["messages", which]) => state.delete_answer(token, which),
        _ => Outcome::error(404, 10015),
    }
}

fn commands(state: &mut State, method: &str, guild: Option<u64>, rest: &[&str], body: &Value) -> Outcome {
    let list = || body.as_array().cloned().unwrap_or_default();
    match (method, rest) {
        ("GET", []) => Outcome::ok(state.commands.list(guild).into()),
        ("PUT", []) => {
            let ids: Vec<u64> = list().iter().map(|_| state.id()).collect();
            let mut ids = ids.into_iter();
            Outcome::ok(state.commands.replace(guild, &list(), || ids.next().unwrap_or_default()))
        }
        ("POST", []) => {
            let id = state.id();
            let (is_new, command) = state.commands.add(guild, body, id);
            Outcome { status: if is_new { 201 } else { 200 }, body: command }
        }
        ("DELETE", [id]) if state.commands.remove(guild, id) => Outcome::empty(),
        _ => Outcome::error(404, 10063),
    }
}

fn channel(state: &mut State, method: &str, id: u64, rest: &[&str], request: &Recorded) -> Outcome {
    let Some(object) = state.channel_object(id) else { return Outcome::error(404, 10003) };
    let is_new_message = matches!((method, rest), ("POST", ["messages"]));
    if let Some((status, code)) = state.refusal(id, is_new_message, &request.body) {
        return Outcome::error(status, code);
    }
    match (method, rest) {
        ("GET", []) => Outcome::ok(object),
        ("POST", ["typing"]) => Outcome::empty(),
        ("GET", ["messages"]) if !state.may_read_history(id) => Outcome::ok(json!([])),
        ("GET", ["messages"]) => page(state.messages.visible(id), &request.query),
        ("POST", ["messages"]) => Outcome::ok(state.send(id, &request.body)),
        (_, ["messages", message]) => {
            message_of(state, method, message.parse().unwrap_or_default(), &request.body)
        }
        _ => unknown(state, request),
    }
}

fn message_of(state: &mut State, method: &str, id: u64, body: &Value) -> Outcome {
    let Some(message) = state.messages.get(id).cloned() else { return Outcome::error(404, 10008) };
    match method {
        "PATCH" if !is_by(&message, BOT) => Outcome::error(403, 50005),
        "PATCH" => state.edit(id, body).map_or_else(|| Outcome::error(404, 10008), Outcome::ok),
        "DELETE" => {
            state.messages.delete(id);
            Outcome::empty()
        }
        _ => Outcome::ok(message),
    }
}

/// Messages of a channel, the newest first: the newest of all, the newest before one, or those that follow one.
fn page(mut messages: Vec<Value>, query: &str) -> Outcome {
    messages.retain(|message| message["flags"].as_u64().is_none_or(|flags| flags & EPHEMERAL == 0));
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.parse::<u64>().ok());
    let limit = value("limit=").unwrap_or(50);
    let (before, after) = (value("before="), value("after="));
    if !(1..=100).contains(&limit) || (before.is_some() && after.is_some()) || query.contains("around=") {
        return Outcome::error(400, 50035);
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
    Outcome::ok(messages.into())
}

fn guild(state: &State, id: u64, rest: &[&str]) -> Outcome {
    let guilds = state.guilds();
    let Some(channels) = guilds.get(&id) else { return Outcome::error(404, 10004) };
    match rest {
        [] => Outcome::ok(state.world.guild(id)),
        ["roles"] => Outcome::ok(state.world.roles(id)),
        ["channels"] => {
            Outcome::ok(channels.iter().map(|channel| state.world.channel(*channel, id)).collect())
        }
        ["members", user] => {
            let user = user.parse().unwrap_or(BOT);
            let roles: &[u64] = if user == OTHER_USER { &[MODERATOR] } else { &[] };
            Outcome::ok(objects::member(user, roles))
        }
        _ => Outcome::error(404, 0),
    }
}
