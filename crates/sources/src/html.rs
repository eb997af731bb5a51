//! Parsing of HTML with limits, and what several readers need of it.

use std::time::{Duration, Instant};

use dom_query::{Document, Selection, Tree};
use html5ever::ParseOpts;
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::TreeBuilderOpts;
use url::Url;

/// The most bytes of HTML that are parsed. The largest blog posts have a tenth of it.
const MAX_HTML_BYTES: usize = 3 << 20;
/// The deepest nesting that is parsed. Serialising recurses, and no page needs more.
const MAX_DEPTH: usize = 400;
/// The most nodes of a tree. Elements that are not closed are made again in each paragraph, so a small text may need many.
const MAX_NODES: usize = 300_000;
/// The bytes after which the tree is measured. The parser needs time in the square of the depth, so it must not go far.
const PIECE_BYTES: usize = 4 << 10;
/// A tree that grew by fewer nodes is not measured again.
const MIN_GROWTH: usize = 200;
/// The longest time of a parse. Usual pages need milliseconds; a tag with very many attributes needs hours.
const MAX_PARSE_TIME: Duration = Duration::from_secs(20);

/// Parses HTML. `None` if it is larger or nested deeper than the limits.
pub(crate) fn parse(html: &str) -> Option<Document> {
    if html.len() > MAX_HTML_BYTES {
        return None;
    }
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let mut parser = html5ever::parse_document(Document::default(), options);
    let (started, mut measured, mut rest) = (Instant::now(), 0, html);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        parser.process(StrTendril::from(piece));
        rest = after;
        let tree = &parser.tokenizer.sink.sink.tree;
        if started.elapsed() > MAX_PARSE_TIME {
            return None;
        }
        if tree.len() >= measured + MIN_GROWTH {
            measured = tree.len();
            if !is_within_limits(tree) {
                return None;
            }
        }
    }
    let document = parser.finish();
    is_within_limits(&document.tree).then_some(document)
}

/// Whether a tree is small and flat enough for what recurses through it. This looks at the tree, because what a text nests
/// can't be seen from its tags: they may be closed by others, by nothing, or opened again. It does not recurse itself.
fn is_within_limits(tree: &Tree) -> bool {
    if tree.len() > MAX_NODES {
        return false;
    }
    let mut open = vec![(tree.root().id, 0_usize)];
    while let Some((id, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return false;
        }
        // The content of a template is a tree of its own.
        let template = tree
            .query_node_or(&id, None, |node| node.as_element().and_then(|element| element.template_contents));
        open.extend(tree.child_ids_of_it(&id, false).chain(template).map(|child| (child, depth + 1)));
    }
    true
}

/// The text of a fragment on one line: without tags, with its entities resolved.
pub(crate) fn plain_line(html: &str, max: usize) -> String {
    let text = if html.contains(['<', '&']) {
        parse(html).map(|document| document.text().to_string()).unwrap_or_default()
    } else {
        html.to_owned()
    };
    takeaways_text::invisible::clean_line(&text, max)
}

/// Makes the addresses of links absolute, and removes those that no reader should follow.
pub(crate) fn resolve_links(document: &Document, base: &Url) {
    for link in &document.select("a[href]") {
        let href = link.attr("href").unwrap_or_default();
        match base.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
            Some(url) => link.set_attr("href", url.as_str()),
            None => link.remove_attr("href"),
        }
    }
}

/// The text of the first of `selectors` that has one, at most `max` characters.
pub(crate) fn first_text(document: &Document, selectors: &[&str], max: usize) -> Option<String> {
    selectors.iter().find_map(|selector| {
        let found = document.select(selector);
        let text = found.iter().next().map(|element| value_of(&element)).unwrap_or_default();
        let text = takeaways_text::invisible::clean_line(&text, max);
        (!text.is_empty()).then_some(text)
    })
}

/// The value of an element with microdata: an attribute, else its text.
fn value_of(element: &Selection<'_>) -> String {
    let attribute = ["content", "datetime"].into_iter().find_map(|name| element.attr(name));
    attribute.unwrap_or_else(|| element.text()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a06_html_that_is_too_large_or_too_deep_is_not_parsed() {
        for deep in [
            "<div>",
            "<b>",
            "<div/>",
            "<blockquote/>",
            "<em></x>",
            "<p-x>",
            "<li-x></div>",
            "<svg><td/>",
            "<svg><td>",
            "<template>",
            "<table><td>",
            "<ul><li>",
            "<a><div>",
        ] {
            assert!(parse(&deep.repeat(10_000)).is_none(), "{deep}");
            assert!(parse(&format!("<!doctype html><p>One{}", deep.repeat(1_000))).is_none(), "{deep}");
        }
        // Elements that are left open are opened again in each paragraph.
        let open = (0..10_000).map(|at| format!("<p><b id={at}>x</p>")).collect::<Vec<_>>().concat();
        assert!(parse(&open).is_none());
        let open = (0..300).map(|at| format!("<b id={at}>")).collect::<Vec<_>>().concat();
        assert!(parse(&format!("<p>{open}</p>{}", "<p>x</p>".repeat(10_000))).is_none());
        assert!(parse(&"x".repeat(MAX_HTML_BYTES + 1)).is_none());
        for flat in [
            "<p>One<br>Two<li>three",
            "<p>ä<hr/><img><custom-x/></custom-x>",
            "<option>",
            "<svg><path/></svg>",
        ] {
            assert!(parse(&flat.repeat(10_000)).is_some(), "{flat}");
        }
    }

    #[test]
    fn what_is_nested_as_deeply_as_may_be_overflows_no_stack() {
        let url = Url::parse("https://b.example/a").expect("an address");
        for (start, end) in [
            ("<div>", "</div>"),
            ("<blockquote>", "</blockquote>"),
            ("<b>", "</b>"),
            ("<a>", ""),
            ("<em/>", ""),
            ("<ul><li>", "</li></ul>"),
            ("<ol><li>", ""),
            ("<table><tr><td>", "</td></tr></table>"),
            ("<a><i>", ""),
        ] {
            let tags = start.matches('<').count() + usize::from(start.starts_with("<table"));
            let count = (MAX_DEPTH - 10) / tags;
            let html = format!("{}Some text.{}", start.repeat(count), end.repeat(count));
            let markdown = crate::markdown::fragment_markdown(&html, &url).unwrap_or_default();
            assert!(markdown.contains("Some text."), "{start}");
            let page = format!("<body><article>{}<p>{}</p></article>", html, "It was long. ".repeat(60));
            assert!(crate::markdown::readable_markdown(&page, &url).is_some(), "{start}");
        }
    }

    #[test]
    fn a_page_is_parsed_in_pieces_as_it_is_at_once() {
        let html = format!(
            "<title>é</title>{}",
            "<p>Ünï&eacute;<b>🎉</b> and\r\n<i>more</i><!-- x --></p>".repeat(3_000)
        );
        assert_eq!(parse(&html).expect("a page").html(), Document::from(html.as_str()).html());
    }

    #[test]
    fn tags_and_entities_are_no_part_of_a_line() {
        assert_eq!(plain_line("Notes &amp; <b>thoughts</b>\n on it", 100), "Notes & thoughts on it");
    }
}
