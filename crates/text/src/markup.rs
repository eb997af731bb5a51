//! Problems with the markup of a source text.
//!
//! The part of a document that describes it: a file of its own, since all markups fill it.

/// A part of a source text that was not read as intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupProblem {
    /// The line in the source text, from 1.
    pub line: Option<u32>,
    /// What is wrong.
    pub kind: MarkupProblemKind,
}

/// The kinds of problems with markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupProblemKind {
    /// Nested deeper than the limit; the rest was read as if it stood at the limit.
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

/// What a source text says about itself.
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
