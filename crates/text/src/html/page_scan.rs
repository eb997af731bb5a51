//! A first look at a page: its head, and which element holds the post.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::page::{is_chrome, raw_of};
use super::tags::{Does, Ends, Tag};
use super::{attribute, names, tokens};
use crate::document_head::DocumentHead;

/// Classes and ids of the element that holds the post, best last.
const HOLDERS: [(&str, u8); 20] = [
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
const MAIN: u8 = 4;
const ARTICLE: u8 = 5;

/// Elements nested deeper than this in one another don't compete for holding the post.
const MAX_OPEN: usize = 16;

/// An element that may hold the post.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
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
pub(super) struct Scan {
    pub(super) head: DocumentHead,
    open: Vec<Holder>,
    closed: Vec<Holder>,
    /// The element whose text is no text of the page, and how often it is open.
    hidden: Option<(Tag, u32)>,
    /// What the text within a hidden element is collected for.
    wanted: Option<Wanted>,
    text: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Title,
    JsonLd,
}

impl Scan {
    pub(super) fn of(source: &str, ends: &Ends) -> Self {
        let mut scan = Self::default();
        let mut tokens: Tokenizer<_, DefaultEmitter<usize>> = tokens(source);
        let mut number = 0;
        while let Some(Ok(token)) = tokens.next() {
            match &token {
                Token::StartTag(start) => {
                    scan.start(start, number, ends);
                    number += 1;
                }
                Token::EndTag(end) => scan.end(Tag::named(&end.name)),
                Token::String(text) => scan.text(text),
                _ => {}
            }
            if let Some(state) = raw_of(&token, ends) {
                tokens.set_state(state);
            }
        }
        scan.closed.append(&mut scan.open);
        scan
    }

    /// The element that holds the post: the best kind that holds at least half of the page's text.
    pub(super) fn holder(&self) -> Option<Holder> {
        let holds = |holder: &&Holder| holder.text > 0 && holder.text * 2 >= self.text;
        self.closed.iter().filter(holds).max_by_key(|holder| (holder.rank, holder.text)).copied()
    }

    fn start(&mut self, start: &StartTag<usize>, number: usize, ends: &Ends) {
        let tag = Tag::named(&start.name);
        self.meta(start);
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth += u32::from(*hidden == tag && !start.self_closing);
            return;
        }
        for holder in self.open.iter_mut().filter(|holder| holder.tag == tag && !start.self_closing) {
            holder.depth += 1;
        }
        if start.self_closing || tag.is_void() || !ends.follows(tag, start.span.end) {
            return;
        }
        let names = names(start);
        if matches!(tag.does, Does::Hide | Does::Chrome) || is_chrome(start, &names) {
            self.hidden = Some((tag, 1));
            self.wanted = self.wanted_of(start);
        } else if let Some(rank) = rank(start, &names).filter(|_| self.open.len() < MAX_OPEN) {
            self.open.push(Holder { number, tag, rank, text: 0, depth: 1 });
        }
    }

    fn wanted_of(&self, start: &StartTag<usize>) -> Option<Wanted> {
        match &start.name[..] {
            b"title" if self.head.title.is_none() => Some(Wanted::Title),
            b"script" if attribute(start, "type")?.eq_ignore_ascii_case("application/ld+json") => {
                Some(Wanted::JsonLd)
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
                    self.wanted = None;
                }
            }
            return;
        }
        for holder in self.open.iter_mut().filter(|holder| holder.tag == tag) {
            holder.depth -= 1;
        }
        // Not only the innermost: what was opened inside and never closed must not keep it open.
        self.closed.extend(self.open.extract_if(.., |holder| holder.depth == 0));
    }

    fn text(&mut self, text: &[u8]) {
        if self.hidden.is_some() {
            return self.collect(&String::from_utf8_lossy(text));
        }
        let len = text.split(u8::is_ascii_whitespace).map(<[u8]>::len).sum::<usize>();
        self.text += len;
        for holder in &mut self.open {
            holder.text += len;
        }
    }

    fn collect(&mut self, text: &str) {
        match self.wanted {
            Some(Wanted::Title) => self.head.title.get_or_insert_default().push_str(text),
            Some(Wanted::JsonLd) => self.head.json_ld.push(text.trim().to_owned()),
            None => {}
        }
    }

    /// What a tag says about the page.
    fn meta(&mut self, start: &StartTag<usize>) {
        match &start.name[..] {
            b"html" if self.head.language.is_none() => self.head.language = attribute(start, "lang"),
            b"link" if attribute(start, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.head.canonical = attribute(start, "href").filter(|url| !url.is_empty());
            }
            b"meta" => {
                let name =
                    ["name", "property", "itemprop"].into_iter().find_map(|name| attribute(start, name));
                let content = attribute(start, "content").filter(|content| !content.trim().is_empty());
                if let (Some(name), Some(content)) = (name, content) {
                    self.head.fields.push((name.trim().to_lowercase(), content.trim().to_owned()));
                }
            }
            _ => {}
        }
    }
}

/// How well an element's name and classes say that it holds the post.
fn rank(start: &StartTag<usize>, names: &str) -> Option<u8> {
    let role = attribute(start, "role").unwrap_or_default();
    let item = attribute(start, "itemprop").unwrap_or_default().to_ascii_lowercase();
    match &start.name[..] {
        b"article" => Some(ARTICLE),
        b"main" => Some(MAIN),
        _ if role == "article" => Some(ARTICLE),
        _ if role == "main" => Some(MAIN),
        b"div" | b"section" | b"td" => names
            .split_ascii_whitespace()
            .chain([item.as_str()])
            .filter_map(|name| HOLDERS.iter().find(|(known, _)| *known == name).map(|&(_, rank)| rank))
            .max(),
        _ => None,
    }
}
