//! Who wrote a post, in the order of how plainly the file says it.

use super::byline::Byline;
use super::names;
use super::source::Source;
use super::web_page::JsonLd;
use crate::front_matter::field_map::{Fields, Value};

/// The names that front matter has for authors.
const DECLARED: &[&str] = &[
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
const IN_HEAD: &[&str] =
    &["author", "authors", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"];

/// The authors that front matter names.
pub(super) fn declared(fields: &Fields) -> Vec<String> {
    let of_field = |name: &&str| {
        let value = fields.get(name)?;
        // `author` is one person, `authors` may be two.
        let inverted = value.text().filter(|_| !name.ends_with('s')).and_then(names::inverted);
        Some(inverted.map_or_else(|| names::of_value(value), |name| vec![name]))
    };
    let named = DECLARED.iter().filter_map(of_field).find(|names| !names.is_empty());
    named.or_else(|| misplaced(fields)).unwrap_or_default()
}

/// An empty `author:` whose `name:` slid to the left and became a field of its own.
fn misplaced(fields: &Fields) -> Option<Vec<String>> {
    let empty = ["author", "authors"].iter().any(|name| fields.get(name) == Some(&Value::Null));
    fields.text(&["name"]).filter(|_| empty).map(names::of_text)
}

/// The authors that the rest of the file names.
pub(super) fn found(source: &Source<'_>, json_ld: &JsonLd, byline: &Byline) -> Vec<String> {
    let in_head =
        source.head.all(IN_HEAD).filter_map(Value::text).map(names::of_text).find(|names| !names.is_empty());
    let in_script = || Some(json_ld.authors.iter().flat_map(|name| names::of_text(name)).collect::<Vec<_>>());
    in_head
        .or_else(|| in_script().filter(|names| !names.is_empty()))
        .unwrap_or_else(|| byline.authors.clone())
}
