//! Parses documents and queries from lines of JSON, and gives documents to the index as HTML posts.

use crate::lines::{LineProblem, parse_lines};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::error::Category;
use std::collections::HashMap;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_search::{CorpusFile, FileContent, FileSource};
use takeaways_text::model::PostId;
use xxhash_rust::xxh3::xxh3_64;

/// A document. Fields that the file omits are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The id in the judgments.
    pub id: String,
    /// The title.
    pub title: String,
    /// The plain text.
    pub text: String,
}

/// A query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionQuery {
    /// The id in the judgments.
    pub id: String,
    /// The question.
    pub text: String,
    /// The right answer, if the collection has it.
    pub gold: Option<Gold>,
}

/// The right answer to a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gold {
    /// One of these texts of the relevant document.
    Spans(Vec<String>),
    /// The query has no answer.
    Unanswerable,
}

/// An id in the JSON: a text or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawId {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Deserialize)]
struct DocumentLine {
    #[serde(rename = "_id")]
    id: RawId,
    title: Option<String>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct QueryLine {
    #[serde(rename = "_id")]
    id: RawId,
    text: Option<String>,
    metadata: Option<QueryMetadata>,
}

/// The metadata of a query in a collection of questions with answers. Other collections have other fields.
#[derive(Default, Deserialize)]
#[serde(default)]
struct QueryMetadata {
    answerable: Option<bool>,
    answers: Option<Vec<String>>,
}

/// Parses `corpus.jsonl`.
pub(super) fn parse_documents(
    file: &str,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<Document>, Vec<LineProblem>> {
    let mut ids = UniqueIds::default();
    let parsed = parse_lines(file, text, |number, line| {
        let DocumentLine { id, title, text } = parse_line(line)?;
        let document = |id| Document { id, title: title.unwrap_or_default(), text: text.unwrap_or_default() };
        Ok(ids.insert(id, number)?.map(document))
    })?;
    notes.extend(ids.note(file));
    Ok(parsed.into_iter().flatten().collect())
}

/// Parses `queries.jsonl`.
pub(super) fn parse_queries(
    file: &str,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<CollectionQuery>, Vec<LineProblem>> {
    let mut ids = UniqueIds::default();
    let parsed = parse_lines(file, text, |number, line| {
        let QueryLine { id, text, metadata } = parse_line(line)?;
        let gold = metadata.and_then(parse_gold);
        Ok(ids.insert(id, number)?.map(|id| CollectionQuery { id, text: text.unwrap_or_default(), gold }))
    })?;
    notes.extend(ids.note(file));
    Ok(parsed.into_iter().flatten().collect())
}

fn parse_gold(QueryMetadata { answerable, answers }: QueryMetadata) -> Option<Gold> {
    // Every quote holds a blank span.
    let spans: Vec<String> = answers.into_iter().flatten().filter(|span| !span.trim().is_empty()).collect();
    match answerable {
        Some(false) => Some(Gold::Unanswerable),
        _ => (!spans.is_empty()).then_some(Gold::Spans(spans)),
    }
}

fn parse_line<'l, T: Deserialize<'l>>(line: &'l str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| match error.classify() {
        Category::Data => format!("it is not as it should be: {}", strip_line_number(&error.to_string())),
        _ => format!("it is not JSON (column {})", error.column()),
    })
}

/// Removes the line number of serde's message, which is always 1.
fn strip_line_number(error: &str) -> &str {
    error.split_once(" at line ").map_or(error, |(what, _)| what)
}

/// The ids of a file and their lines.
#[derive(Default)]
struct UniqueIds {
    lines: HashMap<String, usize>,
    /// The number of lines with a duplicate id.
    duplicates: usize,
    /// The first duplicate id, its line, and the line that had the id before.
    first_duplicate: Option<(String, usize, usize)>,
}

impl UniqueIds {
    /// Returns the id if it is new, and counts it otherwise.
    fn insert(&mut self, id: RawId, line: usize) -> Result<Option<String>, String> {
        let id = match id {
            RawId::Text(text) => text,
            RawId::Number(number) => number.to_string(),
        };
        if id.trim().is_empty() {
            return Err("the _id is empty".to_owned());
        }
        if let Some(&before) = self.lines.get(&id) {
            self.duplicates += 1;
            self.first_duplicate.get_or_insert((id, line, before));
            return Ok(None);
        }
        self.lines.insert(id.clone(), line);
        Ok(Some(id))
    }

    fn note(self, file: &str) -> Option<String> {
        let (id, line, before) = self.first_duplicate?;
        let duplicates = self.duplicates;
        Some(format!(
            "{file}:{line}: the _id {id} stands in line {before} already; left out ({duplicates} such lines)"
        ))
    }
}

/// Documents as files in memory.
#[derive(Debug)]
pub struct DocumentFiles<'d> {
    documents: &'d [Document],
    stamps: Vec<CorpusFile>,
    now: Timestamp,
}

impl<'d> DocumentFiles<'d> {
    /// Creates a file for each document. Ids must be unique. `now` decides which dates are in the future.
    pub fn new(documents: &'d [Document], now: Timestamp) -> Self {
        let stamp = |(at, document): (usize, &Document)| CorpusFile {
            root: 0,
            // The engine reads events and titles from file names, so the file must not be named by the id.
            path: format!("{at}.html"),
            id: PostId(document.id.clone()),
            size: (document.title.len() + document.text.len()) as u64,
            modified_ns: 0,
        };
        Self { documents, stamps: documents.iter().enumerate().map(stamp).collect(), now }
    }
}

impl FileSource for DocumentFiles<'_> {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        false
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let (document, stamp) =
            self.documents.get(at).zip(self.stamps.get(at)).ok_or("it is not in the collection")?;
        let page = html_page(document);
        let file = SourceFile { id: &stamp.id, path: &stamp.path, bytes: page.as_bytes() };
        let mut parsed = read_post(&file, self.now);
        if let Some(post) = &mut parsed.post {
            // A post without title would be titled by its file name, which is only a number.
            post.title.get_or_insert_default();
        }
        Ok(FileContent {
            post: parsed.post,
            problems: parsed.problems.len(),
            is_rejected: false,
            content_hash: xxh3_64(page.as_bytes()),
        })
    }
}

/// Writes a document as an HTML page. HTML is the only post format that can hold any text unchanged. A document without
/// text gets its title as text, because a file without text is not a post.
fn html_page(document: &Document) -> String {
    let title = escape_html(&escape_markdown(&document.title));
    let text = if document.text.trim().is_empty() { &document.title } else { &document.text };
    let mut page = format!("<!doctype html><html><head><title>{title}</title></head><body>");
    for paragraph in paragraphs(text) {
        page += "<p>";
        page += &escape_html(&paragraph);
        page += "</p>\n";
    }
    page + "</body></html>"
}

/// Splits a text at blank lines.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let runs = lines.split(|line| line.trim().is_empty()).filter(|run| !run.is_empty());
    runs.map(|run| run.join("\n")).collect()
}

/// Escapes the punctuation of a title, since titles are read as Markdown.
fn escape_markdown(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Escapes the markup of a text. Control characters, which a page can't hold, become blanks.
fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '\n' => out.push('\n'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use takeaways_text::model::Post;

    fn read_documents(text: &str) -> Result<(Vec<Document>, Vec<String>), String> {
        let mut notes = Vec::new();
        let found =
            parse_documents("c.jsonl", text, &mut notes).map_err(|problems| problems[0].to_string())?;
        Ok((found, notes))
    }

    #[test]
    fn documents_may_omit_fields() {
        let (found, notes) = read_documents(
            "\u{feff}{\"_id\": \"a b\", \"title\": \"T\", \"text\": \"x\", \"url\": [1]}\r\n\n{\"_id\": 7, \"title\": null}",
        )
        .expect("read");
        let document = |id: &str, title: &str, text: &str| Document {
            id: id.into(),
            title: title.into(),
            text: text.into(),
        };
        assert_eq!(found, [document("a b", "T", "x"), document("7", "", "")]);
        assert!(notes.is_empty());
    }

    #[test]
    fn the_first_document_with_an_id_counts() {
        let (found, notes) =
            read_documents("{\"_id\":\"a\",\"text\":\"1\"}\n{\"_id\":\"a\",\"text\":\"2\"}\n{\"_id\":\"a\"}")
                .expect("read");
        assert_eq!((found.len(), found[0].text.as_str()), (1, "1"));
        assert_eq!(notes, ["c.jsonl:2: the _id a stands in line 1 already; left out (2 such lines)"]);
    }

    #[test]
    fn an_unreadable_line_is_reported() {
        for (line, why) in [
            ("{\"_id\":\"b\"", "it is not JSON (column 10)"),
            (
                "[]",
                "it is not as it should be: invalid length 0, expected struct DocumentLine with 3 elements",
            ),
            ("{\"text\":\"x\"}", "it is not as it should be: missing field `_id`"),
            (
                "{\"_id\":\"b\",\"text\":7}",
                "it is not as it should be: invalid type: integer `7`, expected a string",
            ),
            ("{\"_id\":\" \"}", "the _id is empty"),
            ("{\"_id\":\"\\ud800\"}", "it is not JSON (column 15)"),
        ] {
            let error = read_documents(&format!("{{\"_id\":\"a\"}}\n{line}\n")).expect_err(line);
            assert_eq!(error, format!("c.jsonl:2: {why}"));
        }
    }

    #[test]
    fn gold_spans_are_read_where_there_are_any() {
        let spans = |spans: &[&str]| Some(Gold::Spans(spans.iter().map(|&span| span.to_owned()).collect()));
        for (metadata, expected) in [
            (r#"{"answerable": true, "answers": ["1973", " "]}"#, spans(&["1973"])),
            (r#"{"answers": ["x"]}"#, spans(&["x"])),
            (r#"{"answerable": false, "answers": []}"#, Some(Gold::Unanswerable)),
            (r#"{"answerable": true, "answers": []}"#, None),
            (r#"{"url": "x"}"#, None),
            ("{}", None),
            ("null", None),
        ] {
            let line = format!("{{\"_id\": \"1\", \"text\": \"x\", \"metadata\": {metadata}}}");
            let found = parse_queries("q", &line, &mut Vec::new()).expect("read");
            assert_eq!(found[0].gold, expected, "{metadata}");
        }
    }

    fn post(title: &str, text: &str) -> Option<Post> {
        let documents = [Document { id: "../<x>\0".into(), title: title.into(), text: text.into() }];
        let files = DocumentFiles::new(&documents, Timestamp::UNIX_EPOCH);
        files.read(0).expect("it is there").post
    }

    #[test]
    fn a_document_is_a_post_word_for_word() {
        for (title, text) in [
            ("A *title* with `marks`, [links](x) & <b>", "# No heading, * no item"),
            ("1. one", "a < b && c > d; {{ no template }} {% raw %} &amp; <p>"),
            ("---", "---\ntitle: x\n---\nno front matter"),
            ("\\* escaped", "mixed: `code`, _marks_ and ![alt](x)"),
        ] {
            let post = post(title, text).expect("a post");
            assert_eq!(post.body.text, text.replace('\n', " "));
            let has_words = title.chars().any(char::is_alphanumeric);
            assert_eq!(post.title.as_deref(), Some(if has_words { title } else { "" }));
            assert_eq!(post.id.0, "../<x>\0");
            assert_eq!(post.display_title(), if has_words { title } else { "" });
        }
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        let post = post("t", "one\r\ntwo\r\n \r\nthree\n\n\nfour").expect("a post");
        assert_eq!(post.body.text, "one two\n\nthree\n\nfour");
    }

    #[test]
    fn an_empty_document_is_not_a_post_and_a_title_alone_is_one() {
        assert_eq!(post("", ""), None);
        assert_eq!(post("", " \n "), None);
        assert_eq!(post("", "text").map(|post| post.body.text), Some("text".into()));
        assert_eq!(post("title", "").map(|post| post.body.text), Some("title".into()));
    }

    proptest! {
        #[test]
        fn any_document_can_be_read(title in any::<String>(), text in any::<String>()) {
            let with_words = |text: &str| text.chars().any(char::is_alphanumeric);
            let found = post(&title, &text);
            if with_words(&text) {
                prop_assert!(found.is_some());
            }
        }

        #[test]
        fn no_word_is_lost(text in "[ a-z<>&*_#\\[\\]()`{}%|!.:-]{0,60}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            if let Some(post) = post("t", &text).filter(|_| !text.trim().is_empty()) {
                prop_assert_eq!(words(&post.body.text), words(&text));
            }
        }
    }
}
