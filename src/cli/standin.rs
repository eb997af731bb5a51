//! Stands in for `answer/`, `retrieval/` and `corpus/load` until they are wired in; then this file goes.
//!
//! It reads `.md` files in the simplest way and answers with the block that shares most words with the question.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::corpus::{Problem, Severity};
use crate::model::{
    Answer, Block, BlockKind, Body, Citation, Excerpt, Kind, Language, Post, PostId, Question, Quoted, Scope,
    Section, Span, Years,
};

#[derive(Debug, thiserror::Error)]
pub enum AnswerError {}

#[derive(Debug, Clone)]
pub struct Request {
    pub question: Question,
    pub scope: ScopeWish,
    pub limit: usize,
    pub now: Timestamp,
}

#[derive(Debug, Clone, Default)]
pub struct ScopeWish {
    pub events: Vec<String>,
    pub years: Option<Years>,
    pub authors: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub struct Counts {
    pub files: usize,
    pub posts: usize,
    pub notes: usize,
    pub drafts: usize,
    pub scheduled: usize,
    pub refused: usize,
}

pub struct FileStamp {
    pub path: String,
    pub id: PostId,
    file: PathBuf,
}

pub struct Listing {
    pub files: Vec<FileStamp>,
}

pub struct Parsed {
    pub post: Option<Post>,
    pub problems: Vec<Problem>,
}

pub struct Corpus {
    settings: crate::settings::Corpus,
}

impl Corpus {
    pub fn new(settings: crate::settings::Corpus) -> Self {
        Self { settings }
    }

    pub fn list(&self) -> Listing {
        let mut files = Vec::new();
        for folder in &self.settings.folders {
            for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
                let file = entry.into_path();
                if file.extension().is_some_and(|ext| ext == "md") {
                    let path = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
                    files.push(FileStamp { id: PostId(path.trim_end_matches(".md").into()), path, file });
                }
            }
        }
        Listing { files }
    }

    #[expect(clippy::unused_self, reason = "the real one knows limits")]
    pub fn read_one(&self, file: &FileStamp, _now: Timestamp) -> Parsed {
        match std::fs::read_to_string(&file.file) {
            Ok(text) => Parsed { post: Some(post(file.path.clone(), &text)), problems: vec![] },
            Err(_) => Parsed {
                post: None,
                problems: vec![Problem {
                    path: file.path.clone(),
                    line: None,
                    severity: Severity::Error,
                    code: "not-utf8",
                    what: "the file is not UTF-8".into(),
                    todo: "save it as UTF-8".into(),
                }],
            },
        }
    }
}

pub fn each(corpus: &Corpus, now: Timestamp, mut visit: impl FnMut(Post)) -> (Vec<Problem>, Counts) {
    let mut counts = Counts::default();
    let mut problems = Vec::new();
    for file in corpus.list().files {
        counts.files += 1;
        let parsed = corpus.read_one(&file, now);
        problems.extend(parsed.problems);
        match parsed.post {
            None => counts.refused += 1,
            Some(post) if post.draft && !corpus.settings.drafts => counts.drafts += 1,
            Some(post) => {
                counts.posts += 1;
                visit(post);
            }
        }
    }
    (problems, counts)
}

#[derive(Debug, Default)]
pub struct OpenReport {
    pub read: usize,
    pub written: usize,
    pub removed: usize,
    pub rebuilt: Option<String>,
    pub memory: Option<String>,
    pub read_only: Option<String>,
}

pub struct Engine {
    pub posts: Vec<Post>,
}

impl Engine {
    #[expect(clippy::unnecessary_wraps, reason = "the real one can fail")]
    pub fn answer(&self, request: &Request) -> Result<Answer, AnswerError> {
        let _ = (request.now, &request.scope.events);
        let scope =
            Scope { events: Vec::new(), years: request.scope.years, authors: request.scope.authors.clone() };
        let words: Vec<String> = request
            .question
            .text()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 4)
            .map(str::to_lowercase)
            .collect();
        let mut excerpts: Vec<Excerpt> = self
            .posts
            .iter()
            .filter(|post| within(post, &scope))
            .flat_map(|post| excerpts(post, &words))
            .collect();
        excerpts.sort_by(|a, b| b.score.total_cmp(&a.score));
        excerpts.truncate(request.limit);
        if words.is_empty() || excerpts.is_empty() {
            return Ok(Answer::NothingFound { scope, confidence: 0.1, missing: words, offers: vec![] });
        }
        Ok(Answer::Cited { excerpts, scope, confidence: 0.9 })
    }
}

fn within(post: &Post, scope: &Scope) -> bool {
    let by = post.byline().unwrap_or_default();
    let year = post.date.map(Date::year);
    (scope.authors.is_empty() || scope.authors.iter().any(|author| by.contains(author)))
        && scope.years.is_none_or(|years| year.is_some_and(|year| years.contains(year)))
}

fn excerpts<'a>(post: &'a Post, words: &'a [String]) -> impl Iterator<Item = Excerpt> + 'a {
    post.body.blocks.iter().filter_map(|block| {
        let quote = post.body.slice(block.span);
        let lower = quote.to_lowercase();
        let hits = words.iter().filter(|word| lower.contains(word.as_str())).count();
        if hits * 2 < words.len().max(1) || matches!(block.kind, BlockKind::Heading(_)) {
            return None;
        }
        let marks = words.iter().filter_map(|word| {
            let start = block.span.start() + quote.find(word.as_str())?;
            Span::new(&post.body.text, start..start + word.len())
        });
        let mut marks: Vec<Span> = marks.collect();
        marks.sort_unstable();
        Some(Excerpt {
            id: "000000000000".into(),
            quoted: Quoted { quote: quote.into(), span: block.span },
            lead_in: None,
            marks,
            score: u8::try_from(hits).map_or(0.0, f32::from),
            also: 0,
            citation: Citation {
                post: post.id.clone(),
                path: post.path.clone(),
                kind: post.kind,
                title: post.shown_title().into(),
                author: post.byline(),
                date: post.date,
                event: None,
                section: post.body.heading_path(block.section).into_iter().map(str::to_owned).collect(),
                url: post.url.clone(),
            },
        })
    })
}

fn post(path: String, text: &str) -> Post {
    let (front, text) =
        text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap_or(("", text));
    let value = |key: &str| front.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    Post {
        id: PostId(path.trim_end_matches(".md").into()),
        path,
        kind: Kind::Post,
        title: value("title:").map(str::to_owned),
        authors: value("author:").map(str::to_owned).into_iter().collect(),
        date: value("date:").and_then(|date| date.parse().ok()),
        url: value("url:").map(str::to_owned),
        publisher: None,
        language: Language::En,
        tags: vec![],
        topics: vec![],
        events: vec![],
        draft: value("draft:") == Some("true"),
        visible_from: None,
        body: body(text),
    }
}

fn body(markdown: &str) -> Body {
    let mut body = Body { sections: vec![Section::default()], ..Body::default() };
    for part in markdown.split("\n\n").map(str::trim).filter(|part| !part.is_empty()) {
        if !body.text.is_empty() {
            body.text.push_str("\n\n");
        }
        let start = body.text.len();
        let heading = part.starts_with('#');
        body.text.push_str(&part.trim_start_matches(['#', ' ']).replace('\n', " "));
        let Some(span) = Span::new(&body.text, start..body.text.len()) else { continue };
        if heading {
            body.sections.push(Section { heading: Some(span), level: 1, parent: None });
        }
        let section = u32::try_from(body.sections.len() - 1).unwrap_or_default();
        let kind = if heading { BlockKind::Heading(1) } else { BlockKind::Paragraph };
        body.blocks.push(Block { kind, span, section, lead_in: None, depth: 0 });
    }
    body
}
