//! Reads the bytes of one file into a post and its problems. Pure: opens no file and reads no clock.
//!
//! The bytes are decoded as UTF-8, or as UTF-16 after its byte order mark. All line ends become `\n`.

use crate::{
    Problem, entities, events, folder,
    front_matter::{self, SplitSource},
    metadata::{self, InvalidDate, Metadata},
    points, speakers, topics,
};
use jiff::{Timestamp, tz::TimeZone};
use takeaways_text::{
    MarkupFormat, MarkupProblem, MarkupProblemKind,
    invisible::clean_line,
    model::{Body, Language, Post, PostId, PostKind},
    passages,
    phrases::Words,
    sentences, tokens,
};
use thiserror::Error;

/// A file and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// The id of its post.
    pub id: &'a PostId,
    /// Its path under its corpus folder, with `/` between parts.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// The result of reading a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedFile {
    /// The post; `None` if the file was not accepted.
    pub post: Option<Post>,
    /// The problems of the file, in the order in which they were found.
    pub problems: Vec<Problem>,
}

/// Reads a file. `now` decides whether its dates are plausible. Drafts and future posts are read like all others.
pub fn read_post(file: &SourceFile<'_>, now: Timestamp) -> ParsedFile {
    let mut problems = Vec::new();
    let post =
        decode_file(file, &mut problems).and_then(|source| parse_post(file, &source, now, &mut problems));
    ParsedFile { post, problems }
}

fn decode_file(file: &SourceFile<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    const TODO: &str = "save the file as UTF-8";
    match decode(file.bytes) {
        Ok(decoded) => {
            if let Some(line) = decoded.first_invalid_line {
                let what = "some bytes are not valid UTF-8 and were read as \u{fffd}";
                problems.push(Problem::warning(file.path, "invalid-utf8", what, TODO).at_line(line));
            }
            Some(decoded.text)
        }
        Err(error) => {
            let (line, todo) = match error {
                DecodeError::Binary { line } => (line, "exclude it with `corpus.exclude`"),
                DecodeError::NotUtf8 { line } => (line, TODO),
            };
            problems.push(Problem::error(file.path, "invalid-utf8", error.to_string(), todo).at_line(line));
            None
        }
    }
}

fn parse_post(
    file: &SourceFile<'_>,
    source: &str,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) -> Option<Post> {
    let split = split_front_matter(file.path, source, problems)?;
    let format = folder::format_of_file(file.path).unwrap_or(MarkupFormat::Markdown);
    let readable = takeaways_text::read_markup(format, split.body, split.body_line);
    problems.extend(readable.problems.iter().map(|problem| markup_problem(file.path, problem)));
    let mut body = readable.body;
    if !body.text.chars().any(char::is_alphanumeric) {
        let todo = "write the post, or remove the file";
        problems.push(Problem::error(file.path, "empty", "it has no text", todo).at_line(split.body_line));
        return None;
    }
    let metadata = metadata::read_metadata(&metadata::MetadataInput {
        path: file.path,
        format,
        fields: &split.fields,
        head: &readable.head,
        body: &body,
        this_year: now.to_zoned(TimeZone::UTC).year(),
    });
    let is_header_read = split.error.is_none() || !split.fields.is_empty();
    push_metadata_problems(file.path, source, &metadata, is_header_read, now, problems);
    let language = tokens::detect_language(&body.text, metadata.language);
    // A note retells a post; whom it names there is no speaker of the note.
    if metadata.kind == PostKind::Post {
        speakers::fill_speakers(&mut body, &metadata, language);
    }
    sentences::fill_sentences(&mut body, language);
    passages::fill_passages(&mut body);
    let about = metadata.title.iter().chain(&metadata.events).map(String::as_str);
    let mentions = entities::EntityTable::builtin().mentions_of_post(&body.text, about);
    points::fill_points(&mut body, metadata.title.as_deref(), &metadata.authors, language, &mentions);
    let named = entities::NamedEntities::of_mentions(&mentions);
    Some(assemble_post(file, metadata, language, body, named))
}

/// Maximum number of repeated names that are reported for one file.
const MAX_REPEATED: usize = 5;

fn split_front_matter<'a>(
    path: &str,
    source: &'a str,
    problems: &mut Vec<Problem>,
) -> Option<SplitSource<'a>> {
    let split = match front_matter::split_front_matter(source) {
        Ok(split) => split,
        Err(error) => {
            let todo = "shorten the front matter";
            problems.push(Problem::error(path, "front-matter", error.to_string(), todo).at_line(error.line));
            return None;
        }
    };
    if let Some(error) = &split.error {
        let problem = if split.fields.is_empty() {
            let todo = "fix the front matter; the post was read without it";
            Problem::error(path, "front-matter", error.to_string(), todo)
        } else {
            Problem::warning(path, "front-matter", error.to_string(), "fix the front matter")
        };
        problems.push(problem.at_line(error.line));
    }
    for name in split.fields.repeated_names().take(MAX_REPEATED) {
        let what = format!("the front matter has `{name}` more than once; only the last value counts");
        problems.push(Problem::warning(path, "repeated-name", what, "keep one of them"));
    }
    Some(split)
}

fn markup_problem(path: &str, markup: &MarkupProblem) -> Problem {
    let problem = match markup.kind {
        MarkupProblemKind::TooDeep { limit } => {
            let what = format!("it is nested deeper than {limit} levels; deeper levels were flattened");
            Problem::warning(path, "too-deep", what, "flatten the lists and quotes")
        }
        MarkupProblemKind::MissingValue => {
            let what = "a template such as `{{ site.title }}` stands in the text; its value is not known and was left out";
            Problem::hint(path, "template", what, "write the words in its place")
        }
        MarkupProblemKind::TooManyBlocks { limit } => {
            let what = format!("it has more than {limit} paragraphs; the rest was left out");
            Problem::error(path, "too-large", what, "split the post")
        }
    };
    problem.at_line(markup.line)
}

/// A front matter that could not be read may hold what is missing: then that is no problem of its own.
fn push_metadata_problems(
    path: &str,
    source: &str,
    metadata: &Metadata,
    is_header_read: bool,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) {
    let is_note = metadata.kind == PostKind::Note;
    if metadata.title.is_none() && is_header_read {
        let todo = if is_note {
            "add `title:` to `source:` in the front matter"
        } else {
            "add `title:` to the front matter, or a heading of level 1"
        };
        problems.push(Problem::warning(path, "no-title", "it has no title", todo));
    }
    match &metadata.invalid_date {
        Some(InvalidDate { value, error }) => {
            let what = format!("the date \"{}\" {error}", clean_line(value, 40));
            let todo = "write the date as YYYY-MM-DD";
            problems
                .push(Problem::warning(path, "bad-date", what, todo).at_line(line_of_value(source, value)));
        }
        None if metadata.date.is_none()
            && is_header_read
            && metadata.visible_from.is_none_or(|from| from <= now) =>
        {
            let todo = if is_note {
                "add `date: YYYY-MM-DD` to `source:` in the front matter"
            } else {
                "add `date: YYYY-MM-DD` to the front matter"
            };
            problems.push(Problem::warning(path, "no-date", "it has no date of publication", todo));
        }
        None => {}
    }
    for field in &metadata.invalid_fields {
        let is_field_line = |line: &str| line.contains(field.name) && line.contains(&field.value);
        let line = find_line(source, is_field_line).or_else(|| line_of_value(source, &field.value));
        problems.push(field.problem(path).at_line(line));
    }
    if let Some(value) = &metadata.invalid_draft {
        let what = format!("`draft: {}` is not true or false and was read as false", clean_line(value, 40));
        let problem = Problem::warning(path, "bad-draft", what, "write `draft: true` or `draft: false`");
        let is_draft_line = |line: &str| line.contains("draft") && line.contains(value.as_str());
        problems.push(problem.at_line(find_line(source, is_draft_line)));
    }
}

/// Returns the number, from 1, of the first line with a value of the front matter.
fn line_of_value(source: &str, value: &str) -> Option<u32> {
    let first = value.lines().next().filter(|first| !first.is_empty())?;
    find_line(source, |line| line.contains(first))
}

fn find_line(source: &str, matches: impl Fn(&str) -> bool) -> Option<u32> {
    (1..).zip(source.lines()).find(|(_, line)| matches(line)).map(|(number, _)| number)
}

fn assemble_post(
    file: &SourceFile<'_>,
    metadata: Metadata,
    language: Language,
    mut body: Body,
    named: entities::NamedEntities,
) -> Post {
    let title = metadata.title.as_deref();
    let headings: Vec<&str> =
        body.blocks.iter().filter(|block| block.is_heading()).map(|block| body.slice(block.span)).collect();
    let words = Words::new(&body.text);
    let topics = topics::TopicTable::builtin().topics_of_post(title, &metadata.tags, &headings, &words);
    let events = events::detect_events(
        events::EventTable::builtin(),
        &events::EventDetectionInput {
            title,
            file_stem: descriptive_name(file.path),
            tags: &metadata.tags,
            date: metadata.date,
            text: &body.text,
            headings: &headings,
            declared_events: &metadata.events,
        },
    );
    events::fill_section_events(&mut body, &events);
    Post {
        id: file.id.clone(),
        path: file.path.to_owned(),
        kind: metadata.kind,
        title: metadata.title,
        authors: metadata.authors,
        date: metadata.date,
        url: metadata.url,
        publisher: metadata.publisher,
        language,
        tags: metadata.tags,
        topics,
        projects: named.projects,
        companies: named.companies,
        events,
        draft: metadata.draft,
        is_about_draft: metadata.is_about_draft,
        visible_from: metadata.visible_from,
        body,
    }
}

/// Returns the name of a file without its extension. For a generic name, such as `index.md`, it is that of the folder.
fn descriptive_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem.to_ascii_lowercase().as_str() {
        "index" | "_index" | "readme" | "post" => parts.next().unwrap_or(stem),
        _ => stem,
    }
}

/// Maximum percentage of invalid bytes in a text that is accepted.
const MAX_INVALID_PERCENT: usize = 1;

/// The text of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodedText {
    /// The text, without a byte order mark.
    pub text: String,
    /// The number, from 1, of the first line with invalid bytes. `text` has `U+FFFD` in their place.
    pub first_invalid_line: Option<u32>,
}

/// Why a file is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// It contains a NUL, as pictures and archives do.
    #[error("it contains a NUL byte, so it is not text")]
    Binary {
        /// The line, from 1.
        line: u32,
    },
    /// Too many bytes are invalid.
    #[error("it is not valid UTF-8")]
    NotUtf8 {
        /// The line of the first invalid byte, from 1.
        line: u32,
    },
}

/// Decodes the bytes of a file.
///
/// # Errors
/// The bytes contain a NUL, or more than one percent of them is invalid.
pub fn decode(bytes: &[u8]) -> Result<DecodedText, DecodeError> {
    let raw = match bytes {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_utf8(rest),
        _ => decode_utf8(bytes),
    };
    if let Some(at) = raw.text.find('\0') {
        return Err(DecodeError::Binary { line: line_number_at(&raw.text, at) });
    }
    let invalid_line = raw.first_invalid.map(|at| line_number_at(&raw.text, at));
    if let Some(line) = invalid_line.filter(|_| raw.invalid_bytes * 100 > bytes.len() * MAX_INVALID_PERCENT) {
        return Err(DecodeError::NotUtf8 { line });
    }
    Ok(DecodedText { text: normalize_line_ends(raw.text), first_invalid_line: invalid_line })
}

/// A text before its line ends are normalised.
#[derive(Default)]
struct RawText {
    text: String,
    /// The offset in `text` of the first invalid bytes.
    first_invalid: Option<usize>,
    invalid_bytes: usize,
}

impl RawText {
    fn count_invalid(&mut self, bytes: usize) {
        self.first_invalid.get_or_insert(self.text.len());
        self.invalid_bytes += bytes;
    }
}

fn decode_utf8(bytes: &[u8]) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), ..RawText::default() };
    for chunk in bytes.utf8_chunks() {
        raw.text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            raw.count_invalid(chunk.invalid().len());
            raw.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    raw
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), ..RawText::default() };
    let (pairs, rest) = bytes.as_chunks::<2>();
    for decoded in char::decode_utf16(pairs.iter().copied().map(unit)) {
        if decoded.is_err() {
            raw.count_invalid(2);
        }
        raw.text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() {
        raw.count_invalid(rest.len());
    }
    raw
}

/// Returns the number, from 1, of the line at an offset. A lone carriage return ends a line too.
fn line_number_at(text: &str, at: usize) -> u32 {
    let before = normalize_line_ends(text.get(..at).unwrap_or(text).to_owned());
    front_matter::line_number_at(&before, before.len())
}

fn normalize_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests;
