//! Reads front matter line by line, as far as it goes: `name: value`, lists of items, and lines that go on.

use super::{Fault, FaultKind, MAX_KEYS};
use crate::value::{Fields, Value};

/// Longest name, in characters.
const MAX_NAME: usize = 60;

/// What the lines of `head` name, at most [`MAX_KEYS`] names.
pub(super) fn read(head: &str) -> Result<Fields, Fault> {
    let mut fields = Fields::default();
    let mut open: Option<Open<'_>> = None;
    for (number, line) in (1..).zip(head.lines()) {
        let indented = line.starts_with([' ', '\t']);
        let item = line.trim_start().starts_with("- ") || line.trim() == "-";
        match key(line).filter(|_| !item && (!indented || open.is_none())) {
            Some((name, value)) => {
                close(&mut fields, open.take());
                open = Some(Open { name, value, more: Vec::new() });
            }
            None if indented || item => {
                if let Some(open) = &mut open {
                    open.more.push(line);
                }
            }
            None => {}
        }
        if fields.len() >= MAX_KEYS {
            return Err(Fault { line: number, kind: FaultKind::TooMany });
        }
    }
    close(&mut fields, open);
    Ok(fields)
}

/// A name and what stands behind the colon, where a line has that form (`=` for TOML).
pub(super) fn key(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '='])?;
    let (name, value) = line.split_at_checked(at)?;
    let equals = value.starts_with('=');
    let value = value.get(1..)?;
    if !(equals || value.is_empty() || value.starts_with([' ', '\t', '\r'])) {
        return None;
    }
    let name = name.trim().trim_matches(['"', '\'']);
    let named = name.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_NAME
        && name.split(' ').count() <= 3
        && name.chars().all(|c| c.is_alphanumeric() || "_-. /$@".contains(c));
    named.then_some((name, value.trim()))
}

/// A name whose value may go on in the next lines.
struct Open<'a> {
    name: &'a str,
    value: &'a str,
    more: Vec<&'a str>,
}

fn close(fields: &mut Fields, open: Option<Open<'_>>) {
    let Some(Open { name, value, more }) = open else { return };
    let value = match value {
        "" | "|" | ">" | "|-" | ">-" | "|+" | ">+" => block(&more),
        _ if value.starts_with('[') => list(value),
        _ => Value::Text(unquoted(&joined(value, &more)).to_owned()),
    };
    fields.push(name, value);
}

/// The lines under a name without a value: a list, a map, or a text.
fn block(lines: &[&str]) -> Value {
    let items =
        |line: &&str| line.trim_start().strip_prefix('-').map(|item| Value::Text(unquoted(item).to_owned()));
    if let Some(items) = lines.iter().map(items).collect::<Option<Vec<_>>>().filter(|items| !items.is_empty())
    {
        return Value::List(items);
    }
    if let Some(pairs) =
        lines.iter().map(|line| key(line)).collect::<Option<Vec<_>>>().filter(|p| !p.is_empty())
    {
        let mut map = Fields::default();
        for (name, value) in pairs.into_iter().take(MAX_KEYS) {
            map.push(name, Value::Text(unquoted(value).to_owned()));
        }
        return Value::Map(map);
    }
    match joined("", lines) {
        text if text.is_empty() => Value::Null,
        text => Value::Text(text),
    }
}

fn joined(first: &str, more: &[&str]) -> String {
    let mut text = first.to_owned();
    for line in more {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line.trim());
    }
    text
}

/// `[a, "b"]`, on one line.
fn list(value: &str) -> Value {
    let inner = value.trim_start_matches('[').trim_end().trim_end_matches(']');
    let items = inner.split(',').map(unquoted).filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::Text(item.to_owned())).collect())
}

/// Without the quotes around it; also where only the opening one is there.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner).trim();
        }
    }
    value
}
