//! Which posts count as new, over several starts with the same posts, and posts that changed before a digest is composed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use takeaways_answer::{Engine, EngineHandle, ReopenedEngine};
use takeaways_delivery::{DigestComposer, DigestWriter, Reloader, WorkerThreads};
use takeaways_ops::{Health, Metrics};
use takeaways_store::{Store, StoreLocation};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::DEADLINE;
use crate::harness::blog::Blog;
use crate::harness::{TempCorpus, engine_over, run};

/// Sets the clock to five seconds after the run of a day, from the slot.
fn begin_day(fixture: &DigestFixture, number: i32) {
    fixture.set_clock(SignedDuration::from_hours(24) * number + SignedDuration::from_secs(5));
}

/// Returns the date of a day.
fn date_of_day(fixture: &DigestFixture, number: i32) -> String {
    let run = fixture.slot() + SignedDuration::from_hours(24) * number;
    run.to_zoned(TimeZone::UTC).date().to_string()
}

fn posted(fixture: &DigestFixture) -> Vec<Value> {
    let mut messages = fixture.fake.messages(FIRST_CHANNEL);
    messages.sort_by_key(|message| message["id"].as_str().map(str::to_owned));
    messages
}

/// Its file does not change when the post is published, and neither does the index.
#[tokio::test]
async fn a_scheduled_post_is_new_when_it_is_published_though_no_file_changes() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.add_scheduled_post("later", &date_of_day(&fixture, 2));
    fixture.add_post("early");
    for (day, sent) in [(0, "1 sent\n"), (1, "0 sent, 1 without new posts\n"), (2, "1 sent\n")] {
        begin_day(&fixture, day);
        let done = run(fixture.cli("digest run")).await.code(0);
        assert_eq!(done.out, sent, "day {day}");
    }
    begin_day(&fixture, 3);
    run(fixture.cli("digest run")).await.code(0).says("1 without new posts");
    let messages = posted(&fixture);
    let holds = |at: usize, name: &str| messages[at].to_string().contains(&format!("About {name}"));
    assert_eq!((messages.len(), holds(0, "early"), holds(0, "later")), (2, true, false), "{messages:#?}");
    assert_eq!((holds(1, "early"), holds(1, "later")), (false, true), "{messages:#?}");
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

/// While the bot runs, it holds the same index on both days, so only the time says that the post is published.
#[tokio::test]
async fn a_scheduled_post_is_new_to_a_bot_that_runs_since_before_it_was_published() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.add_scheduled_post("later", &date_of_day(&fixture, 1));
    fixture.add_post("early");
    begin_day(&fixture, 0);
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 1).await;
    begin_day(&fixture, 1);
    fixture.until_sent(&bot, 2).await;
    let last = posted(&fixture).pop().expect("a message").to_string();
    assert!(last.contains("About later") && !last.contains("About early"), "{last}");
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

/// The next start finds the contents that the last one recorded; a new post is counted all the same.
#[tokio::test]
async fn a_post_that_came_between_two_starts_is_new_once() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    run(fixture.cli("digest run")).await.code(0);
    for (day, name) in [(1, "one"), (2, "two")] {
        fixture.add_post(name);
        begin_day(&fixture, day);
        run(fixture.cli("digest run")).await.code(0).says("1 sent\n");
        let last = posted(&fixture).pop().expect("a message").to_string();
        assert!(last.contains(&format!("About {name}")), "{last}");
        assert_eq!(last.matches("About ").count(), 1, "{last}");
    }
    run(fixture.cli("state check")).await.code(0);
    fixture.assert_delivered_once().await;
}

/// As an operator does it: the blog is added, the bot runs, the blog publishes a post.
#[tokio::test]
async fn a_post_that_a_blog_publishes_is_answered_from_and_is_in_the_next_digest() {
    const FETCHING: [(&str, &str); 2] =
        [("TAKEAWAYS__CORPUS__ALLOW_ADDRESSES", "127.0.0.1"), ("TAKEAWAYS__CORPUS__FETCH_INTERVAL", "0")];
    let fixture = DigestFixture::new().await;
    let blog = Blog::new(1);
    let add = fixture.cli("corpus add --yes").arg(&blog.url("/"));
    let add = FETCHING.iter().fold(add, |cli, (name, value)| cli.env(name, value));
    run(add).await.code(0).says("1 source: 1 added");
    fixture.subscribe(1).await;
    begin_day(&fixture, 0);
    let setup = fixture.bot().faults("sources.check=sleep:100");
    let setup = FETCHING.iter().fold(setup, |setup, (name, value)| setup.env(name, value));
    let bot = setup.start(&fixture.fake).await;
    fixture.until_sent(&bot, 1).await;

    let day = fixture.slot().to_zoned(TimeZone::UTC).date();
    blog.write_on(1, day);
    fixture.set_clock(SignedDuration::from_hours(2));
    let start = Instant::now();
    let question = "how many replicas does the frobnicator1 need?";
    while !fixture.fake.ask(question).send().reply().await.to_string().contains("101 replicas") {
        assert!(start.elapsed() < DEADLINE, "the post did not come in\n{}", bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begin_day(&fixture, 1);
    fixture.until_sent(&bot, 2).await;
    let messages: Vec<String> = posted(&fixture).iter().map(Value::to_string).collect();
    let holds = |number: usize| messages[1].contains(&format!("KubeCon EU 2019, part {number}"));
    assert_eq!((holds(0), holds(1)), (false, true), "{messages:#?}");
    // The post that is older than its source is shown only to who asks for it.
    for (includes_old, expected) in [(false, (false, true)), (true, (true, true))] {
        let asked = fixture.fake.slash("latest").option("include_old", includes_old);
        let shown = asked.send().reply().await.to_string();
        let holds = |number: usize| shown.contains(&format!("KubeCon EU 2019, part {number}"));
        assert_eq!((holds(0), holds(1)), expected, "{shown}");
    }
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

#[tokio::test]
async fn what_a_due_digest_finds_is_reported_as_by_any_other_reload() {
    let now: Timestamp = "2019-11-26T09:00:00Z".parse().expect("a time");
    let recap = TempCorpus::new().file("recap.md", "# Recap\n\nWe run Istio in production.\n");
    let engine = engine_over(vec![recap.path().to_owned()], now);
    let reopen = move |_: Option<&Engine>| {
        let engine = engine_over(vec![TempCorpus::new().path().to_owned()], now);
        Ok(ReopenedEngine { engine: Some(engine), unread: Vec::new() })
    };
    let engine = Arc::new(EngineHandle::new(engine, Box::new(reopen), 3));
    let (metrics, health) = (Metrics::new(), Health::new());
    health.set_ready();
    let reloader = Reloader::new(metrics.clone(), health.clone());
    let composer =
        DigestComposer::new(engine, WorkerThreads::new(1, metrics), reloader, Arc::new(HashSet::new));
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StoreLocation::Folder(home.path().to_owned())).await.expect("a state");

    composer.record_posts(&store, now, false).await.expect("the posts are recorded");
    assert_eq!(health.report().text, "ok", "nothing is due, so nothing is read again");
    composer.record_posts(&store, now, true).await.expect("the posts are recorded");
    assert!(
        health.report().text.starts_with("degraded: there are no posts to answer from"),
        "{}",
        health.report().text
    );
    store.close().await;
}
