//! The session budget, which a process keeps even if it is restarted again and again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{assert_answers, assert_clean_exit, until_readiness};
use crate::fake_discord::{DEADLINE, FakeDiscord};
use crate::harness::bot::{ProcessSignal, TestBot};

/// A state folder with the file of the budget.
fn state() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gateway.json");
    (folder, file)
}

fn counted(file: &Path) -> usize {
    let count: Value = serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON");
    count["identified"].as_array().expect("a list").len()
}

#[tokio::test]
async fn f15_sessions_are_counted_and_apart_over_restarts() {
    let fake = FakeDiscord::start().await;
    let (folder, file) = state();
    let mut bot = TestBot::setup(&fake).state(folder.path()).start(&fake).await;
    assert_eq!(counted(&file), 1);
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    bot.signal(ProcessSignal::Kill);
    assert_eq!(bot.wait_exit(DEADLINE).await, None);
    let bot = TestBot::setup(&fake).state(folder.path()).start(&fake).await;
    assert_eq!(counted(&file), 2);
    let identifies = fake.gateway().identifies();
    let apart = identifies[1].at - identifies[0].at;
    assert!(apart > Duration::from_secs(4), "Discord allows one in 5 s: {apart:?}");
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f15_a_count_that_is_used_up_holds_over_a_restart_and_is_told_of() {
    let fake = FakeDiscord::start().await;
    let (folder, file) = state();
    let now = Timestamp::now();
    let before = |minutes| now - SignedDuration::from_mins(minutes);
    let identified: Vec<Timestamp> = (1..=40).map(before).collect();
    fs::write(&file, json!({ "identified": identified }).to_string()).expect("a file");
    let mut bot = TestBot::setup(&fake).state(folder.path()).spawn();
    bot.until_log("too many sessions were started").await;
    bot.until_log("waiting before the next connection to Discord").await;
    let log = bot.log();
    let line = log.lines().find(|line| line.contains("waiting before")).expect("it was waited for");
    let line: Value = serde_json::from_str(line).expect("JSON");
    let until: Timestamp =
        line["fields"]["until"].as_str().and_then(|at| at.parse().ok()).expect("a time in the log");
    let off = until.duration_since(before(40) + SignedDuration::from_hours(1)).abs();
    assert!(off < SignedDuration::from_mins(1), "{line}");
    until_readiness(&bot, 503).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert!(fake.gateway().attempts().is_empty());
    assert_eq!(counted(&file), 40);
}

/// A supervisor starts it every two seconds. The file begins with most of an hour's sessions, so that ten minutes reach
/// the limit.
#[tokio::test]
#[ignore = "it takes ten minutes by the clock on the wall"]
async fn f15_nightly_ten_minutes_of_crashes_begin_no_more_than_the_sessions_of_an_hour() {
    const STARTS: usize = 300;
    let fake = FakeDiscord::start().await;
    let (folder, file) = state();
    let now = Timestamp::now();
    let identified: Vec<Timestamp> =
        (1..=30).map(|minutes| now - SignedDuration::from_mins(minutes)).collect();
    fs::write(&file, json!({ "identified": identified }).to_string()).expect("a file");
    let mut held_back = 0;
    for _ in 0..STARTS {
        let mut bot = TestBot::setup(&fake).state(folder.path()).spawn();
        tokio::time::sleep(Duration::from_secs(2)).await;
        held_back += usize::from(bot.log().contains("too many sessions were started"));
        bot.signal(ProcessSignal::Kill);
        bot.wait_exit(DEADLINE).await;
    }
    let begun = fake.gateway().identifies().len();
    println!("{STARTS} starts: {begun} sessions, {held_back} times held back");
    assert!((1..=10).contains(&begun), "{begun} sessions after 30 of the same hour");
    assert!(held_back > 0, "the limit was not reached");
}

#[tokio::test]
async fn f15_a_damaged_count_begins_anew() {
    let fake = FakeDiscord::start().await;
    let (folder, file) = state();
    fs::write(&file, "{\"identified\": [\"2024-").expect("a file");
    let bot = TestBot::setup(&fake).state(folder.path()).start(&fake).await;
    bot.until_log("the count of sessions is damaged").await;
    assert_eq!(counted(&file), 1);
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

/// A broken budget must not prevent the start.
#[tokio::test]
async fn f15_a_count_that_cannot_be_kept_is_no_obstacle() {
    let fake = FakeDiscord::start().await;
    let (folder, file) = state();
    fs::create_dir(&file).expect("a folder in the place of the file");
    let bot = TestBot::setup(&fake).state(folder.path()).start(&fake).await;
    bot.until_log("the count of sessions can't be saved").await;
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}
