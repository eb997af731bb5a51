//! One file to a post and its problems. Pure: bytes in, nothing opened, no clock read.
//!
//! Bytes to text: UTF-8, or UTF-16 where a byte order mark says so, with line ends made `\n`.

use crate::{
    Problem, events,
    front_matter::{self, SplitSource},
    metadata::{self, InvalidDate, Metadata},
    topics,
};
use jiff::{Timestamp, tz::TimeZone};
use takeaways_text::{
    MarkupFormat, MarkupProblem, MarkupProblemKind,
    invisible::clean_line,
    model::{BlockKind, Body, Language, Post, PostId, PostKind},
    passages, sentences, tokens,
};
use thiserror::Error;

/// A file as it was fetched.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// The id that its post gets.
    pub id: &'a PostId,
    /// Its path under its corpus folder, `/` between parts.
    pub path: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// What a file gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedFile {
    /// The post; `None` where the file was refused.
    pub post: Option<Post>,
    /// What is wrong with the file, in the order of reading.
    pub problems: Vec<Problem>,
}

/// Reads a file. `now` judges dates; drafts and posts of the future are read like others.
#[must_use]
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
        Err(fault) => {
            let (DecodeError::Binary { line } | DecodeError::NotUtf8 { line }) = fault;
            problems.push(Problem::error(file.path, "invalid-utf8", fault.to_string(), TODO).at_line(line));
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
    let format = format_of_path(file.path);
    let readable = takeaways_text::read_markup(format, split.body, split.body_line);
    problems.extend(readable.problems.iter().map(|problem| markup_problem(file.path, problem)));
    let mut body = readable.body;
    if !body.text.chars().any(char::is_alphanumeric) {
        let todo = "write the post, or remove the file";
        problems.push(Problem::error(file.path, "empty", "no text is in it", todo).at_line(split.body_line));
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
    push_metadata_problems(file.path, source, &metadata, now, problems);
    let language = tokens::detect_language(&body.text, metadata.language);
    sentences::fill_sentences(&mut body, language);
    passages::fill_passages(&mut body);
    Some(assemble_post(file, metadata, language, body))
}

/// More names that are repeated in one file are not told.
const MAX_REPEATED: usize = 5;

fn split_front_matter<'a>(
    path: &str,
    source: &'a str,
    problems: &mut Vec<Problem>,
) -> Option<SplitSource<'a>> {
    let split = match front_matter::split_front_matter(source) {
        Ok(split) => split,
        Err(fault) => {
            let todo = "shorten the front matter to what describes the post";
            problems.push(Problem::error(path, "front-matter", fault.to_string(), todo).at_line(fault.line));
            return None;
        }
    };
    if let Some(fault) = &split.error {
        let problem = if split.fields.is_empty() {
            let todo = "fix the front matter; the post was read without it";
            Problem::error(path, "front-matter", fault.to_string(), todo)
        } else {
            Problem::warning(path, "front-matter", fault.to_string(), "fix the front matter")
        };
        problems.push(problem.at_line(fault.line));
    }
    for name in split.fields.repeated_names().take(MAX_REPEATED) {
        let what = format!("the front matter has `{name}` more than once, and only the last one counts");
        problems.push(Problem::warning(path, "repeated-name", what, "keep the one that is meant"));
    }
    Some(split)
}

fn format_of_path(path: &str) -> MarkupFormat {
    path.rsplit_once('.')
        .and_then(|(_, extension)| MarkupFormat::from_extension(extension))
        .unwrap_or(MarkupFormat::Markdown)
}

fn markup_problem(path: &str, found: &MarkupProblem) -> Problem {
    let problem = match found.kind {
        MarkupProblemKind::TooDeep { limit } => {
            let what = format!(
                "it is nested deeper than {limit} levels; what is deeper was read as if at that level"
            );
            Problem::warning(path, "too-deep", what, "flatten the lists and quotes")
        }
        MarkupProblemKind::TooManyBlocks { limit } => {
            let what = format!("it has more than {limit} paragraphs; the rest was left out");
            Problem::error(path, "too-large", what, "split the post")
        }
    };
    problem.at_line(found.line)
}

fn push_metadata_problems(
    path: &str,
    source: &str,
    metadata: &Metadata,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) {
    let is_note = metadata.kind == PostKind::Note;
    if metadata.title.is_none() {
        let of_post = "add `title:` to the front matter, or a heading of level 1";
        let todo = if is_note { "add `title:` to `source:` in the front matter" } else { of_post };
        problems.push(Problem::warning(path, "no-title", "it has no title", todo));
    }
    match &metadata.invalid_date {
        Some(InvalidDate { value, error: fault }) => {
            let what = format!("the date \"{}\" {fault}", clean_line(value, 40));
            let todo = "write the date as YYYY-MM-DD";
            problems
                .push(Problem::warning(path, "bad-date", what, todo).at_line(line_of_value(source, value)));
        }
        None if metadata.date.is_none() && metadata.visible_from.is_none_or(|from| from <= now) => {
            let of_post = "add `date: YYYY-MM-DD` to the front matter";
            let of_note = "add `date: YYYY-MM-DD` to `source:` in the front matter";
            let todo = if is_note { of_note } else { of_post };
            problems.push(Problem::warning(path, "no-date", "nothing says when it was published", todo));
        }
        None => {}
    }
    if let Some(value) = &metadata.invalid_draft {
        let what = format!("`draft: {}` is neither yes nor no and was read as no", clean_line(value, 40));
        let problem = Problem::warning(path, "bad-draft", what, "write `draft: true` or `draft: false`");
        let is_mark = |line: &str| line.contains("draft") && line.contains(value.as_str());
        let line = (1..).zip(source.lines()).find(|(_, line)| is_mark(line)).map(|(number, _)| number);
        problems.push(problem.at_line(line));
    }
}

/// The first line that holds a value of front matter.
fn line_of_value(source: &str, value: &str) -> Option<u32> {
    let first = value.lines().next().filter(|first| !first.is_empty())?;
    (1..).zip(source.lines()).find(|(_, line)| line.contains(first)).map(|(number, _)| number)
}

fn assemble_post(file: &SourceFile<'_>, metadata: Metadata, language: Language, body: Body) -> Post {
    let title = metadata.title.as_deref();
    let headings: Vec<&str> = body
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(_)))
        .map(|block| body.slice(block.span))
        .collect();
    let topics = topics::TopicTable::builtin().topics_of_post(title, &metadata.tags, &headings, &body.text);
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
        events,
        draft: metadata.draft,
        visible_from: metadata.visible_from,
        body,
    }
}

/// The file's name without extension, or its folder's where the file has the name that all have there.
fn descriptive_name(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem.to_ascii_lowercase().as_str() {
        "index" | "_index" | "readme" | "post" => parts.next().unwrap_or(stem),
        _ => stem,
    }
}

#[cfg(test)]
mod tests;

/// How many of a hundred bytes may be damaged in a text that is read all the same.
const MAX_BAD_PERCENT: usize = 1;

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodedText {
    /// The text, without a byte order mark.
    pub text: String,
    /// The first line with bytes that are no text, from 1. They stand as `U+FFFD` in `text`.
    pub first_invalid_line: Option<u32>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A NUL: pictures and archives have them, texts don't.
    #[error("a NUL byte stands in it, so it is no text")]
    Binary {
        /// The line, from 1.
        line: u32,
    },
    /// More damage than can be read over.
    #[error("it is not valid UTF-8")]
    NotUtf8 {
        /// The line of the first damage, from 1.
        line: u32,
    },
}

/// Decodes a file.
///
/// # Errors
/// What is no text, or is damaged in more than one of a hundred bytes.
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
    let bad_line = raw.first_bad_offset.map(|at| line_number_at(&raw.text, at));
    if let Some(line) = bad_line.filter(|_| raw.bad_bytes * 100 > bytes.len() * MAX_BAD_PERCENT) {
        return Err(DecodeError::NotUtf8 { line });
    }
    Ok(DecodedText { text: normalize_line_ends(raw.text), first_invalid_line: bad_line })
}

/// Text, where in it the first damage stands, and how many bytes were damaged.
struct RawText {
    text: String,
    first_bad_offset: Option<usize>,
    bad_bytes: usize,
}

fn decode_utf8(bytes: &[u8]) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), first_bad_offset: None, bad_bytes: 0 };
    for chunk in bytes.utf8_chunks() {
        raw.text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            raw.first_bad_offset.get_or_insert(raw.text.len());
            raw.bad_bytes += chunk.invalid().len();
            raw.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    raw
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), first_bad_offset: None, bad_bytes: 0 };
    let (pairs, rest) = bytes.as_chunks::<2>();
    for decoded in char::decode_utf16(pairs.iter().copied().map(unit)) {
        raw.text.push(decoded.unwrap_or_else(|_| {
            raw.first_bad_offset.get_or_insert(raw.text.len());
            raw.bad_bytes += 2;
            char::REPLACEMENT_CHARACTER
        }));
    }
    raw.bad_bytes += rest.len();
    if !rest.is_empty() {
        raw.first_bad_offset.get_or_insert(raw.text.len());
    }
    raw
}

/// The line, from 1; a lone carriage return ends one too.
fn line_number_at(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text);
    let lone = before
        .bytes()
        .zip(before.bytes().skip(1).chain([0]))
        .filter(|(a, b)| *a == b'\r' && *b != b'\n')
        .count();
    u32::try_from(before.matches('\n').count() + lone).unwrap_or(u32::MAX - 1) + 1
}

fn normalize_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod decode_tests {
    use super::*;

    #[test]
    fn a02_bytes_to_text() {
        let utf16 =
            |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let long = [b"x\n".repeat(200), b"caf\xe9".to_vec()].concat();
        for (name, bytes, text) in [
            ("plain", "a\nb".as_bytes().to_vec(), Ok(("a\nb", None))),
            ("mark", b"\xef\xbb\xbfa".to_vec(), Ok(("a", None))),
            ("line ends", b"a\r\nb\rc\n\rd".to_vec(), Ok(("a\nb\nc\n\nd", None))),
            ("utf-16le", utf16("\u{feff}hé\r\n🎉", u16::to_le_bytes), Ok(("hé\n🎉", None))),
            ("utf-16be", utf16("\u{feff}hé\r\n🎉", u16::to_be_bytes), Ok(("hé\n🎉", None))),
            ("a surrogate alone", b"\xff\xfea\0\x00\xd8".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
            ("half a unit", b"\xff\xfea\0b".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
            ("latin-1", b"a\rcaf\xe9".to_vec(), Err(DecodeError::NotUtf8 { line: 2 })),
            ("nul", b"a\n\0".to_vec(), Err(DecodeError::Binary { line: 2 })),
            ("nothing", Vec::new(), Ok(("", None))),
        ] {
            let decoded = decode(&bytes);
            assert_eq!(
                decoded.as_ref().map(|d| (d.text.as_str(), d.first_invalid_line)).map_err(|f| *f),
                text,
                "{name}"
            );
        }
        let decoded = decode(&long).expect("little damage");
        assert!(decoded.text.ends_with("caf\u{fffd}"));
        assert_eq!(decoded.first_invalid_line, Some(201));
    }
}
