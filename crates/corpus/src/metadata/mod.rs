//! What a file says about itself: title, authors, day, address, tags, drafts and events.
//!
//! From front matter, under the names that site generators use, else from the head of the page, the file's path
//! and the text's own title and byline. What is unknown stays unknown. Knows no YAML and opens no file.

mod author;
mod byline;
pub mod date;
mod names;
mod published;
#[cfg(test)]
mod sample;
mod source;
mod tags;
mod title;
mod web_page;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::front_matter::field_map::{Fields, Value};
pub use published::BadDate;
use source::Source;
use takeaways_text::invisible::clean_line;
use takeaways_text::model::{Body, Kind, Language};
use takeaways_text::{DocumentHead, Format};
use web_page::JsonLd;

/// The names of people or groups in a text as bylines have it: `A (X), B and C, Company` is A, B and C.
#[must_use]
pub fn people(text: &str) -> Vec<String> {
    names::of_text(text)
}

/// Most events that a post can declare.
const MAX_EVENTS: usize = 20;

/// What a file says about itself, or a note about its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// A post, or a note on one.
    pub kind: Kind,
    /// The title, as plain text.
    pub title: Option<String>,
    /// The people or groups who wrote it.
    pub authors: Vec<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// A value that should have been a date.
    pub bad_date: Option<BadDate>,
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
    pub bad_draft: Option<String>,
    /// Not to be shown before.
    pub visible_from: Option<Timestamp>,
}

/// Where metadata comes from.
#[derive(Debug, Clone, Copy)]
pub struct Clues<'a> {
    /// The file's path under its corpus folder, `/` between parts.
    pub path: &'a str,
    /// How it is marked up.
    pub format: Format,
    /// Its front matter.
    pub fields: &'a Fields,
    /// What its markup says outside its text.
    pub head: &'a DocumentHead,
    /// Its readable text.
    pub body: &'a Body,
    /// The year of now.
    pub this_year: i16,
}

/// Reads what a file says about itself.
#[must_use]
pub fn read(clues: &Clues<'_>) -> Metadata {
    let Clues { path, format, fields, head, body, this_year } = *clues;
    let source = Source::new(path, format, fields, head, body, this_year);
    let json_ld = JsonLd::read(&head.json_ld);
    let mut metadata = of_post(&source, &json_ld);
    // A `source` that names no text is that of a picture or a quotation.
    let names_a_text = |noted: &&Fields| noted.text(&["title", "url"]).is_some();
    if let Some(noted) = fields.get("source").and_then(Value::fields).filter(names_a_text) {
        of_note(&mut metadata, noted, this_year);
    }
    metadata
}

fn of_post(source: &Source<'_>, json_ld: &JsonLd) -> Metadata {
    let byline = byline::find(source.body, source.this_year);
    let declared = author::declared(source.fields);
    let authors = if declared.is_empty() { author::found(source, json_ld, &byline) } else { declared };
    let (date, bad_date) = published::of(source, json_ld, &byline);
    let (visible_from, bad_embargo) = published::embargo(source.fields);
    Metadata {
        kind: Kind::Post,
        title: title::declared(source.fields).or_else(|| title::found(source, json_ld)),
        authors,
        date,
        bad_date: bad_date.or(bad_embargo),
        url: web_page::of(source, json_ld),
        publisher: None,
        language: language(source, json_ld),
        tags: tags::of(source),
        events: events(source.fields),
        draft: is_draft(source),
        bad_draft: bad_draft(source.fields),
        visible_from,
    }
}

/// A note speaks about another text: title, authors, day and address are that text's alone.
fn of_note(metadata: &mut Metadata, noted: &Fields, this_year: i16) {
    metadata.kind = Kind::Note;
    metadata.title = title::declared(noted);
    metadata.authors = author::declared(noted);
    (metadata.date, metadata.bad_date) = published::declared(noted, &["date", "published"], this_year);
    metadata.url = web_page::declared(noted, &["url", "link", "canonical_url"]);
    let publisher = noted.text(&["publisher", "site", "publication"]);
    metadata.publisher =
        publisher.map(|name| clean_line(name, names::MAX_CHARS)).filter(|name| !name.is_empty());
}

/// The language that front matter, the page, or the file's name (`post.es.md`) claims.
fn language(source: &Source<'_>, json_ld: &JsonLd) -> Option<Language> {
    const NAMES: &[&str] = &["language", "lang", "locale"];
    let of_name = source.path.rsplit('.').nth(1).filter(|part| part.len() == 2);
    let tags = [source.fields.text(NAMES), source.head.text(&["lang", "language"]), of_name, source.language];
    tags.into_iter()
        .chain([source.head.text(&["og:locale"]), json_ld.language.as_deref()])
        .flatten()
        .map(Language::from_tag)
        .find(|language| *language != Language::Other)
}

/// `event: KubeCon EU 2019`, a list of such, or maps with `name` and `year`.
fn events(fields: &Fields) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for item in fields.all(&["event", "events", "conference", "conferences"]).flat_map(Value::items) {
        let named = match item.fields() {
            Some(map) => {
                let parts = [
                    map.text(&["id", "name", "title"]),
                    map.text(&["year"]),
                    map.text(&["city", "location"]),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            None => item.text().unwrap_or_default().to_owned(),
        };
        let named = clean_line(&named, title::MAX_CHARS);
        if !named.is_empty() && events.len() < MAX_EVENTS && !events.contains(&named) {
            events.push(named);
        }
    }
    events
}

fn is_draft(source: &Source<'_>) -> bool {
    let yes = |name: &str| source.fields.get(name).or_else(|| source.head.get(name)).and_then(Value::yes);
    let status = source.fields.text(&["status", "post_status"]).or_else(|| source.head.text(&["status"]));
    yes("draft") == Some(true)
        || yes("published") == Some(false)
        || yes("publish") == Some(false)
        || status.is_some_and(|status| status.eq_ignore_ascii_case("draft"))
        || source.path.split('/').any(|part| part == "_drafts")
}

/// The mark of a draft that says neither yes nor no.
fn bad_draft(fields: &Fields) -> Option<String> {
    let value = fields.get("draft").filter(|value| !value.is_empty() && value.yes().is_none())?;
    Some(value.text().unwrap_or("a list").to_owned())
}

#[cfg(test)]
mod tests;
