//! Reads the metadata of a file: title, authors, date, address, tags, drafts and events.
//!
//! Front matter comes first, under the names that site generators use. After it come the head of the page, the path
//! of the file, and the title and the byline of the text. A value that no source has stays unknown. This module
//! knows no YAML and opens no file.

pub(crate) mod author;
mod byline;
pub(crate) mod date;
mod invalid_fields;
mod publication_date;
mod title;
mod web_page;

use crate::front_matter::{FieldMap, FieldValue};
pub use author::is_person_name;
use byline::Byline;
pub use date::{DateError, parse_day};
pub use invalid_fields::InvalidField;
use jiff::{Timestamp, civil::Date};
pub use publication_date::InvalidDate;
use takeaways_text::{
    DocumentHead, MarkupFormat,
    invisible::clean_line,
    model::{Body, Language, PostKind},
};
use web_page::JsonLd;

/// The metadata of a post; for a note, that of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Whether the file is a post or a note.
    pub kind: PostKind,
    /// The title, as plain text.
    pub title: Option<String>,
    /// The people or groups who wrote the post.
    pub authors: Vec<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// A value that should be a date but is not.
    pub invalid_date: Option<InvalidDate>,
    /// Values of front matter that can't be right.
    pub invalid_fields: Vec<InvalidField>,
    /// The address of the post on the web.
    pub url: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// The language that the file declares for its text.
    pub language: Option<Language>,
    /// Tags, categories and keywords, as they were written.
    pub tags: Vec<String>,
    /// The events that front matter names.
    pub events: Vec<String>,
    /// Whether the post is marked as a draft.
    pub draft: bool,
    /// Whether a note is about a draft.
    pub is_about_draft: bool,
    /// The value of `draft`, if it is neither yes nor no.
    pub invalid_draft: Option<String>,
    /// The time before which the post must not be shown.
    pub visible_from: Option<Timestamp>,
}

/// The parts of a file that metadata is read from.
#[derive(Debug, Clone, Copy)]
pub struct MetadataInput<'a> {
    /// The path of the file under its corpus folder, with `/` between parts.
    pub path: &'a str,
    /// The markup format.
    pub format: MarkupFormat,
    /// The front matter.
    pub fields: &'a FieldMap,
    /// What the markup says outside its text.
    pub head: &'a DocumentHead,
    /// The readable text.
    pub body: &'a Body,
    /// The current year, which limits the years of dates.
    pub this_year: i16,
}

/// The input, with the parts of it that are parsed for several fields.
struct MetadataSources<'a> {
    input: MetadataInput<'a>,
    /// `<meta>` elements, attribute lines and field lists.
    head_fields: FieldMap,
    json_ld: JsonLd,
    byline: Byline,
}

/// Maximum number of head fields; no page needs more `<meta>` elements.
const MAX_HEAD_FIELDS: usize = 1_000;
/// Maximum number of events that a post can declare.
const MAX_EVENTS: usize = 20;

impl<'a> MetadataSources<'a> {
    fn new(input: &MetadataInput<'a>) -> Self {
        let mut head_fields = FieldMap::default();
        for (name, text) in input.head.fields.iter().take(MAX_HEAD_FIELDS) {
            head_fields.push(name, FieldValue::Text(text.clone()));
        }
        let json_ld = JsonLd::from_scripts(&input.head.json_ld);
        let byline = byline::find_byline(input.body, input.this_year);
        Self { input: *input, head_fields, json_ld, byline }
    }
}

/// Reads the metadata of a file.
pub fn read_metadata(input: &MetadataInput<'_>) -> Metadata {
    let mut metadata = post_metadata(&MetadataSources::new(input));
    // A `source` without a title and an address is that of a picture or a quotation.
    let is_text = |source: &&FieldMap| source.first_text(&["title", "url"]).is_some();
    if let Some(source) = input.fields.get("source").and_then(FieldValue::as_map).filter(is_text) {
        apply_note_source(&mut metadata, source, input.this_year);
    }
    metadata
}

fn post_metadata(sources: &MetadataSources<'_>) -> Metadata {
    let fields = sources.input.fields;
    let declared = author::declared_authors(fields);
    let authors = if declared.is_empty() { author::inferred_authors(sources) } else { declared };
    let (date, invalid_date) = publication_date::publication_date(sources);
    let (visible_from, invalid_embargo) = publication_date::find_embargo(fields);
    Metadata {
        kind: PostKind::Post,
        title: title::declared_title(fields).or_else(|| title::inferred_title(sources)),
        authors,
        date,
        invalid_date: invalid_date.or(invalid_embargo),
        invalid_fields: invalid_fields::invalid_fields(fields, &declared_events(fields)),
        url: web_page::find_url(sources),
        publisher: None,
        language: declared_language(sources),
        tags: find_tags(sources),
        events: declared_events(fields),
        draft: is_draft(sources),
        is_about_draft: false,
        invalid_draft: invalid_draft(fields),
        visible_from,
    }
}

/// Replaces title, authors, date and address by those of the text that a note is about.
fn apply_note_source(metadata: &mut Metadata, source: &FieldMap, this_year: i16) {
    metadata.kind = PostKind::Note;
    metadata.title = title::declared_title(source);
    metadata.authors = author::declared_authors(source);
    (metadata.date, metadata.invalid_date) =
        publication_date::declared_date(source, &["date", "published"], this_year);
    metadata.url = web_page::declared_url(source, &["url", "link", "canonical_url"]);
    metadata.is_about_draft = source.get("draft").and_then(FieldValue::as_bool) == Some(true);
    let publisher = source.first_text(&["publisher", "site", "publication"]);
    metadata.publisher =
        publisher.map(|name| clean_line(name, author::MAX_CHARS)).filter(|name| !name.is_empty());
}

/// Returns the language that front matter, the page or the name of the file (`post.es.md`) declares.
fn declared_language(sources: &MetadataSources<'_>) -> Option<Language> {
    let MetadataSources { input, head_fields, json_ld, .. } = sources;
    [
        input.fields.first_text(&["language", "lang", "locale"]),
        head_fields.first_text(&["lang", "language"]),
        input.path.rsplit('.').nth(1).filter(|part| part.len() == 2),
        input.head.language.as_deref(),
        head_fields.first_text(&["og:locale"]),
        json_ld.language.as_deref(),
    ]
    .into_iter()
    .flatten()
    .map(Language::from_tag)
    .find(|language| *language != Language::Other)
}

/// Reads events from front matter: `event: KubeCon EU 2019`, a list of such names, or maps with `name` and `year`.
fn declared_events(fields: &FieldMap) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for item in
        fields.non_empty_values(&["event", "events", "conference", "conferences"]).flat_map(FieldValue::items)
    {
        let event = match item.as_map() {
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
        let event = clean_line(&event, title::MAX_CHARS);
        if !event.is_empty() && events.len() < MAX_EVENTS && !events.contains(&event) {
            events.push(event);
        }
    }
    events
}

fn is_draft(sources: &MetadataSources<'_>) -> bool {
    let flag = |name: &str| {
        sources.input.fields.get(name).or_else(|| sources.head_fields.get(name)).and_then(FieldValue::as_bool)
    };
    let status = sources
        .input
        .fields
        .first_text(&["status", "post_status"])
        .or_else(|| sources.head_fields.first_text(&["status"]));
    flag("draft") == Some(true)
        || flag("published") == Some(false)
        || flag("publish") == Some(false)
        || status.is_some_and(|status| status.eq_ignore_ascii_case("draft"))
        || sources.input.path.split('/').any(|part| part == "_drafts")
}

/// Returns the value of `draft` if it is neither yes nor no.
fn invalid_draft(fields: &FieldMap) -> Option<String> {
    let value = fields.get("draft").filter(|value| !value.is_empty() && value.as_bool().is_none())?;
    Some(value.as_text().unwrap_or("a list").to_owned())
}

/// Maximum number of tags.
const MAX_TAGS: usize = 100;
/// Maximum length of a tag, in characters.
const MAX_TAG_LEN: usize = 100;

/// Signs between tags.
const COMMAS: [char; 4] = [',', ';', '、', '，'];

/// The names of fields with tags, and whether a text without commas has one tag for each word.
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

/// Returns all tags without repetitions, in the order of the file.
fn find_tags(sources: &MetadataSources<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    for (name, splits_words) in TAG_FIELDS {
        add_field_tags(&mut tags, sources.input.fields, name, *splits_words);
        add_field_tags(&mut tags, &sources.head_fields, name, *splits_words);
    }
    // A page has one element of this name for each tag.
    for (_, value) in sources.head_fields.iter().filter(|(name, _)| *name == "article:tag") {
        push_tag(&mut tags, value.as_text());
    }
    tags
}

fn add_field_tags(tags: &mut Vec<String>, fields: &FieldMap, name: &str, splits_words: bool) {
    let Some(value) = fields.get(name) else { return };
    match value {
        FieldValue::List(items) => {
            for item in items.iter().take(2 * MAX_TAGS) {
                let name =
                    item.as_map().and_then(|fields| fields.first_text(&["name", "label", "title", "slug"]));
                push_tag(tags, name.or_else(|| item.as_text()));
            }
        }
        scalar => {
            let text = scalar.as_text().unwrap_or_default();
            let has_commas = text.contains(COMMAS);
            let is_separator =
                |c: char| if has_commas { COMMAS.contains(&c) } else { splits_words && c.is_whitespace() };
            for tag in text.split(is_separator).take(2 * MAX_TAGS) {
                push_tag(tags, Some(tag));
            }
        }
    }
}

fn push_tag(tags: &mut Vec<String>, tag: Option<&str>) {
    let Some(tag) = tag else { return };
    let tag = clean_line(tag.trim().trim_matches(['#', '"', '\'']), MAX_TAG_LEN);
    let is_known = tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
    if tags.len() < MAX_TAGS && !tag.is_empty() && !is_known {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tests;
