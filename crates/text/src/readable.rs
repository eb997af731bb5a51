//! One entrance for all markups: a source text to the text that a reader sees.

use super::{asciidoc, html, markdown, rst};
use crate::model::Body;

/// How a source text is marked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
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

impl Format {
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
pub struct Readable {
    /// Text, blocks, sections and links; sentences and passages are still empty.
    pub body: Body,
    /// What the source says about itself outside its text.
    pub head: Head,
    /// What could not be read as it was meant.
    pub flaws: Vec<Flaw>,
}

/// What a source text says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
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

/// Something in a source text that could not be read as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The line in the source text, from 1.
    pub line: Option<u32>,
    /// What it is.
    pub kind: FlawKind,
}

/// What can be wrong with a source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlawKind {
    /// Nested deeper than the limit; what is deeper was read as if it were at the limit.
    TooDeep {
        /// The limit.
        limit: u8,
    },
    /// More blocks than the limit; the rest was left out.
    TooManyBlocks {
        /// The limit.
        limit: u32,
    },
}

/// Reads a source text without its front matter. Never fails: what can't be read as markup is read as text.
///
/// `first_line` is the line of the file at which `source` begins, for the flaws.
#[must_use]
pub fn read(format: Format, source: &str, first_line: u32) -> Readable {
    let line_of = |at: usize| {
        let lines = source.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(first_line)
    };
    let (body, head, flaws) = match format {
        Format::Markdown | Format::Mdx => {
            let (body, flaws) = markdown::read(source, format == Format::Mdx, line_of);
            (body, Head::default(), flaws)
        }
        Format::Html => html::page::read(source, line_of),
        Format::AsciiDoc => asciidoc::read(source, line_of),
        Format::Rst => rst::read(source, line_of),
    };
    Readable { body, head, flaws }
}

/// A short inline text, as titles and names in front matter are, as plain text: Markdown emphasis and links,
/// HTML tags and entities taken off, white space folded.
#[must_use]
pub fn plain(inline: &str) -> String {
    markdown::inline(inline)
}

#[cfg(test)]
mod tests;
