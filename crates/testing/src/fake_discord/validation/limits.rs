//! The documented limits of messages and callbacks; the schema lacks some. Lengths are in UTF-16 units.

use serde_json::Value;

use super::components;

/// Returns the violations of a message. A `new` message must have content.
pub(super) fn message(body: &Value, new: bool) -> Vec<String> {
    let mut faults = pings(&body["allowed_mentions"]);
    at_most(&mut faults, "content", &body["content"], 2_000);
    faults.extend(embeds(list(&body["embeds"])));
    faults.extend(components::violations(list(&body["components"])));
    let nonce = body["nonce"].as_str().map_or(0, units);
    if nonce > 25 {
        faults.push(format!("a nonce of {nonce}"));
    }
    let shows = |name: &str| !list(&body[name]).is_empty();
    let content = body["content"].as_str().is_some_and(|text| !text.trim().is_empty());
    if new && !content && !["embeds", "components", "attachments", "sticker_ids"].into_iter().any(shows) {
        faults.push("an empty message".into());
    }
    faults
}

/// Every message must say that it pings nobody.
fn pings(allowed: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if allowed["parse"].as_array().is_none_or(|parse| !parse.is_empty()) {
        faults.push(format!("allowed_mentions must have an empty parse: {allowed}"));
    }
    for name in ["users", "roles"] {
        if !list(&allowed[name]).is_empty() {
            faults.push(format!("allowed_mentions.{name} lets somebody be pinged: {allowed}"));
        }
    }
    if allowed["replied_user"] == true {
        faults.push("allowed_mentions.replied_user pings".into());
    }
    faults
}

fn embeds(embeds: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    count(&mut faults, "embeds", embeds, 10);
    let mut all = 0;
    for embed in embeds {
        all += at_most(&mut faults, "embed title", &embed["title"], 256);
        all += at_most(&mut faults, "embed description", &embed["description"], 4_096);
        all += at_most(&mut faults, "embed footer", &embed["footer"]["text"], 2_048);
        all += at_most(&mut faults, "embed author", &embed["author"]["name"], 256);
        count(&mut faults, "embed fields", list(&embed["fields"]), 25);
        for field in list(&embed["fields"]) {
            all += between(&mut faults, "field name", &field["name"], 256);
            all += between(&mut faults, "field value", &field["value"], 1_024);
        }
    }
    if all > 6_000 {
        faults.push(format!("{all} characters over all embeds, more than 6000"));
    }
    faults
}

/// Returns the violations of a callback whose data is not a message.
pub(super) fn callback(body: &Value) -> Vec<String> {
    let (mut faults, data) = (Vec::new(), &body["data"]);
    match body["type"].as_u64() {
        Some(8) => {
            count(&mut faults, "choices", list(&data["choices"]), 25);
            for choice in list(&data["choices"]) {
                between(&mut faults, "choice name", &choice["name"], 100);
                if !choice["value"].is_number() {
                    between(&mut faults, "choice value", &choice["value"], 100);
                }
            }
        }
        Some(9) => {
            between(&mut faults, "modal title", &data["title"], 45);
            between(&mut faults, "modal custom_id", &data["custom_id"], 100);
            count(&mut faults, "modal inputs", list(&data["components"]), 5);
        }
        _ => {}
    }
    faults
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Reports a text that is too long, and returns its length.
pub(super) fn at_most(faults: &mut Vec<String>, name: &str, text: &Value, most: usize) -> usize {
    let length = text.as_str().map_or(0, units);
    if length > most {
        faults.push(format!("{name} of {length}, more than {most}"));
    }
    length
}

/// Reports a text that is too long or empty.
pub(super) fn between(faults: &mut Vec<String>, name: &str, text: &Value, most: usize) -> usize {
    let length = at_most(faults, name, text, most);
    if length == 0 {
        faults.push(format!("{name} is empty"));
    }
    length
}

pub(super) fn count(faults: &mut Vec<String>, name: &str, items: &[Value], most: usize) {
    if items.len() > most {
        faults.push(format!("{} {name}, more than {most}", items.len()));
    }
}
