//! When a post was published, in the order of how plainly the file says it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::MetadataSources;
use super::byline::Byline;
use super::date::{self, DateError};
use super::web_page::JsonLd;
use crate::front_matter::{FieldMap, FieldValue};

/// The names that front matter has for the day.
const DATE_FIELDS: &[&str] = &[
    "date",
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

/// The names for the day of the last change, which may be years later.
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
];

/// The names that a page's head has for the day.
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

/// Fields whose address may begin with the day.
const ADDRESS_FIELDS: &[&str] = &["slug", "path", "permalink", "url", "canonical_url", "canonical"];

/// The names for the time before which a post is not shown.
const EMBARGO_FIELDS: &[&str] =
    &["publish_date", "embargo", "embargo_until", "visible_from", "publish_on", "go_live"];

/// A value that should be a date and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDate {
    /// The value as written.
    pub value: String,
    /// What is wrong with it.
    pub error: DateError,
}

/// The day of publication, and the first value that should have been one.
pub(super) fn publication_date(
    source: &MetadataSources<'_>,
    json_ld: &JsonLd,
    byline: &Byline,
) -> (Option<Date>, Option<InvalidDate>) {
    let year = source.this_year;
    let (declared, bad) = declared_date(source.fields, DATE_FIELDS, year);
    let day = |text: &str| date::parse_day(text, year).ok();
    let in_head = || source.head.non_empty_values(HEAD_NAMES).filter_map(FieldValue::as_text).find_map(day);
    let in_path = || date::date_in_path(source.path, year);
    let addresses = || source.fields.non_empty_values(ADDRESS_FIELDS).filter_map(FieldValue::as_text);
    let in_address = || addresses().chain(source.canonical).find_map(|text| date::date_in_path(text, year));
    let changed = || self::declared_date(source.fields, CHANGE_DATE_FIELDS, year).0;
    let date = declared
        .or_else(in_head)
        .or_else(|| json_ld.published.as_deref().and_then(day))
        .or_else(in_path)
        .or_else(in_address)
        .or(byline.date)
        .or_else(changed);
    (date, bad.filter(|bad| !is_embargo(source.fields, &bad.value)))
}

/// Whether a value only hides the post until a day that no post has yet.
fn is_embargo(fields: &FieldMap, value: &str) -> bool {
    fields
        .non_empty_values(EMBARGO_FIELDS)
        .filter_map(FieldValue::as_text)
        .any(|text| text == value && embargo_end(text).is_ok())
}

/// The day under the first of `names` that holds one.
pub(super) fn declared_date(
    fields: &FieldMap,
    names: &[&str],
    year: i16,
) -> (Option<Date>, Option<InvalidDate>) {
    let mut bad = None;
    for value in fields.non_empty_values(names) {
        // `published: true` is no date, nor is a map.
        let Some(text) =
            value.items().first().filter(|item| item.as_bool().is_none()).and_then(FieldValue::as_text)
        else {
            continue;
        };
        match date::parse_day(text, year) {
            Ok(day) => return (Some(day), bad),
            Err(fault) => bad = bad.or(Some(InvalidDate { value: text.to_owned(), error: fault })),
        }
    }
    (None, bad)
}

/// The end of an embargo. It may be far away: `2099-01-01` is how people say "never".
fn embargo_end(text: &str) -> Result<Timestamp, DateError> {
    const FARTHEST: i16 = 9_990;
    date::parse_time(text, FARTHEST)
}

/// The time before which a post is not shown.
pub(super) fn find_embargo(fields: &FieldMap) -> (Option<Timestamp>, Option<InvalidDate>) {
    let mut bad = None;
    for text in fields.non_empty_values(EMBARGO_FIELDS).filter_map(FieldValue::as_text) {
        match embargo_end(text) {
            Ok(time) => return (Some(time), bad),
            Err(fault) => bad = bad.or(Some(InvalidDate { value: text.to_owned(), error: fault })),
        }
    }
    (None, bad)
}
