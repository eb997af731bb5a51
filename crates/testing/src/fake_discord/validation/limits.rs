//! The documented limits of messages and callbacks; the schema lacks some. Lengths are in UTF-16 units.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fake_discord::rest::UploadedFile;

/// The most bytes of all files of a message.
const MAX_FILE_BYTES: usize = 10 << 20;

/// Returns the violations of a message. A `new` message must have content.
pub(super) fn message(body: &Value, new: bool) -> Vec<String> {
    let mut faults = pings(&body["allowed_mentions"]);
    at_most(&mut faults, "content", &body["content"], 2_000);
    faults.extend(embeds(list(&body["embeds"])));
    faults.extend(components(list(&body["components"])));
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

/// The violations of buttons and menus.
fn components(rows: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    count(&mut faults, "rows", rows, 5);
    let mut ids = BTreeSet::new();
    for row in rows {
        let items = list(&row["components"]);
        if row["type"] != 1 || items.is_empty() {
            faults.push(format!("no row of components: {row}"));
        }
        let is_menu = |item: &Value| item["type"] != 2;
        count(&mut faults, "components in a row", items, if items.iter().any(is_menu) { 1 } else { 5 });
        for item in items {
            let check = if item["type"] == 2 { button } else { menu };
            check(&mut faults, item);
            if let Some(id) = item["custom_id"].as_str().filter(|id| !ids.insert(*id)) {
                faults.push(format!("the custom_id {id:?} twice in a message"));
            }
        }
    }
    faults
}

fn button(faults: &mut Vec<String>, button: &Value) {
    at_most(faults, "label", &button["label"], 80);
    if button["label"].as_str().is_none_or(str::is_empty) && button["emoji"].is_null() {
        faults.push("a button with nothing on it".into());
    }
    if button["style"] == 5 {
        between(faults, "url", &button["url"], 512);
        if !button["custom_id"].is_null() {
            faults.push("a link with a custom_id".into());
        }
    } else {
        between(faults, "custom_id", &button["custom_id"], 100);
    }
}

fn menu(faults: &mut Vec<String>, menu: &Value) {
    between(faults, "custom_id", &menu["custom_id"], 100);
    at_most(faults, "placeholder", &menu["placeholder"], 150);
    count(faults, "menu options", list(&menu["options"]), 25);
    if menu["type"] == 3 && list(&menu["options"]).is_empty() {
        faults.push("a menu without options".into());
    }
    for option in list(&menu["options"]) {
        between(faults, "option label", &option["label"], 100);
        between(faults, "option value", &option["value"], 100);
        at_most(faults, "option description", &option["description"], 100);
    }
}

/// Returns the violations of the files of a message: it names each of its files, and each name has a file
/// (<https://discord.com/developers/docs/reference#uploading-files>). `is_new` says that it has no files yet.
pub(super) fn files(message: &Value, files: &[UploadedFile], is_new: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let named = list(&message["attachments"]);
    count(&mut faults, "attachments", named, 10);
    for attachment in named {
        at_most(&mut faults, "description of a file", &attachment["description"], 1_024);
        let part = part_of(attachment);
        let file = files.iter().find(|file| file.part == part);
        match file {
            Some(file) => {
                between(&mut faults, "filename", &attachment["filename"], 1_024);
                if attachment["filename"] != file.name.as_str() {
                    faults.push(format!("{part} is {:?}, not {}", file.name, attachment["filename"]));
                }
                if attachment["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
                    faults.push(format!("nobody described {part}"));
                }
            }
            None if is_new => faults.push(format!("{part} is missing")),
            None => {}
        }
    }
    for file in files {
        let is_named = |attachment: &Value| file.part == part_of(attachment);
        if !named.iter().any(is_named) {
            faults.push(format!("the message does not name {:?}", file.part));
        }
        if file.content_type == "image/png" && !file.bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            faults.push(format!("{:?} is no PNG", file.name));
        }
    }
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    if bytes > MAX_FILE_BYTES {
        faults.push(format!("files of {bytes} bytes"));
    }
    faults
}

/// The part of the form that an attachment names.
fn part_of(attachment: &Value) -> String {
    format!("files[{}]", attachment["id"].as_str().unwrap_or_default())
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

/// Returns the violations of one command, or of a list of all commands.
pub(super) fn commands(body: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let all = body.as_array().map_or_else(|| std::slice::from_ref(body), Vec::as_slice);
    let mut names = BTreeSet::new();
    for command in all {
        let kind = command["type"].as_u64().unwrap_or(1);
        if !names.insert((kind, command["name"].as_str())) {
            faults.push(format!("two commands are named {}", command["name"]));
        }
        between(&mut faults, "command name", &command["name"], 32);
        if kind == 1 {
            between(&mut faults, "command description", &command["description"], 100);
            options(&mut faults, list(&command["options"]));
        }
        let characters = command_length(command);
        if characters > 8_000 {
            faults.push(format!("a command of {characters}, more than 8000"));
        }
    }
    let slash = names.iter().filter(|(kind, _)| *kind == 1).count();
    if slash > 100 || names.len() - slash > 30 {
        faults.push(format!("{} commands", names.len()));
    }
    faults
}

fn options(faults: &mut Vec<String>, all: &[Value]) {
    count(faults, "options", all, 25);
    let required: Vec<bool> = all.iter().map(|option| option["required"] == true).collect();
    if !required.is_sorted_by(|first, second| first >= second) {
        faults.push("a required option after one that is not".into());
    }
    for option in all {
        between(faults, "option name", &option["name"], 32);
        between(faults, "option description", &option["description"], 100);
        if option["description"] == "A slash command parameter" {
            faults.push(format!("nobody described the option {}", option["name"]));
        }
        count(faults, "option choices", list(&option["choices"]), 25);
        options(faults, list(&option["options"]));
    }
}

/// Counts the characters of all names, descriptions and values.
fn command_length(part: &Value) -> usize {
    let own = ["name", "description", "value"].map(|name| part[name].as_str().map_or(0, units));
    let below = list(&part["options"]).iter().chain(list(&part["choices"])).map(command_length);
    own.into_iter().chain(below).sum()
}
