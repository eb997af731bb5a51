//! A whole page of HTML: what its head says, and which of its elements holds the post.

use html5gum::{StartTag, Token};

use super::super::builder::{BodyBuilder, ElementKey, ElementRole};
use super::super::templates::{self, HostMarkup, StrippedSource};
use super::page_scan::PageScan;
use super::tags::{EndTags, Tag};
use super::{HtmlReader, attribute_value, html_tokens, raw_text_state};
use crate::document_head::DocumentHead;
use crate::markup_problem::MarkupProblem;
use crate::model::Body;

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

#[cfg(test)]
mod tests {
    use crate::readable::{MarkupFormat, read_markup};
    use crate::testing::format_blocks;

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
