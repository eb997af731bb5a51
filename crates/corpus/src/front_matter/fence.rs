//! Finds front matter between fences: `---`, `+++`, `;;;`, or the braces of JSON.

use super::typed_syntaxes::find_json_header;
use super::unfenced_header::parse_name;
use super::{FrontMatterError, FrontMatterErrorKind, MAX_BYTES};

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
