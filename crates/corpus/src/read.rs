//! One file to a post and its problems. Pure: bytes in, nothing opened, no clock read.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::decode::{self, DecodeFault};
use super::front_matter::{self, Split};
use super::metadata::{self, BadDate, Metadata};
use super::{Problem, events, topics};
use takeaways_text::invisible::clean_line;
use takeaways_text::model::{BlockKind, Body, Kind, Language, Post, PostId};
use takeaways_text::{Format, MarkupProblem, MarkupProblemKind, passages, sentences, tokens};

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
pub struct Parsed {
    /// The post; `None` where the file was refused.
    pub post: Option<Post>,
    /// What is wrong with the file, in the order of reading.
    pub problems: Vec<Problem>,
}

/// Reads a file. `now` judges dates; drafts and posts of the future are read like others.
#[must_use]
pub fn read_post(file: &SourceFile<'_>, now: Timestamp) -> Parsed {
    let mut problems = Vec::new();
    let post = decoded(file, &mut problems).and_then(|source| post(file, &source, now, &mut problems));
    Parsed { post, problems }
}

fn decoded(file: &SourceFile<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    const TODO: &str = "save the file as UTF-8";
    match decode::decode(file.bytes) {
        Ok(decoded) => {
            if let Some(line) = decoded.bad_line {
                let what = "some bytes are not valid UTF-8 and were read as \u{fffd}";
                problems.push(Problem::warning(file.path, "invalid-utf8", what, TODO).at(line));
            }
            Some(decoded.text)
        }
        Err(fault) => {
            let (DecodeFault::Binary { line } | DecodeFault::NotUtf8 { line }) = fault;
            problems.push(Problem::error(file.path, "invalid-utf8", fault.to_string(), TODO).at(line));
            None
        }
    }
}

fn post(file: &SourceFile<'_>, source: &str, now: Timestamp, problems: &mut Vec<Problem>) -> Option<Post> {
    let split = split(file.path, source, problems)?;
    let format = format(file.path);
    let readable = takeaways_text::read(format, split.body, split.body_line);
    problems.extend(readable.problems.iter().map(|problem| markup_problem(file.path, problem)));
    let mut body = readable.body;
    if !body.text.chars().any(char::is_alphanumeric) {
        let todo = "write the post, or remove the file";
        problems.push(Problem::error(file.path, "empty", "no text is in it", todo).at(split.body_line));
        return None;
    }
    let metadata = metadata::read(&metadata::Clues {
        path: file.path,
        format,
        fields: &split.fields,
        head: &readable.head,
        body: &body,
        this_year: now.to_zoned(TimeZone::UTC).year(),
    });
    of_metadata(file.path, source, &metadata, now, problems);
    let language = tokens::detect(&body.text, metadata.language);
    sentences::divide(&mut body, language);
    passages::cut(&mut body);
    Some(assembled(file, metadata, language, body))
}

/// More names that are repeated in one file are not told.
const MAX_REPEATED: usize = 5;

fn split<'a>(path: &str, source: &'a str, problems: &mut Vec<Problem>) -> Option<Split<'a>> {
    let split = match front_matter::split(source) {
        Ok(split) => split,
        Err(fault) => {
            let todo = "shorten the front matter to what describes the post";
            problems.push(Problem::error(path, "front-matter", fault.to_string(), todo).at(fault.line));
            return None;
        }
    };
    if let Some(fault) = &split.fault {
        let problem = if split.fields.is_empty() {
            let todo = "fix the front matter; the post was read without it";
            Problem::error(path, "front-matter", fault.to_string(), todo)
        } else {
            Problem::warning(path, "front-matter", fault.to_string(), "fix the front matter")
        };
        problems.push(problem.at(fault.line));
    }
    for name in split.fields.repeated().take(MAX_REPEATED) {
        let what = format!("the front matter has `{name}` more than once, and only the last one counts");
        problems.push(Problem::warning(path, "repeated-name", what, "keep the one that is meant"));
    }
    Some(split)
}

fn format(path: &str) -> Format {
    path.rsplit_once('.')
        .and_then(|(_, extension)| Format::from_extension(extension))
        .unwrap_or(Format::Markdown)
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
    problem.at(found.line)
}

fn of_metadata(path: &str, source: &str, metadata: &Metadata, now: Timestamp, problems: &mut Vec<Problem>) {
    let is_note = metadata.kind == Kind::Note;
    if metadata.title.is_none() {
        let of_post = "add `title:` to the front matter, or a heading of level 1";
        let todo = if is_note { "add `title:` to `source:` in the front matter" } else { of_post };
        problems.push(Problem::warning(path, "no-title", "it has no title", todo));
    }
    match &metadata.bad_date {
        Some(BadDate { value, fault }) => {
            let what = format!("the date \"{}\" {fault}", clean_line(value, 40));
            let todo = "write the date as YYYY-MM-DD";
            problems.push(Problem::warning(path, "bad-date", what, todo).at(line_of(source, value)));
        }
        None if metadata.date.is_none() && metadata.visible_from.is_none_or(|from| from <= now) => {
            let of_post = "add `date: YYYY-MM-DD` to the front matter";
            let of_note = "add `date: YYYY-MM-DD` to `source:` in the front matter";
            let todo = if is_note { of_note } else { of_post };
            problems.push(Problem::warning(path, "no-date", "nothing says when it was published", todo));
        }
        None => {}
    }
    if let Some(value) = &metadata.bad_draft {
        let what = format!("`draft: {}` is neither yes nor no and was read as no", clean_line(value, 40));
        let problem = Problem::warning(path, "bad-draft", what, "write `draft: true` or `draft: false`");
        let is_mark = |line: &str| line.contains("draft") && line.contains(value.as_str());
        let line = (1..).zip(source.lines()).find(|(_, line)| is_mark(line)).map(|(number, _)| number);
        problems.push(problem.at(line));
    }
}

/// The first line that holds a value of front matter.
fn line_of(source: &str, value: &str) -> Option<u32> {
    let first = value.lines().next().filter(|first| !first.is_empty())?;
    (1..).zip(source.lines()).find(|(_, line)| line.contains(first)).map(|(number, _)| number)
}

fn assembled(file: &SourceFile<'_>, metadata: Metadata, language: Language, body: Body) -> Post {
    let title = metadata.title.as_deref();
    let headings: Vec<&str> = body
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(_)))
        .map(|block| body.slice(block.span))
        .collect();
    let topics = topics::TopicTable::builtin().of_post(title, &metadata.tags, &headings, &body.text);
    let events = events::detect(
        events::EventTable::builtin(),
        &events::Clues {
            title,
            file_stem: telling_name(file.path),
            tags: &metadata.tags,
            date: metadata.date,
            text: &body.text,
            headings: &headings,
            declared: &metadata.events,
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
fn telling_name(path: &str) -> &str {
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
