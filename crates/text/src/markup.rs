//! The result of reading a source text in any markup: text, head and problems.

use crate::model::Body;

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

impl ReadableText {
    /// Adds the problem of a value that is missing in the text, if there is one.
    pub(crate) fn with_missing_value(mut self, line: Option<u32>) -> Self {
        let problem =
            line.map(|line| MarkupProblem { line: Some(line), kind: MarkupProblemKind::MissingValue });
        self.problems.extend(problem);
        self
    }
}

/// A part of a source text that was not read as intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupProblem {
    /// The line in the source text, from 1.
    pub line: Option<u32>,
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
