//! The part of a document that describes it: a file of its own, since all markups fill it.

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
