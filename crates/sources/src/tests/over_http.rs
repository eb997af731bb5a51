//! What a server is sent and what it answers, over a web on loopback: validators, 304, 429, 503 and robots.txt.

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use takeaways_testing::{LoopbackWeb, PageReply};

use super::{block_on, loopback, now, outcomes, refresher};
use crate::http::HttpWeb;
use crate::{
    Clock, FetchError, FetchOutcome, PostOutcome, RefreshOptions, RefreshReport, Refresher, Source,
    SourceKind, parse_address,
};

const MODIFIED: &str = "Tue, 19 Nov 2019 10:00:00 GMT";

/// A clock that a test moves by minutes.
fn moved_clock() -> (Arc<AtomicI64>, Clock) {
    let minutes = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&minutes);
    (minutes, Arc::new(move || now() + SignedDuration::from_mins(passed.load(Ordering::SeqCst))))
}

fn process(folder: &Path, clock: Clock) -> Refresher {
    let web = HttpWeb::new(loopback(), "takeaways-test".into());
    refresher(Arc::new(web), clock, folder, Duration::ZERO)
}

fn refresh(process: &Refresher) -> RefreshReport {
    block_on(process.refresh(&RefreshOptions { is_forced: true, ..RefreshOptions::default() }))
}

fn feed(what: &str) -> String {
    let text = format!("We were at KubeCon NA 2019, and {what} was what people talked about. ").repeat(12);
    format!(
        "<rss version=\"2.0\"><channel><title>A blog</title><item><title>KubeCon NA 2019</title><link>/a</link>\
         <pubDate>{MODIFIED}</pubDate><description>{text}</description></item></channel></rss>"
    )
}

/// Serves `/feed.xml` by a function of the number of the request, from 0.
fn serve_feed(reply: impl Fn(usize) -> PageReply + Send + Sync + 'static) -> LoopbackWeb {
    let asked = AtomicUsize::new(0);
    LoopbackWeb::handle(move |request| match request.path.as_str() {
        "/feed.xml" => reply(asked.fetch_add(1, Ordering::SeqCst)),
        _ => PageReply::status(404),
    })
}

/// A source of a web, with what is known of it in a folder of its own.
fn source_of(web: &LoopbackWeb, clock: Clock) -> (tempfile::TempDir, Refresher) {
    let folder = tempfile::tempdir().expect("a folder");
    let process = process(folder.path(), clock);
    let source = Source::new(web.url("/feed.xml"), SourceKind::Feed, now());
    process.library().add_source(&folder.path().join("corpus"), source).expect("added");
    (folder, process)
}

/// The validators that were sent with each request for the feed.
fn sent(web: &LoopbackWeb) -> Vec<(String, String)> {
    let requests = web.requests();
    let of_feed = requests.iter().filter(|request| request.path == "/feed.xml");
    of_feed
        .map(|it| (it.header("if-none-match").to_owned(), it.header("if-modified-since").to_owned()))
        .collect()
}

#[test]
fn validators_are_sent_as_they_came_and_only_after_the_content_was_understood() {
    let with = |reply: PageReply, etag: &str| reply.header("etag", etag).header("last-modified", MODIFIED);
    let web = serve_feed(move |nth| match nth {
        0 => with(PageReply::xml("<rss version=\"2.0\"><channel><item></rss>"), "\"damaged\""),
        1 => with(PageReply::xml(feed("security")), "W/\"one, two\""),
        2 => PageReply::status(304),
        3 => PageReply::status(500).header("etag", "\"of an error\""),
        // A 304 has no content, whatever its validators.
        4 => PageReply::status(304).header("etag", "\"of a 304\""),
        _ => with(PageReply::xml(feed("storage")), "\"three\""),
    });
    let (folder, process) = source_of(&web, Arc::new(now));
    assert_eq!(refresh(&process).failed.len(), 1, "it is damaged");
    assert_eq!(outcomes(&refresh(&process)), [&PostOutcome::Added]);
    let same = refresh(&process);
    assert_eq!((same.read, same.posts.len(), same.failed.len()), (1, 0, 0), "{same:?}");
    assert_eq!(refresh(&process).failed.len(), 1, "status 500");
    // Also by a process that starts later.
    let later = self::process(folder.path(), Arc::new(now));
    assert_eq!(refresh(&later).posts.len(), 0);
    assert_eq!(outcomes(&refresh(&later)), [&PostOutcome::Changed]);
    let none = (String::new(), String::new());
    let known = ("W/\"one, two\"".to_owned(), MODIFIED.to_owned());
    assert_eq!(sent(&web), [&none, &none, &known, &known, &known, &known].map(Clone::clone));
}

#[test]
fn validators_that_change_each_time_cost_no_post_and_one_of_the_two_is_enough() {
    let web = serve_feed(|nth| PageReply::xml(feed("security")).header("etag", &format!("\"{nth}\"")));
    let (_folder, process) = source_of(&web, Arc::new(now));
    assert_eq!(outcomes(&refresh(&process)), [&PostOutcome::Added]);
    for _ in 0..2 {
        assert_eq!(outcomes(&refresh(&process)), [&PostOutcome::Unchanged]);
    }
    let tags: Vec<(String, String)> =
        ["", "\"0\"", "\"1\""].map(|tag| (tag.to_owned(), String::new())).to_vec();
    assert_eq!(sent(&web), tags);
    let web = serve_feed(|_| PageReply::xml(feed("security")).header("last-modified", MODIFIED));
    let (_folder, process) = source_of(&web, Arc::new(now));
    refresh(&process);
    refresh(&process);
    assert_eq!(sent(&web)[1], (String::new(), MODIFIED.to_owned()));
}

#[test]
fn a_304_that_nobody_asked_for_is_an_error() {
    let web = serve_feed(|_| PageReply::status(304));
    let (_folder, process) = source_of(&web, Arc::new(now));
    let report = refresh(&process);
    assert_eq!((report.read, report.failed.len()), (0, 1), "{report:?}");
}

#[test]
fn a_429_and_a_503_are_waited_for_as_long_as_they_say() {
    let (minutes, clock) = moved_clock();
    // In the time of the test: a day later, at noon.
    let date = "Fri, 16 Jan 2026 12:00:00 GMT";
    let web = serve_feed(move |nth| match nth {
        0 => PageReply::status(429).header("retry-after", "7200"),
        1 => PageReply::status(503).header("retry-after", date),
        _ => PageReply::xml(feed("security")),
    });
    let (_folder, process) = source_of(&web, clock);
    let asked = || web.paths().iter().filter(|path| *path == "/feed.xml").count();
    for (minute, expected) in
        [(0, 1), (1, 1), (119, 1), (120, 2), (121, 2), (24 * 60 - 1, 2), (24 * 60, 3), (24 * 60 + 1, 4)]
    {
        minutes.store(minute, Ordering::SeqCst);
        let report = refresh(&process);
        assert_eq!(asked(), expected, "after {minute} minutes");
        if expected < 3 {
            assert!(report.failed[0].1.to_string().contains("left alone until 2026-01-1"), "{report:?}");
        }
    }
}

#[test]
fn a_robots_txt_that_fails_means_not_now_and_is_asked_again_after_an_hour() {
    let (minutes, clock) = moved_clock();
    let robots = Arc::new(Mutex::new(PageReply::status(503)));
    let shown = Arc::clone(&robots);
    let web = LoopbackWeb::handle(move |request| match request.path.as_str() {
        "/robots.txt" => shown.lock().expect("a lock").clone(),
        _ => PageReply::html("<p>A page."),
    });
    let folder = tempfile::tempdir().expect("a folder");
    let process = process(folder.path(), clock);
    let fetch = |path: &str| {
        block_on(process.fetcher().fetch(&parse_address(&web.url(path)).expect("an address"), None))
    };
    for status in [500, 502, 599] {
        *robots.lock().expect("a lock") = PageReply::status(status);
        let before = web.paths().len();
        for path in ["/a", "/b"] {
            let result = fetch(path);
            assert!(matches!(result, Err(FetchError::RobotsUnread(_))), "{status}: {result:?}");
        }
        assert_eq!(web.paths()[before..], ["/robots.txt"], "{status}");
        minutes.fetch_add(60, Ordering::SeqCst);
    }
    // Without one everything is allowed.
    *robots.lock().expect("a lock") = PageReply::status(403);
    assert!(matches!(fetch("/a"), Ok(FetchOutcome::Page(_))));
    // It is read again after a day.
    *robots.lock().expect("a lock") = PageReply::new("text/plain", "User-agent: takeaways\nDisallow: /a\n");
    minutes.fetch_add(24 * 60 - 1, Ordering::SeqCst);
    assert!(matches!(fetch("/a"), Ok(FetchOutcome::Page(_))));
    minutes.fetch_add(1, Ordering::SeqCst);
    assert_eq!(fetch("/a").err(), Some(FetchError::Robots));
    assert!(matches!(fetch("/b"), Ok(FetchOutcome::Page(_))));
}
