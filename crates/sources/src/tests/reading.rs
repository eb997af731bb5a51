//! What is found at an address over a web on loopback, and limits of what is read.

use std::time::{Duration, Instant};

use takeaways_testing::{LoopbackWeb, PageReply};
use url::Url;

use super::templates::{EXPECTED, ExpectedPost, paragraphs, templates};
use super::{block_on, fetcher, gzip, loopback, now};
use crate::feed::read_feed;
use crate::page::{PageError, read_page};
use crate::{
    Discovery, FetchError, FetchOutcome, FoundSource, PostListing, WebError, discover, parse_address,
};

/// A feed of one post.
fn feed() -> String {
    let ExpectedPost { title, author, .. } = EXPECTED;
    format!(
        "<rss version=\"2.0\"><channel><title>A Blog</title><item><title>{title}</title><link>/2019/kubecon</link>\
         <author>{author}</author><description><![CDATA[{}]]></description></item></channel></rss>",
        paragraphs()
    )
}

#[test]
fn a_site_is_found_by_its_feed_its_sitemap_or_its_page() {
    let feed = feed();
    let (_, page) = templates().swap_remove(0);
    let index = "<html><head><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>\
                 <link rel=\"alternate\" type=\"application/rss+xml\" href=\"blog/feed.xml\"></head><body>x</body></html>";
    let html = |body: &str| PageReply::html(body);
    let found = |pages: Vec<(&str, PageReply)>, path: &str, all_time: bool| {
        let web = LoopbackWeb::serve(pages.into_iter().map(|(path, reply)| (path.to_owned(), reply)));
        let url = parse_address(&web.url(path)).expect("an address");
        let found = block_on(discover(&fetcher(loopback(), Duration::from_secs(10)), &url, all_time))
            .expect("an answer");
        let shown = |found: &FoundSource| {
            format!("{} {} {}", found.kind.name(), found.url.path(), found.listing.entries.len())
        };
        found.found.iter().map(shown).collect::<Vec<_>>().join(", ")
    };
    let sitemap = "<urlset><url><loc>/2019/kubecon</loc></url><url><loc>/tags/x</loc></url><url><loc>/</loc></url></urlset>";
    let maps = "<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap><sitemap><loc>/missing.xml</loc></sitemap></sitemapindex>";
    assert_eq!(
        found(vec![("/", html(index)), ("/blog/feed.xml", PageReply::xml(feed.clone()))], "/", false),
        "feed /blog/feed.xml 1"
    );
    assert_eq!(
        found(vec![("/", html("<p>x")), ("/atom.xml", PageReply::xml(feed.clone()))], "/", false),
        "feed /atom.xml 1"
    );
    assert_eq!(
        found(
            vec![("/blog", html("<p>x")), ("/blog/index.xml", PageReply::xml(feed.clone()))],
            "/blog",
            false
        ),
        "feed /blog/index.xml 1"
    );
    assert_eq!(
        found(vec![("/", html("<p>x")), ("/sitemap.xml", PageReply::xml(sitemap))], "/", false),
        "sitemap /sitemap.xml 1"
    );
    assert_eq!(
        found(
            vec![
                ("/", html("<p>x")),
                ("/sitemap.xml", PageReply::xml(maps)),
                ("/s1.xml.gz", PageReply::new("application/gzip", gzip(sitemap.as_bytes())))
            ],
            "/",
            false
        ),
        "sitemap /sitemap.xml 1"
    );
    assert_eq!(
        found(
            vec![
                ("/", html(index)),
                ("/blog/feed.xml", PageReply::xml(feed.clone())),
                ("/sitemap.xml", PageReply::xml(sitemap))
            ],
            "/",
            true
        ),
        "feed /blog/feed.xml 1, sitemap /sitemap.xml 1"
    );
    assert_eq!(
        found(
            vec![("/2019/kubecon", html(&page)), ("/feed.xml", PageReply::xml(feed))],
            "/2019/kubecon",
            false
        ),
        "page /2019/kubecon 1"
    );
    assert_eq!(found(vec![("/a", html("<p>x"))], "/a", false), "page /a 1");
    // The first page of a site lists posts.
    assert_eq!(found(vec![("/", html("<p>x"))], "/", false), "");
}

#[test]
fn a06_bombs_drips_and_endless_redirects_end_in_time() {
    let bomb = gzip(&vec![b' '; 60 << 20]);
    let packed = |body: Vec<u8>| PageReply::html(body).header("content-encoding", "gzip");
    let web = LoopbackWeb::handle(move |request| match request.path.as_str() {
        "/robots.txt" => PageReply::status(404),
        "/bomb" => packed(bomb.clone()),
        "/large" => PageReply::html(vec![b'x'; (10 << 20) + 1]),
        "/drip" => {
            PageReply { drip: Some(Duration::from_millis(100)), ..PageReply::html(vec![b'x'; 10_000]) }
        }
        "/brotli" => PageReply::html("x").header("content-encoding", "br"),
        "/cut" => packed(gzip(b"words")[..12].to_vec()),
        "/good" => packed(gzip(b"<p>words")),
        "/loop" => PageReply::redirect(302, "/loop"),
        "/nowhere" => PageReply::status(302),
        path => {
            let hop: u32 = path[1..].parse().expect("a number");
            if hop == 0 {
                PageReply::html("<p>here")
            } else {
                PageReply::redirect(301, &format!("/{}", hop - 1))
            }
        }
    });
    let fetcher = fetcher(loopback(), Duration::from_secs(2));
    let fetch =
        |path: &str| block_on(fetcher.fetch(&parse_address(&web.url(path)).expect("an address"), None));
    let started = Instant::now();
    for (path, error) in [
        ("/bomb", FetchError::Web(WebError::TooLarge)),
        ("/large", FetchError::Web(WebError::TooLarge)),
        ("/drip", FetchError::Web(WebError::Timeout)),
        ("/brotli", FetchError::Web(WebError::Encoding)),
        ("/cut", FetchError::Web(WebError::Encoding)),
        ("/loop", FetchError::Redirects),
        ("/nowhere", FetchError::Location),
        ("/6", FetchError::Redirects),
    ] {
        assert_eq!(fetch(path).err(), Some(error), "{path}");
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(matches!(fetch("/good"), Ok(FetchOutcome::Page(page)) if page.body == b"<p>words"));
    let Ok(FetchOutcome::Page(page)) = fetch("/5") else { panic!("five redirects are followed") };
    assert_eq!(page.moved_to.map(|url| url.to_string()), Some(web.url("/0")));
}

#[test]
fn what_is_no_post_is_told_apart() {
    let url = Url::parse("https://blog.example/x").expect("an address");
    let error = |bytes: &[u8], kind: &str| read_page(bytes, Some(kind), &url, now()).expect_err("no post");
    let soft = "<html><head><title>Page not found | A Blog</title></head><body><article><h1>404</h1><p>The page that you look for does not exist. Try the search of this site, or go back to the start.</p></article></body></html>";
    assert_eq!(error(soft.as_bytes(), "text/html"), PageError::SoftNotFound);
    assert_eq!(error(b"%PDF-1.4 \x00\x01", "application/pdf"), PageError::Encoding);
    assert_eq!(error(b"{\"a\": 1}", "application/json"), PageError::NotHtml);
    assert_eq!(error(b"<html><body><script>x()</script></body></html>", "text/html"), PageError::NoText);
    assert_eq!(error(&b"<div>".repeat(100_000), "text/html"), PageError::TooLarge);
    assert_eq!(error(&[0xff_u8, 0xfe, 0x00].repeat(40), "text/html"), PageError::NotHtml);
}

/// The listing of a feed is never larger than its limits, whatever it holds.
#[test]
fn a06_a_feed_without_end_is_cut() {
    let url = Url::parse("https://blog.example/feed").expect("an address");
    let items: Vec<String> =
        (0..20_000).map(|at| format!("<item><title>x</title><link>/{at}</link></item>")).collect();
    let items = items.concat();
    let text = format!("<rss version=\"2.0\"><channel>{items}</channel></rss>");
    let PostListing { entries, .. } = read_feed(text.as_bytes(), &url, 2026).expect("a feed");
    assert_eq!(entries.len(), 5_000);
    let entities = "<!DOCTYPE rss [<!ENTITY a \"&b;&b;&b;\"><!ENTITY b \"xxxxxxxxxx\">]><rss version=\"2.0\"><channel><item><title>&a;&a;</title><link>/a</link></item></channel></rss>";
    if let Ok(listing) = read_feed(entities.as_bytes(), &url, 2026) {
        assert!(
            listing.entries.iter().all(|entry| entry.title.as_ref().is_none_or(|title| title.len() < 100))
        );
    }
}

#[test]
fn a_feed_that_is_named_and_damaged_is_a_problem_and_the_first_page_is_no_post() {
    let home = "<html><head><title>A blog</title><link rel=alternate type=application/rss+xml href=/feed.xml></head>\
                <body><article><p>Posts on KubeCon EU 2019, and on much more.</p></article></body></html>";
    let web = LoopbackWeb::serve([
        ("/".to_owned(), PageReply::html(home)),
        ("/feed.xml".to_owned(), PageReply::xml("<rss version=\"2.0\"><channel><item></rss>")),
    ]);
    let fetcher = fetcher(loopback(), Duration::from_secs(10));
    for path in ["/", "/feed.xml"] {
        let url = parse_address(&web.url(path)).expect("an address");
        let Discovery { found, problems, .. } = block_on(discover(&fetcher, &url, false)).expect("an answer");
        assert!(found.is_empty(), "{path}: {found:?}");
        let [problem] = problems.as_slice() else { panic!("{path}: {problems:?}") };
        assert!(
            problem.starts_with(&format!("the feed {} can't be read: ", web.url("/feed.xml"))),
            "{problem}"
        );
    }
}
