//! The entry point for all markup formats: source text to visible text.

use super::{asciidoc, html, markdown, rst};
use crate::markup::ReadableText;

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

/// Converts inline markup (a title or a name from front matter) to plain text.
///
/// Removes Markdown emphasis and links and HTML tags, decodes entities, and folds white space.
pub fn plain_text(inline: &str) -> String {
    markdown::inline_to_plain_text(inline)
}

#[cfg(test)]
mod tests;
