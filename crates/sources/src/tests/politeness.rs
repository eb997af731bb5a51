//! What all processes hold to together: one request a host at a time, the pause between two, and what a host asks for.
//! Each fetcher here stands for a process: what they share is the state folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use takeaways_testing::{LoopbackWeb, PageReply};

use super::site::{MemoryWeb, page, status};
use super::{block_on, clock, loopback, now, refresher};
use crate::host_files::HostFiles;
use crate::http::HttpWeb;
use crate::{
    Clock, FetchError, FetchOutcome, Fetcher, FetcherOptions, Library, PostOutcome, RefreshOptions, Source,
    SourceKind, Web, WebResponse, discover, parse_address,
};

/// A process over HTTP with the time of the real clock.
fn process(state: &Path, interval: Duration) -> Fetcher {
    let web = HttpWeb::new(loopback(), "takeaways-test".into());
    let hosts_folder = Some(Library::hosts_folder_of(state));
    let options = FetcherOptions { guard: loopback(), interval, hosts_folder };
    Fetcher::new(Arc::new(web), Arc::new(Timestamp::now), options)
}

fn fetch(fetcher: &Fetcher, url: &str) -> Result<FetchOutcome, FetchError> {
    block_on(fetcher.fetch(&parse_address(url).expect("an address"), None))
}

#[test]
fn two_processes_ask_a_host_one_after_the_other_with_the_pause_between() {
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, seen) = (Arc::clone(&open), Arc::clone(&most));
    let web = LoopbackWeb::handle(move |request| {
        seen.fetch_max(count.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(100));
        count.fetch_sub(1, Ordering::SeqCst);
        match request.path.as_str() {
            "/robots.txt" => PageReply::status(404),
            _ => PageReply::html("<p>A page."),
        }
    });
    let state = tempfile::tempdir().expect("a folder");
    let interval = Duration::from_millis(300);
    std::thread::scope(|scope| {
        for path in ["/a", "/b"] {
            let url = parse_address(&web.url(path)).expect("an address");
            let folder = state.path();
            scope.spawn(move || {
                let found = block_on(discover(&process(folder, interval), &url, false)).expect("an answer");
                assert_eq!(found.found.len(), 1);
            });
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1, "at once");
    let requests = web.requests();
    assert_eq!(requests.len(), 4, "{requests:?}");
    for pair in requests.windows(2) {
        let between = pair[1].at.duration_since(pair[0].at);
        assert!(between >= interval, "{between:?}: {pair:?}");
    }
}

#[test]
fn a_host_that_asks_to_be_left_alone_is_left_alone_by_processes_that_start_later() {
    let web = LoopbackWeb::handle(|request| match request.path.as_str() {
        "/robots.txt" => PageReply::status(404),
        _ => PageReply::status(429).header("retry-after", "7200"),
    });
    let state = tempfile::tempdir().expect("a folder");
    for path in ["/a", "/a", "/other", "/"] {
        let result = fetch(&process(state.path(), Duration::ZERO), &web.url(path));
        let Err(FetchError::NotBefore(until)) = result else { panic!("{path}: {result:?}") };
        let wait = until.duration_since(Timestamp::now());
        assert!(wait > SignedDuration::from_mins(119) && wait <= SignedDuration::from_hours(2), "{wait}");
    }
    assert_eq!(web.paths(), ["/robots.txt", "/a"]);
}

#[test]
fn a_host_whose_robots_txt_fails_is_left_alone_and_a_host_that_is_down_may_be_tried_again() {
    let web = LoopbackWeb::handle(|_| PageReply::status(500));
    let state = tempfile::tempdir().expect("a folder");
    for _ in 0..3 {
        let result = fetch(&process(state.path(), Duration::ZERO), &web.url("/a"));
        assert!(matches!(result, Err(FetchError::RobotsUnread(_))), "{result:?}");
    }
    assert_eq!(web.paths(), ["/robots.txt"]);
    // Who mends the network tries again at once.
    let down = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for _ in 0..2 {
        let result = fetch(&process(state.path(), Duration::ZERO), &format!("http://{down}/"));
        assert!(matches!(result, Err(FetchError::Web(_))), "{result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_holds_a_host_delays_the_others_but_not_for_ever() {
    let folder = tempfile::tempdir().expect("a folder");
    let hosts_folder = Library::hosts_folder_of(folder.path());
    let web = MemoryWeb::new(clock(), |request, _| {
        Ok(if request.url.path() == "/robots.txt" { status(404) } else { page("text/html", "<p>A page.") })
    });
    let new = || {
        let hosts_folder = Some(hosts_folder.clone());
        let options = FetcherOptions { guard: loopback(), interval: Duration::from_secs(1), hosts_folder };
        Fetcher::new(Arc::clone(&web) as Arc<dyn Web>, clock(), options)
    };
    let url = parse_address("https://blog.example/a").expect("an address");
    let held = HostFiles::new(&hosts_folder).try_lock("blog.example", now()).expect("a file").expect("free");
    assert_eq!(new().fetch(&url, None).await.err(), Some(FetchError::Busy));
    assert_eq!(web.count("blog.example", "/robots.txt"), 0);
    let fetcher = new();
    let fetching = fetcher.fetch(&url, None);
    let releasing = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        drop(held);
    };
    let (result, ()) = futures_util::future::join(fetching, releasing).await;
    // The clock of this test stands still: it waits for each pause once, not for ever.
    assert!(matches!(result, Ok(FetchOutcome::Page(_))), "{result:?}");
}

#[test]
fn a_page_is_asked_no_earlier_than_its_host_wants_also_after_a_restart() {
    let hours = Arc::new(AtomicUsize::new(0));
    let passed = Arc::clone(&hours);
    let clock: Clock = Arc::new(move || {
        now() + SignedDuration::from_hours(i64::try_from(passed.load(Ordering::SeqCst)).expect("a number"))
    });
    let feed = "<rss version=\"2.0\"><channel><item><title>KubeCon NA 2019</title>\
                <link>https://pages.example/a</link></item></channel></rss>";
    let web = MemoryWeb::new(Arc::clone(&clock), move |request, _| {
        Ok(match (request.url.host_str(), request.url.path()) {
            (_, "/robots.txt") => status(404),
            (Some("pages.example"), _) => WebResponse { retry_after: Some("18000".into()), ..status(429) },
            _ => page("application/xml", feed),
        })
    });
    let folder = tempfile::tempdir().expect("a folder");
    let start =
        || refresher(Arc::clone(&web) as Arc<dyn Web>, Arc::clone(&clock), folder.path(), Duration::ZERO);
    let source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, now());
    start().library().add_source(&folder.path().join("corpus"), source).expect("added");
    let mut outcomes = Vec::new();
    for hour in 0..=5 {
        hours.store(hour, Ordering::SeqCst);
        let options = RefreshOptions { is_forced: true, ..RefreshOptions::default() };
        // What is known of the host itself may be lost: the post remembers when it may be read.
        let _ = std::fs::remove_dir_all(Library::hosts_folder_of(&folder.path().join("state")));
        outcomes.extend(block_on(start().refresh(&options)).posts.into_iter().map(|(_, post)| post.outcome));
    }
    assert!(matches!(&outcomes[0], PostOutcome::Failed(why) if why.contains("left alone")), "{outcomes:?}");
    let waits = |outcome: &PostOutcome| matches!(outcome, PostOutcome::Waiting(_));
    assert!(outcomes[1..5].iter().all(waits), "{outcomes:?}");
    assert!(matches!(outcomes[5], PostOutcome::Failed(_)), "{outcomes:?}");
    assert_eq!(web.count("pages.example", "/a"), 2);
}
