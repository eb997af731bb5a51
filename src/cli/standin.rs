//! Stands in for `answer/`, `retrieval/` and `corpus/load` until they are wired in; then this file goes.
//!
//! It reads `.md` files in the simplest way and answers with the block that shares most words with the question.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::corpus::{Problem, Severity};
use crate::model::{
    Answer, Block, BlockKind, Body, Citation, Excerpt, Kind, Language, Post, PostId, Question, Quoted, Scope,
    Section, Span, Years,
};
use crate::settings::Settings;

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

#[derive(Debug, Default)]
pub struct Loaded {
    pub posts: Vec<Post>,
    pub problems: Vec<Problem>,
    pub counts: Counts,
}

#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub struct Counts {
    pub files: usize,
    pub drafts: usize,
    pub upcoming: usize,
    pub excluded: usize,
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

pub fn load(settings: &Settings, _now: Timestamp) -> Loaded {
    let mut loaded = Loaded::default();
    for folder in &settings.corpus.folders {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
            if entry.path().extension().is_some_and(|ext| ext == "md") {
                take(&mut loaded, settings, folder, entry.path());
            }
        }
    }
    loaded
}

fn take(loaded: &mut Loaded, settings: &Settings, folder: &Path, file: &Path) {
    let path = file.strip_prefix(folder).unwrap_or(file).display().to_string();
    loaded.counts.files += 1;
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let post = post(path, &text);
            loaded.counts.drafts += usize::from(post.draft);
            if !post.draft || settings.corpus.drafts {
                loaded.posts.push(post);
            }
        }
        Err(_) => loaded.problems.push(Problem {
            path,
            line: None,
            severity: Severity::Error,
            code: "not-utf8",
            what: "the file is not UTF-8".into(),
            todo: "save it as UTF-8".into(),
        }),
    }
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
