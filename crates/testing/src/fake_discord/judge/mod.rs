//! Holds each request against the rules: who sends it, Discord's schema, the documented limits, and that it pings
//! nobody.

mod commands;
mod components;
mod limits;
mod schema;

use serde_json::Value;

use super::objects::TOKEN;
use super::rest::{Recorded, needs_token};

/// What is wrong with a request.
pub(super) fn faults(request: &Recorded) -> Vec<String> {
    let parts = request.parts();
    let mut faults = from_whom(request, &parts);
    faults.extend(schema::faults(&request.method, &request.path, &request.body));
    if let Some(message) = message_of(request, &parts) {
        faults.extend(limits::message(message, request.method == "POST"));
    }
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["interactions", _, _, "callback"]) => faults.extend(limits::callback(&request.body)),
        ("PUT" | "POST", ["applications", .., "commands"]) => faults.extend(commands::faults(&request.body)),
        _ => {}
    }
    let named = |fault| format!("{} {}: {fault}", request.method, shown(&parts));
    faults.into_iter().map(named).collect()
}

/// A path without the token of an interaction, which is a secret in real life.
fn shown(parts: &[&str]) -> String {
    let hide = |(at, part): (usize, &&str)| {
        let secret = at == 2 && matches!(parts[0], "interactions" | "webhooks");
        if secret { "/…".to_owned() } else { format!("/{part}") }
    };
    parts.iter().enumerate().map(hide).collect()
}

fn from_whom(request: &Recorded, parts: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let said = request.authorization.as_deref();
    if needs_token(parts) && said != Some(&format!("Bot {TOKEN}")) {
        faults.push(format!("no authorization: {said:?}"));
    }
    let agent = request.user_agent.as_deref().unwrap_or_default();
    if !agent.starts_with("DiscordBot (") {
        faults.push(format!("the user agent is {agent:?}, not that of a bot"));
    }
    let kind = request.content_type.as_deref().unwrap_or_default();
    if !request.body.is_null() && !kind.starts_with("application/json") && !kind.starts_with("multipart/") {
        faults.push(format!("a body of type {kind:?}"));
    }
    faults
}

/// The part of a body that becomes a message; of a deferral, nothing does.
fn message_of<'a>(request: &'a Recorded, parts: &[&str]) -> Option<&'a Value> {
    match (request.method.as_str(), parts) {
        ("POST", ["interactions", _, _, "callback"]) => {
            matches!(request.body["type"].as_u64(), Some(4 | 7)).then(|| &request.body["data"])
        }
        ("POST", ["webhooks", _, _] | ["channels", _, "messages"])
        | ("PATCH", ["webhooks", _, _, "messages", _] | ["channels", _, "messages", _]) => {
            Some(&request.body)
        }
        _ => None,
    }
}

/// Whether Discord's description is at hand, to judge by.
pub(super) fn is_described() -> bool {
    schema::is_at_hand()
}
