//! Removes the parts of Markdown or HTML that a site generator would replace; code is left alone.
//!
//! These parts are shortcodes, Liquid, attribute lists and MDX, and whole lines: imports and exports, marks of
//! excerpts and of tables of contents, fences of asides.

mod attributes;
mod braces;

use std::borrow::Cow;
use std::ops::Range;

use crate::builder::BodyBuilder;
use crate::forward_finder::ForwardFinder;
use crate::readable::{DocumentHead, MarkupProblem, MarkupProblemKind, ReadableText};

/// The maximum length of a template, in bytes; a longer one is a bracket that was never closed.
const MAX_LEN: usize = 8_192;

/// Lines that mark the end of an excerpt or the place of a table of contents.
const MARKER_LINES: [&str; 7] = ["READMORE", "[toc]", "[TOC]", "[[toc]]", "[[TOC]]", "[[_TOC_]]", "${toc}"];

/// The maximum number of lines of an `import` or `export`.
const MAX_MODULE_LINES: usize = 40;

/// The markup around the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostMarkup {
    /// Markdown.
    Markdown,
    /// Markdown with JSX.
    Mdx,
    /// HTML.
    Html,
}

/// A source without its templates.
#[derive(Debug)]
pub(crate) struct StrippedSource<'a> {
    /// The remaining text.
    pub text: Cow<'a, str>,
    /// The end of each edit, in `text` and in the source.
    edit_ends: Vec<(usize, usize)>,
    /// The byte of the source with the first template whose value readers see between words, and that is missing now.
    missing_value: Option<usize>,
}

impl<'a> StrippedSource<'a> {
    /// Wraps a source without templates.
    pub(crate) fn unchanged(source: &'a str) -> Self {
        Self { text: Cow::Borrowed(source), edit_ends: Vec::new(), missing_value: None }
    }

    /// Ends a body that was built from the text; `line_of` returns the line of a byte of the source.
    pub(crate) fn finish(
        &self,
        builder: BodyBuilder,
        head: DocumentHead,
        line_of: impl Fn(usize) -> u32,
    ) -> ReadableText {
        let mut readable = builder.finish(head, |at| line_of(self.source_offset(at)));
        let kind = MarkupProblemKind::MissingValue;
        readable.problems.extend(self.missing_value.map(|at| MarkupProblem { line: line_of(at), kind }));
        readable
    }

    /// Returns the byte of the source that a byte of the text comes from.
    fn source_offset(&self, at: usize) -> usize {
        match self.edit_ends.partition_point(|&(to, _)| to <= at) {
            0 => at,
            n => self.edit_ends[n - 1].1 + (at - self.edit_ends[n - 1].0),
        }
    }
}

/// Removes the templates from `source`.
///
/// `code_ranges` returns the ranges of code, in order. It is called only if there may be a template.
pub(crate) fn strip_templates(
    source: &str,
    syntax: HostMarkup,
    code_ranges: impl FnOnce() -> Vec<Range<usize>>,
) -> StrippedSource<'_> {
    if !may_hold_templates(source) {
        return StrippedSource::unchanged(source);
    }
    let mut scanner = TemplateScanner {
        source,
        syntax,
        at: 0,
        edits: Vec::new(),
        unclosed_before: 0,
        closing_finders: Vec::new(),
        missing_value: None,
    };
    let mut code = code_ranges().into_iter().peekable();
    while scanner.at < source.len() {
        while code.next_if(|range| range.end <= scanner.at).is_some() {}
        match code.peek() {
            Some(range) if range.start <= scanner.at => scanner.at = range.end,
            _ => scanner.step(),
        }
    }
    StrippedSource { missing_value: scanner.missing_value, ..apply_edits(source, scanner.edits) }
}

fn may_hold_templates(source: &str) -> bool {
    let begins_tag = |pair: &[u8]| pair[0] == b'<' && (pair[1].is_ascii_uppercase() || pair[1] == b'/');
    source.contains('{')
        || source.contains("](")
        || source.as_bytes().windows(2).any(begins_tag)
        || source.lines().any(may_need_edit)
}

/// A range of the source and its replacement.
type SourceEdit = (Range<usize>, String);

fn apply_edits(source: &str, edits: Vec<SourceEdit>) -> StrippedSource<'_> {
    let mut text = String::with_capacity(source.len());
    let mut edit_ends = Vec::with_capacity(edits.len());
    let mut from = 0;
    for (range, replacement) in edits {
        text.push_str(source.get(from..range.start).unwrap_or_default());
        text.push_str(&replacement);
        edit_ends.push((text.len(), range.end));
        from = range.end;
    }
    text.push_str(source.get(from..).unwrap_or_default());
    StrippedSource { text: Cow::Owned(text), edit_ends, missing_value: None }
}

/// Scans a source from left to right and collects the edits.
struct TemplateScanner<'a> {
    source: &'a str,
    syntax: HostMarkup,
    at: usize,
    edits: Vec<SourceEdit>,
    /// Brackets before this byte are known to be unclosed.
    unclosed_before: usize,
    /// A finder for each closing mark that was searched.
    closing_finders: Vec<ForwardFinder<'a>>,
    /// See [`StrippedSource::missing_value`].
    missing_value: Option<usize>,
}

impl<'a> TemplateScanner<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn is_line_start(&self) -> bool {
        self.at == 0 || self.source.as_bytes().get(self.at - 1) == Some(&b'\n')
    }

    /// Returns the rest of the current line.
    fn line(&self) -> &'a str {
        let rest = self.rest();
        rest.split('\n').next().unwrap_or(rest)
    }

    fn step(&mut self) {
        if self.syntax != HostMarkup::Html && self.is_line_start() && self.strip_line() {
            return;
        }
        let start = self.at;
        match self.source.as_bytes()[self.at] {
            b'{' => self.strip_braces(),
            b'<' => self.strip_component(),
            b']' => self.repair_destination(),
            _ => {}
        }
        if self.at == start {
            self.at += 1;
        }
    }

    /// Removes everything up to `end`.
    fn cut(&mut self, end: usize) {
        self.replace(end, String::new());
    }

    /// Replaces everything up to `end`.
    fn replace(&mut self, end: usize, with: String) {
        self.edits.push((self.at..end, with));
        self.at = end;
    }

    /// Returns the offset of the next `mark` at or after `from`.
    fn find_next(&mut self, mark: &'static str, from: usize) -> Option<usize> {
        if let Some(finder) = self.closing_finders.iter_mut().find(|finder| finder.mark() == mark) {
            return finder.find_from(from);
        }
        let mut finder = ForwardFinder::new(self.source, mark);
        let offset = finder.find_from(from);
        self.closing_finders.push(finder);
        offset
    }

    /// Returns the end of a `mark` within 64 bytes after `from`.
    fn find_near(&self, mark: &str, from: usize) -> Option<usize> {
        let ends = from + mark.len()..=self.source.len().min(from + 64);
        ends.into_iter().find(|end| self.source.as_bytes()[..*end].ends_with(mark.as_bytes()))
    }

    /// Returns the end of the template that begins here with a mark of `open` bytes and ends with `mark`.
    fn template_end(&mut self, open: usize, mark: &'static str) -> Option<usize> {
        let end = self.find_next(mark, self.at + open)? + mark.len();
        (end - self.at <= MAX_LEN).then_some(end)
    }
}

/// Whether a line, or a part of it, may have to be replaced.
fn may_need_edit(line: &str) -> bool {
    let is_fence_or_row = line.starts_with(":::") || line.starts_with('|');
    is_fence_or_row || is_marker_line(line) || may_be_module(line) || no_break_space_at(line).is_some()
}

/// Whether a line is one of the [`MARKER_LINES`].
fn is_marker_line(line: &str) -> bool {
    MARKER_LINES.contains(&line.trim())
}

/// Returns the offset of a no-break space after the marks of a heading, which `CommonMark` then reads as text.
fn no_break_space_at(line: &str) -> Option<usize> {
    let marks = line.len() - line.trim_start_matches('#').len();
    ((1..=6).contains(&marks) && line[marks..].starts_with('\u{A0}')).then_some(marks)
}

/// Whether a line may begin an `import` or `export`.
fn may_be_module(line: &str) -> bool {
    line.starts_with("import ") || line.starts_with("import{") || line.starts_with("export ")
}

impl TemplateScanner<'_> {
    /// Edits the current line if it is one of those that a site generator replaces; returns whether it did.
    fn strip_line(&mut self) -> bool {
        let line = self.line();
        if is_marker_line(line) {
            self.cut(self.at + line.len());
            return true;
        }
        if line.starts_with(":::") {
            return self.strip_aside_fence(line);
        }
        if line.starts_with('|') {
            return self.add_table_head();
        }
        if let Some(space) = no_break_space_at(line) {
            self.at += space;
            self.replace(self.at + '\u{A0}'.len_utf8(), " ".to_owned());
            return true;
        }
        if may_be_module(line)
            && let Some(len) = self.module_len()
        {
            self.cut(self.at + len);
            return true;
        }
        false
    }

    /// Adds an empty head to rows without one: Kramdown reads them as a table, `CommonMark` does not.
    fn add_table_head(&mut self) -> bool {
        let before = &self.source[..self.at];
        if !(before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n")) {
            return false;
        }
        let mut rows = self.rest().lines().take_while(|line| line.starts_with('|')).peekable();
        let is_row = rows.peek().is_some_and(|row| row.len() > 2 && row.trim_end().ends_with('|'));
        let is_rule = |row: &str| row.contains('-') && row.chars().all(|c| "|-: \t\r".contains(c));
        let mut columns = 0;
        for row in rows {
            if is_rule(row) {
                return false;
            }
            columns = columns.max(row.matches('|').count().saturating_sub(1));
        }
        if !is_row || columns == 0 {
            return false;
        }
        let head = format!("|{}\n|{}\n", " |".repeat(columns), "-|".repeat(columns));
        self.edits.push((self.at..self.at, head));
        self.at += 1;
        true
    }

    /// Removes the mark and the kind of `:::tip Title`, as in Docusaurus; the title stays.
    fn strip_aside_fence(&mut self, line: &str) -> bool {
        let rest = line.trim_start_matches(':').trim_start();
        let kind =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').len();
        let title = rest[kind..].trim_start_matches('[');
        self.cut(self.at + line.len() - title.len());
        true
    }

    /// Returns the length in bytes of the `import` or `export` that begins here.
    fn module_len(&self) -> Option<usize> {
        let mut len = 0;
        let mut ends_with_module = false;
        for line in self.rest().split_inclusive('\n').take(MAX_MODULE_LINES) {
            if line.trim().is_empty() {
                break;
            }
            if len > 0 && ends_with_module && !may_be_module(line) {
                break;
            }
            len += line.len();
            ends_with_module = names_a_module(line);
        }
        let text = self.rest().get(..len)?;
        let is_complete = ends_with_module
            || (self.syntax == HostMarkup::Mdx && (text.starts_with("export ") || names_a_module(text)));
        is_complete.then(|| text.trim_end_matches(['\n', '\r']).len())
    }
}

/// Whether a line ends with the module that an `import` names: `from 'x'` or `import 'x'`.
fn names_a_module(line: &str) -> bool {
    let line = line.trim().trim_end_matches(';').trim_end();
    let Some(quote) = line.chars().next_back().filter(|c| matches!(c, '"' | '\'')) else { return false };
    let Some(start) = line[..line.len() - 1].rfind(quote) else { return false };
    let before = line[..start].trim_end();
    before.ends_with("from") || before == "import"
}

#[cfg(test)]
mod tests;
