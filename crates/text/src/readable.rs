//! One entrance for all markups: a source text to the text that a reader sees.

use super::markup::MarkupProblem;
use super::{asciidoc, html, markdown, rst};
use crate::markup::DocumentHead;
use crate::model::Body;

/// How a source text is marked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkupFormat {
    /// Markdown with HTML, shortcodes and templates in it; also plain text.
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
    /// By the file's last extension, without the dot; `None` for files that are no posts.
    #[must_use]
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

/// What reading gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadableText {
    /// Text, blocks, sections and links; sentences and passages are still empty.
    pub body: Body,
    /// What the source says about itself outside its text.
    pub head: DocumentHead,
    /// The parts of the source that were not read as intended.
    pub problems: Vec<MarkupProblem>,
}

/// Reads a source text without its front matter. Never fails: what can't be read as markup is read as text.
///
/// `first_line` is the line of the file at which `source` begins, for the problems.
#[must_use]
pub fn read_markup(format: MarkupFormat, source: &str, first_line: u32) -> ReadableText {
    let line_of = |at: usize| {
        let lines = source.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(first_line)
    };
    let (body, head, problems) = match format {
        MarkupFormat::Markdown | MarkupFormat::Mdx => {
            let (body, problems) = markdown::read_markdown(source, format == MarkupFormat::Mdx, line_of);
            (body, DocumentHead::default(), problems)
        }
        MarkupFormat::Html => html::page::read_page(source, line_of),
        MarkupFormat::AsciiDoc => asciidoc::read_asciidoc(source, line_of),
        MarkupFormat::Rst => rst::read_rst(source, line_of),
    };
    ReadableText { body, head, problems }
}

/// A short inline text, as titles and names in front matter are, as plain text: Markdown emphasis and links,
/// HTML tags and entities taken off, white space folded.
#[must_use]
pub fn plain_text(inline: &str) -> String {
    markdown::inline_to_plain_text(inline)
}

#[cfg(test)]
mod tests;
