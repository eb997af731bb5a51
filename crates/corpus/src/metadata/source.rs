//! What metadata is looked for in.

use crate::front_matter::field_map::{Fields, Value};
use takeaways_text::model::Body;
use takeaways_text::{DocumentHead, Format};

/// One file, as far as it is read.
pub(super) struct Source<'a> {
    /// The file's path under its corpus folder.
    pub(super) path: &'a str,
    /// How it is marked up.
    pub(super) format: Format,
    /// Front matter.
    pub(super) fields: &'a Fields,
    /// `<meta>`, attribute lines and field lists.
    pub(super) head: Fields,
    /// `<title>`, or the document's title.
    pub(super) title: Option<&'a str>,
    /// `<link rel="canonical">`.
    pub(super) canonical: Option<&'a str>,
    /// `<html lang>`.
    pub(super) language: Option<&'a str>,
    /// The readable text.
    pub(super) body: &'a Body,
    /// The year of now, by which dates are judged.
    pub(super) this_year: i16,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        path: &'a str,
        format: Format,
        fields: &'a Fields,
        head: &'a DocumentHead,
        body: &'a Body,
        this_year: i16,
    ) -> Self {
        let mut fields_of_head = Fields::default();
        for (name, text) in head.fields.iter().take(MAX_HEAD_FIELDS) {
            fields_of_head.push(name, Value::Text(text.clone()));
        }
        Self {
            path,
            format,
            fields,
            head: fields_of_head,
            title: head.title.as_deref(),
            canonical: head.canonical.as_deref(),
            language: head.language.as_deref(),
            body,
            this_year,
        }
    }
}

/// More `<meta>` elements than any page has.
const MAX_HEAD_FIELDS: usize = 1_000;
