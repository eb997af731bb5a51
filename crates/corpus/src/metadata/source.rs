//! What metadata is looked for in.

use crate::front_matter::field_map::{FieldMap, FieldValue};
use takeaways_text::model::Body;
use takeaways_text::{DocumentHead, MarkupFormat};

/// One file, as far as it is read.
pub(super) struct MetadataSources<'a> {
    /// The file's path under its corpus folder.
    pub(super) path: &'a str,
    /// How it is marked up.
    pub(super) format: MarkupFormat,
    /// Front matter.
    pub(super) fields: &'a FieldMap,
    /// `<meta>`, attribute lines and field lists.
    pub(super) head: FieldMap,
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

impl<'a> MetadataSources<'a> {
    pub(super) fn new(
        path: &'a str,
        format: MarkupFormat,
        fields: &'a FieldMap,
        head: &'a DocumentHead,
        body: &'a Body,
        this_year: i16,
    ) -> Self {
        let mut fields_of_head = FieldMap::default();
        for (name, text) in head.fields.iter().take(MAX_HEAD_FIELDS) {
            fields_of_head.push(name, FieldValue::Text(text.clone()));
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
