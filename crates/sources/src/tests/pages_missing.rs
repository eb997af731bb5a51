//! Posts whose pages can't be had, and sites that forbid them or ask to be left alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::memory_web::{MemoryWeb, page, status};
use super::{block_on, now, refresher};
use crate::{
    Clock, PostOutcome, RefreshOptions, RefreshReport, Refresher, Source, SourceKind, Web, WebResponse,
    problems_of_folders,
};

const SHORT: &str = "We were at KubeCon NA 2019 in San Diego, and security was what people talked about. The talks on \
                     supply chains were full, and the people at the booths asked about them too. ";

/// A feed of one post and the site around it.
struct Site {
    folder: tempfile::TempDir,
    web: Arc<MemoryWeb>,
    process: Refresher,
    /// The feed, the rules, and the status of the page, which the tests change.
    shown: Arc<Mutex<(String, String, u16)>>,
    hours: Arc<AtomicUsize>,
}

impl Site {
    fn new(item: &str, robots: &str, page_status: u16) -> Self {
        let hours = Arc::new(AtomicUsize::new(0));
        let passed = Arc::clone(&hours);
        let clock: Clock = Arc::new(move || -> Timestamp {
            now() + SignedDuration::from_hours(i64::try_from(passed.load(Ordering::SeqCst)).expect("hours"))
        });
        let shown = Arc::new(Mutex::new((item.to_owned(), robots.to_owned(), page_status)));
        let served = Arc::clone(&shown);
        let web = MemoryWeb::new(Arc::clone(&clock), move |request, _| {
            let (item, robots, page_status) = served.lock().expect("a lock").clone();
            Ok(match request.url.path() {
                "/robots.txt" => page("text/plain", &robots),
                "/feed.xml" if item.is_empty() => {
                    WebResponse { retry_after: Some("7200".into()), ..status(429) }
                }
                "/feed.xml" => page(
                    "application/xml",
                    &format!(
                        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
                         <title>A blog</title><item><title>KubeCon NA 2019: security</title>\
                         <link>https://blog.example/a</link><pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate>{item}\
                         </item></channel></rss>"
                    ),
                ),
                _ if page_status == 200 => page(
                    "text/html",
                    &format!("<title>a</title><article><p>{}In the page.</p></article>", SHORT.repeat(8)),
                ),
                _ => status(page_status),
            })
        });
        let folder = tempfile::tempdir().expect("a folder");
        let process = refresher(Arc::clone(&web) as Arc<dyn Web>, clock, folder.path(), Duration::ZERO);
        let source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, now());
        process.library().add_source(&folder.path().join("corpus"), source).expect("added");
        Self { folder, web, process, shown, hours }
    }

    fn refresh(&self) -> RefreshReport {
        block_on(self.process.refresh(&RefreshOptions { is_forced: true, ..RefreshOptions::default() }))
    }

    fn outcome(&self) -> PostOutcome {
        self.refresh().posts.remove(0).1.outcome
    }

    fn todo(&self) -> String {
        problems_of_folders(self.process.library())
            .into_iter()
            .map(|problem| problem.problem.to_string())
            .collect()
    }
}

fn content(text: &str) -> String {
    format!("<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>")
}

#[test]
fn a_short_text_that_is_whole_counts_if_there_is_no_page() {
    let forbidden = "User-agent: *\nDisallow: /a\n";
    for (robots, page_status) in [("", 404), ("", 410), (forbidden, 200)] {
        let site = Site::new(&content(SHORT), robots, page_status);
        assert_eq!(site.outcome(), PostOutcome::Added, "{page_status}");
        let file = site.folder.path().join("corpus/blog.example/2019-11-19-a.md");
        let text = std::fs::read_to_string(file).expect("a file");
        assert!(text.contains("supply chains") && !text.contains("In the page"), "{text}");
        assert_eq!(site.outcome(), PostOutcome::Unchanged);
        assert_eq!(site.todo(), "");
        // A page that is gone is not asked for again.
        site.shown.lock().expect("a lock").0 = content(&format!("{SHORT} More."));
        assert_eq!(site.outcome(), PostOutcome::Changed);
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
    let site = Site::new(&content(SHORT), "", 200);
    assert_eq!(site.outcome(), PostOutcome::Added);
    let file = site.folder.path().join("corpus/blog.example/2019-11-19-a.md");
    assert!(std::fs::read_to_string(file).expect("a file").contains("In the page"));
    // A text that is cut, one that is only a summary, and a page that may come back.
    let summary = format!("<description>{SHORT}</description>");
    for (item, page_status) in
        [(content(&format!("{SHORT} […]")), 404), (summary, 404), (content(SHORT), 500)]
    {
        let site = Site::new(&item, "", page_status);
        assert!(matches!(site.outcome(), PostOutcome::Failed(_)), "{item} {page_status}");
    }
}

#[test]
fn a_page_that_the_site_forbids_is_left_out_and_is_looked_at_again_a_day_later() {
    let site = Site::new("<description>Short.</description>", "User-agent: *\nDisallow: /a\n", 200);
    let left_out = PostOutcome::LeftOut("robots.txt forbids it".into());
    assert_eq!([site.outcome(), site.outcome()], [left_out.clone(), left_out.clone()]);
    assert_eq!(site.todo(), "", "nothing is wrong");
    site.shown.lock().expect("a lock").1.clear();
    site.hours.store(23, Ordering::SeqCst);
    assert_eq!(site.outcome(), left_out);
    site.hours.store(25, Ordering::SeqCst);
    assert_eq!(site.outcome(), PostOutcome::Added);
}

#[test]
fn a_host_that_asks_to_be_left_alone_is_called_that_and_until_when() {
    let site = Site::new("", "", 200);
    assert_eq!(site.refresh().failed.len(), 1);
    let todo = site.todo();
    assert!(
        todo.contains("its host is left alone until 2026-01-15T14:00:00Z")
            && !todo.contains("tries again at once"),
        "{todo}"
    );
    site.shown.lock().expect("a lock").0 = content(SHORT);
    site.hours.store(3, Ordering::SeqCst);
    site.refresh();
    assert_eq!(site.todo(), "");
}
