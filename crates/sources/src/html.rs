//! Parsing of HTML with limits, and what several readers need of it.

use dom_query::{Document, Selection};
use url::Url;

/// The most bytes of HTML that are parsed. The largest blog posts have a tenth of it.
const MAX_HTML_BYTES: usize = 3 << 20;
/// The deepest nesting that is parsed. Serialising recurses, and no page needs more.
const MAX_DEPTH: usize = 400;

/// Elements whose end is often left out; they can't nest without another element between them.
const IMPLIED_ENDS: [&str; 13] =
    ["p", "li", "br", "img", "td", "tr", "th", "dd", "dt", "option", "meta", "link", "input"];

/// Parses HTML. `None` if it is larger or nested deeper than the limits.
pub(crate) fn parse(html: &str) -> Option<Document> {
    (html.len() <= MAX_HTML_BYTES && depth(html) <= MAX_DEPTH).then(|| Document::from(html))
}

/// An upper estimate of the depth, without a tree.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for part in html.split('<').skip(1) {
        let is_end = part.starts_with('/');
        let name: String = part
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        let is_void =
            matches!(name.as_str(), "" | "hr" | "source" | "wbr" | "base" | "area" | "col" | "embed");
        if is_void || IMPLIED_ENDS.contains(&name.as_str()) {
            continue;
        }
        if is_end {
            depth = depth.saturating_sub(1);
        } else if !part.split('>').next().is_some_and(|tag| tag.ends_with('/')) {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
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
        assert!(parse(&"<div>".repeat(10_000)).is_none());
        assert!(parse(&"<b>".repeat(10_000)).is_none());
        assert!(parse(&"x".repeat(MAX_HTML_BYTES + 1)).is_none());
        assert!(parse(&"<p>One<br>Two<li>three".repeat(10_000)).is_some());
    }

    #[test]
    fn tags_and_entities_are_no_part_of_a_line() {
        assert_eq!(plain_line("Notes &amp; <b>thoughts</b>\n on it", 100), "Notes & thoughts on it");
    }
}
