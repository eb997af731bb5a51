//! Pages and sources that are gone for good, and pages that are missing for a while.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;

use super::site::{FEED, TestSite};
use super::site::{MemoryWeb, page, status};
use super::{block_on, clock, now};
use crate::{
    Clock, Contribution, PostOutcome, Source, SourceKind, WebResponse, discover, parse_address,
    problems_of_folders,
};

/// A blog whose feed lists one post without its text. The page of the post is gone. Beside it the status of the feed and the
/// number of its changes, which the tests change.
fn blog() -> (TestSite, Arc<[AtomicU16; 2]>) {
    let feed = Arc::new([AtomicU16::new(200), AtomicU16::new(0)]);
    let shown = Arc::clone(&feed);
    let web = MemoryWeb::new(clock(), move |request, _| {
        Ok(match request.url.path() {
            "/robots.txt" => status(404),
            "/feed.xml" if shown[0].load(Ordering::SeqCst) == 200 => page(
                "application/xml",
                &format!(
                    "<rss version=\"2.0\"><channel><title>A blog</title><item><title>KubeCon NA 2019, version {}</title>\
                     <link>https://blog.example/a</link></item></channel></rss>",
                    shown[1].load(Ordering::SeqCst)
                ),
            ),
            _ => status(410),
        })
    });
    (TestSite::new(web).with(FEED, SourceKind::Feed), feed)
}

#[test]
fn a_page_that_is_gone_is_left_out_and_is_never_asked_again() {
    let (blog, feed) = blog();
    for version in 0..3 {
        feed[1].store(version, Ordering::SeqCst);
        let report = blog.refresh();
        let [(_, post)] = report.posts.as_slice() else { panic!("{report:?}") };
        let gone = PostOutcome::Excluded("the page is gone for good (410)".into());
        assert_eq!(post.outcome, gone, "version {version}");
    }
    assert_eq!(blog.web.count("blog.example", "/a"), 1);
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 3);
    assert!(problems_of_folders(blog.library()).is_empty(), "nothing is tried again");
}

#[test]
fn a_source_that_is_gone_is_not_asked_by_hand_either_until_it_is_added_again() {
    let (blog, feed) = blog();
    blog.refresh();
    feed[0].store(410, Ordering::SeqCst);
    blog.refresh();
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 2);
    let report = blog.refresh();
    assert_eq!(blog.web.count("blog.example", "/feed.xml"), 2, "it is gone");
    let [(url, why)] = report.failed.as_slice() else { panic!("{report:?}") };
    let why = why.to_string();
    assert!(
        url == FEED && why.contains("gone for good (410)") && why.contains("`takeaways corpus add"),
        "{why}"
    );
    // Only when it is due it is passed over without a word.
    let report = blog.refresh_due();
    assert!(report.failed.is_empty(), "{report:?}");
    // It comes back: who adds it finds it, and then it is read as before.
    feed[0].store(200, Ordering::SeqCst);
    let url = parse_address(FEED).expect("an address");
    let found = block_on(discover(blog.process.fetcher(), &url, false)).expect("an answer").found;
    assert_eq!(found.len(), 1);
    let source = Source::new(FEED, SourceKind::Feed, now());
    let known = blog.library().contribute(source).expect("written");
    assert!(matches!(known, Contribution::Known(_)), "{known:?}");
    let report = blog.refresh_due();
    assert_eq!((report.read, report.failed.len()), (1, 0), "{report:?}");
    let rows = blog.library().rows().0;
    assert!(!rows[0].state.is_gone && rows[0].state.problem.is_none(), "{rows:?}");
}

const SHORT: &str = "We were at KubeCon NA 2019 in San Diego, and security was what people talked about. The talks on \
                     supply chains were full, and the people at the booths asked about them too. ";

/// What the site shows, and how late it is.
struct SiteContent {
    item: String,
    robots: String,
    page_status: u16,
    hours: i64,
}

/// A feed of one post and the site around it. The tests change what it shows.
fn site_of(item: &str, robots: &str, page_status: u16) -> (TestSite, Arc<Mutex<SiteContent>>) {
    let shown = SiteContent { item: item.to_owned(), robots: robots.to_owned(), page_status, hours: 0 };
    let shown = Arc::new(Mutex::new(shown));
    let (passed, served) = (Arc::clone(&shown), Arc::clone(&shown));
    let clock: Clock =
        Arc::new(move || now() + SignedDuration::from_hours(passed.lock().expect("a lock").hours));
    let web = MemoryWeb::new(Arc::clone(&clock), move |request, _| {
        let SiteContent { item, robots, page_status, .. } = &*served.lock().expect("a lock");
        Ok(match request.url.path() {
            "/robots.txt" => page("text/plain", robots),
            "/feed.xml" if item.is_empty() => WebResponse { retry_after: Some("7200".into()), ..status(429) },
            "/feed.xml" => page(
                "application/xml",
                &format!(
                    "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
                     <title>A blog</title><item><title>KubeCon NA 2019: security</title>\
                     <link>https://blog.example/a</link><pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate>{item}\
                     </item></channel></rss>"
                ),
            ),
            _ if *page_status == 200 => page(
                "text/html",
                &format!("<title>a</title><article><p>{}In the page.</p></article>", SHORT.repeat(8)),
            ),
            _ => status(*page_status),
        })
    });
    (TestSite::with_clock(web, clock).with(FEED, SourceKind::Feed), shown)
}

fn outcome(site: &TestSite) -> PostOutcome {
    site.outcomes().remove(0)
}

fn todos(site: &TestSite) -> String {
    problems_of_folders(site.library()).into_iter().map(|problem| problem.problem.to_string()).collect()
}

fn content(text: &str) -> String {
    format!("<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>")
}

#[test]
fn a_short_text_that_is_whole_counts_if_there_is_no_page() {
    let forbidden = "User-agent: *\nDisallow: /a\n";
    for (robots, page_status) in [("", 404), ("", 410), (forbidden, 200)] {
        let (site, shown) = site_of(&content(SHORT), robots, page_status);
        assert_eq!(outcome(&site), PostOutcome::Added, "{page_status}");
        let file = site.file("2019-11-19-a.md");
        let text = std::fs::read_to_string(file).expect("a file");
        assert!(text.contains("supply chains") && !text.contains("In the page"), "{text}");
        assert_eq!(outcome(&site), PostOutcome::Unchanged);
        assert_eq!(todos(&site), "");
        // A page that is gone is not asked for again.
        shown.lock().expect("a lock").item = content(&format!("{SHORT} More."));
        assert_eq!(outcome(&site), PostOutcome::Changed);
        let asked = site.web.count("blog.example", "/a");
        assert_eq!(
            asked,
            match page_status {
                404 => 2,
                410 => 1,
                _ => 0,
            }
        );
    }
    // The page goes before it.
    let (site, _) = site_of(&content(SHORT), "", 200);
    assert_eq!(outcome(&site), PostOutcome::Added);
    let file = site.file("2019-11-19-a.md");
    assert!(std::fs::read_to_string(file).expect("a file").contains("In the page"));
    // A text that is cut, one that is only a summary, and a page that may come back.
    let summary = format!("<description>{SHORT}</description>");
    for (item, page_status) in
        [(content(&format!("{SHORT} […]")), 404), (summary, 404), (content(SHORT), 500)]
    {
        let (site, _) = site_of(&item, "", page_status);
        assert!(matches!(outcome(&site), PostOutcome::Failed(_)), "{item} {page_status}");
    }
}

#[test]
fn a_page_that_the_site_forbids_is_left_out_and_is_looked_at_again_a_day_later() {
    let (site, shown) = site_of("<description>Short.</description>", "User-agent: *\nDisallow: /a\n", 200);
    let left_out = PostOutcome::Excluded("robots.txt forbids it".into());
    assert_eq!([outcome(&site), outcome(&site)], [left_out.clone(), left_out.clone()]);
    assert_eq!(todos(&site), "", "nothing is wrong");
    shown.lock().expect("a lock").robots.clear();
    shown.lock().expect("a lock").hours = 23;
    assert_eq!(outcome(&site), left_out);
    shown.lock().expect("a lock").hours = 25;
    assert_eq!(outcome(&site), PostOutcome::Added);
}

#[test]
fn a_host_that_asks_to_be_left_alone_is_called_that_and_until_when() {
    let (site, shown) = site_of("", "", 200);
    assert_eq!(site.refresh().failed.len(), 1);
    let todo = todos(&site);
    assert!(
        todo.contains("its host is left alone until 2026-01-15T14:00:00Z")
            && !todo.contains("tries again at once"),
        "{todo}"
    );
    shown.lock().expect("a lock").item = content(SHORT);
    shown.lock().expect("a lock").hours = 3;
    site.refresh();
    assert_eq!(todos(&site), "");
}
