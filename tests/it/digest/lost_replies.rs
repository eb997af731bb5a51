//! F04, F05, F06: lost replies, and the search for their messages.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DM, HISTORY, RecordedRequest, ScriptedReply, USER};

const HISTORIES: &str = "GET /channels/*/messages";
const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);
/// The process ends when Discord may have got the message.
const AFTER_IT_WAS_SENT: &str = "digest.send.after";
const BEFORE_IT_IS_SENT: &str = "digest.send.before";

fn posts(channel: u64) -> String {
    format!("POST /channels/{channel}/messages")
}

/// Returns the messages that were sent to a channel, and checks that each has the nonce of the first.
fn tries(fixture: &DigestFixture, channel: u64) -> Vec<RecordedRequest> {
    let tries = fixture.fake.requests_to(&posts(channel));
    for one in &tries {
        assert_eq!(one.body["nonce"], tries[0].body["nonce"]);
        assert_eq!(one.body["enforce_nonce"], true);
        assert_eq!(one.body["nonce"].as_str().map(str::len), Some(25));
    }
    tries
}

/// Discord fails for each channel in another way, and then works again.
#[tokio::test]
async fn f04_an_answer_that_is_lost_or_an_error_leaves_one_message() {
    let ways: [(&str, Vec<ScriptedReply>); 9] = [
        ("a reset after it took effect", vec![ScriptedReply::reset().applied()]),
        ("a reset before", vec![ScriptedReply::reset()]),
        ("500 after it took effect", vec![ScriptedReply::status(500).applied()]),
        ("500 before", vec![ScriptedReply::status(500)]),
        (
            "502 twice, once with effect",
            vec![ScriptedReply::status(502), ScriptedReply::status(502).applied()],
        ),
        ("429 of the channel", vec![ScriptedReply::limited(1.0, "shared")]),
        (
            "429, then a reset with effect",
            vec![ScriptedReply::limited(0.2, "user"), ScriptedReply::reset().applied()],
        ),
        ("an answer that is no JSON", vec![ScriptedReply::status(200).text("text/html", "<html>").applied()]),
        ("a slow answer", vec![ScriptedReply::real().after(Duration::from_secs(2))]),
    ];
    let fixture = DigestFixture::new().await;
    let channels = fixture.subscribe(ways.len() as u64).await.len();
    for (channel, (_, replies)) in (FIRST_CHANNEL..).zip(ways.clone()) {
        fixture.fake.script(&posts(channel), replies);
    }
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, channels).await;
    assert_eq!(fixture.assert_delivered_once().await, channels);
    for (channel, (way, replies)) in (FIRST_CHANNEL..).zip(&ways) {
        let least = if way.starts_with("a slow") { 1 } else { replies.len() + 1 };
        assert!(tries(&fixture, channel).len() >= least, "{way}");
        assert_eq!(fixture.fake.messages(channel).len(), 1, "{way}");
    }
    assert!(fixture.fake.all_messages().iter().all(|message| !message.to_string().contains("late; due")));
}

/// Discord requests a longer wait than the minute that a request allows.
#[tokio::test]
#[ignore = "it takes more than a minute by the clock on the wall"]
async fn f04_nightly_a_long_rest_that_discord_wants_is_kept() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    fixture.fake.script(&posts(FIRST_CHANNEL), vec![ScriptedReply::limited(70.0, "shared")]);
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 1).await;
    let start = Instant::now();
    while tries(&fixture, FIRST_CHANNEL).len() < 2 {
        assert!(start.elapsed() < Duration::from_mins(3), "{}", bot.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        tries(&fixture, FIRST_CHANNEL)[1].at - tries(&fixture, FIRST_CHANNEL)[0].at
            >= Duration::from_secs(70)
    );
    fixture.until_sent(&bot, 2).await;
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

#[tokio::test]
async fn f05_what_was_sent_before_a_long_rest_is_found_in_the_history() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.crash_at(AFTER_IT_WAS_SENT).await;
    assert_eq!(fixture.fake.messages(FIRST_CHANNEL).len(), 1);
    // Others have meanwhile written more than a page of messages.
    fixture.set_clock(SignedDuration::from_mins(5));
    for at in 0..250 {
        fixture.fake.message(&format!("d:{at:08x} is not ours")).in_channel(FIRST_CHANNEL).send();
    }
    fixture.set_clock(TEN_MINUTES);
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 1).await;
    assert_eq!((fixture.assert_delivered_once().await, tries(&fixture, FIRST_CHANNEL).len()), (1, 1));
    assert!(!fixture.fake.requests_to(HISTORIES).is_empty());
}

#[tokio::test]
async fn f05_a_direct_message_is_found_in_the_history_too() {
    let fixture = DigestFixture::new().await;
    fixture.follow(USER).await;
    fixture.crash_at(AFTER_IT_WAS_SENT).await;
    fixture.set_clock(TEN_MINUTES);
    fixture.until_sent(&fixture.bot().spawn(), 1).await;
    assert_eq!((fixture.assert_delivered_once().await, tries(&fixture, DM).len()), (1, 1));
}

#[tokio::test]
async fn f05_what_was_not_sent_before_a_long_rest_is_sent_once_and_says_that_it_is_late() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.crash_at(BEFORE_IT_IS_SENT).await;
    fixture.set_clock(TEN_MINUTES);
    let bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 1).await;
    assert_eq!((fixture.assert_delivered_once().await, tries(&fixture, FIRST_CHANNEL).len()), (1, 1));
    assert!(!fixture.fake.requests_to(HISTORIES).is_empty());
    let shown = fixture.fake.messages(FIRST_CHANNEL)[0].to_string();
    assert!(shown.contains("late; due"), "{shown}");
}

/// Discord may still know the nonce, but that is not certain.
#[tokio::test]
async fn f05_after_a_minute_nothing_is_sent_before_it_was_looked_for() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.crash_at(AFTER_IT_WAS_SENT).await;
    fixture.set_clock(SignedDuration::from_secs(70));
    fixture.until_sent(&fixture.bot().spawn(), 1).await;
    assert_eq!((fixture.assert_delivered_once().await, tries(&fixture, FIRST_CHANNEL).len()), (1, 1));
}

/// The reasons why a channel's history does not help, and the results.
async fn f06(hide: impl FnOnce(&DigestFixture), show: impl FnOnce(&DigestFixture)) {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.crash_at(AFTER_IT_WAS_SENT).await;
    hide(&fixture);
    fixture.set_clock(TEN_MINUTES);
    let bot = fixture.bot().spawn();
    let is_over = |rows: &[Delivery]| rows[0].state != DeliveryState::Sending;
    let rows = fixture.until(&bot, "it is over", is_over).await;
    assert_eq!(
        (rows.len(), rows[0].state, rows[0].reason),
        (1, DeliveryState::Unknown, Some(DeliveryReason::HistoryUnreadable)),
        "{rows:#?}"
    );
    assert_eq!(tries(&fixture, FIRST_CHANNEL).len(), 1);
    bot.until_log("may have been posted").await;
    let told = fixture.fake.next_message(DM).await.to_string();
    assert!(told.contains(&FIRST_CHANNEL.to_string()) && told.contains("I don't know whether"), "{told}");
    show(&fixture);
    // The next run is normal, and posts of the unknown run are not new.
    fixture.add_post("later");
    fixture.set_clock(SignedDuration::from_hours(24) + SignedDuration::from_secs(5));
    fixture.until_sent(&bot, 1).await;
    let messages = fixture.fake.messages(FIRST_CHANNEL);
    assert_eq!((messages.len(), fixture.fake.messages(DM).len()), (2, 1), "{messages:#?}");
    let (first, second) = (messages[0].to_string(), messages[1].to_string());
    assert!(first.contains("A year of GitOps") && !second.contains("A year of GitOps"), "{second}");
}

#[tokio::test]
async fn f06_what_can_not_be_looked_for_is_unknown_and_not_sent_again() {
    f06(
        |fixture| fixture.fake.script_always(HISTORIES, ScriptedReply::error(403, 50001)),
        |fixture| fixture.fake.unscript(HISTORIES),
    )
    .await;
}

/// Without the permission Discord returns no messages and no error, which proves nothing.
#[tokio::test]
async fn f06_a_history_that_is_empty_for_want_of_a_permission_proves_nothing() {
    f06(
        |fixture| fixture.fake.overwrite(FIRST_CHANNEL, 0, HISTORY),
        |fixture| fixture.fake.overwrite(FIRST_CHANNEL, 0, 0),
    )
    .await;
}

#[tokio::test]
async fn f06_a_history_without_an_end_is_not_read_to_it() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    fixture.crash_at(BEFORE_IT_IS_SENT).await;
    fixture.set_clock(SignedDuration::from_mins(1));
    for at in 0..1_100 {
        fixture.fake.message(&format!("Hello {at}")).in_channel(FIRST_CHANNEL).send();
    }
    fixture.set_clock(TEN_MINUTES);
    let bot = fixture.bot().spawn();
    let is_unknown = |rows: &[Delivery]| rows[0].state == DeliveryState::Unknown;
    fixture.until(&bot, "it is unknown", is_unknown).await;
    let read = fixture.fake.requests_to(HISTORIES).len();
    assert!(tries(&fixture, FIRST_CHANNEL).is_empty() && (10..=11).contains(&read), "{read} pages were read");
}
