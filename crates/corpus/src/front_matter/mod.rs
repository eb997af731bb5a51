//! Splits a source text into its front matter, as names and values, and the text after it.
//!
//! This module knows the syntaxes of front matter, not the meaning of its names. No other module knows YAML, TOML
//! or JSON. Front matter that does not parse gives an error and no names.

mod boundaries;
mod syntaxes;

use boundaries::{FencedHeader, HeaderSyntax};
use std::collections::HashMap;
use thiserror::Error;

/// Maximum length of front matter, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Maximum number of names in front matter, including those of nested maps.
pub const MAX_KEYS: usize = 1_000;
/// Maximum depth of nested lists and maps in front matter.
pub const MAX_DEPTH: usize = 16;

/// A source text, split into front matter and body.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitSource<'a> {
    /// The fields of the front matter; empty if there is none.
    pub fields: FieldMap,
    /// The text after the front matter; the whole source if there is none.
    pub body: &'a str,
    /// The line of the source, from 1, at which the body begins.
    pub body_line: u32,
    /// Why `fields` is empty, or a note that the closing fence is missing.
    pub error: Option<FrontMatterError>,
}

/// An error of front matter and its line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct FrontMatterError {
    /// The line of the source, from 1.
    pub line: u32,
    /// The kind of error.
    pub kind: FrontMatterErrorKind,
}

/// The kinds of errors of front matter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrontMatterErrorKind {
    /// It does not parse.
    #[error("the front matter is not valid {syntax}: {detail}")]
    Invalid {
        /// YAML, TOML or JSON.
        syntax: &'static str,
        /// The message of the parser.
        detail: String,
    },
    /// It parses, but is a list or a scalar.
    #[error("the front matter does not consist of names and values")]
    NotFields,
    /// The closing fence is missing.
    #[error("the front matter is not closed by a line `{fence}`")]
    NotClosed {
        /// The missing line.
        fence: String,
    },
    /// It is longer than [`MAX_BYTES`].
    #[error("the front matter is longer than {} KiB", MAX_BYTES / 1024)]
    TooLong,
    /// It has more names than [`MAX_KEYS`], or aliases that expand to more.
    #[error("the front matter has more than {MAX_KEYS} names, counting aliases")]
    TooManyNames,
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("the front matter is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

impl FrontMatterErrorKind {
    /// Whether the file is not accepted, because reading on could take unbounded memory and time.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::TooLong | Self::TooManyNames | Self::TooDeep)
    }
}

/// Splits a source text. If its front matter does not parse, the result has no fields, and its error says why.
///
/// # Errors
/// The front matter exceeds a limit of this module. [`FrontMatterErrorKind::is_fatal`] is true for these errors.
pub fn split_front_matter(source: &str) -> Result<SplitSource<'_>, FrontMatterError> {
    let (fields, body, error) = match boundaries::find_fenced(source)? {
        Some(fenced) => parse_fenced(&fenced)?,
        None => boundaries::parse_unfenced_header(source)?.unwrap_or((FieldMap::default(), source, None)),
    };
    let header_len = source.len().saturating_sub(body.len());
    let lacks_line_end = header_len > 0 && source.as_bytes().get(header_len - 1) != Some(&b'\n');
    let body_line = line_number_at(source, header_len) + u32::from(lacks_line_end);
    Ok(SplitSource { fields, body, body_line, error })
}

/// The fields, the text after them, and an error that is not fatal.
type HeaderAndBody<'a> = (FieldMap, &'a str, Option<FrontMatterError>);

fn parse_fenced<'a>(fenced: &FencedHeader<'a>) -> Result<HeaderAndBody<'a>, FrontMatterError> {
    let &FencedHeader { syntax, header, header_line: line, body, .. } = fenced;
    if header.len() > MAX_BYTES {
        return Err(FrontMatterError { line, kind: FrontMatterErrorKind::TooLong });
    }
    let (fields, error) = parse(syntax, header, line)?;
    Ok((fields, body, fenced.error.clone().or(error)))
}

/// Parses front matter that begins at the line `first_line`. Returns no fields and the error if it does not parse.
fn parse(
    syntax: HeaderSyntax,
    header: &str,
    first_line: u32,
) -> Result<(FieldMap, Option<FrontMatterError>), FrontMatterError> {
    let fields = match syntax {
        HeaderSyntax::Yaml => syntaxes::parse_yaml(header),
        HeaderSyntax::Toml => syntaxes::parse_toml(header),
        HeaderSyntax::Json => syntaxes::parse_json(header),
    };
    match fields.map_err(|FrontMatterError { line, kind }| FrontMatterError {
        line: first_line + line.saturating_sub(1),
        kind,
    }) {
        Ok(fields) => Ok((fields, None)),
        Err(error) if error.kind.is_fatal() => Err(error),
        Err(error) => Ok((FieldMap::default(), Some(error))),
    }
}

/// Returns the number, from 1, of the line at an offset of a source.
pub(crate) fn line_number_at(source: &str, at: usize) -> u32 {
    let line_ends = source.bytes().take(at).filter(|byte| *byte == b'\n').count();
    u32::try_from(line_ends).unwrap_or(u32::MAX - 1).saturating_add(1)
}

/// Counts the values and the depth of front matter, and fails when they exceed the limits.
#[derive(Default)]
struct Limits {
    /// A name counts as eight, because an item of a list is cheaper and a list of tags may be long.
    values: usize,
    depth: usize,
}

impl Limits {
    fn add_values(&mut self, number: usize) -> Result<(), FrontMatterError> {
        self.values += number;
        if self.values > 8 * MAX_KEYS { Err(limit_error(FrontMatterErrorKind::TooManyNames)) } else { Ok(()) }
    }

    /// Converts the items of a list with `convert`. Recursion is as deep as the limit of depth allows.
    fn convert_list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        convert: impl Fn(T, &mut Self) -> Result<FieldValue, FrontMatterError>,
    ) -> Result<FieldValue, FrontMatterError> {
        self.nested(|limits| items.into_iter().map(|item| convert(item, limits)).collect())
            .map(FieldValue::List)
    }

    /// Converts the values of a map with `convert`. Recursion is as deep as the limit of depth allows.
    fn convert_map<N: AsRef<str>, T>(
        &mut self,
        pairs: impl ExactSizeIterator<Item = (N, T)>,
        convert: impl Fn(T, &mut Self) -> Result<FieldValue, FrontMatterError>,
    ) -> Result<FieldMap, FrontMatterError> {
        self.add_values(8 * pairs.len())?;
        self.nested(|limits| {
            let mut fields = FieldMap::default();
            for (name, value) in pairs {
                fields.push(name.as_ref(), convert(value, limits)?);
            }
            Ok(fields)
        })
    }

    /// Runs `convert` one level deeper.
    fn nested<T>(
        &mut self,
        convert: impl FnOnce(&mut Self) -> Result<T, FrontMatterError>,
    ) -> Result<T, FrontMatterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(limit_error(FrontMatterErrorKind::TooDeep));
        }
        let result = convert(self);
        self.depth -= 1;
        result
    }
}

fn limit_error(kind: FrontMatterErrorKind) -> FrontMatterError {
    FrontMatterError { line: 1, kind }
}

/// A value of front matter. Scalars stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// No value, as in `author:`.
    Null,
    /// `true` or `false`, without quotes.
    Bool(bool),
    /// A number as it was written: `1.10` stays `1.10`.
    Number(String),
    /// A date or time of TOML, as it was written.
    Date(String),
    /// Any other text.
    Text(String),
    /// A list.
    List(Vec<FieldValue>),
    /// Names and values.
    Map(FieldMap),
}

/// Names and values. Case, `_`, `-` and spaces in a name make no difference: `publishDate`, `publish_date` and
/// `Publish-Date` are the same name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap(Vec<(String, FieldValue)>);

impl FieldMap {
    /// Adds a value. It hides an earlier value of the same name.
    pub fn push(&mut self, name: &str, value: FieldValue) {
        self.0.push((normalized_name(name).collect(), value));
    }

    /// Returns the value of a name. A name with dots leads into nested maps: `params.author`.
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        let mut parts = name.split('.');
        let mut value = self.get_direct(parts.next()?)?;
        for part in parts {
            value = value.as_map()?.get_direct(part)?;
        }
        Some(value)
    }

    /// The values of any of `names` that are not empty, in the order of `names`.
    pub fn non_empty_values<'s>(&'s self, names: &[&str]) -> impl Iterator<Item = &'s FieldValue> {
        names.iter().filter_map(|name| self.get(name)).filter(|value| !value.is_empty())
    }

    /// The texts of any of `names`, in the order of `names`.
    pub fn texts<'s>(&'s self, names: &[&str]) -> impl Iterator<Item = &'s str> {
        self.non_empty_values(names).filter_map(FieldValue::as_text)
    }

    /// Returns the text of the first of `names` that has one.
    pub fn first_text(&self, names: &[&str]) -> Option<&str> {
        self.texts(names).next()
    }

    /// All names (folded) and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names (folded) that occur more than once with different values. Only the last value is found.
    pub(crate) fn repeated_names(&self) -> impl Iterator<Item = &str> {
        let mut last: HashMap<&str, &FieldValue> = HashMap::new();
        self.iter().filter_map(move |(name, value)| {
            last.insert(name, value).filter(|previous| *previous != value).map(|_| name)
        })
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get_direct(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().rev().find(|(known, _)| known.chars().eq(normalized_name(name))).map(|(_, value)| value)
    }
}

impl FieldValue {
    /// Returns a scalar as it was written, trimmed; `None` for an empty scalar, a list or a map.
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

    /// Returns the value of a boolean or of a word for one, such as `yes`.
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }

    /// Returns the items of a list, or the value itself as the only item.
    pub fn items(&self) -> &[FieldValue] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            scalar_or_map => std::slice::from_ref(scalar_or_map),
        }
    }

    /// Returns the fields of a map.
    pub(crate) fn as_map(&self) -> Option<&FieldMap> {
        match self {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether the value is null, blank, or an empty list or map.
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
mod tests;
