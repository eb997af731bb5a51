//! The attributes of a document: `:name: value`, and where `{name}` stands for them.

use std::collections::HashMap;

use super::inline;

/// A longer value is cut: nobody writes one, and values may hold values.
const MAX_VALUE: usize = 4_096;

/// How much longer references may make a document, in bytes.
const MAX_EXPANSION: usize = 1 << 20;

/// Attributes that every document has.
const BUILT_IN: [(&str, &str); 26] = [
    ("amp", "&"),
    ("apos", "'"),
    ("asterisk", "*"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("blank", ""),
    ("caret", "^"),
    ("cpp", "C++"),
    ("deg", "°"),
    ("empty", ""),
    ("endsb", "]"),
    ("gt", ">"),
    ("ldquo", "“"),
    ("lsquo", "‘"),
    ("lt", "<"),
    ("nbsp", " "),
    ("plus", "+"),
    ("quot", "\""),
    ("rdquo", "”"),
    ("rsquo", "’"),
    ("sp", " "),
    ("startsb", "["),
    ("tilde", "~"),
    ("two-colons", "::"),
    ("two-semicolons", ";;"),
    ("vbar", "|"),
];

/// What is defined, and what the document says about itself.
#[derive(Debug, Default)]
pub struct Attributes {
    values: HashMap<String, String>,
    /// Attributes of the head, in order, names in lower case.
    pub fields: Vec<(String, String)>,
    /// Whether the last value goes on in the next line.
    open: Option<(String, bool)>,
    expanded: usize,
    /// How many lines of author and revision have been read.
    lines: u8,
}

impl Attributes {
    /// `:name: value`, or `:!name:`.
    pub fn define(&mut self, name: &str, value: &str, in_head: bool) {
        let name = name.to_ascii_lowercase();
        if let Some(name) = name.strip_prefix('!').or_else(|| name.strip_suffix('!')) {
            self.values.remove(name);
            return;
        }
        let goes_on = value.strip_suffix('\\').map(|value| value.trim_end().trim_end_matches(" +"));
        let mut value = self.expand(goes_on.unwrap_or(value).trim());
        truncate(&mut value, MAX_VALUE);
        self.open = goes_on.map(|_| (name.clone(), in_head));
        if in_head {
            self.fields.push((name.clone(), inline::plain(&value)));
        }
        self.values.insert(name, value);
    }

    /// Whether `line` is the rest of a value, and is then read as that.
    pub fn goes_on(&mut self, line: &str) -> bool {
        let Some((name, in_head)) = self.open.take() else { return false };
        let before = self.values.remove(&name).unwrap_or_default();
        if in_head {
            self.fields.pop();
        }
        self.define(&name, &format!("{before} {}", line.trim()), in_head);
        true
    }

    /// Whether an attribute of this name is defined.
    pub fn is_defined(&self, name: &str) -> bool {
        self.values.contains_key(&name.to_ascii_lowercase())
    }

    /// The title that attributes give.
    pub fn title(&self) -> Option<String> {
        let title = ["doctitle", "title"].into_iter().find_map(|name| self.values.get(name));
        title.map(|title| inline::plain(title)).filter(|title| !title.is_empty())
    }

    /// Author and revision: the two lines that may stand below a document's title.
    pub fn head_line(&mut self, line: &str) -> bool {
        if line.starts_with([':', '/', '[', '=', '*', '-', '.', '|']) || self.lines > 1 {
            return false;
        }
        let field = match self.lines {
            0 if is_author(line) => ("author", inline::plain(&without_addresses(line))),
            1 if line.contains(|c: char| c.is_ascii_digit()) => ("revdate", revision_date(line)),
            _ => return false,
        };
        self.lines += 1;
        self.fields.push((field.0.to_owned(), field.1));
        true
    }

    /// The text with what its references stand for; those to nothing are left out.
    pub fn expand(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let Some(name) = name(from) else {
                out.push('{');
                rest = &from[1..];
                continue;
            };
            if let Some(escaped) = out.strip_suffix('\\') {
                out.truncate(escaped.len());
                out.push_str(&from[..name.len() + 2]);
            } else {
                self.push_value(&mut out, name);
            }
            rest = &from[name.len() + 2..];
        }
        out.push_str(rest);
        out
    }

    fn push_value(&mut self, out: &mut String, name: &str) {
        let lower = name.to_ascii_lowercase();
        let built_in = || BUILT_IN.iter().find(|(known, _)| *known == lower).map(|(_, value)| *value);
        let value = self.values.get(&lower).map(String::as_str).or_else(built_in).unwrap_or_default();
        self.expanded += value.len();
        if self.expanded <= MAX_EXPANSION {
            out.push_str(value);
        }
    }
}

/// The name in a reference that `text` begins with.
fn name(text: &str) -> Option<&str> {
    let inside = text.get(1..)?;
    let len = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))?;
    (len > 0 && inside[len..].starts_with('}') && !inside.starts_with('-')).then_some(&inside[..len])
}

/// `Ann Lee <ann@example.org>; Bo Yu`.
fn is_author(line: &str) -> bool {
    let words = without_addresses(line);
    let is_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii());
    line.contains('<') || (words.split_whitespace().count() <= 6 && words.split_whitespace().any(is_name))
}

fn without_addresses(line: &str) -> String {
    let names =
        line.split(';').map(|author| author.split('<').next().unwrap_or_default().trim().replace('_', " "));
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The date in `v1.0, 2024-05-07: remark`.
fn revision_date(line: &str) -> String {
    let starts_with_version = line.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let date = match line.split_once(", ") {
        Some((version, date)) if starts_with_version && !version.contains('-') => date,
        _ => line,
    };
    date.split(": ").next().unwrap_or(date).trim().to_owned()
}

fn truncate(value: &mut String, max: usize) {
    let end = (0..=max.min(value.len())).rev().find(|&at| value.is_char_boundary(at));
    value.truncate(end.unwrap_or(0));
}
