//! What a file says about itself: title, authors, day, address, tags, drafts and events.
//!
//! From front matter, under the names that site generators use, else from the head of the page, the file's path
//! and the text's own title and byline. What is unknown stays unknown. Knows no YAML and opens no file.
//!
//! What metadata is looked for in.
//!
//! The tags, categories and keywords of a post, as written.

mod author;
mod byline;
pub mod date;
mod publication_date;
#[cfg(test)]
mod sample;
mod title;
mod web_page;

use crate::front_matter::{FieldMap, FieldValue};
use jiff::{Timestamp, civil::Date};
pub use publication_date::InvalidDate;
use takeaways_text::{
    DocumentHead, MarkupFormat,
    invisible::clean_line,
    model::{Body, Language, PostKind},
};
use web_page::JsonLd;

/// The names of people or groups in a text as bylines have it: `A (X), B and C, Company` is A, B and C.
#[must_use]
pub fn people_in_text(text: &str) -> Vec<String> {
    author::names_in_text(text)
}

/// Most events that a post can declare.
const MAX_EVENTS: usize = 20;

/// What a file says about itself, or a note about its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// A post, or a note on one.
    pub kind: PostKind,
    /// The title, as plain text.
    pub title: Option<String>,
    /// The people or groups who wrote it.
    pub authors: Vec<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// A value that should have been a date.
    pub invalid_date: Option<InvalidDate>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The language that the file claims for its text.
    pub language: Option<Language>,
    /// Tags, categories and keywords.
    pub tags: Vec<String>,
    /// The events that front matter names.
    pub events: Vec<String>,
    /// Marked as a draft.
    pub draft: bool,
    /// What stands under `draft` where it is neither yes nor no.
    pub invalid_draft: Option<String>,
    /// Not to be shown before.
    pub visible_from: Option<Timestamp>,
}

/// Where metadata comes from.
#[derive(Debug, Clone, Copy)]
pub struct MetadataInput<'a> {
    /// The file's path under its corpus folder, `/` between parts.
    pub path: &'a str,
    /// How it is marked up.
    pub format: MarkupFormat,
    /// Its front matter.
    pub fields: &'a FieldMap,
    /// What its markup says outside its text.
    pub head: &'a DocumentHead,
    /// Its readable text.
    pub body: &'a Body,
    /// The year of now.
    pub this_year: i16,
}

/// Reads what a file says about itself.
#[must_use]
pub fn read_metadata(clues: &MetadataInput<'_>) -> Metadata {
    let MetadataInput { path, format, fields, head, body, this_year } = *clues;
    let source = MetadataSources::new(path, format, fields, head, body, this_year);
    let json_ld = JsonLd::from_scripts(&head.json_ld);
    let mut metadata = post_metadata(&source, &json_ld);
    // A `source` that names no text is that of a picture or a quotation.
    let names_a_text = |noted: &&FieldMap| noted.first_text(&["title", "url"]).is_some();
    if let Some(noted) = fields.get("source").and_then(FieldValue::as_map).filter(names_a_text) {
        apply_note_source(&mut metadata, noted, this_year);
    }
    metadata
}

fn post_metadata(source: &MetadataSources<'_>, json_ld: &JsonLd) -> Metadata {
    let byline = byline::find_byline(source.body, source.this_year);
    let declared = author::declared_authors(source.fields);
    let authors =
        if declared.is_empty() { author::inferred_authors(source, json_ld, &byline) } else { declared };
    let (date, bad_date) = publication_date::publication_date(source, json_ld, &byline);
    let (visible_from, bad_embargo) = publication_date::find_embargo(source.fields);
    Metadata {
        kind: PostKind::Post,
        title: title::declared_title(source.fields).or_else(|| title::inferred_title(source, json_ld)),
        authors,
        date,
        invalid_date: bad_date.or(bad_embargo),
        url: web_page::find_url(source, json_ld),
        publisher: None,
        language: declared_language(source, json_ld),
        tags: find_tags(source),
        events: declared_events(source.fields),
        draft: is_draft(source),
        invalid_draft: invalid_draft(source.fields),
        visible_from,
    }
}

/// A note speaks about another text: title, authors, day and address are that text's alone.
fn apply_note_source(metadata: &mut Metadata, noted: &FieldMap, this_year: i16) {
    metadata.kind = PostKind::Note;
    metadata.title = title::declared_title(noted);
    metadata.authors = author::declared_authors(noted);
    (metadata.date, metadata.invalid_date) =
        publication_date::declared_date(noted, &["date", "published"], this_year);
    metadata.url = web_page::declared_url(noted, &["url", "link", "canonical_url"]);
    let publisher = noted.first_text(&["publisher", "site", "publication"]);
    metadata.publisher =
        publisher.map(|name| clean_line(name, author::MAX_CHARS)).filter(|name| !name.is_empty());
}

/// The language that front matter, the page, or the file's name (`post.es.md`) claims.
fn declared_language(source: &MetadataSources<'_>, json_ld: &JsonLd) -> Option<Language> {
    const NAMES: &[&str] = &["language", "lang", "locale"];
    let of_name = source.path.rsplit('.').nth(1).filter(|part| part.len() == 2);
    let tags = [
        source.fields.first_text(NAMES),
        source.head.first_text(&["lang", "language"]),
        of_name,
        source.language,
    ];
    tags.into_iter()
        .chain([source.head.first_text(&["og:locale"]), json_ld.language.as_deref()])
        .flatten()
        .map(Language::from_tag)
        .find(|language| *language != Language::Other)
}

/// `event: KubeCon EU 2019`, a list of such, or maps with `name` and `year`.
fn declared_events(fields: &FieldMap) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for item in
        fields.non_empty_values(&["event", "events", "conference", "conferences"]).flat_map(FieldValue::items)
    {
        let named = match item.as_map() {
            Some(map) => {
                let parts = [
                    map.first_text(&["id", "name", "title"]),
                    map.first_text(&["year"]),
                    map.first_text(&["city", "location"]),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            None => item.as_text().unwrap_or_default().to_owned(),
        };
        let named = clean_line(&named, title::MAX_CHARS);
        if !named.is_empty() && events.len() < MAX_EVENTS && !events.contains(&named) {
            events.push(named);
        }
    }
    events
}

fn is_draft(source: &MetadataSources<'_>) -> bool {
    let yes =
        |name: &str| source.fields.get(name).or_else(|| source.head.get(name)).and_then(FieldValue::as_bool);
    let status =
        source.fields.first_text(&["status", "post_status"]).or_else(|| source.head.first_text(&["status"]));
    yes("draft") == Some(true)
        || yes("published") == Some(false)
        || yes("publish") == Some(false)
        || status.is_some_and(|status| status.eq_ignore_ascii_case("draft"))
        || source.path.split('/').any(|part| part == "_drafts")
}

/// The mark of a draft that says neither yes nor no.
fn invalid_draft(fields: &FieldMap) -> Option<String> {
    let value = fields.get("draft").filter(|value| !value.is_empty() && value.as_bool().is_none())?;
    Some(value.as_text().unwrap_or("a list").to_owned())
}

/// One file, as far as it is read.
struct MetadataSources<'a> {
    /// The file's path under its corpus folder.
    path: &'a str,
    /// How it is marked up.
    format: MarkupFormat,
    /// Front matter.
    fields: &'a FieldMap,
    /// `<meta>`, attribute lines and field lists.
    head: FieldMap,
    /// `<title>`, or the document's title.
    title: Option<&'a str>,
    /// `<link rel="canonical">`.
    canonical: Option<&'a str>,
    /// `<html lang>`.
    language: Option<&'a str>,
    /// The readable text.
    body: &'a Body,
    /// The year of now, by which dates are judged.
    this_year: i16,
}

impl<'a> MetadataSources<'a> {
    fn new(
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

#[cfg(test)]
mod tests;

/// Most tags that are kept.
pub const MAX_TAGS: usize = 100;
/// Longest tag, in characters.
const MAX_CHARS: usize = 100;

/// The names that front matter has for them, and whether a text without commas is one tag or a word each.
const TAG_FIELDS: &[(&str, bool)] = &[
    ("tags", true),
    ("tag", false),
    ("categories", true),
    ("category", false),
    ("keywords", true),
    ("topics", true),
    ("params.tags", true),
    ("taxonomies.tags", true),
    ("taxonomies.categories", true),
    ("extra.tags", true),
];

/// All of them, without repeats, in the order of the file.
fn find_tags(source: &MetadataSources<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    for (name, words) in TAG_FIELDS {
        add_field_tags(&mut tags, source.fields, name, *words);
        add_field_tags(&mut tags, &source.head, name, *words);
    }
    // A page has one such element for each tag.
    for (_, value) in source.head.iter().filter(|(name, _)| *name == "article:tag") {
        push_tag(&mut tags, value.as_text());
    }
    tags
}

fn add_field_tags(tags: &mut Vec<String>, fields: &FieldMap, name: &str, words: bool) {
    let Some(value) = fields.get(name) else { return };
    match value {
        FieldValue::List(items) => {
            for item in items.iter().take(2 * MAX_TAGS) {
                let named =
                    item.as_map().and_then(|fields| fields.first_text(&["name", "label", "title", "slug"]));
                push_tag(tags, named.or_else(|| item.as_text()));
            }
        }
        scalar => {
            let text = scalar.as_text().unwrap_or_default();
            let comma = text.contains([',', ';', '、', '，']);
            let cut = |c: char| {
                if comma { matches!(c, ',' | ';' | '、' | '，') } else { words && c.is_whitespace() }
            };
            for tag in text.split(cut).take(2 * MAX_TAGS) {
                push_tag(tags, Some(tag));
            }
        }
    }
}

fn push_tag(tags: &mut Vec<String>, tag: Option<&str>) {
    let Some(tag) = tag else { return };
    let tag = clean_line(tag.trim().trim_matches(['#', '"', '\'']), MAX_CHARS);
    let known = tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
    if tags.len() < MAX_TAGS && !tag.is_empty() && !known {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tags_tests {
    use super::*;

    #[test]
    fn texts_and_lists() {
        for (text, words, tags) in [
            ("a b c", true, vec!["a", "b", "c"]),
            ("Docker, Event", true, vec!["Docker", "Event"]),
            ("Cloud Native", false, vec!["Cloud Native"]),
            ("#go, Go, 'x'", true, vec!["go", "x"]),
            ("", true, vec![]),
        ] {
            let mut fields = FieldMap::default();
            fields.push("tags", FieldValue::Text(text.to_owned()));
            let mut out = Vec::new();
            add_field_tags(&mut out, &fields, "tags", words);
            assert_eq!(out, tags, "{text}");
        }
    }
}
