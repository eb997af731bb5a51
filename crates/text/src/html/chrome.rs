//! Tells what stands around the post on a page: navigation, comments, buttons.

use html5gum::StartTag;

use super::attribute_value;

/// Classes, ids and roles of the elements around a post.
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

/// Ids of sections that hold no part of the post. Other ids of sections are made of the words of their headings.
const CHROME_SECTIONS: [&str; 7] =
    ["comments", "disqus_thread", "masthead", "respond", "sidebar", "tableofcontents", "toc"];

/// Whether a class, an id or a role says that an element stands around the post.
pub(crate) fn is_chrome(start: &StartTag<usize>) -> bool {
    if matches!(&start.name[..], b"html" | b"body" | b"main" | b"article") {
        return false;
    }
    let lower = |name| attribute_value(start, name).unwrap_or_default().to_ascii_lowercase();
    let (classes, id, role) = (lower("class"), lower("id"), lower("role"));
    // Generators make ids of the words of a heading, for it or for its section: `<h2 id="search">`.
    let is_container = matches!(
        &start.name[..],
        b"div" | b"ul" | b"ol" | b"table" | b"td" | b"header" | b"footer" | b"aside" | b"nav" | b"form"
    );
    let is_generic = is_container && !classes.split_ascii_whitespace().any(|class| class == "section");
    CHROME_NAMES.contains(&&*role)
        || classes.split_ascii_whitespace().any(|class| CHROME_NAMES.contains(&class))
        || CHROME_SECTIONS.contains(&&*id) && !matches!(start.name[..], [b'h', b'1'..=b'6'])
        || is_generic && CHROME_NAMES.contains(&&*id)
}
