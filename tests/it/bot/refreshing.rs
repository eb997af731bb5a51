//! `serve` refreshes the sources of posts by itself, over a blog on loopback.

use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::fixture::is_answered;
use super::recaps::setup;
use super::{metrics, readiness};
use crate::fake_discord::{DEADLINE, FakeDiscord};
use crate::harness::blog::Blog;
use crate::harness::bot::{BotSetup, ProcessSignal};
use crate::harness::postgres::shared;
use crate::harness::{Cli, run};

/// Looks for due sources ten times a second.
const FAST: &str = "sources.check=sleep:100";

/// The clock of the sources, which a test moves.
struct TestClock(std::path::PathBuf);

impl TestClock {
    fn new(folder: &Path) -> Self {
        let clock = Self(folder.join("clock"));
        clock.set_minutes(0);
        clock
    }

    fn set_minutes(&self, minutes: u32) {
        let written = self.0.with_extension("new");
        std::fs::write(&written, (minutes * 60).to_string()).expect("a file");
        std::fs::rename(written, &self.0).expect("a file");
    }

    fn applied(&self, setup: BotSetup) -> BotSetup {
        setup.env("TAKEAWAYS_FAULT_CLOCK", self.0.to_str().expect("UTF-8")).faults(FAST)
    }
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < DEADLINE, "not {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Runs a command of `corpus` with the state folder of the bot; it must say these words.
async fn corpus(state: &Path, command: &str, address: Option<String>, words: &str) {
    let cli = Cli::new()
        .state(state)
        .env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1")
        .env("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "0")
        .args(&format!("corpus {command}"));
    let cli = address.iter().fold(cli, |cli, address| cli.arg(address));
    run(cli).await.code(0).says(words);
}

/// Adds the blog on the command line.
async fn add(blog: &Blog, state: &Path) {
    corpus(state, "add --yes", Some(blog.url("/feed.xml")), "1 source: 1 added").await;
}

#[tokio::test]
async fn a_new_post_of_a_blog_is_answered_from_and_counted_and_a_failure_is_told() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let clock = TestClock::new(state.path());
    add(&blog, state.path()).await;
    let bot = clock.applied(setup(&fake, state.path())).start(&fake).await;
    assert!(is_answered(&fake, 0).await);
    bot.until_metric("takeaways_sources{state=\"ok\"} 1\n").await;
    assert_eq!(blog.requests("/feed.xml"), 1, "what was just read is not read again at a start");

    blog.write(1);
    clock.set_minutes(90);
    until("answered", async || is_answered(&fake, 1).await).await;
    assert_eq!(blog.requests("/feed.xml"), 2);
    let page = metrics(&bot).await;
    assert!(page.contains("takeaways_source_posts_total{outcome=\"added\"} 1\n"), "{page}");
    assert_eq!(readiness(&bot).await.1, "ok\n");

    blog.set_broken(true);
    clock.set_minutes(180);
    bot.until_metric("takeaways_sources{state=\"failing\"} 1\n").await;
    assert_eq!(readiness(&bot).await.1, "ok\n", "an hour is no problem");
    clock.set_minutes(60 * 40);
    until("told", async || {
        readiness(&bot).await.1.starts_with("degraded: a source of posts has failed for a day")
    })
    .await;
    assert!(is_answered(&fake, 1).await, "what was read stays");
    blog.set_broken(false);
    clock.set_minutes(60 * 80);
    bot.until_ready_again().await;
    fake.assert_clean();
}

#[tokio::test]
async fn a_host_that_does_not_answer_keeps_no_other_source_from_being_read() {
    // Other systems have one address of loopback.
    let Ok(silent) = std::net::TcpListener::bind("127.0.0.2:0") else { return };
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let clock = TestClock::new(state.path());
    let slow = format!("http://{}/feed.xml", silent.local_addr().expect("an address"));
    let posts = state.path().join("posts");
    std::fs::create_dir_all(&posts).expect("a folder");
    let source = |url: &str| format!("[[source]]\nurl = \"{url}\"\nkind = \"feed\"\n");
    let list = source(&slow) + &source(&blog.url("/feed.xml"));
    std::fs::write(posts.join("sources.toml"), list).expect("a list");
    let setup = setup(&fake, state.path()).env("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.0/8");
    let _bot = clock.applied(setup).start(&fake).await;
    until("read", async || blog.requests("/feed.xml") == 1).await;
    // The clock goes on with each look: the first reading may end after it was moved, and is due later then.
    let mut minutes = 0;
    until("read again", async || {
        minutes += 90;
        clock.set_minutes(minutes);
        blog.requests("/feed.xml") >= 2
    })
    .await;
    silent.set_nonblocking(true).expect("it is set");
    let (mut connection, _) = silent.accept().expect("the other host was asked");
    connection.set_nonblocking(true).expect("it is set");
    let mut request = Vec::new();
    let end = connection.read_to_end(&mut request).expect_err("the other host was given up before");
    assert_eq!(end.kind(), std::io::ErrorKind::WouldBlock);
    assert!(request.starts_with(b"GET "), "{request:?}");
}

#[tokio::test]
async fn each_command_works_beside_a_running_bot() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let clock = TestClock::new(state.path());
    let setup = setup(&fake, state.path()).env("TAKEAWAYS__CORPUS__RELOAD", "1");
    let bot = clock.applied(setup).start(&fake).await;
    assert!(!is_answered(&fake, 0).await);
    add(&blog, state.path()).await;
    until("answered after add", async || is_answered(&fake, 0).await).await;
    corpus(state.path(), "sources", None, "feed, 1 post, read ").await;

    blog.write(1);
    corpus(state.path(), "refresh", None, "1 source: 1 added, 1 unchanged\n").await;
    until("answered after refresh", async || is_answered(&fake, 1).await).await;
    assert_eq!(blog.requests("/feed.xml"), 2, "by the two commands and not by the bot");

    corpus(state.path(), "remove", Some(blog.url("/posts/0")), "it does not come back").await;
    until("gone", async || !is_answered(&fake, 0).await).await;
    // What the command wrote, the bot keeps to when it reads the source by itself.
    blog.write(2);
    clock.set_minutes(90);
    until("answered by itself", async || is_answered(&fake, 2).await).await;
    assert!(!is_answered(&fake, 0).await && is_answered(&fake, 1).await);

    corpus(state.path(), "remove", Some(blog.url("/feed.xml")), "and 2 files").await;
    until("gone too", async || !is_answered(&fake, 1).await && !is_answered(&fake, 2).await).await;
    bot.until_ready_again().await;
    fake.assert_clean();
}

#[tokio::test]
async fn a_line_that_a_person_writes_into_the_list_is_noticed_while_the_bot_runs() {
    let (fake, blog, state) =
        (FakeDiscord::start().await, Blog::new(2), tempfile::tempdir().expect("a folder"));
    let clock = TestClock::new(state.path());
    let bot = clock.applied(setup(&fake, state.path())).start(&fake).await;
    let posts = state.path().join("posts");
    std::fs::create_dir_all(&posts).expect("a folder");
    let list = posts.join("sources.toml");
    std::fs::write(&list, "[[source]]\nurl = 7\n").expect("a list");
    until("told", async || readiness(&bot).await.1.contains("a list of sources can't be read")).await;
    let source = format!("[[source]]\nurl = \"{}\"\nkind = \"feed\"\n", blog.url("/feed.xml"));
    std::fs::write(&list, source).expect("a list");
    until("answered", async || is_answered(&fake, 1).await).await;
    bot.until_ready_again().await;
    fake.assert_clean();
}

#[tokio::test]
async fn of_two_processes_on_one_database_one_fetches_and_the_other_takes_over() {
    let Some(server) = shared() else { return };
    let database = server.database().await;
    let (fake, blog, home) =
        (FakeDiscord::start().await, Blog::new(1), tempfile::tempdir().expect("a folder"));
    let clock = TestClock::new(home.path());
    let corpus = home.path().join("corpus");
    std::fs::create_dir_all(&corpus).expect("a folder");
    let source = format!("[[source]]\nurl = \"{}\"\nkind = \"feed\"\n", blog.url("/feed.xml"));
    std::fs::write(corpus.join("sources.toml"), source).expect("a list");
    let start = async |name: &str| {
        let setup = clock.applied(setup(&fake, &home.path().join(name)));
        let setup = setup.arg("--corpus").arg(corpus.to_str().expect("UTF-8"));
        setup.env("TAKEAWAYS__STATE__URL", &database).start(&fake).await
    };
    let mut first = start("first").await;
    until("fetched", async || blog.requests("/feed.xml") == 1).await;
    let second = start("second").await;
    // The second knows nothing of the source, so it would fetch it at its first look.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(blog.requests("/feed.xml"), 1);
    clock.set_minutes(2);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(blog.requests("/feed.xml"), 1, "the first has renewed its lease");
    first.signal(ProcessSignal::Kill);
    first.wait_exit(DEADLINE).await;
    clock.set_minutes(4);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(blog.requests("/feed.xml"), 1, "the lease of the first still runs");
    clock.set_minutes(20);
    until("taken over", async || blog.requests("/feed.xml") == 2).await;
    until("answered", async || is_answered(&fake, 0).await).await;
    drop(second);
}
