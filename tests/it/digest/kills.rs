//! F01, F02, F03: SIGKILL at every fail point of a delivery, and a restart: each run arrives once.

use std::sync::Arc;

use jiff::SignedDuration;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState};
use takeaways_faults::DIGEST_POINTS;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::database::TestDatabase;
use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{SEND, SEND_MESSAGE, ScriptedReply};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// With PostgreSQL a claim is not taken over while its holder may live, and this is less than a minute after the slot.
const LEASE_IS_OVER: SignedDuration = SignedDuration::from_secs(30);
/// The number of due digests, if the kill is during one of several.
const SERVERS: usize = 3;
/// The number of concurrent bots.
const AT_ONCE: usize = 4;

/// Kills this number of bots at each fail point. Returns the numbers of killed bots and of messages.
async fn kill(times: usize, on: impl AsyncFn() -> Option<DigestFixture>) -> Option<(usize, usize)> {
    let (free, mut running) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for point in DIGEST_POINTS {
        for round in 0..times {
            let place = Arc::clone(&free).acquire_owned().await.expect("it is open");
            let fixture = on().await?;
            running.spawn(async move {
                let messages = survive(&fixture, point, round).await;
                drop(place);
                messages
            });
        }
    }
    let kills = running.len();
    let messages = running.join_all().await.into_iter().sum();
    Some((kills, messages))
}

/// Kills a bot at a fail point and restarts it. Returns the number of digests: all that were due.
async fn survive(fixture: &DigestFixture, point: &str, round: usize) -> usize {
    let step = point.split('.').nth(1).expect("a point has a step");
    if matches!(step, "plan" | "claim" | "send" | "sent") {
        return while_several_are_sent(fixture, point, 1 + round % SERVERS).await;
    }
    fixture.subscribe(1).await;
    match step {
        "clean" | "see" => while_it_is_sent(fixture, point).await,
        "release" => when_discord_fails(fixture, point).await,
        "history" | "absent" => when_it_is_looked_for(fixture, point).await,
        "skip" => when_a_run_was_missed(fixture, point).await,
        "failed" | "pause" | "tell" => when_it_is_refused(fixture, point).await,
        _ => panic!("no test leads to {point}"),
    }
    assert_eq!(fixture.assert_delivered_once().await, 1, "{point}");
    1
}

/// Several digests are due, and the kill is during one of them, while others are at other fail points.
async fn while_several_are_sent(fixture: &DigestFixture, point: &str, time: usize) -> usize {
    fixture.subscribe(SERVERS as u64).await;
    fixture.crash_at_time(point, time).await;
    fixture.set_clock(LEASE_IS_OVER);
    fixture.until_sent(&fixture.bot().spawn(), SERVERS).await;
    assert_eq!(fixture.assert_delivered_once().await, SERVERS, "{point}");
    let is_late = |message: &serde_json::Value| message.to_string().contains("late; due");
    assert!(!fixture.fake.all_messages().iter().any(is_late), "{point}: they are late by less than 60 s");
    SERVERS
}

async fn while_it_is_sent(fixture: &DigestFixture, point: &str) {
    fixture.crash_at(point).await;
    fixture.set_clock(LEASE_IS_OVER);
    fixture.until_sent(&fixture.bot().spawn(), 1).await;
}

async fn when_discord_fails(fixture: &DigestFixture, point: &str) {
    fixture.fake.script(SEND_MESSAGE, vec![ScriptedReply::status(503)]);
    fixture.crash_at(point).await;
    fixture.set_clock(LEASE_IS_OVER);
    fixture.until_sent(&fixture.bot().spawn(), 1).await;
}

/// The bot is killed before it sends, and restarts when Discord no longer knows the nonce.
async fn when_it_is_looked_for(fixture: &DigestFixture, point: &str) {
    fixture.crash_at("digest.send.before").await;
    fixture.set_clock(SignedDuration::from_mins(10));
    fixture.crash_at(point).await;
    fixture.set_clock(SignedDuration::from_mins(10) + LEASE_IS_OVER);
    fixture.until_sent(&fixture.bot().spawn(), 1).await;
}

async fn when_a_run_was_missed(fixture: &DigestFixture, point: &str) {
    fixture.set_clock(SignedDuration::from_hours(13));
    fixture.crash_at(point).await;
    let bot = fixture.bot().spawn();
    let rows = fixture.until(&bot, "the skip", |rows| !rows.is_empty()).await;
    assert_eq!((rows.len(), rows[0].reason), (1, Some(DeliveryReason::Missed)), "{point}: {rows:#?}");
    fixture.set_clock(DAY + SignedDuration::from_secs(5));
    fixture.until_sent(&bot, 1).await;
}

/// Three runs in a row are refused, and the kill is during the last one; then the permission is back.
async fn when_it_is_refused(fixture: &DigestFixture, point: &str) {
    fixture.fake.overwrite(FIRST_CHANNEL, 0, SEND);
    let failed = |count: usize| {
        move |rows: &[_]| {
            let is_failed = |row: &&Delivery| row.state == DeliveryState::Failed;
            rows.iter().filter(is_failed).count() == count
        }
    };
    let bot = fixture.bot().spawn();
    fixture.until(&bot, "a failure", failed(1)).await;
    fixture.set_clock(DAY + SignedDuration::from_secs(5));
    fixture.until(&bot, "two failures", failed(2)).await;
    drop(bot);
    fixture.set_clock(DAY * 2 + SignedDuration::from_secs(5));
    fixture.crash_at(point).await;
    // If the kill was after the request, the message is searched before the next attempt.
    fixture.set_clock(DAY * 2 + SignedDuration::from_secs(80));
    let bot = fixture.bot().spawn();
    fixture.until(&bot, "three failures", failed(3)).await;
    // If the kill was before the pause was recorded, the next run records it.
    fixture.set_clock(DAY * 3 + SignedDuration::from_secs(5));
    let skipped = |rows: &[Delivery]| rows.iter().any(|row| row.reason == Some(DeliveryReason::Paused));
    fixture.until(&bot, "a skip", skipped).await;
    fixture.fake.overwrite(FIRST_CHANNEL, 0, 0);
    bot.until_log("a digest resumes").await;
    fixture.set_clock(DAY * 4 + SignedDuration::from_secs(5));
    fixture.until_sent(&bot, 1).await;
}

async fn on_sqlite() -> Option<DigestFixture> {
    Some(DigestFixture::new().await)
}

async fn on_postgresql() -> Option<DigestFixture> {
    let database = TestDatabase::new().await?;
    Some(DigestFixture::with_servers(Some(database.url())).await)
}

/// Kills this number of bots at each fail point; each due run arrives once.
async fn survives(times: usize, on: impl AsyncFn() -> Option<DigestFixture>) {
    let Some((kills, messages)) = kill(times, on).await else { return };
    println!("{kills} kills at {} points: {messages} messages", DIGEST_POINTS.len());
    assert_eq!(kills, times * DIGEST_POINTS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f01_f02_f03_a_kill_at_any_point_leaves_one_message_on_sqlite() {
    survives(2, on_sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f01_f02_f03_a_kill_at_any_point_leaves_one_message_on_postgresql() {
    survives(2, on_postgresql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes"]
async fn f01_f02_f03_nightly_twenty_kills_at_any_point_on_sqlite() {
    survives(20, on_sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes"]
async fn f01_f02_f03_nightly_twenty_kills_at_any_point_on_postgresql() {
    survives(20, on_postgresql).await;
}
