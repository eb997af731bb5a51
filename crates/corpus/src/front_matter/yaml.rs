//! YAML front matter, between `---` lines.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::localizer::ExternalMessageSource;
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Options, Spanned};

use super::field_map::{FieldMap, FieldValue};
use super::{FrontMatterError, FrontMatterErrorKind, Limits, MAX_DEPTH, MAX_KEYS, without_position};
use takeaways_text::invisible::clean_line;

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
