//! Reads JSON front matter that does not parse, name by name, as far as it goes: commas may be missing or too
//! many, brackets open, values without quotes.

use super::json::value_of;
use super::{Fault, FaultKind, MAX_KEYS};
use crate::value::{Fields, Value};

/// What the outermost names of `head` hold, at most [`MAX_KEYS`] of them.
pub(super) fn read(head: &str) -> Result<Fields, Fault> {
    let mut members = Members::default();
    for (number, line) in (1..).zip(head.lines()) {
        members.line(line);
        if members.done.len() > MAX_KEYS {
            return Err(Fault { line: number, kind: FaultKind::TooMany });
        }
    }
    members.end();
    let mut fields = Fields::default();
    for (name, said) in members.done.iter().filter_map(|member| split(member)) {
        fields.push(name, value(said));
    }
    Ok(fields)
}

/// The members of the outermost object, cut apart.
#[derive(Default)]
struct Members {
    done: Vec<String>,
    open: String,
    /// How far the line is indented in which the open member began.
    indent: usize,
    /// The brackets that are open within it, the innermost last.
    brackets: Vec<char>,
}

impl Members {
    fn line(&mut self, line: &str) {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        // A bracket that nobody closed ends where the next name stands; where no line is indented, a name within
        // braces may be one of a map.
        let is_list = self.brackets.last() == Some(&'[');
        let is_outer = indent <= self.indent && (is_list || indent > 0);
        if !self.brackets.is_empty() && is_outer && split(text).is_some() {
            self.end();
        }
        if self.open.is_empty() {
            self.indent = indent;
        }
        let (mut quoted, mut escaped) = (false, false);
        for c in text.chars() {
            match c {
                _ if quoted => {}
                '{' if self.open.is_empty() => continue, // the outermost one
                '{' | '[' => self.brackets.push(c),
                '}' | ']' if self.brackets.pop().is_none() => continue,
                ',' if self.brackets.is_empty() => {
                    self.end();
                    continue;
                }
                _ if c.is_whitespace() && self.open.is_empty() => continue,
                _ => {}
            }
            quoted ^= c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            self.open.push(c);
        }
        if self.brackets.is_empty() && !self.open.trim_end().ends_with(':') {
            self.end();
        } else {
            self.open.push('\n');
        }
    }

    fn end(&mut self) {
        self.brackets.clear();
        let member = std::mem::take(&mut self.open);
        if !member.trim().is_empty() {
            self.done.push(member);
        }
    }
}

/// A name and what stands behind the colon.
fn split(member: &str) -> Option<(&str, &str)> {
    let (name, said) = match member.strip_prefix('"') {
        Some(rest) => {
            rest.split_once('"').and_then(|(name, rest)| Some((name, rest.trim_start().strip_prefix(':')?)))
        }
        None => member.split_once(':'),
    }?;
    let is_name = |c: char| c.is_alphanumeric() || "_-. $@".contains(c);
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, said.trim()))
}

/// The value where it is one, else its words.
fn value(said: &str) -> Value {
    if let Some(value) = value_of(said) {
        return value;
    }
    let words = said.trim_matches(['"', '\'', '[', ']', '{', '}', ',', ' ', '\n']);
    if said.starts_with('{') || words.is_empty() {
        return Value::Null;
    }
    if said.starts_with('[') {
        let items = words.split([',', '\n']).map(|item| item.trim().trim_matches(['"', '\'']));
        let items = items.filter(|item| !item.is_empty());
        return Value::List(items.map(|item| Value::Text(item.to_owned())).collect());
    }
    Value::Text(words.to_owned())
}
