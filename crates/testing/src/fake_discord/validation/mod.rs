//! Validates requests: the sender, Discord's schema, the documented limits, and that nobody is pinged.

mod limits;
mod schema;

use serde_json::Value;

use super::rest::{RecordedRequest, needs_token};
use super::samples::TOKEN;

/// Returns the violations of a request.
pub(super) fn violations(request: &RecordedRequest) -> Vec<String> {
    let parts = request.parts();
    let mut faults = check_token(request, &parts);
    faults.extend(request.form_faults.iter().cloned());
    faults.extend(schema::violations(&request.method, &request.path, &request.body));
    if let Some(message) = message_body(request, &parts) {
        faults.extend(limits::message(message, request.method == "POST"));
        faults.extend(limits::files(message, &request.files, request.method == "POST"));
    }
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["interactions", _, _, "callback"]) => faults.extend(limits::callback(&request.body)),
        ("PUT" | "POST", ["applications", .., "commands"]) => {
            faults.extend(limits::commands(&request.body));
        }
        _ => {}
    }
    let named = |fault| format!("{} {}: {fault}", request.method, route_text(&parts));
    faults.into_iter().map(named).collect()
}

/// Hides the token of an interaction in a path, since real tokens are secret.
fn route_text(parts: &[&str]) -> String {
    let hide = |(at, part): (usize, &&str)| {
        let secret = at == 2 && matches!(parts[0], "interactions" | "webhooks");
        if secret { "/…".to_owned() } else { format!("/{part}") }
    };
    parts.iter().enumerate().map(hide).collect()
}

fn check_token(request: &RecordedRequest, parts: &[&str]) -> Vec<String> {
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

/// Returns the part of a body that becomes a message; `None` for a deferral.
fn message_body<'a>(request: &'a RecordedRequest, parts: &[&str]) -> Option<&'a Value> {
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
