//! Finds where front matter begins and ends, with and without an opening fence.
//!
//! Fences are `---`, `+++`, `;;;` and the braces of JSON. Without an opening fence there are Pelican's `name: value`
//! lines, which end at a blank line, and the older form of Hexo, which ends at a line of dashes.

use super::{
    FieldMap, FieldValue, FrontMatterError, FrontMatterErrorKind, HeaderAndBody, MAX_BYTES, MAX_KEYS,
    line_number_at, parse, syntaxes::find_json_header,
};

/// The syntax of front matter.
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
    /// The front matter without its fences.
    pub(super) header: &'a str,
    /// The line of the source, from 1, at which `header` begins.
    pub(super) header_line: u32,
    pub(super) body: &'a str,
    /// Set if the closing fence is missing.
    pub(super) error: Option<FrontMatterError>,
}

/// The lines of a text, each with the offset at which it begins.
pub(super) fn lines_with_offsets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// Finds front matter with fences at the start of a source, after blank lines and HTML comments.
pub(super) fn find_fenced(source: &str) -> Result<Option<FencedHeader<'_>>, FrontMatterError> {
    let start = header_start(source);
    let first_line = line_number_at(source, start);
    let Some(text) = source.get(start..) else { return Ok(None) };
    let opening = text.lines().next().unwrap_or_default();
    let header = match parse_fence(opening) {
        Some((mark, syntax)) => parse_fenced_block(text, opening.len(), mark, syntax),
        None if text.starts_with('{') => find_json_header(text)?,
        None => None,
    };
    Ok(header.map(|mut header| {
        header.header_line += first_line - 1;
        if let Some(error) = &mut header.error {
            error.line += first_line - 1;
        }
        header
    }))
}

/// Returns the offset after the byte order mark, blank lines and HTML comments.
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

/// Parses an opening fence, such as `---`, `---json`, `+++` or `;;;`, into its mark and syntax.
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
    let (head_end, body_start, error) = match closing {
        Some((start, line)) => (start, start + line.len(), None),
        None => unclosed_bounds(text, head_start, mark)?,
    };
    let header = text.get(head_start..head_end)?;
    // A line of dashes also separates parts of a text, so that a text may begin with one.
    let has_paragraphs = || header.trim_start().lines().any(|line| line.trim().is_empty());
    let is_text = || !may_be_fields(header) || has_paragraphs() && !has_known_name(header);
    if syntax == HeaderSyntax::Yaml && is_text() {
        return None;
    }
    Some(FencedHeader { syntax, header, header_line: 2, body: text.get(body_start..)?, error })
}

fn is_closing_fence(line: &str, mark: &str) -> bool {
    let line = line.trim_end();
    line == mark || (mark == "---" && line == "...")
}

/// Returns the end of front matter without a closing fence, which is the first blank line, the start of the body,
/// and the error.
fn unclosed_bounds(
    text: &str,
    head_start: usize,
    mark: &str,
) -> Option<(usize, usize, Option<FrontMatterError>)> {
    let blank = lines_with_offsets(text).find(|(start, line)| *start >= head_start && line.trim().is_empty());
    let end = blank.map_or(text.len(), |(start, _)| start);
    let header = text.get(head_start..end)?;
    if header.len() > MAX_BYTES || header.lines().next().and_then(parse_name).is_none() {
        return None;
    }
    let error =
        FrontMatterError { line: 1, kind: FrontMatterErrorKind::NotClosed { fence: mark.to_owned() } };
    Some((end, end, Some(error)))
}

/// Whether one of the first lines is a name with a value, or there are no lines at all.
fn may_be_fields(header: &str) -> bool {
    let mut lines = header
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .take(5)
        .peekable();
    lines.peek().is_none() || lines.any(|line| parse_name(line).is_some() || line.starts_with('{'))
}

/// Whether a line of a map has a name that front matter of many sites has.
fn has_known_name(header: &str) -> bool {
    const OTHER_NAMES: &[&str] = &[
        "name",
        "headline",
        "excerpt",
        "source",
        "kind",
        "type",
        "event",
        "events",
        "url",
        "image",
        "cover",
        "draft",
        "published",
        "pubdate",
        "publishdate",
        "created",
        "updated",
        "lastmod",
        "language",
        "keywords",
        "topics",
        "weight",
        "template",
        "aliases",
        "params",
        "extra",
        "taxonomies",
        "sidebar",
        "toc",
    ];
    let is_known = |name: &str| {
        let mut known = KNOWN_FIRST_NAMES.iter().chain(OTHER_NAMES);
        known.any(|known| super::normalized_name(name).eq(known.chars()))
    };
    header
        .lines()
        .any(|line| line.starts_with('{') || parse_name(line).is_some_and(|(name, _)| is_known(name)))
}

/// Maximum length of a name, in characters.
const MAX_NAME_LEN: usize = 60;

/// The names that front matter without an opening fence may begin with. A text that begins with another word and a
/// colon has no front matter.
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

/// Parses front matter without an opening fence at the start of a source.
pub(super) fn parse_unfenced_header(source: &str) -> Result<Option<HeaderAndBody<'_>>, FrontMatterError> {
    let start = source.len() - source.trim_start_matches('\u{feff}').trim_start().len();
    let (skipped, text) = source.split_at(start);
    let skipped = u32::try_from(skipped.matches('\n').count()).unwrap_or(u32::MAX / 2);
    if text.lines().next().and_then(known_name).is_none() {
        return Ok(None);
    }
    let Some(end) = find_header_end(text) else { return Ok(None) };
    let Some(header) = text.get(..end.offset) else { return Ok(None) };
    if header.len() > MAX_BYTES {
        return Err(FrontMatterError { line: skipped + 1, kind: FrontMatterErrorKind::TooLong });
    }
    let (fields, error) = match end.syntax {
        Some(syntax) => parse(syntax, header, skipped + 1)?,
        None => (parse_lines(header)?, None),
    };
    let body = text.get(end.body_start..).unwrap_or_default();
    Ok(Some((fields, body, error)))
}

/// Returns the name in a line if front matter may begin with it.
fn known_name(line: &str) -> Option<&str> {
    let (name, value) = parse_name(line).filter(|_| !line.contains('=') || line.contains(": "))?;
    (!value.is_empty() && KNOWN_FIRST_NAMES.iter().any(|first| first.eq_ignore_ascii_case(name)))
        .then_some(name)
}

/// The end of front matter without an opening fence.
struct HeaderEnd {
    offset: usize,
    body_start: usize,
    /// The syntax that the closing fence stands for; `None` for a blank line.
    syntax: Option<HeaderSyntax>,
}

/// Finds the end of the front matter, at a blank line or a closing fence. Returns `None` if the lines are a text: a
/// text may begin with `Summary:`, but hardly with two such lines.
fn find_header_end(text: &str) -> Option<HeaderEnd> {
    let mut names: Vec<&str> = Vec::new();
    for (offset, line) in lines_with_offsets(text) {
        let content = line.trim_end();
        let syntax = match content {
            ";;;" => Some(HeaderSyntax::Json),
            _ if content.len() >= 3 && content.bytes().all(|byte| byte == b'-') => Some(HeaderSyntax::Yaml),
            _ => None,
        };
        if syntax.is_some() || content.is_empty() {
            let is_header = names.len() > 1 || names.iter().any(|name| name.eq_ignore_ascii_case("title"));
            let body_start = if syntax.is_some() { offset + line.len() } else { offset };
            return is_header.then_some(HeaderEnd { offset, body_start, syntax });
        }
        let is_continuation = content.starts_with([' ', '\t', '#']) || content.starts_with("- ");
        if !(is_continuation || parse_name(content).is_some()) {
            return None;
        }
        names.extend(known_name(content));
    }
    None
}

/// Parses Pelican's lines. An indented line or a list item belongs to the name above it.
fn parse_lines(header: &str) -> Result<FieldMap, FrontMatterError> {
    let mut fields = FieldMap::default();
    let mut open: Option<(&str, &str, Vec<&str>)> = None;
    for (number, line) in (1..).zip(header.lines()) {
        let is_continuation = line.starts_with([' ', '\t', '-']);
        match (&mut open, parse_name(line).filter(|_| !is_continuation)) {
            (_, Some((name, value))) => {
                if let Some(before) = open.replace((name, value, Vec::new())) {
                    push_field(&mut fields, before);
                }
            }
            (Some((.., continuations)), None) if is_continuation => continuations.push(line.trim()),
            _ => {}
        }
        if fields.len() >= MAX_KEYS {
            return Err(FrontMatterError { line: number, kind: FrontMatterErrorKind::TooManyNames });
        }
    }
    if let Some(last) = open {
        push_field(&mut fields, last);
    }
    Ok(fields)
}

/// Adds a field from a name, its value and the lines that continue it.
fn push_field(fields: &mut FieldMap, (name, value, continuations): (&str, &str, Vec<&str>)) {
    let text = |item: &str| FieldValue::Text(strip_quotes(item).to_owned());
    let items: Option<Vec<FieldValue>> =
        continuations.iter().map(|line| line.strip_prefix('-').map(text)).collect();
    let value = match (value.strip_prefix('['), items) {
        (Some(list), _) => {
            let items = list.trim_end().trim_end_matches(']').split(',');
            FieldValue::List(items.filter(|item| !item.trim().is_empty()).map(text).collect())
        }
        (None, Some(items)) if value.is_empty() && !items.is_empty() => FieldValue::List(items),
        _ => text(continuations.iter().fold(value.to_owned(), |text, line| text + " " + line).trim()),
    };
    fields.push(name, value);
}

/// Splits `name: value` or `name = value`.
pub(super) fn parse_name(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '='])?;
    let (name, value) = line.split_at_checked(at)?;
    let is_assignment = value.starts_with('=');
    let value = value.get(1..)?;
    if !(is_assignment || value.is_empty() || value.starts_with([' ', '\t', '\r'])) {
        return None;
    }
    let name = name.trim().trim_matches(['"', '\'']);
    let is_name = name.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= MAX_NAME_LEN
        && name.split(' ').count() <= 3
        && name.chars().all(|c| c.is_alphanumeric() || "_-. /$@".contains(c));
    is_name.then_some((name, value.trim()))
}

/// Removes the quotes around a value, also if only the opening quote is there.
fn strip_quotes(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner).trim();
        }
    }
    value
}
