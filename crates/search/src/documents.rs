//! Converts a file of the corpus into the documents of the index.

use std::collections::HashSet;
use std::hash::Hash;

use jiff::civil::Date;
use tantivy::TantivyDocument;
use tantivy::schema::OwnedValue;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};

use crate::corpus_files::{FileContent, file_key, file_stamp, file_version};
use crate::error::SearchError;
use crate::facets::author_key;
use crate::packed_tokens::TokenPacker;
use crate::post_records::{post_fingerprint, unpublished_until};
use crate::schema::{SchemaFields, TextField};
use takeaways_corpus::CorpusFile;
use takeaways_text::model::{Language, Passage, Post};
use takeaways_text::tokens::word_keys;

/// Makes the documents of a file: the file document, then one for each passage. They must be written next to each
/// other.
///
/// # Errors
/// [`SearchError::Store`] if the post can't be serialised.
pub(super) fn file_documents(
    fields: &SchemaFields,
    listed: &CorpusFile,
    content: FileContent,
) -> Result<Vec<TantivyDocument>, SearchError> {
    let (key, stamp) = (file_key(listed), file_stamp(listed));
    let file_version = file_version(key, stamp, content.content_hash);
    let mut file = TantivyDocument::new();
    file.add_u64(fields.passage_number, 0);
    file.add_u64(fields.file_version, file_version);
    file.add_u64(fields.key, key);
    file.add_u64(fields.stamp, stamp);
    file.add_text(fields.path, &listed.path);
    file.add_u64(fields.content, content.content_hash);
    file.add_u64(fields.problems, content.problems as u64);
    if content.is_rejected {
        file.add_u64(fields.rejected, 1);
    }
    let Some(post) = content.post else { return Ok(vec![file]) };

    let post_tokens = post_tokens(&post);
    let passages = post.body.passages.iter().zip(1..).map(|(passage, passage_number)| {
        let mut document = passage_document(fields, &post, passage, file_version, passage_number);
        for (field, tokens) in &post_tokens {
            document.add_text(fields.text_field(*field), tokens);
        }
        let speakers = distinct(passage_speakers(&post, passage));
        if let Some(tokens) = pack(&speakers, post.language) {
            document.add_text(fields.text_field(TextField::Author), tokens);
        }
        for speaker in speakers {
            document.add_text(fields.by_speaker, author_key(speaker));
        }
        document
    });
    let mut documents = vec![file];
    documents.extend(passages);
    let file = &mut documents[0];
    add_columns(fields, file, &post);
    let written = [post.display_title(), post.body.text.as_str()];
    let named = post.authors.iter().chain(&post.tags).map(String::as_str);
    for key in word_keys(written.into_iter().chain(named), post.language) {
        file.add_text(fields.word, key);
    }
    store_post(fields, file, post)
        .map_err(|source| SearchError::Store { path: listed.path.clone(), source })?;
    Ok(documents)
}

/// Stores a post. Its text has its own field, because the store reads texts much faster than bytes.
fn store_post(
    fields: &SchemaFields,
    file: &mut TantivyDocument,
    mut post: Post,
) -> Result<(), postcard::Error> {
    let text = std::mem::take(&mut post.body.text);
    file.add_text(fields.text, text);
    file.add_bytes(fields.post, &postcard::to_stdvec(&post)?);
    Ok(())
}

/// The stored fields of a file document, as [`store_post`] wrote them.
pub(super) struct StoredPost {
    text: Option<String>,
    post: Option<Vec<u8>>,
}

impl DocumentDeserialize for StoredPost {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut document: D) -> Result<Self, DeserializeError> {
        let mut stored = Self { text: None, post: None };
        while let Some((_, value)) = document.next_field::<OwnedValue>()? {
            match value {
                OwnedValue::Str(text) => stored.text = Some(text),
                OwnedValue::Bytes(post) => stored.post = Some(post),
                _ => {}
            }
        }
        Ok(stored)
    }
}

impl StoredPost {
    /// Deserialises the post.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] if there is none or it can't be read.
    pub(super) fn into_post(self) -> Result<Post, SearchError> {
        let damaged = |reason: String| SearchError::Damaged { reason };
        let (Some(text), Some(post)) = (self.text, self.post) else {
            return Err(damaged("a post is missing".to_owned()));
        };
        let mut post: Post =
            postcard::from_bytes(&post).map_err(|error| damaged(format!("a post can't be read: {error}")))?;
        post.body.text = text;
        Ok(post)
    }
}

/// Number of language codes: one past [`Language::ALL`] stands for all others.
pub(super) const LANGUAGE_CODES: usize = Language::ALL.len() + 1;

/// Returns the code of a language in its column.
pub(super) fn language_code(language: Language) -> u64 {
    let at = Language::ALL.iter().position(|&known| known == language);
    at.unwrap_or(Language::ALL.len()) as u64
}

/// Returns the language of a code in its column.
pub(super) fn language_from_code(code: u64) -> Language {
    usize::try_from(code).ok().and_then(|at| Language::ALL.get(at)).copied().unwrap_or(Language::Other)
}

fn add_columns(fields: &SchemaFields, file: &mut TantivyDocument, post: &Post) {
    file.add_text(fields.id, &post.id.0);
    file.add_u64(fields.passages, post.body.passages.len() as u64);
    file.add_u64(fields.language, language_code(post.language));
    if let Some(date) = post.date {
        file.add_i64(fields.date, days_since_epoch(date));
    }
    file.add_u64(fields.fingerprint, post_fingerprint(post));
    if let Some(url) = &post.url {
        file.add_text(fields.url, url);
    }
    if let Some(until) = unpublished_until(post) {
        file.add_i64(fields.unpublished, until);
    }
    for year in years(post) {
        file.add_i64(fields.year, i64::from(year));
    }
    for id in distinct(post.events.iter().map(|event| event.id.0.clone())) {
        file.add_text(fields.by_event, id);
    }
    for author in distinct(post.authors.iter().map(|author| author_key(author))) {
        file.add_text(fields.by_author, author);
    }
    for speaker in distinct(post.body.speakers.iter().map(|speaker| author_key(speaker))) {
        file.add_text(fields.by_speaker, speaker);
    }
    for topic in distinct(post.topics.iter().cloned()) {
        file.add_text(fields.by_topic, topic);
    }
    for (field, ids) in [(fields.by_project, &post.projects), (fields.by_company, &post.companies)] {
        for id in distinct(ids.iter()) {
            file.add_text(field, id);
        }
    }
}

/// Packs the tokens that all passages of a post share.
fn post_tokens(post: &Post) -> Vec<(TextField, String)> {
    let texts = shared_texts(post).into_iter();
    texts.filter_map(|(field, values)| Some((field, pack(&values, post.language)?))).collect()
}

/// The texts that all passages of a post share.
fn shared_texts(post: &Post) -> [(TextField, Vec<&str>); 4] {
    let places = post.events.iter().flat_map(|event| {
        let place = [&event.city, &event.region, &event.country].into_iter().flatten();
        [&event.name, &event.series].into_iter().chain(place).map(String::as_str)
    });
    let topics = post.topics.iter().chain(&post.tags).map(String::as_str);
    [
        (TextField::Title, vec![post.display_title()]),
        (TextField::Author, post.authors.iter().map(String::as_str).collect()),
        (TextField::Event, distinct(places)),
        (TextField::Topics, distinct(topics)),
    ]
}

fn passage_document(
    fields: &SchemaFields,
    post: &Post,
    passage: &Passage,
    file_version: u64,
    passage_number: u64,
) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.passage_number, passage_number);
    document.add_u64(fields.file_version, file_version);
    let headings = post.body.heading_path(passage.section);
    // The title is indexed with each passage, so that its words add less if the passage repeats them.
    let body = [post.display_title(), post.body.slice(passage.span)];
    for (field, values) in [(TextField::Heading, &*headings), (TextField::Body, &body)] {
        if let Some(tokens) = pack(values, post.language) {
            document.add_text(fields.text_field(field), tokens);
        }
    }
    document
}

/// Returns who speaks in the blocks of a passage, as often as they do.
fn passage_speakers<'p>(post: &'p Post, passage: &Passage) -> impl Iterator<Item = &'p str> {
    post.body.sentences_of(passage).iter().filter_map(|sentence| post.body.speaker_of(sentence.block))
}

/// Packs the tokens of a field's values; `None` if there are none.
fn pack(values: &[&str], language: Language) -> Option<String> {
    let mut packer = TokenPacker::default();
    for value in values {
        packer.add(value, language);
    }
    packer.finish()
}

/// Returns the years of a post: those of its events, or its own if no event's year is known.
fn years(post: &Post) -> Vec<i16> {
    let events = distinct(post.events.iter().filter_map(|event| event.year));
    if events.is_empty() { post.date.map(Date::year).into_iter().collect() } else { events }
}

fn days_since_epoch(date: Date) -> i64 {
    // Dates of jiff lie within 10,000 years of 1970, so the difference always fits.
    (date - jiff::civil::date(1970, 1, 1)).get_days().into()
}

/// Returns the date that is this many days after the first of 1970; `None` outside the calendar.
pub(super) fn date_of_days(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn distinct<T: Clone + Eq + Hash>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    values.into_iter().filter(|value| seen.insert(value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_round_trip_through_their_codes() {
        for language in Language::ALL.into_iter().chain([Language::Other]) {
            assert_eq!(language_from_code(language_code(language)), language, "{language:?}");
        }
        assert_eq!(language_from_code(u64::MAX), Language::Other);
    }

    #[test]
    fn dates_are_counted_in_days() {
        for (date, expected) in [("1970-01-01", 0), ("1969-12-31", -1), ("2019-11-18", 18_218)] {
            let date: Date = date.parse().expect("a date");
            assert_eq!((days_since_epoch(date), date_of_days(expected)), (expected, Some(date)));
        }
        assert_eq!(date_of_days(i64::MAX), None);
    }
}
