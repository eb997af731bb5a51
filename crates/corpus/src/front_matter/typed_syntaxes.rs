//! JSON and TOML front matter: parsed by their crates, then turned into names and values within the limits.

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use super::fence::{FencedHeader, HeaderSyntax, line_number_at};
use super::field_map::{FieldMap, FieldValue};
use super::{FrontMatterError, FrontMatterErrorKind, Limits, MAX_BYTES, without_position};
use takeaways_text::invisible::clean_line;

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
        Some(Err(error)) if is_recursion_error(&error) => {
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
    let blank = super::fence::lines_with_offsets(text).find(|(_, line)| line.trim().is_empty());
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
fn is_recursion_error(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

/// The end of the first line that is a closing brace.
fn closing_brace(text: &str) -> Option<usize> {
    super::fence::lines_with_offsets(text)
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
    if is_recursion_error(error) {
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
