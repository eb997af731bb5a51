//! The registered commands of the bot; they outlive its process.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::samples::{APPLICATION, text};

/// The commands by guild; `None` has the global ones.
#[derive(Default)]
pub(super) struct Commands(BTreeMap<Option<u64>, Vec<Value>>);

impl Commands {
    pub fn list(&self, guild: Option<u64>) -> Vec<Value> {
        self.0.get(&guild).cloned().unwrap_or_default()
    }

    /// Replaces all commands.
    pub fn replace(&mut self, guild: Option<u64>, bodies: &[Value], mut id: impl FnMut() -> u64) -> Value {
        let old = self.0.remove(&guild).unwrap_or_default();
        let new = bodies.iter().map(|body| stored(body, guild, known(&old, body).unwrap_or_else(&mut id)));
        let new: Vec<Value> = new.collect();
        self.0.insert(guild, new.clone());
        new.into()
    }

    /// Adds a command, or replaces the one of this name. Returns whether it is new.
    pub fn add(&mut self, guild: Option<u64>, body: &Value, id: u64) -> (bool, Value) {
        let all = self.0.entry(guild).or_default();
        let old = known(all, body);
        let command = stored(body, guild, old.unwrap_or(id));
        all.retain(|other| other["id"] != command["id"]);
        all.push(command.clone());
        (old.is_none(), command)
    }

    /// Removes a command. Returns whether it existed.
    pub fn remove(&mut self, guild: Option<u64>, id: &str) -> bool {
        let all = self.0.entry(guild).or_default();
        let before = all.len();
        all.retain(|command| command["id"] != id);
        all.len() < before
    }

    /// Returns the id of the command with this name.
    pub fn id_of(&self, name: &str, guild: Option<u64>) -> Option<Value> {
        let all = self.list(guild).into_iter().chain(self.list(None));
        all.into_iter().find(|command| command["name"] == name).map(|command| command["id"].clone())
    }
}

fn known(all: &[Value], body: &Value) -> Option<u64> {
    let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
    let same = all.iter().find(|old| old["name"] == body["name"] && kind(old) == kind(body))?;
    same["id"].as_str()?.parse().ok()
}

fn stored(body: &Value, guild: Option<u64>, id: u64) -> Value {
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
    if let Some(guild) = guild {
        command["guild_id"] = text(guild);
    }
    command
}
