//! Finds the date of publication and the end of an embargo, from the most explicit source.

use super::MetadataSources;
use super::date::{self, DateError};
use crate::front_matter::{FieldMap, FieldValue};
use jiff::Timestamp;
use jiff::civil::Date;

/// The fields of front matter with the date of publication.
const DATE_FIELDS: &[&str] = &[
    "date",
    "date.created",
    "publish_date",
    "publish_at",
    "published_date",
    "pub_date",
    "pub_datetime",
    "date_published",
    "published_at",
    "published_on",
    "published",
    "publication_date",
    "posted",
    "posted_on",
    "post_date",
    "created_at",
    "created",
    "date_created",
    "creation_date",
    "created_on",
    "params.date",
    "extra.date",
    "revdate",
];

/// The fields with the date of the last change, which may be years later.
const CHANGE_DATE_FIELDS: &[&str] = &[
    "lastmod",
    "updated",
    "modified",
    "last_modified",
    "updated_at",
    "date_modified",
    "last_update",
    "last_update.date",
    "updated_date",
    "date.updated",
];

/// The fields of a page's head with the date of publication.
const HEAD_NAMES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "date_published",
    "date",
    "publish_date",
    "pubdate",
    "dc.date",
    "dcterms.created",
    "dc.date.issued",
    "parsely-pub-date",
    "revdate",
    "created",
    "time",
    "datetime",
];

/// The fields with an address or path that may begin with the date.
const ADDRESS_FIELDS: &[&str] = &["slug", "path", "permalink", "url", "canonical_url", "canonical"];

/// The fields with the time before which a post is not shown.
const EMBARGO_FIELDS: &[&str] =
    &["publish_date", "embargo", "embargo_until", "visible_from", "publish_on", "go_live"];

/// A value that should be a date but is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDate {
    /// The value as it was written.
    pub value: String,
    /// What is wrong with it.
    pub error: DateError,
}

/// Returns the date of publication, and the first value that should be a date but is not.
pub(super) fn publication_date(sources: &MetadataSources<'_>) -> (Option<Date>, Option<InvalidDate>) {
    let MetadataSources { input, head_fields, json_ld, byline } = sources;
    let (fields, year) = (input.fields, input.this_year);
    let (declared, invalid) = declared_date(fields, DATE_FIELDS, year);
    let parse = |text: &str| date::parse_day(text, year).ok();
    let in_head = || head_fields.texts(HEAD_NAMES).find_map(parse);
    let in_path = || date::date_in_path(input.path, year);
    let addresses = || fields.texts(ADDRESS_FIELDS).chain(input.head.canonical.as_deref());
    let in_address = || addresses().find_map(|address| date::date_in_path(address, year));
    let date = declared
        .or_else(in_head)
        .or_else(|| json_ld.published.as_deref().and_then(parse))
        .or_else(|| head_fields.texts(&["dt-published"]).find_map(parse))
        .or_else(in_path)
        .or_else(in_address)
        .or(byline.date)
        .or_else(|| declared_date(fields, CHANGE_DATE_FIELDS, year).0);
    (date, invalid.filter(|invalid| !is_embargo(fields, &invalid.value)))
}

/// Whether a value hides the post until a day that is too late for a date of publication.
fn is_embargo(fields: &FieldMap, value: &str) -> bool {
    fields.texts(EMBARGO_FIELDS).any(|text| text == value && embargo_end(text).is_ok())
}

/// Returns the date in the first of `names` that has one, and the first value that should be a date but is not.
pub(super) fn declared_date(
    fields: &FieldMap,
    names: &[&str],
    year: i16,
) -> (Option<Date>, Option<InvalidDate>) {
    // `published: true` is not a date, and neither is a map.
    let values = fields.non_empty_values(names).filter_map(|value| {
        value.items().first().filter(|item| item.as_bool().is_none()).and_then(FieldValue::as_text)
    });
    first_valid(values, |text| date::parse_day(text, year))
}

/// Returns the time before which a post is not shown, and the first value that should be a time but is not.
pub(super) fn find_embargo(fields: &FieldMap) -> (Option<Timestamp>, Option<InvalidDate>) {
    first_valid(fields.texts(EMBARGO_FIELDS), embargo_end)
}

/// Parses the end of an embargo. It may be far away, because people write `2099-01-01` for "never".
fn embargo_end(text: &str) -> Result<Timestamp, DateError> {
    const MAX_YEAR: i16 = 9_990;
    date::parse_time(text, MAX_YEAR)
}

/// Returns the first value that parses, and the first value before it that does not.
fn first_valid<'a, T>(
    values: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Result<T, DateError>,
) -> (Option<T>, Option<InvalidDate>) {
    let mut invalid = None;
    for value in values {
        match parse(value) {
            Ok(parsed) => return (Some(parsed), invalid),
            Err(error) => invalid = invalid.or(Some(InvalidDate { value: value.to_owned(), error })),
        }
    }
    (None, invalid)
}
