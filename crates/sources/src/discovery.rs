//! What an address that a person gives leads to: a feed, a sitemap or a page.

use url::Url;

use crate::fetcher::{FetchError, Fetched, FetchedPage, Fetcher};
use crate::listing::{Listed, Listing};
use crate::sitemap::{MAX_ENTRIES, Sitemap};
use crate::{SourceKind, address, html, identity, read_feed, read_page, read_sitemap};
use xxhash_rust::xxh3::xxh3_64;

/// Where feeds usually are, below the page and below the site.
const FEED_PATHS: [&str; 9] = [
    "feed.xml",
    "index.xml",
    "atom.xml",
    "rss.xml",
    "feed/",
    "feed",
    "rss",
    "feed.json",
    "feeds/posts/default",
];
/// Where sitemaps usually are.
const SITEMAP_PATHS: [&str; 3] = ["/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml"];
/// The bytes in which the first tag of a feed stands.
const MAX_BEGINNING: usize = 1_000;
/// How feeds begin, below their declaration.
const ROOTS_OF_FEEDS: [&str; 3] = ["<rss", "<feed ", "<rdf:RDF"];
/// The most feeds that a page names and that are tried.
const MAX_NAMED_FEEDS: usize = 4;
/// The most sitemaps of an index that are read.
const MAX_SITEMAPS: usize = 50;
/// Parts of addresses of lists, which are no posts.
const LIST_PARTS: [&str; 12] = [
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

/// A source that was found, with what it lists.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it is.
    pub kind: SourceKind,
    /// Its address.
    pub url: Url,
    /// What it lists.
    pub listing: Listing,
    /// The page as it was received, to send with the next request.
    pub fetched: Option<FetchedPage>,
}

/// All that was found at an address.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    /// The sources, the best first.
    pub found: Vec<Found>,
    /// The feeds that can't be read, with the reasons.
    pub problems: Vec<String>,
}

/// Finds the feed, the sitemap or the page of an address. With `all_time` the sitemap is looked for beside a feed, since
/// a feed holds only the latest posts.
///
/// # Errors
/// If the address can't be fetched.
pub async fn discover(fetcher: &Fetcher, url: &Url, all_time: bool) -> Result<Discovery, FetchError> {
    let page = fetch_page(fetcher, url).await?;
    let (mut found, mut problems): (Vec<Found>, Vec<String>) = Default::default();
    match classify(page.clone(), fetcher).await {
        Classified::Found(one) => found.push(*one),
        Classified::Page(named) => {
            let candidates = named.feeds.iter().cloned().chain(usual_feeds(&page.url));
            let mut tried = 0;
            for candidate in candidates.take(MAX_NAMED_FEEDS + 2 * FEED_PATHS.len()) {
                tried += 1;
                match fetch_feed(fetcher, &candidate).await {
                    Ok(feed) => {
                        found.push(feed);
                        break;
                    }
                    Err(why) if tried <= named.feeds.len() => {
                        problems.push(format!("the feed {candidate} can't be read: {why}"));
                    }
                    // Nobody said that there is one.
                    Err(_) => {}
                }
                // A site that names its feed has no other one at a usual place.
                if tried == named.feeds.len() && tried > 0 && named.is_post {
                    break;
                }
            }
        }
        Classified::Post(post) => found.push(*post),
        Classified::Damaged(why) => problems.push(format!("the feed {} can't be read: {why}", page.url)),
        Classified::Nothing => {}
    }
    // Who names a post of a blog does not mean the blog.
    let is_post = |found: &Found| {
        let entries = &found.listing.entries;
        found.kind == SourceKind::Feed
            && entries.iter().any(|entry| identity(&entry.url) == identity(&page.url))
    };
    if page.url.path() != "/"
        && found.iter().any(is_post)
        && let Some(post) = page_found(&page, fetcher.now())
    {
        return Ok(Discovery { found: vec![post], problems: Vec::new() });
    }
    let is_site = found.iter().all(|found| found.kind == SourceKind::Feed);
    if is_site && (all_time || found.is_empty()) {
        found.extend(fetch_sitemap(fetcher, &page.url).await);
    }
    // The first page of a site is no post.
    let is_first = !identity(&page.url).trim_end_matches('/').contains(['/', '?']);
    if found.is_empty() && !is_first {
        found.extend(page_found(&page, fetcher.now()));
    }
    if !found.is_empty() {
        problems.clear();
    }
    Ok(Discovery { found, problems })
}

enum Classified {
    Found(Box<Found>),
    Page(NamedByPage),
    Post(Box<Found>),
    /// A feed that can't be read, with the reason.
    Damaged(String),
    Nothing,
}

struct NamedByPage {
    feeds: Vec<Url>,
    is_post: bool,
}

async fn classify(page: FetchedPage, fetcher: &Fetcher) -> Classified {
    let now = fetcher.now();
    let this_year = now.to_zoned(jiff::tz::TimeZone::UTC).year();
    let work = move || {
        let damage = match read_feed(&page.body, &page.url, this_year) {
            Ok(listing) => {
                let url = page.url.clone();
                return Classified::Found(Box::new(Found {
                    kind: SourceKind::Feed,
                    url,
                    listing,
                    fetched: Some(page),
                }));
            }
            Err(error) => error.to_string(),
        };
        if let Ok(Sitemap::Pages(pages)) = read_sitemap(&page.body, &page.url) {
            let listing = sitemap_listing(pages);
            let url = page.url.clone();
            return Classified::Found(Box::new(Found {
                kind: SourceKind::Sitemap,
                url,
                listing,
                fetched: None,
            }));
        }
        if let Ok(Sitemap::Index(_)) = read_sitemap(&page.body, &page.url) {
            let (url, listing) = (page.url.clone(), Listing::default());
            return Classified::Found(Box::new(Found {
                kind: SourceKind::Sitemap,
                url,
                listing,
                fetched: None,
            }));
        }
        let text = String::from_utf8_lossy(&page.body);
        let beginning = &text[..text.floor_char_boundary(MAX_BEGINNING)];
        if ROOTS_OF_FEEDS.iter().any(|root| beginning.contains(root)) {
            return Classified::Damaged(damage);
        }
        let Some(document) = html::parse(&text) else { return Classified::Nothing };
        let is_post = page.url.path() != "/" && says_article(&document);
        if is_post && let Some(found) = page_found(&page, now) {
            return Classified::Post(Box::new(found));
        }
        let feeds = named_feeds(&document, &page.url);
        Classified::Page(NamedByPage { feeds, is_post })
    };
    let mut classified = tokio::task::spawn_blocking(work).await.unwrap_or(Classified::Nothing);
    if let Classified::Found(found) = &mut classified
        && found.kind == SourceKind::Sitemap
        && found.listing.entries.is_empty()
        && let Ok(listing) = sitemap_entries(fetcher, &found.url).await
    {
        found.listing = listing;
    }
    classified
}

/// Whether a page says that it is one article.
fn says_article(document: &dom_query::Document) -> bool {
    let og = html::first_text(document, &["meta[property='og:type']"], 40);
    let is_dated = document.select("meta[property='article:published_time']").length() == 1;
    let itemtype = "[itemtype*='schema.org/BlogPosting'], [itemtype*='schema.org/Article']";
    let json_ld = document.select("script[type='application/ld+json']").text();
    let is_article = |json: &str| {
        ["\"BlogPosting\"", "\"Article\"", "\"NewsArticle\"", "\"TechArticle\""]
            .iter()
            .any(|kind| json.contains(kind))
    };
    og.as_deref() == Some("article")
        || is_dated
        || document.select(itemtype).length() == 1
        || is_article(&json_ld) && json_ld.matches("\"headline\"").count() == 1
        || document.select(".h-entry").length() == 1
}

fn named_feeds(document: &dom_query::Document, base: &Url) -> Vec<Url> {
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

fn usual_feeds(page: &Url) -> Vec<Url> {
    let mut folder = page.clone();
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", folder.path()));
    }
    let mut feeds: Vec<Url> = Vec::new();
    for base in [folder, page.join("/").unwrap_or_else(|_| page.clone())] {
        for path in FEED_PATHS {
            feeds.extend(base.join(path).ok().filter(|url| !feeds.contains(url)));
        }
    }
    feeds
}

/// The feed at an address, or why there is none.
async fn fetch_feed(fetcher: &Fetcher, url: &Url) -> Result<Found, String> {
    let page = fetch_page(fetcher, url).await.map_err(|error| error.to_string())?;
    match classify(page, fetcher).await {
        Classified::Found(found) if found.kind == SourceKind::Feed => Ok(*found),
        Classified::Damaged(why) => Err(why),
        _ => Err("it is no feed".to_owned()),
    }
}

async fn fetch_sitemap(fetcher: &Fetcher, page: &Url) -> Option<Found> {
    for path in SITEMAP_PATHS {
        let Ok(url) = page.join(path) else { continue };
        if let Ok(listing) = sitemap_entries(fetcher, &url).await
            && !listing.entries.is_empty()
        {
            return Some(Found { kind: SourceKind::Sitemap, url, listing, fetched: None });
        }
    }
    None
}

/// All pages of a sitemap, with those of the sitemaps that it names.
///
/// # Errors
/// If the sitemap itself can't be fetched. One of an index that can't is left out.
pub(crate) async fn sitemap_entries(fetcher: &Fetcher, url: &Url) -> Result<Listing, FetchError> {
    let page = fetch_page(fetcher, url).await?;
    let read = move || read_sitemap(&page.body, &page.url);
    match tokio::task::spawn_blocking(read).await {
        Ok(Ok(Sitemap::Pages(pages))) => Ok(sitemap_listing(pages)),
        Ok(Ok(Sitemap::Index(maps))) => {
            let mut all = Vec::new();
            for map in maps.into_iter().take(MAX_SITEMAPS) {
                let Ok(page) = fetch_page(fetcher, &map.url).await else { continue };
                let read = move || read_sitemap(&page.body, &page.url);
                if let Ok(Ok(Sitemap::Pages(pages))) = tokio::task::spawn_blocking(read).await {
                    // One limit for all together: an index must not make it fifty times larger.
                    all.extend(pages.into_iter().take(MAX_ENTRIES - all.len()));
                }
                if all.len() == MAX_ENTRIES {
                    break;
                }
            }
            Ok(sitemap_listing(all))
        }
        _ => Err(FetchError::NotFound),
    }
}

fn sitemap_listing(pages: Vec<crate::SitemapEntry>) -> Listing {
    let is_post = |url: &Url| {
        let parts: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        !parts.is_empty() && !parts.iter().any(|part| LIST_PARTS.contains(part))
    };
    let entry = |page: crate::SitemapEntry| Listed {
        version: xxh3_64(page.modified.unwrap_or_default().as_bytes()),
        url: address::without_counting(&page.url),
        title: None,
        authors: Vec::new(),
        date: None,
        licence: None,
        html: None,
        markdown: None,
    };
    let entries = pages.into_iter().filter(|page| is_post(&page.url)).map(entry).collect();
    Listing { title: None, entries }
}

fn page_found(page: &FetchedPage, now: jiff::Timestamp) -> Option<Found> {
    let read = read_page(&page.body, page.content_type.as_deref(), &page.url, now).ok()?;
    let listing = page_listing(page, read.title);
    Some(Found { kind: SourceKind::Page, url: page.url.clone(), listing, fetched: Some(page.clone()) })
}

/// The listing of a single page: itself.
pub(crate) fn page_listing(page: &FetchedPage, title: Option<String>) -> Listing {
    let entry = Listed {
        url: page.url.clone(),
        title: title.clone(),
        authors: Vec::new(),
        date: None,
        licence: None,
        html: None,
        markdown: None,
        version: xxh3_64(&page.body),
    };
    Listing { title, entries: vec![entry] }
}

async fn fetch_page(fetcher: &Fetcher, url: &Url) -> Result<FetchedPage, FetchError> {
    match fetcher.fetch(url, None).await? {
        Fetched::Page(page) => Ok(page),
        Fetched::NotModified => Err(FetchError::Status(304)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::tests::memory_web::{MemoryWeb, page, status};
    use crate::{AddressGuard, FetcherOptions, Web};

    #[test]
    fn an_index_of_sitemaps_lists_no_more_than_one_sitemap_may() {
        let map = (0..20_000).fold(String::new(), |mut map, at| {
            // Writing to a `String` does not fail.
            let _ = write!(map, "<url><loc>/post/{at}</loc></url>");
            map
        });
        let index = [0, 1, 2, 3, 4].map(|at| format!("<sitemap><loc>/{at}.xml</loc></sitemap>")).concat();
        let clock: crate::Clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let web = MemoryWeb::new(Arc::clone(&clock), move |request, _| {
            Ok(match request.url.path() {
                "/robots.txt" => status(404),
                "/sitemap.xml" => page("text/xml", &format!("<sitemapindex>{index}</sitemapindex>")),
                _ => page("text/xml", &format!("<urlset>{map}</urlset>")),
            })
        });
        let options = FetcherOptions { guard: AddressGuard::new(Vec::new()), interval: Duration::ZERO };
        let fetcher = Fetcher::new(Arc::clone(&web) as Arc<dyn Web>, clock, options);
        let url = Url::parse("https://blog.example/sitemap.xml").expect("an address");
        let listing = crate::tests::block_on(sitemap_entries(&fetcher, &url)).expect("a listing");
        assert_eq!(listing.entries.len(), MAX_ENTRIES);
        assert_eq!(web.count("blog.example", "/2.xml"), 1);
        assert_eq!(web.count("blog.example", "/3.xml"), 0, "nothing of it would count");
    }
}
