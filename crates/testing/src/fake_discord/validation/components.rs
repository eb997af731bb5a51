//! The limits of buttons and menus.

use std::collections::BTreeSet;

use serde_json::Value;

use super::limits::{at_most, between, count, list};

pub(super) fn violations(rows: &[Value]) -> Vec<String> {
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
