//! Who wrote a post, in the order of how plainly the file says it.

use super::byline::Byline;
use super::person_names;
use super::source::MetadataSources;
use super::web_page::JsonLd;
use crate::front_matter::field_map::{FieldMap, FieldValue};

/// The names that front matter has for authors.
const FIELD_NAMES: &[&str] = &[
    "authors",
    "author",
    "author_name",
    "author_names",
    "by",
    "byline",
    "contributors",
    "writers",
    "writer",
    "creator",
    "params.authors",
    "params.author",
    "extra.authors",
    "extra.author",
    "taxonomies.authors",
    "author_staff_member",
    "post_author",
    "primary_author",
    "posted_by",
];

/// The names that a page's head has for them.
const HEAD_NAMES: &[&str] =
    &["author", "authors", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"];

/// The authors that front matter names.
pub(super) fn declared_authors(fields: &FieldMap) -> Vec<String> {
    let of_field = |name: &&str| {
        let value = fields.get(name)?;
        // `author` is one person, `authors` may be two.
        let inverted =
            value.as_text().filter(|_| !name.ends_with('s')).and_then(person_names::parse_inverted_name);
        Some(inverted.map_or_else(|| person_names::names_in_value(value), |name| vec![name]))
    };
    let named = FIELD_NAMES.iter().filter_map(of_field).find(|names| !names.is_empty());
    named.or_else(|| misplaced_author(fields)).unwrap_or_default()
}

/// An empty `author:` whose `name:` slid to the left and became a field of its own.
fn misplaced_author(fields: &FieldMap) -> Option<Vec<String>> {
    let empty = ["author", "authors"].iter().any(|name| fields.get(name) == Some(&FieldValue::Null));
    fields.first_text(&["name"]).filter(|_| empty).map(person_names::names_in_text)
}

/// The authors that the rest of the file names.
pub(super) fn inferred_authors(
    source: &MetadataSources<'_>,
    json_ld: &JsonLd,
    byline: &Byline,
) -> Vec<String> {
    let in_head = source
        .head
        .non_empty_values(HEAD_NAMES)
        .filter_map(FieldValue::as_text)
        .map(person_names::names_in_text)
        .find(|names| !names.is_empty());
    let in_script = || {
        Some(json_ld.authors.iter().flat_map(|name| person_names::names_in_text(name)).collect::<Vec<_>>())
    };
    in_head
        .or_else(|| in_script().filter(|names| !names.is_empty()))
        .unwrap_or_else(|| byline.authors.clone())
}
