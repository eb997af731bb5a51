//! Parses YAML, TOML and JSON front matter into fields, within the limits of the parent module.

use super::{
    FieldMap, FieldValue, FrontMatterError, FrontMatterErrorKind, Limits, MAX_BYTES, MAX_DEPTH, MAX_KEYS,
    boundaries::{FencedHeader, HeaderSyntax, lines_with_offsets},
    line_number_at,
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_saphyr::{
    Error, Options,
    granit_parser::ErrorKind,
    localizer::ExternalMessageSource,
    options::{DuplicateKeyPolicy, NonFiniteFloatPolicy},
};
use std::borrow::Cow;
use std::fmt;
use takeaways_text::invisible::clean_line;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Parses a YAML document.
pub(super) fn parse_yaml(header: &str) -> Result<FieldMap, FrontMatterError> {
    parse_strict_yaml(header).or_else(|error| {
        if error.kind.is_fatal() {
            return Err(error);
        }
        let indented = indent_quoted_lines(header).and_then(|indented| parse_strict_yaml(&indented).ok());
        indented.ok_or_else(|| open_quote_error(header).unwrap_or(error))
    })
}

/// The error of a value whose quotation mark is not closed before the next field begins. The parser reads on and stops
/// at a later line, which has no error.
fn open_quote_error(header: &str) -> Option<FrontMatterError> {
    let mut lines = (1..).zip(header.lines()).peekable();
    while let Some((line, text)) = lines.next() {
        let is_last_of_value = lines.peek().is_none_or(|(_, next)| is_field(next));
        if is_last_of_value && opened_quote(text).is_some() {
            let detail = "a quotation mark is not closed".to_owned();
            return Some(FrontMatterError {
                line,
                kind: FrontMatterErrorKind::Invalid { syntax: "YAML", detail },
            });
        }
    }
    None
}

/// Whether a line begins a field: a name of one word without an indent, and a colon.
fn is_field(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn parse_strict_yaml(header: &str) -> Result<FieldMap, FrontMatterError> {
    let node: serde_saphyr::Spanned<YamlNode> =
        serde_saphyr::from_str_with_options(header, parser_options()).map_err(|error| yaml_error(&error))?;
    match yaml_value(node, header, &mut Limits::default())? {
        FieldValue::Map(fields) => Ok(fields),
        FieldValue::Null => Ok(FieldMap::default()),
        _ => Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotFields }),
    }
}

/// The limits on anchors and aliases allow what people write by hand.
fn parser_options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_anchors: 100,
            max_aliases: 200,
            max_recorded_anchor_events: 10_000,
            max_merge_keys: 100,
            max_documents: 2,
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 10 * MAX_KEYS,
            max_replay_stack_depth: 8,
        },
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        strict_booleans: true,
        ignore_binary_tag_for_string: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

fn yaml_error(error: &Error) -> FrontMatterError {
    let mut inner = error.without_snippet();
    // An error inside an alias wraps the error that counts.
    while let Error::AliasError { error, .. } = inner {
        inner = error.without_snippet();
    }
    let line = inner.location().map_or(1, |at| u32::try_from(at.line()).unwrap_or(1)).max(1);
    let kind = match inner {
        Error::Budget { breach, .. } => match breach {
            serde_saphyr::budget::BudgetBreach::Depth { .. } => FrontMatterErrorKind::TooDeep,
            _ => FrontMatterErrorKind::TooManyNames,
        },
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => FrontMatterErrorKind::TooManyNames,
        Error::ExternalMessage { source, .. } if is_recursion_error(source) => FrontMatterErrorKind::TooDeep,
        other => {
            let text = other.to_string();
            let first = text.lines().next().unwrap_or_default();
            FrontMatterErrorKind::Invalid { syntax: "YAML", detail: clean_line(without_position(first), 120) }
        }
    };
    FrontMatterError { line, kind }
}

/// Whether the parser stopped at its own limit of nesting, before its budget was checked.
fn is_recursion_error(source: &ExternalMessageSource) -> bool {
    matches!(source, ExternalMessageSource::Parser(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded))
}

/// A node as the parser returns it. Names stay as they were written, also `null`. [`yaml_value`] takes numbers from the
/// source instead.
enum YamlNode {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<serde_saphyr::Spanned<YamlNode>>),
    Map(Vec<(String, serde_saphyr::Spanned<YamlNode>)>),
}

fn yaml_value(
    node: serde_saphyr::Spanned<YamlNode>,
    source: &str,
    limits: &mut Limits,
) -> Result<FieldValue, FrontMatterError> {
    limits.add_values(1)?;
    let span = node.defined.span();
    let convert = |item, limits: &mut Limits| yaml_value(item, source, limits);
    Ok(match node.value {
        YamlNode::Null => FieldValue::Null,
        YamlNode::Bool(value) => FieldValue::Bool(value),
        YamlNode::Text(text) => FieldValue::Text(text),
        YamlNode::Number(number) => FieldValue::Number(source_slice(source, span).unwrap_or(number)),
        YamlNode::List(items) => limits.convert_list(items, convert)?,
        YamlNode::Map(pairs) => FieldValue::Map(limits.convert_map(pairs.into_iter(), convert)?),
    })
}

fn source_slice(source: &str, span: serde_saphyr::Span) -> Option<String> {
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let len = usize::try_from(span.byte_len()?).ok()?;
    let text = source.get(start..start.checked_add(len)?)?.trim();
    (!text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlNodeVisitor)
    }
}

struct YamlNodeVisitor;

impl<'de> Visitor<'de> for YamlNodeVisitor {
    type Value = YamlNode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<YamlNode, E> {
        Ok(YamlNode::Null)
    }

    fn visit_none<E>(self) -> Result<YamlNode, E> {
        Ok(YamlNode::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<YamlNode, E> {
        Ok(YamlNode::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<YamlNode, E> {
        Ok(YamlNode::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<YamlNode, E> {
        Ok(YamlNode::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<YamlNode, E> {
        Ok(YamlNode::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<YamlNode, E> {
        Ok(YamlNode::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<YamlNode, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(YamlNode::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<YamlNode, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(YamlNode::Map(pairs))
    }
}

/// Indents the lines of quoted text that continue at the start of a line. YAML demands the indentation, but the
/// parsers of most site generators don't. Returns `None` if there is no such line, or if a quote never ends.
fn indent_quoted_lines(header: &str) -> Option<String> {
    let mut out = String::with_capacity(header.len() + 64);
    let mut open_quote: Option<char> = None;
    let mut changed = false;
    for line in header.split_inclusive('\n') {
        match open_quote {
            Some(quote) => {
                if !line.starts_with([' ', '\t', '\n', '\r']) {
                    out.push(' ');
                    changed = true;
                }
                if closes_quote(line, quote) {
                    open_quote = None;
                }
            }
            None => open_quote = opened_quote(line),
        }
        out.push_str(line);
    }
    (changed && open_quote.is_none()).then_some(out)
}

/// Returns the quote that the value of a line opens and does not close.
fn opened_quote(line: &str) -> Option<char> {
    let (_, value) = line.split_once(": ").or_else(|| line.trim_start().split_once("- "))?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (!closes_quote(value.get(1..)?, quote)).then_some(quote)
}

/// Whether a line closes a quote. A doubled `'` and a `"` after a backslash are part of the text.
fn closes_quote(line: &str, quote: char) -> bool {
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\\' if quote == '"' => drop(letters.next()),
            _ if c == quote && quote == '\'' && letters.peek() == Some(&'\'') => drop(letters.next()),
            _ if c == quote => return true,
            _ => {}
        }
    }
    false
}

/// Finds a JSON object with names and values at the start of a text.
pub(super) fn find_json_header(text: &str) -> Result<Option<FencedHeader<'_>>, FrontMatterError> {
    let inner = text.get(1..).unwrap_or_default().trim_start();
    if !inner.starts_with(['"', '}']) {
        return Ok(None);
    }
    let cut = text.floor_char_boundary(MAX_BYTES + 1);
    let mut stream =
        serde_json::Deserializer::from_str(text.get(..cut).unwrap_or_default()).into_iter::<Json>();
    let end = match stream.next() {
        Some(Ok(_)) => stream.byte_offset(),
        Some(Err(error)) if error.is_eof() && cut < text.len() => {
            return Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::TooLong });
        }
        Some(Err(error)) if is_json_recursion_error(&error) => {
            return Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::TooDeep });
        }
        Some(Err(error)) => match closing_brace(text) {
            Some(end) => end,
            None => return Ok(Some(broken_header(text, &error))),
        },
        None => return Ok(None),
    };
    let Some((header, rest)) = text.split_at_checked(end) else { return Ok(None) };
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    if rest.get(..line_end).is_some_and(|line| !line.trim().is_empty()) {
        return Ok(None);
    }
    let body = rest.get(line_end..).unwrap_or_default();
    Ok(Some(FencedHeader { syntax: HeaderSyntax::Json, header, header_line: 1, body, error: None }))
}

/// Returns front matter that does not parse and has no visible end. It ends at the first blank line.
fn broken_header<'a>(text: &'a str, error: &serde_json::Error) -> FencedHeader<'a> {
    let blank = lines_with_offsets(text).find(|(_, line)| line.trim().is_empty());
    let end = blank.map_or(text.len(), |(start, _)| start);
    let (header, body) = text.split_at_checked(end).unwrap_or((text, ""));
    let error = Some(json_error(error));
    FencedHeader { syntax: HeaderSyntax::Json, header, header_line: 1, body, error }
}

/// The parser marks its own limit of nesting only by its message.
fn is_json_recursion_error(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

/// Returns the offset after the first line that is a closing brace.
fn closing_brace(text: &str) -> Option<usize> {
    lines_with_offsets(text).find(|(_, line)| line.trim_end() == "}").map(|(start, _)| start + 1)
}

/// Parses a JSON object. Hexo omits the braces.
pub(super) fn parse_json(header: &str) -> Result<FieldMap, FrontMatterError> {
    let has_braces = header.trim().starts_with('{');
    let header = if has_braces { Cow::Borrowed(header) } else { Cow::Owned(format!("{{{header}}}")) };
    match serde_json::from_str(&header) {
        Ok(Json::Object(object)) => Limits::default().convert_map(object.iter(), json_value),
        Ok(_) => Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotFields }),
        Err(error) => Err(json_error(&error)),
    }
}

/// Removes the line and column from the message of a parser: [`FrontMatterError::line`] has the line of the file.
fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(detail, _)| detail)
}

fn json_error(error: &serde_json::Error) -> FrontMatterError {
    let line = u32::try_from(error.line()).unwrap_or(1).max(1);
    if is_json_recursion_error(error) {
        return FrontMatterError { line, kind: FrontMatterErrorKind::TooDeep };
    }
    let detail = without_position(&error.to_string()).to_owned();
    FrontMatterError { line, kind: FrontMatterErrorKind::Invalid { syntax: "JSON", detail } }
}

fn json_value(json: &Json, limits: &mut Limits) -> Result<FieldValue, FrontMatterError> {
    limits.add_values(1)?;
    Ok(match json {
        Json::Null => FieldValue::Null,
        Json::Bool(value) => FieldValue::Bool(*value),
        Json::Number(number) => FieldValue::Number(number.to_string()),
        Json::String(text) => FieldValue::Text(text.clone()),
        Json::Array(items) => limits.convert_list(items, json_value)?,
        Json::Object(object) => FieldValue::Map(limits.convert_map(object.iter(), json_value)?),
    })
}

/// Parses a TOML document.
pub(super) fn parse_toml(header: &str) -> Result<FieldMap, FrontMatterError> {
    match DeTable::parse(header) {
        Ok(table) => Limits::default().convert_map(toml_pairs(table.get_ref()), toml_value),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let line = line_number_at(header, at);
            let detail = clean_line(error.message(), 120);
            // The parser marks its own limit of nesting only by its message.
            let kind = if detail.contains("recursion depth") {
                FrontMatterErrorKind::TooDeep
            } else {
                FrontMatterErrorKind::Invalid { syntax: "TOML", detail }
            };
            Err(FrontMatterError { line, kind })
        }
    }
}

fn toml_value(item: &Spanned<DeValue<'_>>, limits: &mut Limits) -> Result<FieldValue, FrontMatterError> {
    limits.add_values(1)?;
    Ok(match item.get_ref() {
        DeValue::String(text) => FieldValue::Text(text.clone().into_owned()),
        DeValue::Integer(number) => FieldValue::Number(number.to_string()),
        DeValue::Float(number) => FieldValue::Number(number.to_string()),
        DeValue::Boolean(value) => FieldValue::Bool(*value),
        DeValue::Datetime(time) => FieldValue::Date(time.to_string()),
        DeValue::Array(items) => limits.convert_list(items.iter(), toml_value)?,
        DeValue::Table(table) => FieldValue::Map(limits.convert_map(toml_pairs(table), toml_value)?),
    })
}

fn toml_pairs<'a, 't>(
    table: &'a DeTable<'t>,
) -> impl ExactSizeIterator<Item = (&'a str, &'a Spanned<DeValue<'t>>)> {
    table.iter().map(|(name, item)| (name.get_ref().as_ref(), item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_are_indented() {
        for (header, out) in [
            ("a: \"b\nc\"\nd: e\n", Some("a: \"b\n c\"\nd: e\n")),
            ("a: 'it''s\n\n# b\n  c'\nd: e", Some("a: 'it''s\n\n # b\n  c'\nd: e")),
            ("a: \"b \\\" \nc\"", Some("a: \"b \\\" \n c\"")),
            ("- 'b\nc'\n", Some("- 'b\n c'\n")),
            ("a: 'b'\nc: d\n", None),
            ("a: \"b\n  c\"\n", None),
            ("a: \"b\nc: d\n", None),
            ("a: it's\nb: c\n", None),
        ] {
            assert_eq!(indent_quoted_lines(header).as_deref(), out, "{header:?}");
        }
    }
}
