//! YAML front matter, between `---` lines.
//!
//! JSON and TOML front matter: parsed by their crates, then turned into names and values within the limits.

use super::{
    FieldMap, FieldValue, FrontMatterError, FrontMatterErrorKind, Limits, MAX_BYTES, MAX_DEPTH, MAX_KEYS,
    boundaries::{FencedHeader, HeaderSyntax, line_number_at},
    without_position,
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_saphyr::{
    Error, Options, Spanned,
    granit_parser::ErrorKind,
    localizer::ExternalMessageSource,
    options::{DuplicateKeyPolicy, NonFiniteFloatPolicy},
};
use std::fmt;
use takeaways_text::invisible::clean_line;
use toml::de::{DeTable, DeValue};

/// The names and values of a YAML document.
pub(super) fn parse_yaml(head: &str) -> Result<FieldMap, FrontMatterError> {
    parse_strictly(head).or_else(|fault| match indent_quoted_lines(head) {
        Some(indented) if !fault.kind.is_fatal() => parse_strictly(&indented).map_err(|_| fault),
        _ => Err(fault),
    })
}

fn parse_strictly(head: &str) -> Result<FieldMap, FrontMatterError> {
    let node: Spanned<YamlNode> =
        serde_saphyr::from_str_with_options(head, parser_options()).map_err(|error| yaml_error(&error))?;
    match yaml_value(node, head, &mut Limits::new())? {
        FieldValue::Map(fields) => Ok(fields),
        FieldValue::Null => Ok(FieldMap::default()),
        _ => Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotFields }),
    }
}

/// Anchors and aliases are allowed as far as people use them by hand.
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
    // An error inside an alias says so only around the one that counts.
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

/// Whether the parser itself gave up on nesting, before it came to count what it read.
fn is_recursion_error(source: &ExternalMessageSource) -> bool {
    matches!(source, ExternalMessageSource::Parser(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded))
}

/// A node as the parser gives it. What it takes for a number is read again from the source, as it was written.
enum YamlNode {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Spanned<YamlNode>>),
    Map(Vec<(YamlKey, Spanned<YamlNode>)>),
}

/// Recursion goes as deep as [`Limits`] lets it; the parser's own limit is the same.
fn yaml_value(
    node: Spanned<YamlNode>,
    source: &str,
    limits: &mut Limits,
) -> Result<FieldValue, FrontMatterError> {
    limits.value()?;
    let written = node.defined.span();
    Ok(match node.value {
        YamlNode::Null => FieldValue::Null,
        YamlNode::Bool(yes) => FieldValue::Bool(yes),
        YamlNode::Text(text) => FieldValue::Text(text),
        YamlNode::Number(number) => FieldValue::Number(source_slice(source, written).unwrap_or(number)),
        YamlNode::List(items) => FieldValue::List(limits.inside(|limits| {
            items.into_iter().map(|item| yaml_value(item, source, limits)).collect::<Result<_, _>>()
        })?),
        YamlNode::Map(pairs) => {
            limits.map(pairs.len())?;
            FieldValue::Map(limits.inside(|limits| {
                let mut fields = FieldMap::default();
                for (YamlKey(name), node) in pairs {
                    fields.push(&name, yaml_value(node, source, limits)?);
                }
                Ok(fields)
            })?)
        }
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

    fn visit_bool<E>(self, yes: bool) -> Result<YamlNode, E> {
        Ok(YamlNode::Bool(yes))
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

/// A name; `null` and other scalars are taken as they are written.
struct YamlKey(String);

impl<'de> Deserialize<'de> for YamlKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// Text in quotes that goes on at the start of the next line, indented by one space. YAML wants it so, the parsers of
/// most site generators don't. `None` if there is no such line, or if a quote never ends.
fn indent_quoted_lines(head: &str) -> Option<String> {
    let mut out = String::with_capacity(head.len() + 64);
    let mut open: Option<char> = None;
    let mut changed = false;
    for line in head.split_inclusive('\n') {
        match open {
            Some(quote) => {
                if !line.starts_with([' ', '\t', '\n', '\r']) {
                    out.push(' ');
                    changed = true;
                }
                if closes_quote(line, quote) {
                    open = None;
                }
            }
            None => open = opened_quote(line),
        }
        out.push_str(line);
    }
    (changed && open.is_none()).then_some(out)
}

/// The quote that the value of this line opens and does not end.
fn opened_quote(line: &str) -> Option<char> {
    let (_, value) = line.split_once(": ").or_else(|| line.trim_start().split_once("- "))?;
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (!closes_quote(value.get(1..)?, quote)).then_some(quote)
}

/// Whether a quote ends in this line: a doubled `'` and a `"` behind a backslash are part of the text.
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

/// Braces at the start of a file, where they hold names and values.
pub(super) fn find_json_header(text: &str) -> Result<Option<FencedHeader<'_>>, FrontMatterError> {
    let inner = text.get(1..).unwrap_or_default().trim_start();
    if !inner.starts_with(['"', '}']) {
        return Ok(None);
    }
    let mut cut = text.len().min(MAX_BYTES + 1);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
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
    let (Some(head), Some(rest)) = (text.get(..end), text.get(end..)) else { return Ok(None) };
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    if rest.get(..line_end).is_some_and(|line| !line.trim().is_empty()) {
        return Ok(None);
    }
    let body = rest.get(line_end..).unwrap_or_default();
    Ok(Some(FencedHeader { syntax: HeaderSyntax::Json, header: head, header_line: 1, body, error: None }))
}

/// Front matter that does not parse, and whose end nothing shows: it ends at the first blank line.
fn broken_header<'a>(text: &'a str, error: &serde_json::Error) -> FencedHeader<'a> {
    let blank = super::boundaries::lines_with_offsets(text).find(|(_, line)| line.trim().is_empty());
    let end = blank.map_or(text.len(), |(start, _)| start);
    let (head, body) = text.split_at_checked(end).unwrap_or((text, ""));
    FencedHeader {
        syntax: HeaderSyntax::Json,
        header: head,
        header_line: 1,
        body,
        error: Some(json_error(error)),
    }
}

/// The parser has no other mark for its own limit than its message.
fn is_json_recursion_error(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

/// The end of the first line that is a closing brace.
fn closing_brace(text: &str) -> Option<usize> {
    super::boundaries::lines_with_offsets(text)
        .find(|(_, line)| line.trim_end() == "}")
        .map(|(start, _)| start + 1)
}

/// The names and values of a JSON object; Hexo leaves the braces away.
pub(super) fn parse_json(head: &str) -> Result<FieldMap, FrontMatterError> {
    let trimmed = head.trim();
    let parsed = if trimmed.starts_with('{') {
        serde_json::from_str::<Json>(head)
    } else {
        serde_json::from_str::<Json>(&format!("{{{head}}}"))
    };
    match parsed {
        Ok(Json::Object(object)) => json_fields(&object, &mut Limits::new()),
        Ok(_) => Err(FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotFields }),
        Err(error) => Err(json_error(&error)),
    }
}

fn json_error(error: &serde_json::Error) -> FrontMatterError {
    let line = u32::try_from(error.line()).unwrap_or(1).max(1);
    if is_json_recursion_error(error) {
        return FrontMatterError { line, kind: FrontMatterErrorKind::TooDeep };
    }
    let detail = without_position(&error.to_string()).to_owned();
    FrontMatterError { line, kind: FrontMatterErrorKind::Invalid { syntax: "JSON", detail } }
}

fn json_fields(
    object: &serde_json::Map<String, Json>,
    limits: &mut Limits,
) -> Result<FieldMap, FrontMatterError> {
    limits.map(object.len())?;
    limits.inside(|limits| {
        let mut fields = FieldMap::default();
        for (name, json) in object {
            fields.push(name, json_value(json, limits)?);
        }
        Ok(fields)
    })
}

/// Recursion goes as deep as [`Limits`] lets it.
fn json_value(json: &Json, limits: &mut Limits) -> Result<FieldValue, FrontMatterError> {
    limits.value()?;
    Ok(match json {
        Json::Null => FieldValue::Null,
        Json::Bool(yes) => FieldValue::Bool(*yes),
        Json::Number(number) => FieldValue::Number(number.to_string()),
        Json::String(text) => FieldValue::Text(text.clone()),
        Json::Array(items) => {
            FieldValue::List(limits.inside(|limits| {
                items.iter().map(|item| json_value(item, limits)).collect::<Result<_, _>>()
            })?)
        }
        Json::Object(object) => FieldValue::Map(json_fields(object, limits)?),
    })
}

/// The names and values of a TOML document.
pub(super) fn parse_toml(head: &str) -> Result<FieldMap, FrontMatterError> {
    match DeTable::parse(head) {
        Ok(table) => toml_fields(table.get_ref(), &mut Limits::new()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let line = line_number_at(head, at);
            let detail = clean_line(error.message(), 120);
            // The parser has no other mark for its own limit than its message.
            let deep = detail.contains("recursion depth");
            let kind = if deep {
                FrontMatterErrorKind::TooDeep
            } else {
                FrontMatterErrorKind::Invalid { syntax: "TOML", detail }
            };
            Err(FrontMatterError { line, kind })
        }
    }
}

fn toml_fields(table: &DeTable<'_>, limits: &mut Limits) -> Result<FieldMap, FrontMatterError> {
    limits.map(table.len())?;
    limits.inside(|limits| {
        let mut fields = FieldMap::default();
        for (name, item) in table {
            fields.push(name.get_ref(), toml_value(item.get_ref(), limits)?);
        }
        Ok(fields)
    })
}

/// Recursion goes as deep as [`Limits`] lets it.
fn toml_value(item: &DeValue<'_>, limits: &mut Limits) -> Result<FieldValue, FrontMatterError> {
    limits.value()?;
    Ok(match item {
        DeValue::String(text) => FieldValue::Text(text.clone().into_owned()),
        DeValue::Integer(number) => FieldValue::Number(number.to_string()),
        DeValue::Float(number) => FieldValue::Number(number.to_string()),
        DeValue::Boolean(yes) => FieldValue::Bool(*yes),
        DeValue::Datetime(time) => FieldValue::Date(time.to_string()),
        DeValue::Array(items) => FieldValue::List(limits.inside(|limits| {
            items.iter().map(|item| toml_value(item.get_ref(), limits)).collect::<Result<_, _>>()
        })?),
        DeValue::Table(table) => FieldValue::Map(toml_fields(table, limits)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_are_indented() {
        for (head, out) in [
            ("a: \"b\nc\"\nd: e\n", Some("a: \"b\n c\"\nd: e\n")),
            ("a: 'it''s\n\n# b\n  c'\nd: e", Some("a: 'it''s\n\n # b\n  c'\nd: e")),
            ("a: \"b \\\" \nc\"", Some("a: \"b \\\" \n c\"")),
            ("- 'b\nc'\n", Some("- 'b\n c'\n")),
            ("a: 'b'\nc: d\n", None),
            ("a: \"b\n  c\"\n", None),
            ("a: \"b\nc: d\n", None),
            ("a: it's\nb: c\n", None),
        ] {
            assert_eq!(indent_quoted_lines(head).as_deref(), out, "{head:?}");
        }
    }
}
