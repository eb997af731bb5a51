//! The part of a file that speaks about it: a source text to names and values, and the text after them.
//!
//! Knows the shapes that front matter comes in, not what the names mean.

mod fence;
mod header;
mod indent;
mod json;
mod json_lines;
mod lenient;
mod limits;
mod toml;
mod yaml;

use std::fmt;

use thiserror::Error;

use super::value::Fields;
use fence::{Fenced, Syntax};

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
    /// Why some of the front matter may be missing from `fields`.
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

/// Splits a source text. What looks like front matter but does not parse is read line by line, and the fault says so.
///
/// # Errors
/// The limits of this module: [`FaultKind::is_refusal`] is true for each of these faults.
pub fn split(source: &str) -> Result<Split<'_>, Fault> {
    let (fields, body, fault) = match fence::find(source)? {
        Some(fenced) => read_fenced(&fenced)?,
        None => header::read(source)?.unwrap_or((Fields::default(), source, None)),
    };
    let before = source.len().saturating_sub(body.len());
    let in_line = before > 0 && source.as_bytes().get(before - 1) != Some(&b'\n');
    let body_line = fence::line_at(source, before) + u32::from(in_line);
    Ok(Split { fields, body, body_line, fault })
}

/// Names and values, the text after them, and what may be missing.
type Read<'a> = (Fields, &'a str, Option<Fault>);

fn read_fenced<'a>(fenced: &Fenced<'a>) -> Result<Read<'a>, Fault> {
    let &Fenced { syntax, head, head_line, body, .. } = fenced;
    let open = fenced.open.clone();
    if head.len() > MAX_BYTES {
        return Err(Fault { line: head_line, kind: FaultKind::TooLong });
    }
    let read = match syntax {
        Syntax::Yaml => yaml::read(head),
        Syntax::Toml => toml::read(head),
        Syntax::Json => json::read(head),
    };
    let (fields, fault) = match read {
        Ok(fields) => (fields, open),
        Err(Fault { line, kind }) => {
            let fault = Fault { line: head_line + line.saturating_sub(1), kind };
            if fault.kind.is_refusal() {
                return Err(fault);
            }
            (line_by_line(syntax, head)?, Some(open.unwrap_or(fault)))
        }
    };
    Ok((fields, body, fault))
}

/// What does not parse, as far as it can be read.
fn line_by_line(syntax: Syntax, head: &str) -> Result<Fields, Fault> {
    match syntax {
        Syntax::Json => json_lines::read(head),
        Syntax::Yaml | Syntax::Toml => lenient::read(head),
    }
}

/// What a parser says without the line and column at which it says it: the fault has the line, that of the file.
fn without_place(said: &str) -> &str {
    said.rsplit_once(" at line ").map_or(said, |(what, _)| what)
}

#[cfg(test)]
mod tests;
