//! The readable text of a page as Markdown.

use dom_query::{Document, Selection};
use dom_smoothie::{Config, ParsePolicy, Readability};
use url::Url;

use crate::html;

/// The most elements of a page.
const MAX_ELEMENTS: usize = 50_000;
/// A container with at least so many characters may hold the post.
const MIN_CONTENT: usize = 200;

/// Elements that are never part of a post, whatever theme made the page.
const CHROME: [&str; 5] = [
    "script, style, template, iframe, form, button, svg, canvas, dialog, object, embed, video, audio, img, picture, \
     source, link, noscript, input, select, textarea",
    "nav, footer, aside, menu, [role=navigation], [role=banner], [role=contentinfo], [role=complementary], \
     [role=search], [role=dialog], [role=alertdialog], [aria-hidden=true], [hidden]",
    "[class*=cookie], [id*=cookie], [class*=consent], [id*=consent], [class*=gdpr], [class*=share], [id*=share], \
     [class*=sharing], [class*=social], [class*=newsletter], [class*=subscribe], [class*=subscription], \
     [class*=popup], [class*=modal], [class*=promo], [class*=advert], [class*=banner]",
    "[class*=related], [id*=related], [class*=recommended], [class*=read-next], [class*=more-posts], \
     [class*=sidebar], [id*=sidebar], [class*=widget], [class*=breadcrumb], [class*=pagination], [class*=pager], \
     [class*=post-nav], [class*=postnav], [class*=prev-next], [class*=navigation], [class*=skip-link], \
     [class*=comments], [id=comments], [id=disqus_thread], [class*=author-bio], [class*=author-box], \
     [class*=author-card], [class*=table-of-contents], [id=toc], [class=toc], [class*=tag-list], [class*=post-tags]",
    "[class*=post-meta], [class*=entry-meta], [class*=byline], [class*=reading-time], [class*=edit-this-page], \
     [class*=theme-edit], [class*=sr-only], [class*=screen-reader], [class*=visually-hidden], [class*=jp-relatedposts], \
     [class*=sharedaddy], [class*=wp-block-buttons], [class*=footnote-backref], a.anchor, a.headerlink, \
     a.header-anchor, a.hash-link",
];

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
    remove_chrome(&document);
    let readable = match find_container(&document) {
        Some(inner) => {
            run_readability(&format!("<html><body><article>{inner}</article></body></html>"), url, true)
                .or(Some(inner))
        }
        None => run_readability(&document.html(), url, false),
    };
    fragment_markdown(&readable?, url)
}

/// Turns a fragment of HTML, such as the content of a feed, into Markdown.
pub(crate) fn fragment_markdown(fragment: &str, base: &Url) -> Option<String> {
    let document = html::parse(fragment)?;
    document.select(CHROME[0]).remove();
    document.select(FEED_CHROME).remove();
    html::resolve_links(&document, base);
    let markdown = document.md(None);
    let markdown = markdown.trim();
    markdown.chars().any(char::is_alphanumeric).then(|| format!("{markdown}\n"))
}

/// Removes what stands around a post. An element that holds much of the page is no chrome, whatever its class says.
fn remove_chrome(document: &Document) {
    document.select(CHROME[0]).remove();
    let whole = text_len(&document.select("body"));
    for selector in &CHROME[1..] {
        for element in &document.select(selector) {
            let holds_post = text_len(&element) * 3 > whole
                || element.is("html, body, main, article")
                || element
                    .select("main, [itemprop=articleBody], .e-content, .entry-content, .post-content")
                    .exists();
            if !holds_post {
                element.remove();
            }
        }
    }
}

fn text_len(selection: &Selection<'_>) -> usize {
    selection.text().len()
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

/// Lets the library find the text. In a container that is known to be the post it only cleans up.
fn run_readability(html: &str, url: &Url, is_container: bool) -> Option<String> {
    let config = Config { max_elements_to_parse: MAX_ELEMENTS, disable_json_ld: true, ..Config::default() };
    let mut reader = Readability::new(html, Some(url.as_str()), Some(config)).ok()?;
    let article = if is_container { reader.parse_with_policy(ParsePolicy::Raw) } else { reader.parse() };
    article.ok().map(|article| article.content.to_string())
}
