//! Splits a source text into its front matter, as names and values, and the text after it.
//!
//! Knows the syntaxes of front matter, not the meaning of its names. Front matter that does not parse gives an
//! error and no names.
//!
//! What front matter holds, whichever way it was written: nothing after this file knows YAML, TOML or JSON.

mod boundaries;
mod syntaxes;

use boundaries::{FencedHeader, HeaderSyntax};
use std::{collections::HashMap, fmt};
use thiserror::Error;

/// Longest front matter, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most names in front matter, those of inner maps included.
pub const MAX_KEYS: usize = 1_000;
/// Deepest nesting of lists and maps in front matter.
pub const MAX_DEPTH: usize = 16;

/// A source text, split.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitSource<'a> {
    /// What the front matter holds; empty where there is none.
    pub fields: FieldMap,
    /// The text after the front matter; all of it where there is none.
    pub body: &'a str,
    /// The line of the source at which the body begins, from 1.
    pub body_line: u32,
    /// Why `fields` is empty, or that the closing fence is missing.
    pub error: Option<FrontMatterError>,
}

/// What is wrong with front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatterError {
    /// The line of the source, from 1.
    pub line: u32,
    /// What is wrong.
    pub kind: FrontMatterErrorKind,
}

/// What can be wrong with front matter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrontMatterErrorKind {
    /// It does not parse.
    #[error("the front matter is not valid {syntax}: {detail}")]
    Invalid {
        /// YAML, TOML or JSON.
        syntax: &'static str,
        /// What the parser says.
        detail: String,
    },
    /// It parses, but is a list or a single text.
    #[error("the front matter is not a list of names with values")]
    NotFields,
    /// The fence that ends it is missing.
    #[error("the front matter is not closed by a line `{fence}`")]
    NotClosed {
        /// The missing line.
        fence: String,
    },
    /// Longer than [`MAX_BYTES`].
    #[error("the front matter is longer than {} KiB", MAX_BYTES / 1024)]
    TooLong,
    /// More names than [`MAX_KEYS`], or aliases that expand to more than that.
    #[error("the front matter has more than {MAX_KEYS} names, or aliases that stand for more")]
    TooManyNames,
    /// Deeper than [`MAX_DEPTH`].
    #[error("the front matter is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

impl FrontMatterErrorKind {
    /// Whether the file is refused for it, because reading on would take memory and time without bound.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::TooLong | Self::TooManyNames | Self::TooDeep)
    }
}

impl fmt::Display for FrontMatterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// Splits a source text. If its front matter does not parse, the split has no fields, and the error says why.
///
/// # Errors
/// The limits of this module: [`FrontMatterErrorKind::is_fatal`] is true for each of these faults.
pub fn split_front_matter(source: &str) -> Result<SplitSource<'_>, FrontMatterError> {
    let (fields, body, fault) = match boundaries::find_fenced(source)? {
        Some(fenced) => parse_fenced(&fenced)?,
        None => boundaries::parse_unfenced_header(source)?.unwrap_or((FieldMap::default(), source, None)),
    };
    let before = source.len().saturating_sub(body.len());
    let in_line = before > 0 && source.as_bytes().get(before - 1) != Some(&b'\n');
    let body_line = boundaries::line_number_at(source, before) + u32::from(in_line);
    Ok(SplitSource { fields, body, body_line, error: fault })
}

/// Names and values, the text after them, and what may be missing.
type HeaderAndBody<'a> = (FieldMap, &'a str, Option<FrontMatterError>);

fn parse_fenced<'a>(fenced: &FencedHeader<'a>) -> Result<HeaderAndBody<'a>, FrontMatterError> {
    let &FencedHeader { syntax, header: head, header_line: head_line, body, .. } = fenced;
    if head.len() > MAX_BYTES {
        return Err(FrontMatterError { line: head_line, kind: FrontMatterErrorKind::TooLong });
    }
    let (fields, fault) = parse(syntax, head, head_line)?;
    Ok((fields, body, fenced.error.clone().or(fault)))
}

/// The fields of front matter that begins at the line `first_line`; none, with the error, if it does not parse.
fn parse(
    syntax: HeaderSyntax,
    head: &str,
    first_line: u32,
) -> Result<(FieldMap, Option<FrontMatterError>), FrontMatterError> {
    let fields = match syntax {
        HeaderSyntax::Yaml => syntaxes::parse_yaml(head),
        HeaderSyntax::Toml => syntaxes::parse_toml(head),
        HeaderSyntax::Json => syntaxes::parse_json(head),
    };
    match fields.map_err(|FrontMatterError { line, kind }| FrontMatterError {
        line: first_line + line.saturating_sub(1),
        kind,
    }) {
        Ok(fields) => Ok((fields, None)),
        Err(fault) if fault.kind.is_fatal() => Err(fault),
        Err(fault) => Ok((FieldMap::default(), Some(fault))),
    }
}

/// What a parser says without the line and column at which it says it: the fault has the line, that of the file.
fn without_position(said: &str) -> &str {
    said.rsplit_once(" at line ").map_or(said, |(what, _)| what)
}

/// Counts what front matter holds, and refuses what exceeds the limits.
struct Limits {
    values: usize,
    depth: usize,
}

impl Limits {
    fn new() -> Self {
        Self { values: 0, depth: 0 }
    }

    /// Before a name or an item of a list.
    fn value(&mut self) -> Result<(), FrontMatterError> {
        self.values += 1;
        // Items of lists are cheap next to maps; a list of tags may be long.
        if self.values > 8 * MAX_KEYS { Err(limit_error(FrontMatterErrorKind::TooManyNames)) } else { Ok(()) }
    }

    /// Before a map of so many names.
    fn map(&mut self, names: usize) -> Result<(), FrontMatterError> {
        self.values += 8 * names;
        if self.values > 8 * MAX_KEYS { Err(limit_error(FrontMatterErrorKind::TooManyNames)) } else { Ok(()) }
    }

    /// Around what stands in a list or map.
    fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, FrontMatterError>,
    ) -> Result<T, FrontMatterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(limit_error(FrontMatterErrorKind::TooDeep));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }
}

fn limit_error(kind: FrontMatterErrorKind) -> FrontMatterError {
    FrontMatterError { line: 1, kind }
}

#[cfg(test)]
mod tests;

/// A value of front matter. Scalars stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Nothing: `author:` with nothing behind it.
    Null,
    /// `true` or `false`, not in quotes.
    Bool(bool),
    /// A number as written: `1.10` stays `1.10`.
    Number(String),
    /// A date or time of TOML, as written.
    Date(String),
    /// Any other text.
    Text(String),
    /// A list.
    List(Vec<FieldValue>),
    /// Names and values.
    Map(FieldMap),
}

/// Names and values. A name is found whatever its case and whether its words are joined by `_`, `-` or nothing:
/// `publishDate`, `publish_date` and `Publish-Date` are one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap(Vec<(String, FieldValue)>);

impl FieldMap {
    /// Adds a value. Of two values under one name the later is found.
    pub fn push(&mut self, name: &str, value: FieldValue) {
        self.0.push((normalized_name(name).collect(), value));
    }

    /// The value under a name; with dots, the value in a map in a map: `params.author`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        let mut parts = name.split('.');
        let mut value = self.get_direct(parts.next()?)?;
        for part in parts {
            value = value.as_map()?.get_direct(part)?;
        }
        Some(value)
    }

    /// The values that are there and not empty under any of `names`, in the order of `names`.
    pub fn non_empty_values<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a FieldValue> {
        names.iter().filter_map(|name| self.get(name)).filter(|value| !value.is_empty())
    }

    /// The first text under any of `names`, in the order of `names`.
    #[must_use]
    pub fn first_text(&self, names: &[&str]) -> Option<&str> {
        names.iter().filter_map(|name| self.get(name)).find_map(FieldValue::as_text)
    }

    /// Every name (folded) and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names (folded) that stand more than once, with values that differ: only the last of these is found.
    pub fn repeated_names(&self) -> impl Iterator<Item = &str> {
        let mut last: HashMap<&str, &FieldValue> = HashMap::new();
        self.iter().filter_map(move |(name, value)| {
            last.insert(name, value).filter(|before| *before != value).map(|_| name)
        })
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get_direct(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().rev().find(|(own, _)| own.chars().eq(normalized_name(name))).map(|(_, value)| value)
    }
}

impl<'a> Extend<(&'a str, FieldValue)> for FieldMap {
    fn extend<T: IntoIterator<Item = (&'a str, FieldValue)>>(&mut self, fields: T) {
        fields.into_iter().for_each(|(name, value)| self.push(name, value));
    }
}

impl FieldValue {
    /// A scalar as written, without white space around it; `None` for an empty one, a list or a map.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Number(text) | Self::Date(text) | Self::Text(text) => {
                Some(text.trim()).filter(|t| !t.is_empty())
            }
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Yes or no: a boolean, or the words for it.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }

    /// The items of a list, or the value itself.
    #[must_use]
    pub fn items(&self) -> &[FieldValue] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// The names and values of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&FieldMap> {
        match self {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether it says nothing: null, blank, or a list or map of nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
            scalar => scalar.as_text().is_none(),
        }
    }
}

fn normalized_name(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod field_map_tests {
    use super::*;

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    #[test]
    fn a_name_is_found_however_it_is_spelled() {
        let mut fields = FieldMap::default();
        fields.push("publishDate", text("a"));
        for name in ["publishDate", "publish_date", "Publish-Date", "PUBLISHDATE"] {
            assert_eq!(fields.first_text(&[name]), Some("a"), "{name}");
        }
        assert_eq!(fields.first_text(&["date"]), None);
    }

    #[test]
    fn the_later_of_two_values_and_maps_in_maps() {
        let mut inner = FieldMap::default();
        inner.push("author", text(" jane "));
        let mut fields = FieldMap::default();
        fields.push("title", text("first"));
        fields.push("Title", text("second"));
        fields.push("params", FieldValue::Map(inner));
        assert_eq!(fields.first_text(&["title"]), Some("second"));
        assert_eq!(fields.first_text(&["author", "params.author"]), Some("jane"));
        assert_eq!(fields.first_text(&["title.author", "params.author.name"]), None);
    }

    #[test]
    fn names_that_stand_twice() {
        let mut fields = FieldMap::default();
        for (name, value) in [("title", "a"), ("Date", "b"), ("tags", "c"), ("date", "b"), ("Title", "d")] {
            fields.push(name, text(value));
        }
        assert_eq!(fields.repeated_names().collect::<Vec<_>>(), ["title"]);
    }

    #[test]
    fn yes_and_no_in_words() {
        for (value, yes) in [
            (FieldValue::Bool(true), Some(true)),
            (text("False"), Some(false)),
            (text("off"), Some(false)),
            (text("maybe"), None),
            (FieldValue::Null, None),
            (FieldValue::Number("1".to_owned()), Some(true)),
        ] {
            assert_eq!(value.as_bool(), yes, "{value:?}");
        }
    }
}
