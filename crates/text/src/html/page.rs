//! A whole page of HTML: what its head says, and which of its elements holds the post.
//!
//! A first look at a page: its head, and which element holds the post.

use super::{
    HtmlReader, attribute_value, class_and_id_names, html_tokens, raw_text_state,
    tags::{EndTags, Tag, TagEffect},
};
use crate::{
    builder::{BodyBuilder, ElementKey, ElementRole},
    markup::{DocumentHead, MarkupProblem},
    model::Body,
    templates::{self, HostMarkup, StrippedSource},
};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// Classes, ids and roles of what stands around a post.
const CHROME_NAMES: [&str; 47] = [
    "ads",
    "adsbygoogle",
    "addtoany",
    "advert",
    "author-box",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "comment-list",
    "comments",
    "complementary",
    "contentinfo",
    "cookie",
    "cookie-banner",
    "disqus_thread",
    "masthead",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "page-nav",
    "pager",
    "pagination",
    "popup",
    "post-nav",
    "post-navigation",
    "post-tags",
    "related",
    "related-posts",
    "respond",
    "search",
    "share",
    "share-buttons",
    "sharedaddy",
    "sharing",
    "sidebar",
    "site-footer",
    "site-header",
    "skip-link",
    "social",
    "social-share",
    "subscribe",
    "tag-list",
    "tableofcontents",
    "tags",
    "toc",
];

/// Reads a page, or a part of one.
pub fn read_page(source: &str, line_of: impl Fn(usize) -> u32) -> (Body, DocumentHead, Vec<MarkupProblem>) {
    let stripped = without_templates(source);
    let source = &*stripped.text;
    let ends = EndTags::scan(source);
    let scan = PageScan::scan(source, &ends);
    let holder = scan.content_element();
    let mut builder = BodyBuilder::new();
    let mut html = HtmlReader::page(&ends);
    let mut inside = holder.is_none().then_some(0u32);
    let mut tokens = html_tokens(source);
    let mut number = 0;
    while let Some(Ok(token)) = tokens.next() {
        let mut state = raw_of(&token, &ends);
        if let Some(depth) = &mut inside {
            state = html.read_token(&mut builder, &token, 0);
            if let Some(holder) = holder {
                *depth = open_count_after(*depth, &token, holder.tag);
                if *depth == 0 {
                    break;
                }
            }
        } else if holder.is_some_and(|holder| holder.number == number && matches!(token, Token::StartTag(_)))
        {
            builder.open(ElementKey::Own, ElementRole::Plain);
            inside = Some(1);
        }
        number += usize::from(matches!(token, Token::StartTag(_)));
        if let Some(state) = state {
            tokens.set_state(state);
        }
    }
    let (body, problems) = builder.finish(|at| line_of(stripped.source_offset(at)));
    (body, scan.head, problems)
}

/// A part of a page is what a site generator makes a page of; a whole page is what it has made.
fn without_templates(source: &str) -> StrippedSource<'_> {
    let start = source.get(..source.len().min(1_024)).unwrap_or(source).to_ascii_lowercase();
    let is_page = start.contains("<!doctype") || start.contains("<html");
    if is_page {
        StrippedSource::unchanged(source)
    } else {
        templates::strip_templates(source, HostMarkup::Html, Vec::new)
    }
}

/// Whether a class, an id or a role says that an element stands around the post and is no part of it.
pub fn is_chrome(start: &StartTag<usize>, names: &str) -> bool {
    let role = attribute_value(start, "role").unwrap_or_default();
    let is_holder = matches!(&start.name[..], b"html" | b"body" | b"main" | b"article");
    !is_holder
        && names.split_ascii_whitespace().chain([role.as_str()]).any(|name| CHROME_NAMES.contains(&name))
}

/// How the rest has to be read after this token.
pub fn raw_of(token: &Token<usize>, ends: &EndTags) -> Option<html5gum::State> {
    let Token::StartTag(start) = token else { return None };
    let ended = !start.self_closing && ends.has_end_after(Tag::from_name(&start.name), start.span.end);
    ended.then(|| raw_text_state(&start.name)).flatten()
}

/// How many elements of one name are open after this token.
fn open_count_after(depth: u32, token: &Token<usize>, tag: Tag) -> u32 {
    match token {
        Token::StartTag(start) if !start.self_closing && Tag::from_name(&start.name) == tag => {
            depth.saturating_add(1)
        }
        Token::EndTag(end) if Tag::from_name(&end.name) == tag => depth.saturating_sub(1),
        _ => depth,
    }
}

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

#[cfg(test)]
mod tests {
    use crate::{
        readable::{MarkupFormat, read_markup},
        testing::format_blocks,
    };

    #[test]
    fn the_post_is_told_from_what_stands_around_it() {
        let words = "word ".repeat(40);
        let words = words.trim();
        for (source, shown) in [
            (
                format!("<nav>a</nav><main><p>{words}</main><aside>b</aside><footer>c</footer>"),
                format!("p {words}"),
            ),
            (
                format!("<header>Site</header><article><header><h1>T</h1></header>{words}</article>tail"),
                format!("h1 T\np {words}"),
            ),
            (format!("<main>m<article>{words}</article></main>"), format!("p {words}")),
            (
                format!("<article>short</article><div class=\"post-content\"><p>{words}</div>"),
                format!("p {words}"),
            ),
            (
                format!(
                    "<div id=content><div class=\"a entry-content\">{words}<div class=\"tags\">t</div></div>x</div>"
                ),
                format!("p {words}"),
            ),
            (
                format!("<div class=\"sidebar\">s</div><p>{words}<div class=\"share\">t</div>"),
                format!("p {words}"),
            ),
            (format!("<body><div>{words}</div><div role=navigation>n</div>"), format!("p {words}")),
            (
                format!("<article>{words}<article>inner</article> end</article> out"),
                format!("p {words}\np inner\np end"),
            ),
            ("<article></article><p>a".to_owned(), "p a".to_owned()),
            ("<blockquote>a<footer>b</footer></blockquote><p>c".to_owned(), "q1 a\np c".to_owned()),
        ] {
            assert_eq!(format_blocks(MarkupFormat::Html, &source), shown, "{source:?}");
        }
    }

    #[test]
    fn the_head_is_kept_apart() {
        let source = "<!DOCTYPE html><html lang=en-GB><head><title>A &amp; B</title><meta name=Author content=' Ann '>
            <meta property='og:title' content=A><meta name=x content=''><link rel=canonical href='https://a.b/c'>
            <script type='application/ld+json'>{\"a\": 1}</script><script>x</script></head>
            <body><svg><title>No</title></svg><p>text</body></html>";
        let read = read_markup(MarkupFormat::Html, source, 1);
        assert_eq!(read.head.title.as_deref(), Some("A & B"));
        assert_eq!(read.head.language.as_deref(), Some("en-GB"));
        assert_eq!(read.head.canonical.as_deref(), Some("https://a.b/c"));
        assert_eq!(read.head.json_ld, ["{\"a\": 1}"]);
        let fields = [("author".to_owned(), "Ann".to_owned()), ("og:title".to_owned(), "A".to_owned())];
        assert_eq!(read.head.fields, fields);
        assert_eq!(read.body.text, "text");
    }

    #[test]
    fn an_element_that_is_never_closed_keeps_none_around_it_open() {
        for (name, page, expected) in [
            ("closed twice", "<article>a<div class=post>b</article>c</article></div>", "ab"),
            (
                "then opened again",
                "<main>some words<div class=post>b</main>c<main>d</main></div>",
                "some wordsb",
            ),
        ] {
            assert_eq!(
                read_markup(MarkupFormat::Html, page, 1).body.text.replace('\n', ""),
                expected,
                "{name}"
            );
        }
    }
}
