//! Whether a web page is one post, or a place that lists posts.

use dom_query::Document;
use url::Url;

use crate::{address, html, identity, markdown};

/// The most feeds that a page names and that are tried.
const MAX_NAMED_FEEDS: usize = 4;
/// The fewest characters of an `<article>` that counts.
const MIN_ARTICLE: usize = 200;
/// The fewest characters outside of links that make a post without an `<article>`.
const MIN_TEXT: usize = 400;
/// The fewest headings with links to other pages of the site that make a list.
const MIN_LINKED_HEADINGS: usize = 3;
/// The fewest links that make a list, if they hold more text than stands around them.
const MIN_LINKS: usize = 5;

/// Parts of addresses of lists, which are no posts.
pub(crate) const LIST_PARTS: [&str; 12] = [
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "page",
    "archive",
    "archives",
    "search",
    "feed",
    "topics",
];
/// What the address of a list ends with, besides [`LIST_PARTS`].
const LIST_ENDS: [&str; 13] = [
    "blog", "blogs", "news", "newsroom", "posts", "articles", "stories", "journal", "weblog", "writing",
    "writings", "updates", "insights",
];
/// What stands before the last part of an address of a list.
const LIST_FOLDERS: [&str; 10] =
    ["tag", "tags", "category", "categories", "author", "authors", "page", "search", "label", "topics"];
/// What is on the page of a post and no part of it: comments and other posts may be articles too.
const BESIDE: &str = "nav, aside, footer, #comments, [class*=comments]:not(body), [class*=comment-list]:not(body), \
                      [class*=related]:not(body), [id*=related]:not(body), [class*=recommended]:not(body)";

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// The first page of a site or of a blog, or another list of posts.
    List,
    /// One post.
    Post,
    /// It says neither. Who gives its address means it rather than all posts of its site.
    Unclear,
}

/// Whether an address is that of the first page of a site.
pub(crate) fn is_first_page(url: &Url) -> bool {
    !identity(url).trim_end_matches('/').contains(['/', '?'])
}

/// Whether the address of a post led to the first page of a site, as that of a post that was removed often does.
pub(crate) fn leads_to_first_page(asked: &Url, answered: &Url) -> bool {
    is_first_page(answered) && !is_first_page(asked)
}

/// Judges a page. `feeds` are those that it names. Removes parts of `document`.
pub(crate) fn judge_page(document: &Document, text: &str, url: &Url, feeds: &[Url]) -> PageKind {
    if is_first_page(url) {
        return PageKind::List;
    }
    if says_article(document) {
        return PageKind::Post;
    }
    if is_list_address(url) {
        return PageKind::List;
    }
    document.select(BESIDE).remove();
    if lists_posts(document, url) {
        return PageKind::List;
    }
    if let Some(is_one) = has_one_article(document) {
        return if is_one { PageKind::Post } else { PageKind::List };
    }
    // A section has a feed of its own. That of a post would hold its comments.
    if feeds.iter().any(|feed| is_below(feed, url)) && !has_post_address(url) {
        return PageKind::List;
    }
    let read = markdown::readable_markdown(text, url).unwrap_or_default();
    let (linked, links) = linked_text(&read);
    let other = read.chars().count().saturating_sub(linked);
    if other >= MIN_TEXT && other > linked && has_post_address(url) {
        return PageKind::Post;
    }
    if links >= MIN_LINKS && linked > other { PageKind::List } else { PageKind::Unclear }
}

/// Whether a page says that it is one article.
fn says_article(document: &Document) -> bool {
    let og = html::first_text(document, &["meta[property='og:type']"], 40);
    let is_one = |selector: &str| document.select(selector).length() == 1;
    let json_ld = document.select("script[type='application/ld+json']").text();
    let is_article = |json: &str| {
        ["\"BlogPosting\"", "\"Article\"", "\"NewsArticle\"", "\"TechArticle\""]
            .iter()
            .any(|kind| json.contains(kind))
    };
    og.as_deref() == Some("article")
        || is_one("meta[property='article:published_time']")
        || is_one("[itemtype*='schema.org/BlogPosting'], [itemtype*='schema.org/Article']")
        || is_article(&json_ld) && json_ld.matches("\"headline\"").count() == 1
        || is_one(".h-entry, .hentry")
        || is_one("[itemprop=articleBody]")
        || is_one("body.single-post")
}

/// Whether headings of the page lead to other pages of the site, as those of a list of posts do.
fn lists_posts(document: &Document, url: &Url) -> bool {
    let own = identity(url);
    let headings = "h1 a[href], h2 a[href], h3 a[href], a[href]:has(h2), a[href]:has(h3)";
    let mut named: Vec<String> = Vec::new();
    for link in &document.select(headings) {
        let Ok(target) = url.join(link.attr("href").unwrap_or_default().trim()) else { continue };
        let target = address::is_same_site(&target, url).then(|| identity(&target));
        named.extend(target.filter(|target| *target != own && !named.contains(target)));
        // A page may have tens of thousands of them.
        if named.len() >= MIN_LINKED_HEADINGS {
            return true;
        }
    }
    false
}

/// Whether one `<article>` holds most of what all hold together; `None` if there is none with a text.
fn has_one_article(document: &Document) -> Option<bool> {
    let length = |text: &str| text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
    let mut lengths: Vec<usize> = document
        .select("article")
        .iter()
        .map(|article| {
            // A list of links is no text.
            length(&article.text()).saturating_sub(2 * length(&article.select("a").text()))
        })
        .collect();
    lengths.sort_unstable();
    let longest = lengths.pop().filter(|longest| *longest >= MIN_ARTICLE)?;
    Some(longest >= lengths.iter().sum())
}

/// The characters of the texts of links in Markdown, and the number of links. What belongs to one link is not looked at for
/// the next, so the time grows with the text alone.
fn linked_text(markdown: &str) -> (usize, usize) {
    let (mut linked, mut links, mut rest) = (0, 0, markdown);
    while let Some((before, after)) = rest.split_once("](") {
        let text = before.rsplit_once('[').map_or("", |(_, text)| text);
        let (target, behind) = after.split_once(')').unwrap_or((after, ""));
        linked += text.chars().count() + target.chars().count() + 4;
        links += 1;
        rest = behind;
    }
    (linked, links)
}

fn parts(url: &Url) -> Vec<&str> {
    let parts = url.path_segments().into_iter().flatten();
    parts.filter(|part| !part.is_empty() && !part.starts_with("index.")).collect()
}

fn is_number(part: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_year(part: &str) -> bool {
    is_number(part, 4..=4) && (part.starts_with("19") || part.starts_with("20"))
}

/// Whether the address is that of a list: a section, a tag, a year, a person, or the first page in a language.
pub(crate) fn is_list_address(url: &Url) -> bool {
    let parts = parts(url);
    let Some((last, above)) = parts.split_last() else { return false };
    let last = last.to_ascii_lowercase();
    let is_language = last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    let folder = above.last().map(|part| part.to_ascii_lowercase()).unwrap_or_default();
    above.is_empty() && (is_language || last.starts_with(['~', '@']))
        || LIST_PARTS.contains(&last.as_str())
        || LIST_ENDS.contains(&last.as_str())
        || LIST_FOLDERS.contains(&folder.as_str())
        || is_year(&last)
        || is_year(&folder) && is_number(&last, 1..=2)
}

/// Whether the address has the form of that of a post: a date, several words, or the number of a post.
pub(crate) fn has_post_address(url: &Url) -> bool {
    let parts = parts(url);
    let Some((last, above)) = parts.split_last() else {
        return url.query_pairs().any(|(name, _)| name == "p");
    };
    let stem = last.rsplit_once('.').map_or(*last, |(stem, _)| stem);
    above.iter().any(|part| is_year(part)) || stem.matches(['-', '_']).count() >= 2 || stem.len() < last.len()
}

/// Whether a feed lies in the folder that a page is.
fn is_below(feed: &Url, page: &Url) -> bool {
    let folder = page.path().trim_end_matches('/');
    let rest = feed.path().strip_prefix(folder);
    address::is_same_site(feed, page) && rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The feeds that a page names.
pub(crate) fn named_feeds(document: &Document, base: &Url) -> Vec<Url> {
    let mut feeds: Vec<Url> = Vec::new();
    for link in &document.select("link[rel~=alternate][href], link[rel~=feed][href]") {
        let kind = link.attr("type").unwrap_or_default().to_lowercase();
        let title = link.attr("title").unwrap_or_default().to_lowercase();
        let href = link.attr("href").unwrap_or_default();
        let is_feed = ["rss", "atom", "feed+json"].iter().any(|name| kind.contains(name));
        // Blogs have a feed of comments beside that of posts.
        if !is_feed || title.contains("comment") || href.contains("comments") {
            continue;
        }
        feeds.extend(base.join(href.trim()).ok().filter(|url| !feeds.contains(url)));
        if feeds.len() >= MAX_NAMED_FEEDS {
            break;
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str, body: &str) -> PageKind {
        let url = Url::parse(&format!("https://blog.example{path}")).expect("an address");
        let text = format!("<html><head><title>A page</title></head><body>{body}</body></html>");
        let document = html::parse(&text).expect("a page");
        let feeds = named_feeds(&document, &url);
        judge_page(&document, &text, &url, &feeds)
    }

    #[test]
    fn a_page_of_many_brackets_or_headings_is_judged_at_once() {
        assert_eq!(linked_text("[One](/a) and [![Alt](/b)](/c) but not](x"), (29, 4));
        assert_eq!(linked_text(&"](".repeat(1_000_000)).1, 1);
        assert_eq!(linked_text(&"[](".repeat(1_000_000)).1, 1);
        assert_eq!(linked_text(&"](x)".repeat(500_000)).1, 500_000);
        let headings =
            (0..40_000).map(|at| format!("<h2><a href=/{at}>a</a></h2>")).collect::<Vec<_>>().concat();
        assert_eq!(kind("/engineering", &headings), PageKind::List);
    }

    fn words(count: usize) -> String {
        format!("<p>{}</p>", "We were at a conference and heard much that was new to us. ".repeat(count))
    }

    #[test]
    fn a_page_is_a_post_by_its_mark_its_article_or_its_text_and_address() {
        let long = words(12);
        let card = |at| format!("<article><p><a href='/{at}'>Other</a> in short</p></article>");
        let cards = [1, 2, 3].map(card).concat();
        let comments =
            format!("<div id='comments'>{0}{0}{0}</div>", format_args!("<article>{long}</article>"));
        for (path, body) in [
            ("/kubecon", format!("<article>{long}</article>")),
            ("/kubecon", format!("<article>{}</article>{cards}", words(6))),
            ("/kubecon", format!("<article>{}</article>{comments}", words(6))),
            ("/what-i-saw-at-kubecon", format!("<div>{long}</div>")),
            ("/2019/kubecon", format!("<div>{long}</div>")),
            ("/kubecon.html", format!("<table><tr><td>{long}</td></tr></table>")),
            ("/?p=12", format!("<div>{long}</div>")),
            ("/archives/123", format!("<article>{long}</article>")),
            ("/kubecon", format!("<div class='post hentry'>{long}</div>")),
            // Headings that lead to talks are part of a post.
            (
                "/2019/kubecon",
                format!("{}{long}", "<h2><a href='https://video.example/1'>A talk</a></h2>".repeat(4)),
            ),
            ("/2019/kubecon", format!("{}{long}", "<h2><a href='#part'>A part</a></h2>".repeat(4))),
        ] {
            assert_eq!(kind(path, &body), PageKind::Post, "{path}: {body}");
        }
    }

    #[test]
    fn a_page_is_a_list_by_its_address_its_headings_its_articles_or_its_links() {
        let long = words(12);
        let heading = |at| format!("<h2><a href='/p/{at}'>A post</a></h2>{}", words(3));
        let headings = [1, 2, 3].map(heading).concat();
        let link = |at| format!("<li><a href='/p/{at}'>A post on it</a></li>");
        let links = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(link).concat();
        for (path, body) in [
            ("/", format!("<article>{long}</article>")),
            ("/index.html", format!("<article>{long}</article>")),
            ("/blog/", long.clone()),
            ("/de/", long.clone()),
            ("/~ann/", long.clone()),
            ("/tag/kubecon", format!("<article>{long}</article>")),
            ("/2019/11/", format!("<article>{long}</article>")),
            ("/engineering", headings.clone()),
            ("/our-team-writes-here", headings),
            ("/engineering", format!("<article>{long}</article>").repeat(3)),
            ("/engineering", format!("<main><ul>{links}</ul></main>")),
            (
                "/engineering/",
                format!("<link rel=alternate type='application/rss+xml' href='index.xml'>{long}"),
            ),
        ] {
            assert_eq!(kind(path, &body), PageKind::List, "{path}: {body}");
        }
        for (path, body) in [("/a", "<p>x".to_owned()), ("/company", long)] {
            assert_eq!(kind(path, &body), PageKind::Unclear, "{path}");
        }
    }
}
