//! What an address that a person gives leads to: a feed, a sitemap or a page.

use url::Url;

use crate::feed::read_feed;
use crate::fetcher::{FetchError, FetchOutcome, FetchedPage, Fetcher};
use crate::listing::{ListedPost, PostListing};
use crate::page::{PageError, read_page};
use crate::page_kind::{LIST_PARTS, PageKind, has_post_address, is_first_page, judge_page, named_feeds};
use crate::sitemap::{MAX_ENTRIES, Sitemap, SitemapEntry, read_sitemap};
use crate::{SourceKind, address, html, identity};
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
/// The most sitemaps that `robots.txt` names and that are tried.
const MAX_NAMED_SITEMAPS: usize = 4;
/// The most sitemaps of an index that are read.
const MAX_SITEMAPS: usize = 50;

/// A source that was found, with what it lists.
#[derive(Debug, Clone)]
pub struct FoundSource {
    /// What it is.
    pub kind: SourceKind,
    /// Its address.
    pub url: Url,
    /// What it lists.
    pub listing: PostListing,
    /// The page as it was received, to send with the next request.
    pub fetched: Option<FetchedPage>,
}

/// All that was found at an address.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    /// The sources, the best first.
    pub found: Vec<FoundSource>,
    /// What can't be read, with the reasons.
    pub problems: Vec<String>,
    /// The feed of the site, if a page was found and the person may have wanted the site.
    pub site_feed: Option<Url>,
}

/// Finds the feed, the sitemap or the page of an address. With `all_time` the sitemap is looked for beside a feed, since
/// a feed holds only the latest posts. A page that is one post is only that post: its site is not looked at.
///
/// # Errors
/// If the address can't be fetched.
pub async fn discover(fetcher: &Fetcher, url: &Url, all_time: bool) -> Result<Discovery, FetchError> {
    let page = fetch_page(fetcher, url).await?;
    let (mut found, mut problems): (Vec<FoundSource>, Vec<String>) = Default::default();
    match classify(page.clone(), fetcher.now()).await {
        PageContent::Feed(feed) => found.push(*feed),
        PageContent::Sitemap(sitemap) => {
            let listing = expand_sitemap(fetcher, sitemap).await;
            found.push(FoundSource {
                kind: SourceKind::Sitemap,
                url: page.url.clone(),
                listing,
                fetched: None,
            });
        }
        PageContent::List(named) => {
            let candidates = named.iter().cloned().chain(usual_feeds(&page.url));
            for (tried, candidate) in candidates.enumerate() {
                match fetch_feed(fetcher, &candidate).await {
                    Ok(feed) => {
                        found.push(feed);
                        break;
                    }
                    Err(why) if tried < named.len() => {
                        problems.push(format!("the feed {candidate} can't be read: {why}"));
                    }
                    // It was a guess.
                    Err(_) => {}
                }
            }
        }
        PageContent::Post { post, site_feed } => {
            return Ok(Discovery { found: vec![*post], problems, site_feed });
        }
        PageContent::Unreadable { why, site_feed } => {
            problems.push(format!("the page {} can't be read: {why}", page.url));
            return Ok(Discovery { found, problems, site_feed });
        }
        PageContent::Damaged(why) => problems.push(format!("the feed {} can't be read: {why}", page.url)),
        PageContent::Nothing => {}
    }
    // The address of a post adds the post, not its blog.
    let is_post = |found: &FoundSource| {
        let entries = &found.listing.entries;
        found.kind == SourceKind::Feed
            && entries.iter().any(|entry| identity(&entry.url) == identity(&page.url))
    };
    // The first page of a site is no post.
    let is_first = is_first_page(&page.url);
    if !is_first
        && found.iter().any(is_post)
        && let Ok(post) = page_found(&page, fetcher.now())
    {
        return Ok(Discovery { found: vec![post], ..Discovery::default() });
    }
    let is_site = found.iter().all(|found| found.kind == SourceKind::Feed);
    if is_site && (all_time || found.is_empty()) {
        found.extend(find_sitemap(fetcher, &page.url).await);
    }
    if found.is_empty() && !is_first {
        found.extend(page_found(&page, fetcher.now()));
    }
    if !found.is_empty() {
        problems.clear();
    }
    Ok(Discovery { found, problems, site_feed: None })
}

enum PageContent {
    Feed(Box<FoundSource>),
    Sitemap(Sitemap),
    /// A list of posts, with the feeds that it names.
    List(Vec<Url>),
    /// A post, with the feed of its site if the person may have wanted the site.
    Post {
        post: Box<FoundSource>,
        site_feed: Option<Url>,
    },
    /// The page of a post that can't be read, with the reason and the feed that it names.
    Unreadable {
        why: PageError,
        site_feed: Option<Url>,
    },
    /// A feed that can't be read, with the reason.
    Damaged(String),
    Nothing,
}

async fn classify(page: FetchedPage, now: jiff::Timestamp) -> PageContent {
    let this_year = now.to_zoned(jiff::tz::TimeZone::UTC).year();
    let work = move || {
        let damage = match read_feed(&page.body, &page.url, this_year) {
            Ok(listing) => {
                let url = page.url.clone();
                let feed = FoundSource { kind: SourceKind::Feed, url, listing, fetched: Some(page) };
                return PageContent::Feed(Box::new(feed));
            }
            Err(error) => error.to_string(),
        };
        if let Ok(sitemap) = read_sitemap(&page.body, &page.url) {
            return PageContent::Sitemap(sitemap);
        }
        let text = String::from_utf8_lossy(&page.body);
        let beginning = &text[..text.floor_char_boundary(MAX_BEGINNING)];
        if ROOTS_OF_FEEDS.iter().any(|root| beginning.contains(root)) {
            return PageContent::Damaged(damage);
        }
        let Some(document) = html::parse(&text) else { return PageContent::Nothing };
        let feeds = named_feeds(&document, &page.url);
        let kind = judge_page(&document, &text, &page.url, &feeds);
        if kind == PageKind::List {
            return PageContent::List(feeds);
        }
        let site_feed = feeds.first().cloned();
        match page_found(&page, now) {
            Ok(post) => {
                let site_feed = site_feed.filter(|_| kind == PageKind::Unclear);
                PageContent::Post { post: Box::new(post), site_feed }
            }
            // Pages that scripts fill hold no text, those of lists neither.
            Err(PageError::NoText) if kind == PageKind::Unclear && !has_post_address(&page.url) => {
                PageContent::List(feeds)
            }
            Err(why) => PageContent::Unreadable { why, site_feed },
        }
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(PageContent::Nothing)
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
async fn fetch_feed(fetcher: &Fetcher, url: &Url) -> Result<FoundSource, String> {
    let page = fetch_page(fetcher, url).await.map_err(|error| error.to_string())?;
    match classify(page, fetcher.now()).await {
        PageContent::Feed(feed) => Ok(*feed),
        PageContent::Damaged(why) => Err(why),
        _ => Err("it is no feed".to_owned()),
    }
}

/// The first sitemap of a site that lists a page.
async fn find_sitemap(fetcher: &Fetcher, page: &Url) -> Option<FoundSource> {
    let mut urls = fetcher.sitemaps(page).await;
    urls.truncate(MAX_NAMED_SITEMAPS);
    for path in SITEMAP_PATHS {
        urls.extend(page.join(path).ok().filter(|url| !urls.contains(url)));
    }
    for url in urls {
        if let Ok(listing) = sitemap_entries(fetcher, &url).await
            && !listing.entries.is_empty()
        {
            return Some(FoundSource { kind: SourceKind::Sitemap, url, listing, fetched: None });
        }
    }
    None
}

/// What a sitemap lists, with the pages of the sitemaps that it names.
///
/// # Errors
/// If the sitemap itself can't be fetched. One of an index that can't is left out.
pub(crate) async fn sitemap_entries(fetcher: &Fetcher, url: &Url) -> Result<PostListing, FetchError> {
    let sitemap = fetch_sitemap(fetcher, url).await?;
    Ok(expand_sitemap(fetcher, sitemap).await)
}

async fn fetch_sitemap(fetcher: &Fetcher, url: &Url) -> Result<Sitemap, FetchError> {
    let page = fetch_page(fetcher, url).await?;
    let read = move || read_sitemap(&page.body, &page.url);
    let sitemap = tokio::task::spawn_blocking(read).await;
    let not_understood = || FetchError::NotUnderstood("it is no sitemap that can be read".to_owned());
    sitemap.ok().and_then(Result::ok).ok_or_else(not_understood)
}

async fn expand_sitemap(fetcher: &Fetcher, sitemap: Sitemap) -> PostListing {
    let pages = match sitemap {
        Sitemap::Pages(pages) => pages,
        Sitemap::Index(maps) => {
            let mut all = Vec::new();
            for map in maps.into_iter().take(MAX_SITEMAPS) {
                let Ok(Sitemap::Pages(pages)) = fetch_sitemap(fetcher, &map.url).await else { continue };
                // One limit for all together: an index must not make it fifty times larger.
                all.extend(pages.into_iter().take(MAX_ENTRIES - all.len()));
                if all.len() == MAX_ENTRIES {
                    break;
                }
            }
            all
        }
    };
    tokio::task::spawn_blocking(move || sitemap_listing(pages)).await.unwrap_or_default()
}

fn sitemap_listing(pages: Vec<SitemapEntry>) -> PostListing {
    let is_post = |url: &Url| {
        let parts: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        !parts.is_empty() && !parts.iter().any(|part| LIST_PARTS.contains(part))
    };
    let entry = |page: SitemapEntry| {
        let version = xxh3_64(page.modified.unwrap_or_default().as_bytes());
        ListedPost::new(address::without_counting(&page.url), version)
    };
    PostListing::new(None, pages.into_iter().filter(|page| is_post(&page.url)).map(entry))
}

fn page_found(page: &FetchedPage, now: jiff::Timestamp) -> Result<FoundSource, PageError> {
    let read = read_page(&page.body, page.content_type.as_deref(), &page.url, now)?;
    let listing = page_listing(page, read.title);
    Ok(FoundSource { kind: SourceKind::Page, url: page.url.clone(), listing, fetched: Some(page.clone()) })
}

/// The listing of a single page: itself.
pub(crate) fn page_listing(page: &FetchedPage, title: Option<String>) -> PostListing {
    let entry = ListedPost { title: title.clone(), ..ListedPost::new(page.url.clone(), xxh3_64(&page.body)) };
    PostListing { title, entries: vec![entry] }
}

async fn fetch_page(fetcher: &Fetcher, url: &Url) -> Result<FetchedPage, FetchError> {
    match fetcher.fetch(url, None).await? {
        FetchOutcome::Page(page) => Ok(page),
        FetchOutcome::NotModified => Err(FetchError::Status(304)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::tests::site::{MemoryWeb, page, status};
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
                // Each sitemap has posts of its own.
                path => page("text/xml", &format!("<urlset>{}</urlset>", map.replace("/post", path))),
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
