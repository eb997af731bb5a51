//! A first look at a page: its head, and which element holds the post.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::page::{is_chrome, raw_of};
use super::tags::{EndTags, Tag, TagEffect};
use super::{attribute_value, class_and_id_names, html_tokens};
use crate::document_head::DocumentHead;

/// Classes and ids of the element that holds the post, best last.
const CONTENT_NAMES: [(&str, u8); 20] = [
    ("content", 1),
    ("main-content", 1),
    ("site-content", 1),
    ("container", 1),
    ("post", 2),
    ("entry", 2),
    ("blog-post", 2),
    ("article", 2),
    ("hentry", 2),
    ("article-body", 3),
    ("article-content", 3),
    ("blog-content", 3),
    ("e-content", 3),
    ("entry-content", 3),
    ("markdown-body", 3),
    ("post-body", 3),
    ("post-content", 3),
    ("post-full-content", 3),
    ("story-body", 3),
    ("articlebody", 3),
];

/// Places that a class, an element `<main>` and an element `<article>` take.
const MAIN_RANK: u8 = 4;
const ARTICLE_RANK: u8 = 5;

/// Elements nested deeper than this in one another don't compete for holding the post.
const MAX_OPEN: usize = 16;

/// An element that may hold the post.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContentElement {
    /// Which start tag of the source it is.
    pub(super) number: usize,
    pub(super) tag: Tag,
    rank: u8,
    /// How much text it holds, in bytes.
    text: usize,
    depth: u32,
}

/// What a first look at a page gives.
#[derive(Debug, Default)]
pub(super) struct PageScan {
    pub(super) head: DocumentHead,
    open_elements: Vec<ContentElement>,
    closed_elements: Vec<ContentElement>,
    /// The element whose text is no text of the page, and how often it is open.
    hidden: Option<(Tag, u32)>,
    /// What the text within a hidden element is collected for.
    capturing: Option<CaptureTarget>,
    text: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaptureTarget {
    Title,
    JsonLd,
}

impl PageScan {
    pub(super) fn scan(source: &str, ends: &EndTags) -> Self {
        let mut scan = Self::default();
        let mut tokens: Tokenizer<_, DefaultEmitter<usize>> = html_tokens(source);
        let mut number = 0;
        while let Some(Ok(token)) = tokens.next() {
            match &token {
                Token::StartTag(start) => {
                    scan.start(start, number, ends);
                    number += 1;
                }
                Token::EndTag(end) => scan.end(Tag::from_name(&end.name)),
                Token::String(text) => scan.text(text),
                _ => {}
            }
            if let Some(state) = raw_of(&token, ends) {
                tokens.set_state(state);
            }
        }
        scan.closed_elements.append(&mut scan.open_elements);
        scan
    }

    /// The element that holds the post: the best kind that holds at least half of the page's text.
    pub(super) fn content_element(&self) -> Option<ContentElement> {
        let holds = |holder: &&ContentElement| holder.text > 0 && holder.text * 2 >= self.text;
        self.closed_elements.iter().filter(holds).max_by_key(|holder| (holder.rank, holder.text)).copied()
    }

    fn start(&mut self, start: &StartTag<usize>, number: usize, ends: &EndTags) {
        let tag = Tag::from_name(&start.name);
        self.read_meta(start);
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth += u32::from(*hidden == tag && !start.self_closing);
            return;
        }
        for holder in self.open_elements.iter_mut().filter(|holder| holder.tag == tag && !start.self_closing)
        {
            holder.depth += 1;
        }
        if start.self_closing || tag.is_void() || !ends.has_end_after(tag, start.span.end) {
            return;
        }
        let names = class_and_id_names(start);
        if matches!(tag.effect, TagEffect::Hide | TagEffect::Chrome) || is_chrome(start, &names) {
            self.hidden = Some((tag, 1));
            self.capturing = self.capture_target(start);
        } else if let Some(rank) = content_rank(start, &names).filter(|_| self.open_elements.len() < MAX_OPEN)
        {
            self.open_elements.push(ContentElement { number, tag, rank, text: 0, depth: 1 });
        }
    }

    fn capture_target(&self, start: &StartTag<usize>) -> Option<CaptureTarget> {
        match &start.name[..] {
            b"title" if self.head.title.is_none() => Some(CaptureTarget::Title),
            b"script" if attribute_value(start, "type")?.eq_ignore_ascii_case("application/ld+json") => {
                Some(CaptureTarget::JsonLd)
            }
            _ => None,
        }
    }

    fn end(&mut self, tag: Tag) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if *hidden == tag {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                    self.capturing = None;
                }
            }
            return;
        }
        for holder in self.open_elements.iter_mut().filter(|holder| holder.tag == tag) {
            holder.depth -= 1;
        }
        // Not only the innermost: what was opened inside and never closed must not keep it open.
        self.closed_elements.extend(self.open_elements.extract_if(.., |holder| holder.depth == 0));
    }

    fn text(&mut self, text: &[u8]) {
        if self.hidden.is_some() {
            return self.capture(&String::from_utf8_lossy(text));
        }
        let len = text.split(u8::is_ascii_whitespace).map(<[u8]>::len).sum::<usize>();
        self.text += len;
        for holder in &mut self.open_elements {
            holder.text += len;
        }
    }

    fn capture(&mut self, text: &str) {
        match self.capturing {
            Some(CaptureTarget::Title) => self.head.title.get_or_insert_default().push_str(text),
            Some(CaptureTarget::JsonLd) => self.head.json_ld.push(text.trim().to_owned()),
            None => {}
        }
    }

    /// What a tag says about the page.
    fn read_meta(&mut self, start: &StartTag<usize>) {
        match &start.name[..] {
            b"html" if self.head.language.is_none() => self.head.language = attribute_value(start, "lang"),
            b"link"
                if attribute_value(start, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
            {
                self.head.canonical = attribute_value(start, "href").filter(|url| !url.is_empty());
            }
            b"meta" => {
                let name = ["name", "property", "itemprop"]
                    .into_iter()
                    .find_map(|name| attribute_value(start, name));
                let content = attribute_value(start, "content").filter(|content| !content.trim().is_empty());
                if let (Some(name), Some(content)) = (name, content) {
                    self.head.fields.push((name.trim().to_lowercase(), content.trim().to_owned()));
                }
            }
            _ => {}
        }
    }
}

/// How well an element's name and classes say that it holds the post.
fn content_rank(start: &StartTag<usize>, names: &str) -> Option<u8> {
    let role = attribute_value(start, "role").unwrap_or_default();
    let item = attribute_value(start, "itemprop").unwrap_or_default().to_ascii_lowercase();
    match &start.name[..] {
        b"article" => Some(ARTICLE_RANK),
        b"main" => Some(MAIN_RANK),
        _ if role == "article" => Some(ARTICLE_RANK),
        _ if role == "main" => Some(MAIN_RANK),
        b"div" | b"section" | b"td" => names
            .split_ascii_whitespace()
            .chain([item.as_str()])
            .filter_map(|name| CONTENT_NAMES.iter().find(|(known, _)| *known == name).map(|&(_, rank)| rank))
            .max(),
        _ => None,
    }
}
