//! The limits of registered commands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::limits::{between, count, list, units};

/// Returns the violations of one command, or of a list of all commands.
pub(super) fn violations(body: &Value) -> Vec<String> {
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
        let characters = length(command);
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
fn length(part: &Value) -> usize {
    let own = ["name", "description", "value"].map(|name| part[name].as_str().map_or(0, units));
    let below = list(&part["options"]).iter().chain(list(&part["choices"])).map(length);
    own.into_iter().chain(below).sum()
}
