//! The registered commands of the bot; they outlive its process.

use serde_json::{Value, json};

use super::samples::{APPLICATION, text};

/// The global commands.
#[derive(Default)]
pub(super) struct Commands(Vec<Value>);

impl Commands {
    pub fn list(&self) -> Vec<Value> {
        self.0.clone()
    }

    /// Replaces all commands.
    pub fn replace(&mut self, bodies: &[Value], mut id: impl FnMut() -> u64) -> Value {
        let new = bodies.iter().map(|body| stored(body, known(&self.0, body).unwrap_or_else(&mut id)));
        self.0 = new.collect();
        self.list().into()
    }

    /// Returns the id of the command with this name.
    pub fn id_of(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|command| command["name"] == name).map(|command| command["id"].clone())
    }
}

fn known(all: &[Value], body: &Value) -> Option<u64> {
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    let same = all.iter().find(|old| old["name"] == body["name"] && kind(old) == kind(body))?;
    same["id"].as_str()?.parse().ok()
}

fn stored(body: &Value, id: u64) -> Value {
    let mut command = json!({
        "type": 1, "description": "", "options": [], "default_member_permissions": null, "nsfw": false,
        "dm_permission": true, "integration_types": [0], "contexts": null, "name_localizations": null,
        "description_localizations": null,
    });
    for (name, value) in body.as_object().into_iter().flatten() {
        command[name] = value.clone();
    }
    command["id"] = text(id);
    command["version"] = text(id + 1);
    command["application_id"] = text(APPLICATION);
    command
}
