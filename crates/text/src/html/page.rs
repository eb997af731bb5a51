//! Reads a page of HTML: its head, and the element that holds the post.
//!
//! A first pass reads the head and compares the elements that may hold the post; a second one reads that element.

use html5gum::{StartTag, Token};

use super::chrome::is_chrome;
use super::microformats::MicroformatsReader;
use super::tags::{EndTags, Tag, TagEffect};
use super::{HtmlReader, attribute_value, class_and_id_names, html_tokens, raw_text_state};
use crate::builder::{BodyBuilder, ElementRole};
use crate::readable::{DocumentHead, ReadableText};
use crate::templates::{self, HostMarkup, StrippedSource};

/// Classes and ids of the element that holds the post, with their ranks.
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

/// The ranks of the elements `<main>` and `<article>`, above those of all classes.
const MAIN_RANK: u8 = 4;
const ARTICLE_RANK: u8 = 5;

/// The maximum number of nested elements that are compared as holders of the post.
const MAX_OPEN: usize = 16;

/// Reads a page, or a part of one.
pub(crate) fn read_page(source: &str, line_of: impl Fn(usize) -> u32) -> ReadableText {
    let stripped = without_templates(source);
    let source = &*stripped.text;
    let end_tags = EndTags::scan(source);
    let (scan, shows_forms) = scan_page(source, &end_tags);
    let content = scan.content_element();
    let mut builder = BodyBuilder::new();
    if content.is_some() {
        builder.open(ElementRole::Plain);
    }
    let start = content.map_or(0, |element| element.start);
    let mut depth = 1;
    let mut html = HtmlReader::page(&end_tags, shows_forms);
    let mut tokens = html_tokens(source.get(start..).unwrap_or_default());
    while let Some(Ok(token)) = tokens.next() {
        if let Some(state) = html.read_token(&mut builder, &token, start) {
            tokens.set_state(state);
        }
        if let Some(element) = content {
            depth = depth_after(depth, &token, element.tag);
            if depth == 0 {
                break;
            }
        }
    }
    stripped.finish(builder, scan.head, line_of)
}

/// Reads a page for the first time; also returns whether its forms are read. The systems of some sites put all of a
/// page into one form, while most forms are beside the post.
fn scan_page(source: &str, end_tags: &EndTags) -> (PageScan, bool) {
    let scan = PageScan::scan(source, end_tags, false);
    if scan.form_text_bytes <= scan.page_text_bytes {
        return (scan, false); // So it is on nearly all pages: they are not scanned again.
    }
    let with_forms = PageScan::scan(source, end_tags, true);
    if with_forms.page_text_bytes > scan.page_text_bytes.saturating_mul(2) {
        (with_forms, true)
    } else {
        (scan, false)
    }
}

/// Removes the templates of a part of a page, which a site generator has yet to read. A whole page has none.
fn without_templates(source: &str) -> StrippedSource<'_> {
    let start = source.get(..source.len().min(1_024)).unwrap_or(source).to_ascii_lowercase();
    let is_page = start.contains("<!doctype") || start.contains("<html");
    if is_page {
        StrippedSource::unchanged(source)
    } else {
        templates::strip_templates(source, HostMarkup::Html, Vec::new)
    }
}

/// Returns how many elements with this tag are open after a token.
fn depth_after(depth: u32, token: &Token<usize>, tag: Tag) -> u32 {
    match token {
        Token::StartTag(start) if !start.self_closing && Tag::from_name(&start.name) == tag => {
            depth.saturating_add(1)
        }
        Token::EndTag(end) if Tag::from_name(&end.name) == tag => depth.saturating_sub(1),
        _ => depth,
    }
}

/// An element that may hold the post.
#[derive(Debug, Clone, Copy)]
struct ContentElement {
    /// The byte after its start tag.
    start: usize,
    tag: Tag,
    rank: u8,
    /// The length of its text without white space.
    text_bytes: usize,
    /// The number of open elements with its tag, from itself inwards.
    depth: u32,
}

/// The first pass over a page.
#[derive(Debug, Default)]
struct PageScan {
    head: DocumentHead,
    open_elements: Vec<ContentElement>,
    closed_elements: Vec<ContentElement>,
    /// The tag of the hidden element, and the number of open elements with this tag.
    hidden: Option<(Tag, u32)>,
    /// The field of the head that the text of the hidden element belongs to.
    capture_target: Option<CaptureTarget>,
    /// The length of the page's text without white space.
    page_text_bytes: usize,
    /// The length of what stands in forms that are hidden.
    form_text_bytes: usize,
    microformats: MicroformatsReader,
    /// Whether forms are read.
    shows_forms: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaptureTarget {
    Title,
    JsonLd,
}

impl PageScan {
    fn scan(source: &str, end_tags: &EndTags, shows_forms: bool) -> Self {
        let mut scan = Self { shows_forms, ..Self::default() };
        let mut tokens = html_tokens(source);
        while let Some(Ok(token)) = tokens.next() {
            match &token {
                Token::StartTag(start) => {
                    let tag = Tag::from_name(&start.name);
                    let has_end = !start.self_closing && end_tags.has_end_after(tag, start.span.end);
                    scan.read_start_tag(start, tag, has_end);
                    if let Some(state) = raw_text_state(&start.name).filter(|_| has_end) {
                        tokens.set_state(state);
                    }
                }
                Token::EndTag(end) => scan.read_end_tag(Tag::from_name(&end.name)),
                Token::String(text) => scan.read_text(text),
                _ => {}
            }
        }
        scan.closed_elements.append(&mut scan.open_elements);
        scan
    }

    /// Returns the element that holds the post: the one of the highest rank with at least half of the text.
    fn content_element(&self) -> Option<ContentElement> {
        let is_large = |element: &&ContentElement| {
            element.text_bytes > 0 && element.text_bytes * 2 >= self.page_text_bytes
        };
        let candidates = self.closed_elements.iter().filter(is_large);
        candidates.max_by_key(|element| (element.rank, element.text_bytes)).copied()
    }

    fn read_start_tag(&mut self, start: &StartTag<usize>, tag: Tag, has_end: bool) {
        self.read_head_tag(start);
        self.microformats.read_start_tag(start, tag, has_end && !tag.is_void(), &mut self.head);
        let opens = u32::from(!start.self_closing);
        if let Some((hidden, depth)) = &mut self.hidden {
            *depth += if *hidden == tag { opens } else { 0 };
            return;
        }
        for element in self.open_elements.iter_mut().filter(|element| element.tag == tag) {
            element.depth += opens;
        }
        if !has_end || tag.is_void() {
            return;
        }
        let names = class_and_id_names(start);
        let hides = matches!(tag.effect, TagEffect::Hide | TagEffect::Chrome)
            || tag.effect == TagEffect::Form && !self.shows_forms;
        if hides || is_chrome(start) {
            self.hidden = Some((tag, 1));
            self.capture_target = self.capture_target_of(start);
            if self.capture_target == Some(CaptureTarget::JsonLd) {
                self.head.json_ld.push(String::new());
            }
        } else if let Some(rank) = content_rank(start, &names)
            && self.open_elements.len() < MAX_OPEN
        {
            let start = start.span.end;
            self.open_elements.push(ContentElement { start, tag, rank, text_bytes: 0, depth: 1 });
        }
    }

    fn capture_target_of(&self, start: &StartTag<usize>) -> Option<CaptureTarget> {
        match &start.name[..] {
            b"title" if self.head.title.is_none() => Some(CaptureTarget::Title),
            b"script" => {
                let media_type = attribute_value(start, "type")?.to_ascii_lowercase();
                media_type.trim_start().starts_with("application/ld+json").then_some(CaptureTarget::JsonLd)
            }
            _ => None,
        }
    }

    fn read_end_tag(&mut self, tag: Tag) {
        self.microformats.read_end_tag(tag, &mut self.head);
        if let Some((hidden, depth)) = &mut self.hidden {
            if *hidden == tag {
                *depth -= 1;
                if *depth == 0 {
                    self.hidden = None;
                    self.capture_target = None;
                }
            }
            return;
        }
        for element in self.open_elements.iter_mut().filter(|element| element.tag == tag) {
            element.depth -= 1;
        }
        // An element that is never closed must not keep those around it open: so not only the innermost closes.
        self.closed_elements.extend(self.open_elements.extract_if(.., |element| element.depth == 0));
    }

    fn read_text(&mut self, text: &[u8]) {
        self.microformats.read_text(text);
        let len = text.split(u8::is_ascii_whitespace).map(<[u8]>::len).sum::<usize>();
        if let Some((tag, _)) = self.hidden {
            self.form_text_bytes += if tag.effect == TagEffect::Form { len } else { 0 };
            return self.capture(&String::from_utf8_lossy(text));
        }
        self.page_text_bytes += len;
        for element in &mut self.open_elements {
            element.text_bytes += len;
        }
    }

    fn capture(&mut self, text: &str) {
        match self.capture_target {
            Some(CaptureTarget::Title) => self.head.title.get_or_insert_default().push_str(text),
            // A script may come in several pieces.
            Some(CaptureTarget::JsonLd) => {
                self.head.json_ld.last_mut().into_iter().for_each(|json| json.push_str(text));
            }
            None => {}
        }
    }

    /// Reads what a tag of the head says: language, canonical address, meta fields.
    fn read_head_tag(&mut self, start: &StartTag<usize>) {
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

/// Returns how well an element's name, role and classes say that it holds the post; `None` if they don't.
fn content_rank(start: &StartTag<usize>, names: &str) -> Option<u8> {
    let role = attribute_value(start, "role").unwrap_or_default();
    let item = attribute_value(start, "itemprop").unwrap_or_default().to_ascii_lowercase();
    let rank_of = |name: &str| CONTENT_NAMES.iter().find(|(known, _)| *known == name).map(|&(_, rank)| rank);
    match &start.name[..] {
        b"article" => Some(ARTICLE_RANK),
        b"main" => Some(MAIN_RANK),
        _ if role == "article" => Some(ARTICLE_RANK),
        _ if role == "main" => Some(MAIN_RANK),
        b"div" | b"section" | b"td" => {
            names.split_ascii_whitespace().chain([item.as_str()]).filter_map(rank_of).max()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::readable::{MarkupFormat, read_markup};
    use crate::testing::format_blocks;

    #[test]
    fn the_elements_around_the_post_are_left_out() {
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
            (
                "<form id=aspnetForm><input name=x><p>The whole page.</p><button>b</button></form>".to_owned(),
                "p The whole page.".to_owned(),
            ),
            (
                "<p>The whole post, at some length.</p><form><h3>Subscribe</h3><input></form>".to_owned(),
                "p The whole post, at some length.".to_owned(),
            ),
            (
                "<h2 id=search>Search</h2><p>a<section id=social><h2>Social</h2><p>b</section><div class=section \
                 id=sharing><p>c</div><div id=menu>d</div><section id=comments>e</section><h2 id=toc>f</h2>g"
                    .to_owned(),
                "h2 Search\np a\nh2 Social\np b\np c\nh2 f\np g".to_owned(),
            ),
            ("<blockquote>a<footer>b</footer></blockquote><p>c".to_owned(), "q1 a\nq1 b\np c".to_owned()),
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
