//! Reads front matter without an opening fence: Pelican's `name: value` lines, up to an empty line, and the older
//! form of Hexo, up to a line of dashes.

use super::fence::HeaderSyntax;
use super::field_map::{FieldMap, FieldValue};
use super::{FrontMatterError, FrontMatterErrorKind, HeaderAndBody, MAX_BYTES, MAX_KEYS, fence, parse};

/// The maximum length of a name, in characters.
const MAX_NAME: usize = 60;

/// Names that a header may begin with. A text that begins with any other word and a colon has no header.
const KNOWN_FIRST_NAMES: &[&str] = &[
    "title",
    "date",
    "author",
    "authors",
    "tags",
    "category",
    "categories",
    "slug",
    "layout",
    "permalink",
    "status",
    "summary",
    "modified",
    "lang",
    "id",
    "description",
    "subtitle",
];

/// The header at the start of a source, where there is one.
pub(super) fn parse_unfenced_header(source: &str) -> Result<Option<HeaderAndBody<'_>>, FrontMatterError> {
    let start = source.len() - source.trim_start_matches('\u{feff}').trim_start().len();
    let (skipped, text) = source.split_at(start);
    let skipped = u32::try_from(skipped.matches('\n').count()).unwrap_or(u32::MAX / 2);
    if !text.lines().next().is_some_and(is_first_line) {
        return Ok(None);
    }
    let Some(end) = find_header_end(text) else { return Ok(None) };
    let Some(header) = text.get(..end.at) else { return Ok(None) };
    if header.len() > MAX_BYTES {
        return Err(FrontMatterError { line: skipped + 1, kind: FrontMatterErrorKind::TooLong });
    }
    let (fields, fault) = match end.fence {
        Some(syntax) => parse(syntax, header, skipped + 1)?,
        None => (parse_lines(header)?, None),
    };
    let body = text.get(end.body_start..).unwrap_or_default();
    Ok(Some((fields, body, fault)))
}

fn is_first_line(line: &str) -> bool {
    known_name(line).is_some()
}

/// The name in a line, where it is one that a header may begin with.
fn known_name(line: &str) -> Option<&str> {
    let (name, value) = parse_name(line).filter(|_| !line.contains('=') || line.contains(": "))?;
    (!value.is_empty() && KNOWN_FIRST_NAMES.iter().any(|first| first.eq_ignore_ascii_case(name)))
        .then_some(name)
}

/// Where a header ends and the text begins.
struct HeaderEnd {
    at: usize,
    body_start: usize,
    /// What the line that ends the header announces it to be, where it is one of dashes or semicolons.
    fence: Option<HeaderSyntax>,
}

/// The end of the header, at a blank line or dashes; `None` where the text is none: a sentence may begin with
/// "Summary:", but hardly with two such lines.
fn find_header_end(text: &str) -> Option<HeaderEnd> {
    let mut named = Vec::new();
    for (at, line) in fence::lines_with_offsets(text) {
        let content = line.trim_end();
        let fence = match content {
            ";;;" => Some(HeaderSyntax::Json),
            _ if content.len() >= 3 && content.bytes().all(|byte| byte == b'-') => Some(HeaderSyntax::Yaml),
            _ => None,
        };
        let sure =
            named.len() > 1 || named.first().is_some_and(|name: &&str| name.eq_ignore_ascii_case("title"));
        if fence.is_some() {
            return sure.then(|| HeaderEnd { at, body_start: at + line.len(), fence });
        }
        if content.is_empty() {
            return sure.then_some(HeaderEnd { at, body_start: at, fence });
        }
        let goes_on = content.starts_with([' ', '\t', '#']) || content.starts_with("- ");
        if !(goes_on || parse_name(content).is_some()) {
            return None;
        }
        named.extend(known_name(content));
    }
    None
}

/// The names and values of Pelican's lines; an indented line or a list item belongs to the name above it.
fn parse_lines(header: &str) -> Result<FieldMap, FrontMatterError> {
    let mut fields = FieldMap::default();
    let mut open: Option<(&str, &str, Vec<&str>)> = None;
    for (number, line) in (1..).zip(header.lines()) {
        let is_more = line.starts_with([' ', '\t', '-']);
        match (&mut open, parse_name(line).filter(|_| !is_more)) {
            (_, Some((name, value))) => {
                fields.extend(open.replace((name, value, Vec::new())).map(field));
            }
            (Some((.., more)), None) if is_more => more.push(line.trim()),
            _ => {}
        }
        if fields.len() >= MAX_KEYS {
            return Err(FrontMatterError { line: number, kind: FrontMatterErrorKind::TooManyNames });
        }
    }
    fields.extend(open.map(field));
    Ok(fields)
}

fn field<'a>((name, value, more): (&'a str, &str, Vec<&str>)) -> (&'a str, FieldValue) {
    let text = |item: &str| FieldValue::Text(strip_quotes(item).to_owned());
    let items: Option<Vec<FieldValue>> = more.iter().map(|line| line.strip_prefix('-').map(text)).collect();
    let value = match (value.strip_prefix('['), items) {
        (Some(list), _) => {
            let items = list.trim_end().trim_end_matches(']').split(',');
            FieldValue::List(items.filter(|item| !item.trim().is_empty()).map(text).collect())
        }
        (None, Some(items)) if value.is_empty() && !items.is_empty() => FieldValue::List(items),
        _ => text(more.iter().fold(value.to_owned(), |text, line| text + " " + line).trim()),
    };
    (name, value)
}

/// The name and the value in `name: value` or `name = value`.
pub(super) fn parse_name(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '='])?;
    let (name, value) = line.split_at_checked(at)?;
    let equals = value.starts_with('=');
    let value = value.get(1..)?;
    if !(equals || value.is_empty() || value.starts_with([' ', '\t', '\r'])) {
        return None;
    }
    let name = name.trim().trim_matches(['"', '\'']);
    let named = name.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_NAME
        && name.split(' ').count() <= 3
        && name.chars().all(|c| c.is_alphanumeric() || "_-. /$@".contains(c));
    named.then_some((name, value.trim()))
}

/// Without the quotes around it; also where only the opening one is there.
fn strip_quotes(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner).trim();
        }
    }
    value
}
