//! What an address leads to: a post, or the feed or the sitemap of a site.

use std::sync::Arc;
use std::time::Duration;

use takeaways_testing::{LoopbackWeb, PageReply};

use super::templates::{paragraphs, templates};
use super::{block_on, fetcher, loopback};
use crate::{Discovery, FoundSource, SourceKind, discover, parse_address};

/// A blog without marks of posts: a first page, posts that its feed does not list any more, and a feed.
fn plain_blog() -> LoopbackWeb {
    let text = paragraphs();
    let feed =
        "<rss version=\"2.0\"><channel><item><title>New</title><link>/2026/new</link></item></channel></rss>";
    let head = "<link rel=alternate type=application/rss+xml href=/feed.xml>";
    let page = |body: &str| PageReply::html(format!("<html><head>{body}"));
    LoopbackWeb::serve(
        [
            ("/", page("<h1>A blog</h1>")),
            ("/feed.xml", PageReply::xml(feed)),
            ("/kubecon", page(&format!("<article><h1>KubeCon</h1>{text}</article>"))),
            ("/2019/kubecon.html", page(&format!("<h1>KubeCon</h1>{text}"))),
            ("/company", page(&format!("{head}<h1>We</h1>{text}"))),
            (
                "/what-is-not-there",
                page(&format!("<title>Page not found</title>{head}<p>Page not found</p>")),
            ),
        ]
        .map(|(path, reply)| (path.to_owned(), reply)),
    )
}

#[test]
fn a_post_that_is_named_by_its_address_is_that_post_and_costs_no_guesses() {
    for path in ["/kubecon", "/2019/kubecon.html", "/company"] {
        let web = plain_blog();
        let url = parse_address(&web.url(path)).expect("an address");
        for all_time in [false, true] {
            let fetcher = fetcher(loopback(), Duration::from_secs(10));
            let Discovery { found, site_feed, .. } =
                block_on(discover(&fetcher, &url, all_time)).expect("an answer");
            let [FoundSource { kind: SourceKind::Page, url: found, .. }] = found.as_slice() else {
                panic!("{path}: {found:?}")
            };
            assert_eq!(found, &url);
            // Where the site may be meant, its feed is told.
            let expected = (path == "/company").then(|| web.url("/feed.xml"));
            assert_eq!(site_feed.map(|url| url.to_string()), expected, "{path}");
        }
        assert_eq!(web.paths(), ["/robots.txt", path, "/robots.txt", path]);
    }
    // A page that is not there does not become the blog.
    let web = plain_blog();
    let url = parse_address(&web.url("/what-is-not-there")).expect("an address");
    let fetcher = fetcher(loopback(), Duration::from_secs(10));
    let Discovery { found, problems, site_feed } =
        block_on(discover(&fetcher, &url, false)).expect("an answer");
    assert!(found.is_empty() && site_feed.is_some(), "{found:?}");
    assert!(problems[0].ends_with("can't be read: it says that there is no such page"), "{problems:?}");
    // The first page still leads to the feed.
    let first = parse_address(&web.url("/")).expect("an address");
    let Discovery { found, .. } = block_on(discover(&fetcher, &first, false)).expect("an answer");
    assert!(matches!(found.as_slice(), [FoundSource { kind: SourceKind::Feed, .. }]), "{found:?}");
}

#[test]
fn the_page_of_each_generator_is_a_post() {
    let templates = templates();
    let path = |name: &str| format!("/2019/{}", name.replace(' ', "-"));
    let pages = templates.iter().map(|(name, page)| (path(name), PageReply::html(page.clone())));
    let web = LoopbackWeb::serve(pages);
    let fetcher = fetcher(loopback(), Duration::from_secs(10));
    for (name, _) in &templates {
        let url = parse_address(&web.url(&path(name))).expect("an address");
        let Discovery { found, site_feed, .. } =
            block_on(discover(&fetcher, &url, false)).expect("an answer");
        assert!(
            matches!(found.as_slice(), [FoundSource { kind: SourceKind::Page, .. }]),
            "{name}: {found:?}"
        );
        assert_eq!(site_feed, None, "{name}");
    }
    assert_eq!(web.paths().len(), 1 + templates.len());
}

#[test]
fn a_sitemap_that_robots_txt_names_is_read() {
    let sitemap = "<urlset><url><loc>/2019/kubecon</loc></url></urlset>";
    let port = Arc::new(std::sync::OnceLock::new());
    let known = Arc::clone(&port);
    let web = LoopbackWeb::handle(move |request| match request.path.as_str() {
        "/robots.txt" => PageReply::new(
            "text/plain",
            format!(
                "User-agent: *\nDisallow: /private\n\nSitemap: http://127.0.0.1:{0}/missing.xml\nSitemap: http://127.0.0.1:{0}/maps/posts.xml\n",
                known.get().unwrap_or(&0)
            ),
        ),
        "/" => PageReply::html("<h1>A blog</h1>"),
        "/maps/posts.xml" => PageReply::xml(sitemap),
        _ => PageReply::status(404),
    });
    port.set(web.port()).expect("once");
    let url = parse_address(&web.url("/")).expect("an address");
    let fetcher = fetcher(loopback(), Duration::from_secs(10));
    let Discovery { found, .. } = block_on(discover(&fetcher, &url, false)).expect("an answer");
    let [FoundSource { kind: SourceKind::Sitemap, url, .. }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(url.path(), "/maps/posts.xml");
    assert!(!web.paths().contains(&"/sitemap.xml".to_owned()));
}

#[test]
fn an_index_of_sitemaps_is_asked_for_once() {
    let web = LoopbackWeb::serve(
        [
            ("/maps.xml", "<sitemapindex><sitemap><loc>/posts.xml</loc></sitemap></sitemapindex>"),
            ("/posts.xml", "<urlset><url><loc>/2019/kubecon</loc></url></urlset>"),
        ]
        .map(|(path, text)| (path.to_owned(), PageReply::xml(text))),
    );
    let url = parse_address(&web.url("/maps.xml")).expect("an address");
    let fetcher = fetcher(loopback(), Duration::from_secs(10));
    let Discovery { found, .. } = block_on(discover(&fetcher, &url, false)).expect("an answer");
    let [FoundSource { kind: SourceKind::Sitemap, listing, .. }] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(listing.entries.len(), 1);
    assert_eq!(web.paths(), ["/robots.txt", "/maps.xml", "/posts.xml"]);
}
