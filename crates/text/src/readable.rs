//! Readable text: the entry point for all markup formats, and its result with text, head and problems.

use super::{asciidoc, html, markdown, rst};
use crate::model::Body;

/// The markup format of a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkupFormat {
    /// Markdown, which may hold HTML, shortcodes and templates; also plain text.
    Markdown,
    /// Markdown with JSX components, imports and exports.
    Mdx,
    /// A page or a fragment of HTML.
    Html,
    /// `AsciiDoc`.
    AsciiDoc,
    /// reStructuredText.
    Rst,
}

impl MarkupFormat {
    /// Returns the format for a file's last extension, without the dot; `None` if such files are not posts.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "txt" => Self::Markdown,
            "mdx" => Self::Mdx,
            "html" | "htm" => Self::Html,
            "adoc" => Self::AsciiDoc,
            "rst" => Self::Rst,
            _ => return None,
        })
    }
}

/// Reads a source text without its front matter. Never fails: invalid markup is read as text.
///
/// `first_line` is the line of the file at which `source` begins; the problems' lines count from it.
pub fn read_markup(format: MarkupFormat, source: &str, first_line: u32) -> ReadableText {
    let line_of = |at: usize| {
        let lines = source.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(first_line)
    };
    match format {
        MarkupFormat::Markdown => markdown::read_markdown(source, false, line_of),
        MarkupFormat::Mdx => markdown::read_markdown(source, true, line_of),
        MarkupFormat::Html => html::page::read_page(source, line_of),
        MarkupFormat::AsciiDoc => asciidoc::read_asciidoc(source, line_of),
        MarkupFormat::Rst => rst::read_rst(source, line_of),
    }
}

#[cfg(test)]
mod tests;

/// The visible text of a source text, with its head and its problems.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadableText {
    /// Text, blocks, sections and links; sentences and passages are still empty.
    pub body: Body,
    /// The metadata that the source holds outside of its text.
    pub head: DocumentHead,
    /// The parts of the source that were not read as intended.
    pub problems: Vec<MarkupProblem>,
}

/// The metadata in a source text, as opposed to its front matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentHead {
    /// `<title>` of an HTML page, or the document title of `AsciiDoc` and reStructuredText.
    pub title: Option<String>,
    /// `<meta name=… content=…>` and `property=…`, names in lower case; attribute lines (`:author:`) of
    /// `AsciiDoc` and the field list at the head of reStructuredText.
    pub fields: Vec<(String, String)>,
    /// The texts of `<script type="application/ld+json">`.
    pub json_ld: Vec<String>,
    /// `<link rel="canonical">`.
    pub canonical: Option<String>,
    /// `<html lang>`.
    pub language: Option<String>,
}

/// A part of a source text that was not read as intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupProblem {
    /// The line in the source text, from 1.
    pub line: u32,
    /// The kind of problem.
    pub kind: MarkupProblemKind,
}

/// The kinds of problems with markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupProblemKind {
    /// Elements are nested deeper than the limit; the rest was read as if it stood at the limit.
    TooDeep {
        /// The maximum depth.
        limit: u8,
    },
    /// A template stood between words. Its value is not known and is missing in the text.
    MissingValue,
    /// The text has more blocks than the limit; the rest was left out.
    TooManyBlocks {
        /// The maximum number of blocks.
        limit: u32,
    },
}

/// Splits the line `:name: value` of `AsciiDoc` or reStructuredText into name and trimmed value.
///
/// The markups differ in the names that they allow, so callers check the name.
pub(crate) fn split_field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    (value.is_empty() || value.starts_with([' ', '\t'])).then(|| (name, value.trim()))
}
