//! The readable text of a page as Markdown.

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use url::Url;

use crate::chrome::{remove_by_kind, remove_machinery, remove_named, text_len};
use crate::html;

/// The most elements of a page.
const MAX_ELEMENTS: usize = 50_000;
/// The fewest characters of a container that may hold the post.
const MIN_CONTENT: usize = 200;

/// Elements are removed by their names only if one part in this many of the text is left.
const LEAST_LEFT: usize = 2;

/// The longest mark of a footnote, in characters: `[12]`.
const MAX_NOTE_MARK: usize = 6;
/// The most lines with text before the title, such as a day or an author.
const MAX_LINES_BEFORE_TITLE: usize = 3;

/// What feeds have in the text of a post that is no part of it: marks of headings, and boxes to subscribe or share.
const FEED_CHROME: &str = "a.anchor, a.headerlink, a.header-anchor, a.hash-link, [class*=subscription-widget], \
                           .button-wrapper, .captioned-button-wrap";

/// Containers that themes put the text of a post into, the surest first.
const CONTAINERS: [&str; 14] = [
    "[itemprop=articleBody]",
    ".e-content",
    ".entry-content",
    ".post-content",
    ".post-body",
    ".article-body",
    ".article-content",
    ".gh-content",
    ".available-content",
    ".theme-doc-markdown",
    ".markdown-body",
    ".blog-post-content",
    "article",
    "main",
];

/// Returns the readable text of a page as Markdown; `None` if there is none.
pub(crate) fn readable_markdown(html: &str, url: &Url) -> Option<String> {
    let document = html::parse(html)?;
    remove_by_kind(&document);
    let found = find_text(&document, url);
    if !remove_named(&document) {
        return found;
    }
    let len = |markdown: &Option<String>| markdown.as_ref().map_or(0, String::len);
    let rest = find_text(&document, url);
    if len(&rest) * LEAST_LEFT < len(&found) { found } else { rest }
}

/// The text of a page: that of its container, else what the library finds.
fn find_text(document: &Document, url: &Url) -> Option<String> {
    // The library judges elements by their names and would remove some once more.
    if let Some(inner) = find_container(document) {
        return fragment_markdown(&inner, url);
    }
    let whole = document.select("body").inner_html().to_string();
    let found = run_readability(&document.html(), url);
    let found = found.filter(|found| prose_len(found) * LEAST_LEFT >= prose_len(&whole));
    found.and_then(|found| fragment_markdown(&found, url)).or_else(|| fragment_markdown(&whole, url))
}

/// The length of the text of a fragment without its links: what stands around a post is mostly links.
fn prose_len(fragment: &str) -> usize {
    let Some(document) = html::parse(fragment) else { return 0 };
    document.select("a, script, style").remove();
    text_len(&document.select("body"))
}

/// Turns a fragment of HTML, such as the content of a feed, into Markdown.
pub(crate) fn fragment_markdown(fragment: &str, base: &Url) -> Option<String> {
    let document = html::parse(fragment)?;
    remove_machinery(&document);
    document.select(FEED_CHROME).remove();
    separate_raised(&document);
    html::resolve_links(&document, base);
    let markdown = document.md(None);
    let markdown = markdown.trim();
    markdown.chars().any(char::is_alphanumeric).then(|| format!("{markdown}\n"))
}

/// Raised text would be glued to the word before it. The mark of a footnote says nothing without its link and is removed;
/// a raised number gets a `^`, as in `10^6`. Raised letters are part of their word: `1st`.
fn separate_raised(document: &Document) {
    for raised in &document.select("sup") {
        let text = raised.text();
        let text = text.trim();
        let marks = "a[href^='#'], a[role=doc-noteref], a[class*=footnote], a[id^=fnref]";
        let is_note =
            raised.select(marks).exists() || raised.is("[class*=footnote], [id^=fnref], [class=reference]");
        let is_number = text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic);
        if is_note && text.chars().count() <= MAX_NOTE_MARK {
            raised.remove();
        } else if is_number {
            raised.prepend_html("^");
        }
    }
}

/// The text without a heading that repeats the title before it begins.
pub(crate) fn without_title(markdown: &str, title: &str) -> Option<String> {
    let fold = |text: &str| {
        // Themes link the title to its own page.
        let text = text.split("](").enumerate().map(|(at, part)| match part.split_once(')') {
            Some((_, rest)) if at > 0 => rest,
            _ => part,
        });
        let text = text.collect::<String>();
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let title = fold(title);
    let mut lines = markdown.lines().filter(|line| !line.trim().is_empty());
    let heading = lines.by_ref().take(MAX_LINES_BEFORE_TITLE).find(|line| {
        let text = line.trim_start_matches('#');
        text.len() < line.len() && text.starts_with(' ')
    })?;
    if title.is_empty() || fold(heading) != title || lines.next().is_none() {
        return None;
    }
    let rest = markdown.replacen(heading, "", 1);
    Some(format!("{}\n", rest.trim().replace("\n\n\n\n", "\n\n")))
}

/// The content of the surest container: the only one of its kind on the page.
fn find_container(document: &Document) -> Option<String> {
    CONTAINERS.iter().find_map(|selector| {
        let found = document.select(selector);
        // Containers of one kind may be nested; several beside each other are a list of posts.
        let longest = found.iter().max_by_key(text_len)?;
        let total: usize = found.iter().map(|element| text_len(&element)).sum();
        let is_only = found.length() == 1 || text_len(&longest) * 10 > total * 9;
        (is_only && text_len(&longest) >= MIN_CONTENT).then(|| longest.inner_html().to_string())
    })
}

/// Lets the library find the text of a page without a known container.
fn run_readability(html: &str, url: &Url) -> Option<String> {
    let config = Config { max_elements_to_parse: MAX_ELEMENTS, disable_json_ld: true, ..Config::default() };
    // Not by the library itself, which parses without limits.
    let document = html::parse(html)?;
    let mut reader = Readability::with_document(document, Some(url.as_str()), Some(config)).ok()?;
    reader.parse().ok().map(|article| article.content.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        let url = Url::parse("https://b.example/a").expect("an address");
        fragment_markdown(html, &url).unwrap_or_default()
    }

    #[test]
    fn raised_text_is_no_part_of_the_word_before() {
        for (html, expected) in [
            ("<p>A footnote.<sup><a href=\"#fn1\">1</a></sup> More.</p>", "A footnote. More.\n"),
            ("<p>A footnote<sup id=\"fnref:2\"><a href=\"/p#fn:2\">[2]</a></sup>.</p>", "A footnote.\n"),
            ("<p>10<sup>6</sup> pods on the 1<sup>st</sup> day.</p>", "10^6 pods on the 1st day.\n"),
        ] {
            assert_eq!(markdown(html).replace("\\^", "^"), expected);
        }
    }

    #[test]
    fn the_title_is_not_repeated_as_a_heading() {
        for (text, expected) in [
            ("## My *title*!\n\nText.\n", Some("Text.\n")),
            ("21 November\n\n# My title\n\nText.\n", Some("21 November\n\nText.\n")),
            ("## [My title](https://b.example/a)\n\nText.\n", Some("Text.\n")),
            ("## My title\n", None),
            ("## Another\n\n## My title\n\nText.\n", None),
            ("My title\n\nText.\n", None),
        ] {
            assert_eq!(without_title(text, "My title").as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn text_is_kept_whatever_its_class_is_called() {
        let url = Url::parse("https://b.example/a").expect("an address");
        let long =
            "What people said about service meshes was worth the trip, and there was more of it. ".repeat(9);
        for (name, is_kept) in [
            ("social-life", true),
            ("shared-memories", true),
            ("promo-code-story", true),
            ("share-buttons", false),
        ] {
            let page = format!(
                "<body><article><p>{long}</p><p class=\"{name}\">This one is of it.</p><p>{long}</p></article></body>"
            );
            let text = readable_markdown(&page, &url).expect("a text");
            assert_eq!(text.contains("This one is of it."), is_kept, "{name}");
        }
        // Some programs put the whole page into a form.
        let page = format!(
            "<body><form id=\"aspnetForm\"><div><p>{long}</p></div></form><form><p>Search.</p></form></body>"
        );
        let text = readable_markdown(&page, &url).expect("a text");
        assert!(text.contains("service meshes") && !text.contains("Search"), "{text}");
        // A part that holds much of the article is not removed, whatever it is called.
        let page = format!(
            "<body><article><p>{long}</p><div class=\"share-box\"><p>{long} The end.</p></div></article></body>"
        );
        assert!(readable_markdown(&page, &url).expect("a text").contains("The end."));
    }
}
