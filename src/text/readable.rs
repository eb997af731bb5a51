//! One entrance for all markups: a source text to the text that a reader sees.

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
    let _ = (format, first_line);
    // PLACEHOLDER until the readers land: paragraphs at blank lines, `#` headings.
    let mut readable = Readable::default();
    let body = &mut readable.body;
    body.sections.push(crate::model::Section::default());
    for paragraph in source.split("\n\n") {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        if !body.text.is_empty() {
            body.text.push_str("\n\n");
        }
        let start = body.text.len();
        let heading = words.starts_with("# ") || words.starts_with("## ");
        body.text.push_str(words.trim_start_matches('#').trim());
        let Some(span) = crate::model::Span::new(&body.text, start..body.text.len()) else { continue };
        if heading {
            body.sections.push(crate::model::Section { heading: Some(span), level: 2, parent: Some(0) });
        }
        body.blocks.push(crate::model::Block {
            kind: if heading {
                crate::model::BlockKind::Heading(2)
            } else {
                crate::model::BlockKind::Paragraph
            },
            span,
            section: u32::try_from(body.sections.len() - 1).unwrap_or(0),
            lead_in: None,
            depth: 0,
        });
    }
    readable
}

/// A short inline text, as titles and names in front matter are, as plain text: Markdown emphasis and links,
/// HTML tags and entities taken off, white space folded.
#[must_use]
pub fn plain(inline: &str) -> String {
    inline.split_whitespace().collect::<Vec<_>>().join(" ") // PLACEHOLDER
}
