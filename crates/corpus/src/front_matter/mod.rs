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

use fence::{FencedHeader, HeaderSyntax};
use field_map::FieldMap;

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
    let (fields, body, fault) = match fence::find_fenced(source)? {
        Some(fenced) => parse_fenced(&fenced)?,
        None => {
            unfenced_header::parse_unfenced_header(source)?.unwrap_or((FieldMap::default(), source, None))
        }
    };
    let before = source.len().saturating_sub(body.len());
    let in_line = before > 0 && source.as_bytes().get(before - 1) != Some(&b'\n');
    let body_line = fence::line_number_at(source, before) + u32::from(in_line);
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
        HeaderSyntax::Yaml => yaml::parse_yaml(head),
        HeaderSyntax::Toml => typed_syntaxes::parse_toml(head),
        HeaderSyntax::Json => typed_syntaxes::parse_json(head),
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
