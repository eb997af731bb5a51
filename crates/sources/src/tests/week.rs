//! A simulated week of many sources with faults, in memory and in the time of the test.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use xxhash_rust::xxh3::xxh3_64;

use super::site::{MemoryWeb, page, status};
use super::{now, refresher};
use crate::{
    Clock, PostOutcome, PostStatus, RefreshOptions, Source, SourceKind, Validators, WebError, WebResponse,
};

/// A clock of the paused time of the runtime.
fn simulated_clock() -> Clock {
    let (start, begun) = (now(), tokio::time::Instant::now());
    Arc::new(move || start + SignedDuration::try_from(begun.elapsed()).expect("a period"))
}

const POSTS: usize = 20;

/// The feed of a source at an hour: it began with ten posts and gets two a day, up to twenty, of which the feed holds the
/// latest fifteen. The last comes on the fifth day: the pause after failures is a day at most, so that each source is read
/// once more.
fn feed(source: usize, hour: i64) -> String {
    let last = (10 + usize::try_from(hour / 12).expect("a number")).min(POSTS);
    let mut items = String::new();
    for number in (last.saturating_sub(15)..last).rev() {
        let words =
            format!("Part {number} of source {source} tells what people said about Kubernetes there. ")
                .repeat(10);
        let _ = write!(
            items,
            "<item><title>KubeCon NA 2019, part {number} of {source}</title><link>http://s{source}.example/p/{number}</link>\
             <pubDate>Tue, 19 Nov 2019 10:00:00 +0000</pubDate><description>&lt;p&gt;We were at KubeCon NA 2019 in San Diego. {words}&lt;/p&gt;</description></item>"
        );
    }
    format!("<rss version=\"2.0\"><channel><title>Source {source}</title>{items}</channel></rss>")
}

/// What a source answers to its nth request. A tenth of the answers are faults of all kinds; some sources change their
/// validators each time. Which answer is a fault does not depend on other sources, whose order no run repeats.
fn answer(
    source: usize,
    path: &str,
    sent: Option<&Validators>,
    hour: i64,
    nth: u64,
) -> Result<WebResponse, WebError> {
    if path == "/robots.txt" {
        return Ok(if source.is_multiple_of(7) {
            page("text/plain", "User-agent: *\nDisallow: /private\n")
        } else {
            status(404)
        });
    }
    let chance = xxh3_64(format!("{source} {nth}").as_bytes()) % 100;
    match chance {
        0 => return Err(WebError::Timeout),
        1 => return Err(WebError::Unreachable("reset".into())),
        2 => return Ok(status(500)),
        3 => return Ok(WebResponse { retry_after: Some("7200".into()), ..status(429) }),
        4 => return Ok(WebResponse { retry_after: Some("soon".into()), ..status(503) }),
        5 => return Ok(status(404)),
        6 => return Ok(page("text/html", "<html><title>Login</title><p>Please log in")),
        7 => return Ok(page("application/xml", &feed(source, hour)[..200])),
        8 => return Ok(page("application/xml", "")),
        9 => return Err(WebError::TooLarge),
        _ => {}
    }
    let body = feed(source, hour);
    let etag = if source.is_multiple_of(5) {
        format!("\"{nth}\"")
    } else {
        format!("\"{:x}\"", xxh3_64(body.as_bytes()))
    };
    if sent.and_then(|sent| sent.etag.as_deref()) == Some(etag.as_str()) {
        return Ok(status(304));
    }
    let validators = Validators { etag: Some(etag), last_modified: None };
    Ok(WebResponse { validators, ..page("application/xml", &body) })
}

/// A folder that costs no time of a disk where there is one: the state of each source is replaced each hour, and ext4
/// flushes what is replaced.
fn folder_in_memory() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// Refreshes in an hour, and in a day, of the test.
const STEPS_PER_HOUR: usize = 4;
const STEPS_PER_DAY: usize = 24 * STEPS_PER_HOUR;

/// The memory of the process, in KiB, without the test's own record of requests.
struct Memory {
    /// When all posts are in, and the process has read all sources.
    full: u64,
    /// The hours from then to the end of the week.
    hours: usize,
    /// At the end of the week.
    end: u64,
}

/// Runs a week with so many sources; every half day of the first five days the process starts anew. The last one runs to
/// the end, so that what it keeps is seen.
async fn run_week(sources: usize) -> Memory {
    let folder = folder_in_memory();
    let clock = simulated_clock();
    let asked = Mutex::new(HashMap::<usize, u64>::new());
    let start = clock();
    let web = MemoryWeb::new(Arc::clone(&clock), move |request, now| {
        let host = request.url.host_str().unwrap_or_default();
        let source: usize = host[1..host.find('.').expect("a dot")].parse().expect("a number");
        let hour = now.duration_since(start).as_hours();
        let nth = {
            let mut asked = asked.lock().expect("a lock");
            let nth = asked.entry(source).or_default();
            *nth += 1;
            *nth
        };
        answer(source, request.url.path(), request.validators, hour, nth)
    });
    let start_process = || {
        refresher(
            Arc::clone(&web) as Arc<dyn crate::Web>,
            Arc::clone(&clock),
            folder.path(),
            Duration::from_secs(1),
        )
    };
    let corpus = folder.path().join("corpus");
    let mut process = start_process();
    for source in 0..sources {
        let source = Source::new(format!("http://s{source}.example/feed.xml"), SourceKind::Feed, now());
        if source.url.contains("s0.") {
            process.library().add_source(&corpus, source).expect("added");
        } else {
            // The same as adding it, without reading the whole list again each time.
            let path = corpus.join(crate::source_list::FILE_NAME);
            let mut list = std::fs::read_to_string(&path).expect("a list");
            let _ = write!(
                list,
                "\n[[source]]\nurl = \"{}\"\nkind = \"feed\"\nadded = \"{}\"\n",
                source.url,
                now()
            );
            std::fs::write(&path, list).expect("a list");
        }
    }
    let mut added: HashMap<String, usize> = HashMap::new();
    let memory = || resident_kib().saturating_sub(web.record_size() as u64 >> 10);
    let (steps, last_start) = (7 * STEPS_PER_DAY, 5 * STEPS_PER_DAY);
    let mut full = None;
    for step in 0..steps {
        if step % (STEPS_PER_DAY / 2) == 0 && step <= last_start {
            process = start_process();
        }
        let is_warm = step >= last_start + STEPS_PER_DAY / 4;
        if full.is_none() && is_warm && added.len() == sources * POSTS {
            full = Some((step, memory()));
        }
        if step % (STEPS_PER_DAY / 4) == 0 {
            println!("hour {}: {} posts, {} KiB", step / STEPS_PER_HOUR, added.len(), memory());
        }
        let report = process.refresh(&RefreshOptions::default()).await;
        for (_, post) in report.posts.iter().filter(|(_, post)| post.outcome == PostOutcome::Added) {
            *added.entry(post.url.clone()).or_default() += 1;
        }
        tokio::time::sleep(Duration::from_mins(15)).await;
    }
    let end = memory();
    check_posts(&process, &added, sources);
    check_requests(&web, sources);
    let (step, full) = full.expect("all posts are in before the end");
    Memory { full, hours: (steps - step) / STEPS_PER_HOUR, end }
}

/// No post is lost, and none is there twice.
fn check_posts(process: &crate::Refresher, added: &HashMap<String, usize>, sources: usize) {
    let is_there = |url: &String| added.contains_key(url);
    let all = (0..sources)
        .flat_map(|source| (0..POSTS).map(move |post| format!("http://s{source}.example/p/{post}")));
    let missing: Vec<String> = all.filter(|url| !is_there(url)).collect();
    assert!(missing.is_empty(), "{missing:?}\n{:#?}", states_of(process, &missing));
    assert!(added.values().all(|times| *times == 1), "and once");
    let (rows, errors) = process.library().rows();
    assert!(errors.is_empty());
    let mut files: Vec<String> = rows
        .iter()
        .flat_map(|row| row.state.posts.values())
        .filter(|post| post.status == PostStatus::Included)
        .filter_map(|post| post.file.clone())
        .collect();
    files.sort();
    files.dedup();
    assert_eq!(files.len(), sources * POSTS);
    let on_disk = walk(&rows[0].folder);
    assert_eq!(on_disk, sources * POSTS, "no file without a post, none beside");
}

/// What is known of posts, for the message of a failure.
fn states_of(process: &crate::Refresher, urls: &[String]) -> Vec<String> {
    let (rows, _) = process.library().rows();
    let matches = |row: &&crate::SourceRow| {
        urls.iter().any(|url| row.source.url.starts_with(&url[..url.find("/p/").unwrap_or(0)]))
    };
    rows.iter()
        .filter(matches)
        .map(|row| {
            let posts: Vec<String> =
                row.state.posts.values().map(|post| format!("{} {:?}", post.url, post.status)).collect();
            format!("{:?} {:?} {posts:?}", row.state.problem, row.state.due)
        })
        .take(3)
        .collect()
}

fn walk(folder: &std::path::Path) -> usize {
    let hosts = std::fs::read_dir(folder).expect("a folder").flatten();
    hosts
        .filter(|host| host.path().is_dir())
        .map(|host| std::fs::read_dir(host.path()).expect("a folder").count())
        .sum()
}

/// One request a host at a time, a second apart, each feed once an hour at most, none in a time that a host asked to be
/// left alone.
fn check_requests(web: &MemoryWeb, sources: usize) {
    assert_eq!(web.most_at_once(), 1);
    let asked = web.asked.lock().expect("a lock");
    assert_eq!(asked.len(), sources);
    for (host, all) in asked.iter() {
        for pair in all.windows(2) {
            assert!(pair[1].0 - pair[0].0 >= 1_000, "{host}: {pair:?}");
        }
        let feeds: Vec<i64> =
            all.iter().filter(|(_, path)| **path == *"/feed.xml").map(|(at, _)| *at).collect();
        for pair in feeds.windows(2) {
            assert!(pair[1] - pair[0] >= 3_600_000, "{host}: {pair:?}");
        }
        assert!(feeds.len() <= 7 * 24 && feeds.len() > 100, "{host}: {}", feeds.len());
        let robots = all.iter().filter(|(_, path)| **path == *"/robots.txt").count();
        assert!(robots <= 7 + 14, "{host}: {robots} requests for robots.txt, with 14 starts");
    }
}

#[tokio::test(start_paused = true)]
async fn a_week_of_thirty_sources_with_faults_loses_nothing_and_asks_no_more_than_it_may() {
    run_week(30).await;
}

#[tokio::test(start_paused = true)]
#[ignore = "takes minutes: run by .ci/nightly"]
async fn nightly_a_week_of_a_thousand_sources_with_faults_loses_nothing_and_asks_no_more_than_it_may() {
    let before = resident_kib();
    let Memory { full, hours, end } = run_week(1_000).await;
    println!(
        "{before} KiB at the start, {full} KiB with all posts, {end} KiB at the end, {hours} hours later"
    );
    // 20,000 posts with what is known of them: 3 KiB for each.
    assert!(full.saturating_sub(before) < 128 << 10, "{before} KiB before, {full} KiB with all posts");
    // From then on nothing is new. Each source is read about once an hour, so that whatever kept 350 bytes of each read
    // would take 8 MiB in a day; the allocator alone moves up and down by 4 MiB.
    assert!(hours >= 24, "{hours} hours");
    assert!(end.saturating_sub(full) < 8 << 10, "{full} KiB with all posts, {end} KiB {hours} hours later");
}

/// The memory of this process; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_host_that_asks_to_be_left_alone_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = simulated_clock();
    let web = MemoryWeb::new(Arc::clone(&clock), |request, _| {
        Ok(match request.url.path() {
            "/robots.txt" => status(404),
            _ => WebResponse { retry_after: Some("18000".into()), ..status(429) },
        })
    });
    let process =
        refresher(Arc::clone(&web) as Arc<dyn crate::Web>, clock, folder.path(), Duration::from_secs(1));
    let source = Source::new("http://s1.example/feed.xml", SourceKind::Feed, now());
    process.library().add_source(&folder.path().join("corpus"), source).expect("added");
    for _ in 0..16 {
        // By hand too: the wish of the host holds for everybody.
        process.refresh(&RefreshOptions { is_forced: true, ..RefreshOptions::default() }).await;
        tokio::time::sleep(Duration::from_mins(20)).await;
    }
    assert_eq!(web.count("s1.example", "/feed.xml"), 2, "one at the start, one after five hours");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_is_gone_for_good_is_not_asked_again_and_a_moved_one_is_asked_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = simulated_clock();
    let web = MemoryWeb::new(Arc::clone(&clock), |request, _| {
        Ok(match (request.url.host_str(), request.url.path()) {
            (_, "/robots.txt") => status(404),
            (Some("gone.example"), _) => status(410),
            (Some("old.example"), _) => {
                WebResponse { location: Some("http://new.example/feed.xml".into()), ..status(308) }
            }
            _ => page("application/xml", &feed(1, 0)),
        })
    });
    let process =
        refresher(Arc::clone(&web) as Arc<dyn crate::Web>, clock, folder.path(), Duration::from_secs(1));
    let corpus = folder.path().join("corpus");
    for host in ["gone", "old"] {
        let source = Source::new(format!("http://{host}.example/feed.xml"), SourceKind::Feed, now());
        process.library().add_source(&corpus, source).expect("added");
    }
    for _ in 0..5 {
        process.refresh(&RefreshOptions::default()).await;
        tokio::time::sleep(Duration::from_hours(2)).await;
    }
    assert_eq!(web.count("gone.example", "/feed.xml"), 1);
    assert_eq!(web.count("old.example", "/feed.xml"), 1);
    assert_eq!(web.count("new.example", "/feed.xml"), 5);
    let problems = crate::problems_of_folders(process.library());
    assert_eq!(problems.iter().map(|it| it.problem.code).collect::<Vec<_>>(), ["source-gone"]);
}
