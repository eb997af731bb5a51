//! Finds front matter between fences: `---`, `+++`, `;;;`, or the braces of JSON.
//!
//! Reads front matter without an opening fence: Pelican's `name: value` lines, up to an empty line, and the older
//! form of Hexo, up to a line of dashes.

use super::{
    FieldMap, FieldValue, FrontMatterError, FrontMatterErrorKind, HeaderAndBody, MAX_BYTES, MAX_KEYS, parse,
    syntaxes::find_json_header,
};

/// How the front matter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderSyntax {
    Yaml,
    Toml,
    Json,
}

/// Front matter and the text after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FencedHeader<'a> {
    pub(super) syntax: HeaderSyntax,
    /// Without the fences.
    pub(super) header: &'a str,
    pub(super) header_line: u32,
    pub(super) body: &'a str,
    /// Set where the closing fence is missing.
    pub(super) error: Option<FrontMatterError>,
}

/// The lines of a text with the byte at which each begins.
pub(super) fn lines_with_offsets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// The front matter at the start of a source; blank lines and HTML comments may stand before it.
pub(super) fn find_fenced(source: &str) -> Result<Option<FencedHeader<'_>>, FrontMatterError> {
    let start = header_start(source);
    let first_line = line_number_at(source, start);
    let Some(text) = source.get(start..) else { return Ok(None) };
    let opening = text.lines().next().unwrap_or_default();
    let found = match parse_fence(opening) {
        Some((mark, syntax)) => parse_fenced_block(text, opening.len(), mark, syntax),
        None if text.starts_with('{') => find_json_header(text)?,
        None => None,
    };
    Ok(found.map(|mut found| {
        found.header_line += first_line - 1;
        if let Some(fault) = &mut found.error {
            fault.line += first_line - 1;
        }
        found
    }))
}

/// Where front matter could begin: after the byte order mark, blank lines and HTML comments.
fn header_start(source: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = source.get(at..).unwrap_or_default();
        let text = rest.trim_start_matches('\u{feff}').trim_start();
        at += rest.len() - text.len();
        let Some(comment) = text.strip_prefix("<!--") else { return at };
        let Some(end) = comment.find("-->") else { return at };
        at += "<!--".len() + end + "-->".len();
    }
}

/// The line, from 1, at a byte of a source.
pub(super) fn line_number_at(source: &str, at: usize) -> u32 {
    let ends = source.bytes().take(at).filter(|byte| *byte == b'\n').count();
    u32::try_from(ends).unwrap_or(u32::MAX - 1).saturating_add(1)
}

/// The fence of an opening line and what it announces: `---`, `---json`, `+++`, `;;;`.
fn parse_fence(line: &str) -> Option<(&str, HeaderSyntax)> {
    let line = line.trim_end();
    let first = line.chars().next()?;
    let mark_len = line.len() - line.trim_start_matches(first).len();
    let (mark, name) = line.split_at_checked(mark_len)?;
    if mark_len < 3 {
        return None;
    }
    let syntax = match (first, name.trim().to_ascii_lowercase().as_str()) {
        ('-', "" | "yaml" | "yml") => HeaderSyntax::Yaml,
        ('-', "toml") | ('+', "") => HeaderSyntax::Toml,
        ('-', "json") | (';', "") => HeaderSyntax::Json,
        _ => return None,
    };
    Some((mark, syntax))
}

fn parse_fenced_block<'a>(
    text: &'a str,
    opening: usize,
    mark: &str,
    syntax: HeaderSyntax,
) -> Option<FencedHeader<'a>> {
    let head_start = text.get(opening..)?.find('\n').map_or(text.len(), |end| opening + end + 1);
    let closing = lines_with_offsets(text).skip(1).find(|(_, line)| is_closing_fence(line, mark));
    let (head_end, body_start, open) = match closing {
        Some((start, line)) => (start, start + line.len(), None),
        None => unclosed_bounds(text, head_start, mark)?,
    };
    let head = text.get(head_start..head_end)?;
    // A line of dashes is also what separates parts of a text, so that a text may begin with one.
    if syntax == HeaderSyntax::Yaml && !holds_fields(head) {
        return None;
    }
    Some(FencedHeader { syntax, header: head, header_line: 2, body: text.get(body_start..)?, error: open })
}

fn is_closing_fence(line: &str, mark: &str) -> bool {
    let line = line.trim_end();
    line == mark || (mark == "---" && line == "...")
}

/// Without a closing fence the front matter ends at the first blank line.
fn unclosed_bounds(
    text: &str,
    head_start: usize,
    mark: &str,
) -> Option<(usize, usize, Option<FrontMatterError>)> {
    let blank = lines_with_offsets(text).find(|(start, line)| *start >= head_start && line.trim().is_empty());
    let end = blank.map_or(text.len(), |(start, _)| start);
    let head = text.get(head_start..end)?;
    if head.len() > MAX_BYTES || head.lines().next().and_then(parse_name).is_none() {
        return None;
    }
    let fault =
        FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotClosed { fence: mark.to_owned() } };
    Some((end, end, Some(fault)))
}

/// Whether one of the first lines is a name with a value, or there is nothing at all.
fn holds_fields(head: &str) -> bool {
    let mut lines = head
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take(5)
        .peekable();
    lines.peek().is_none() || lines.any(|line| parse_name(line).is_some() || line.starts_with('{'))
}

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
    for (at, line) in lines_with_offsets(text) {
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
