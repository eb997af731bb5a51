//! Splits a source text into its front matter, as names and values, and the text after it.
//!
//! Knows the syntaxes of front matter, not the meaning of its names. Front matter that does not parse gives an
//! error and no names.

mod fence;
pub mod field_map;
mod typed_syntaxes;
mod unfenced_header;
mod yaml;

use std::fmt;

use thiserror::Error;

use fence::{Fenced, Syntax};
use field_map::Fields;

/// Longest front matter, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most names in front matter, those of inner maps included.
pub const MAX_KEYS: usize = 1_000;
/// Deepest nesting of lists and maps in front matter.
pub const MAX_DEPTH: usize = 16;

/// A source text, split.
#[derive(Debug, Clone, PartialEq)]
pub struct Split<'a> {
    /// What the front matter holds; empty where there is none.
    pub fields: Fields,
    /// The text after the front matter; all of it where there is none.
    pub body: &'a str,
    /// The line of the source at which the body begins, from 1.
    pub body_line: u32,
    /// Why `fields` is empty, or that the closing fence is missing.
    pub fault: Option<Fault>,
}

/// What is wrong with front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the source, from 1.
    pub line: u32,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What can be wrong with front matter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaultKind {
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
    TooMany,
    /// Deeper than [`MAX_DEPTH`].
    #[error("the front matter is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

impl FaultKind {
    /// Whether the file is refused for it, because reading on would take memory and time without bound.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::TooLong | Self::TooMany | Self::TooDeep)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// Splits a source text. If its front matter does not parse, the split has no fields, and the error says why.
///
/// # Errors
/// The limits of this module: [`FaultKind::is_refusal`] is true for each of these faults.
pub fn split(source: &str) -> Result<Split<'_>, Fault> {
    let (fields, body, fault) = match fence::find(source)? {
        Some(fenced) => parse_fenced(&fenced)?,
        None => unfenced_header::parse_unfenced_header(source)?.unwrap_or((Fields::default(), source, None)),
    };
    let before = source.len().saturating_sub(body.len());
    let in_line = before > 0 && source.as_bytes().get(before - 1) != Some(&b'\n');
    let body_line = fence::line_at(source, before) + u32::from(in_line);
    Ok(Split { fields, body, body_line, fault })
}

/// Names and values, the text after them, and what may be missing.
type Read<'a> = (Fields, &'a str, Option<Fault>);

fn parse_fenced<'a>(fenced: &Fenced<'a>) -> Result<Read<'a>, Fault> {
    let &Fenced { syntax, head, head_line, body, .. } = fenced;
    if head.len() > MAX_BYTES {
        return Err(Fault { line: head_line, kind: FaultKind::TooLong });
    }
    let (fields, fault) = parse(syntax, head, head_line)?;
    Ok((fields, body, fenced.open.clone().or(fault)))
}

/// The fields of front matter that begins at the line `first_line`; none, with the error, if it does not parse.
fn parse(syntax: Syntax, head: &str, first_line: u32) -> Result<(Fields, Option<Fault>), Fault> {
    let fields = match syntax {
        Syntax::Yaml => yaml::parse_yaml(head),
        Syntax::Toml => typed_syntaxes::parse_toml(head),
        Syntax::Json => typed_syntaxes::parse_json(head),
    };
    match fields.map_err(|Fault { line, kind }| Fault { line: first_line + line.saturating_sub(1), kind }) {
        Ok(fields) => Ok((fields, None)),
        Err(fault) if fault.kind.is_refusal() => Err(fault),
        Err(fault) => Ok((Fields::default(), Some(fault))),
    }
}

/// What a parser says without the line and column at which it says it: the fault has the line, that of the file.
fn without_place(said: &str) -> &str {
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
    fn value(&mut self) -> Result<(), Fault> {
        self.values += 1;
        // Items of lists are cheap next to maps; a list of tags may be long.
        if self.values > 8 * MAX_KEYS { Err(too(FaultKind::TooMany)) } else { Ok(()) }
    }

    /// Before a map of so many names.
    fn map(&mut self, names: usize) -> Result<(), Fault> {
        self.values += 8 * names;
        if self.values > 8 * MAX_KEYS { Err(too(FaultKind::TooMany)) } else { Ok(()) }
    }

    /// Around what stands in a list or map.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(too(FaultKind::TooDeep));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }
}

fn too(kind: FaultKind) -> Fault {
    Fault { line: 1, kind }
}

#[cfg(test)]
mod tests;
