//! What the next process knows of a host that wants no requests for a while, from the states of its sources and posts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;

use super::site::{MemoryWeb, page, status};
use super::{block_on, now, refresher};
use crate::{Clock, PostOutcome, RefreshOptions, Refresher, Source, SourceKind, Web, WebResponse};

/// A clock that is moved by hours.
fn moved_clock() -> (Arc<AtomicUsize>, Clock) {
    let hours = Arc::new(AtomicUsize::new(0));
    let passed = Arc::clone(&hours);
    let clock = move || {
        now() + SignedDuration::from_hours(i64::try_from(passed.load(Ordering::SeqCst)).expect("a number"))
    };
    (hours, Arc::new(clock))
}

/// Makes processes one after the other, which share the state folder.
fn start(web: &Arc<MemoryWeb>, clock: &Clock, folder: &std::path::Path) -> Refresher {
    refresher(Arc::clone(web) as Arc<dyn Web>, Arc::clone(clock), folder, Duration::ZERO)
}

const FORCED: RefreshOptions<'_> = RefreshOptions {
    is_forced: true,
    only: Vec::new(),
    found: std::collections::BTreeMap::new(),
    progress: None,
    waits: false,
};

#[test]
fn a_source_is_not_asked_before_its_host_wants_to_also_by_a_process_that_starts_later() {
    for (path, code, wait, why) in
        [("/feed.xml", 429, 2, "left alone"), ("/robots.txt", 500, 1, "robots.txt")]
    {
        let (hours, clock) = moved_clock();
        let web = MemoryWeb::new(Arc::clone(&clock), move |request, _| {
            let is_it = request.url.path() == path;
            let retry_after = Some((wait * 3_600).to_string());
            Ok(WebResponse { retry_after, ..status(if is_it { code } else { 404 }) })
        });
        let folder = tempfile::tempdir().expect("a folder");
        let source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, now());
        let process = start(&web, &clock, folder.path());
        process.library().add_source(&folder.path().join("corpus"), source).expect("added");
        for hour in 0..=wait {
            hours.store(hour, Ordering::SeqCst);
            let report = block_on(start(&web, &clock, folder.path()).refresh(&FORCED));
            assert!(report.failed[0].1.to_string().contains(why), "{report:?}");
            assert_eq!(web.count("blog.example", path), if hour < wait { 1 } else { 2 }, "{path} {hour}");
        }
    }
}

#[test]
fn a_page_is_asked_no_earlier_than_its_host_wants_also_after_a_restart() {
    let (hours, clock) = moved_clock();
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
    let start = || start(&web, &clock, folder.path());
    let source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, now());
    start().library().add_source(&folder.path().join("corpus"), source).expect("added");
    let mut outcomes = Vec::new();
    for hour in 0..=5 {
        hours.store(hour, Ordering::SeqCst);
        outcomes.extend(block_on(start().refresh(&FORCED)).posts.into_iter().map(|(_, post)| post.outcome));
    }
    assert!(matches!(&outcomes[0], PostOutcome::Failed(why) if why.contains("left alone")), "{outcomes:?}");
    let waits = |outcome: &PostOutcome| matches!(outcome, PostOutcome::Waiting(_));
    assert!(outcomes[1..5].iter().all(waits), "{outcomes:?}");
    assert!(matches!(outcomes[5], PostOutcome::Failed(_)), "{outcomes:?}");
    assert_eq!(web.count("pages.example", "/a"), 2);
}
