//! Finds front matter without an opening fence: the headers of Pelican, up to a blank line, and the older form of
//! Hexo, up to a line of dashes.

use super::fence::Syntax;
use super::{Fault, FaultKind, MAX_BYTES, Read, fence, json, lenient, line_by_line, yaml};
use crate::value::Fields;

/// Names that a header may begin with. A text that begins with any other word and a colon has no header.
const FIRST: &[&str] = &[
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
pub(super) fn read(source: &str) -> Result<Option<Read<'_>>, Fault> {
    let start = source.len() - source.trim_start_matches('\u{feff}').trim_start().len();
    let (skipped, text) = source.split_at(start);
    let skipped = u32::try_from(skipped.matches('\n').count()).unwrap_or(u32::MAX / 2);
    if !text.lines().next().is_some_and(is_first) {
        return Ok(None);
    }
    let Some(end) = end(text) else { return Ok(None) };
    let Some(header) = text.get(..end.at) else { return Ok(None) };
    if header.len() > MAX_BYTES {
        return Err(Fault { line: skipped + 1, kind: FaultKind::TooLong });
    }
    let (fields, fault) = match end.fence {
        Some(syntax) => fields_or_lines(syntax, header, skipped)?,
        None => (lenient::read(header)?, None),
    };
    let body = text.get(end.body..).unwrap_or_default();
    Ok(Some((fields, body, fault)))
}

fn is_first(line: &str) -> bool {
    known(line).is_some()
}

/// The name in a line, where it is one that a header may begin with.
fn known(line: &str) -> Option<&str> {
    let (name, value) = lenient::key(line).filter(|_| !line.contains('=') || line.contains(": "))?;
    (!value.is_empty() && FIRST.iter().any(|first| first.eq_ignore_ascii_case(name))).then_some(name)
}

/// Where a header ends and the text begins.
struct End {
    at: usize,
    body: usize,
    /// What the line that ends the header announces it to be, where it is one of dashes or semicolons.
    fence: Option<Syntax>,
}

/// The end of the header, at a blank line or dashes; `None` where the text is none: a sentence may begin with
/// "Summary:", but hardly with two such lines.
fn end(text: &str) -> Option<End> {
    let mut named = Vec::new();
    for (at, line) in fence::lines(text) {
        let content = line.trim_end();
        let fence = match content {
            ";;;" => Some(Syntax::Json),
            _ if content.len() >= 3 && content.bytes().all(|byte| byte == b'-') => Some(Syntax::Yaml),
            _ => None,
        };
        let sure =
            named.len() > 1 || named.first().is_some_and(|name: &&str| name.eq_ignore_ascii_case("title"));
        if fence.is_some() {
            return sure.then(|| End { at, body: at + line.len(), fence });
        }
        if content.is_empty() {
            return sure.then_some(End { at, body: at, fence });
        }
        let goes_on = content.starts_with([' ', '\t', '#']) || content.starts_with("- ");
        if !(goes_on || lenient::key(content).is_some()) {
            return None;
        }
        named.extend(known(content));
    }
    None
}

fn fields_or_lines(syntax: Syntax, header: &str, skipped: u32) -> Result<(Fields, Option<Fault>), Fault> {
    match if syntax == Syntax::Json { json::read(header) } else { yaml::read(header) } {
        Ok(fields) => Ok((fields, None)),
        Err(Fault { line, kind }) => {
            let fault = Fault { line: line + skipped, kind };
            if fault.kind.is_refusal() {
                return Err(fault);
            }
            Ok((line_by_line(syntax, header)?, Some(fault)))
        }
    }
}
