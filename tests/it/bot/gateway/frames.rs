//! Unexpected frames.

use serde_json::json;

use super::{assert_answers, assert_clean_exit, ready};

const HEARTBEAT: u64 = 1;
/// Text that the log must not have: an unreadable event may hold messages of people.
const WORDS: &str = "words-of-a-person";

#[tokio::test]
async fn frames_that_cannot_be_read_are_passed_over_without_their_words() {
    let (fake, bot) = ready().await;
    let nested =
        format!(r#"{{"op":0,"t":"DEEP","s":null,"d":{}{}}}"#, "[".repeat(50_000), "]".repeat(50_000));
    for frame in [
        "",
        "{no json",
        "[]",
        "null",
        "{}",
        r#"{"op":"0","d":"words-of-a-person"}"#,
        r#"{"op":300,"d":null}"#,
        r#"{"op":42,"d":"words-of-a-person"}"#,
        r#"{"op":10,"d":null}"#,
        r#"{"op":0,"t":"INTERACTION_CREATE","s":null,"d":null}"#,
        r#"{"op":0,"t":"INTERACTION_CREATE","s":null,"d":"words-of-a-person"}"#,
        r#"{"op":0,"t":"INTERACTION_CREATE","s":null,"d":{"id":"words-of-a-person","type":2}}"#,
        r#"{"op":0,"t":"MESSAGE_CREATE","s":null,"d":{"content":"words-of-a-person"}}"#,
        r#"{"op":0,"t":7,"s":"words-of-a-person","d":{}}"#,
        nested.as_str(),
    ] {
        fake.gateway().raw(frame);
    }
    fake.gateway().event("OTTER_CREATE", json!({ "content": WORDS }));
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().attempts().len(), 1, "it lost its connection:\n{}", bot.log());
    assert!(!bot.log().contains(WORDS), "{}", bot.log());
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn a_large_frame_is_read_and_a_huge_one_costs_the_connection_only() {
    let (fake, bot) = ready().await;
    let frame = |bytes| format!(r#"{{"op":0,"t":"LARGE","s":null,"d":"{}"}}"#, "x".repeat(bytes));
    fake.gateway().raw(&frame(4 << 20));
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().attempts().len(), 1);
    fake.gateway().raw(&frame(17 << 20));
    fake.gateway().until_resumed(1).await;
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

/// Discord, like the fake, closes the connection of a client with more than 120 frames per minute.
#[tokio::test]
async fn heartbeats_that_are_asked_for_in_a_flood_stay_within_the_limit() {
    let (fake, bot) = ready().await;
    for _ in 0..500 {
        fake.gateway().request_heartbeat();
    }
    fake.gateway().until_ops(HEARTBEAT, 1).await;
    assert_answers(&fake).await;
    assert!(fake.gateway().ops(HEARTBEAT).len() <= 60);
    assert_eq!(fake.gateway().attempts().len(), 1);
    assert_clean_exit(&fake, bot).await;
}

/// An interval of 0 must not cause a flood of heartbeats.
#[tokio::test]
async fn an_interval_of_nothing_is_not_kept_to() {
    let fake = crate::fake_discord::FakeDiscord::start().await;
    fake.gateway().heartbeat_every(0);
    let bot = crate::harness::bot::TestBot::setup(&fake).start(&fake).await;
    fake.gateway().until_ops(HEARTBEAT, 3).await;
    let beats = fake.gateway().ops(HEARTBEAT);
    assert!(beats[2].at - beats[0].at > std::time::Duration::from_millis(1_500));
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

/// Heartbeats don't wait for events.
#[tokio::test]
async fn f12_a_flood_of_events_does_not_starve_the_heartbeat() {
    let fake = crate::fake_discord::FakeDiscord::start().await;
    fake.gateway().heartbeat_every(1_000);
    let bot = crate::harness::bot::TestBot::setup(&fake).start(&fake).await;
    let other = json!({ "id": "1", "channel_id": "2", "author": { "id": "3" }, "type": 0, "content": "x".repeat(500) });
    while fake.gateway().ops(HEARTBEAT).len() < 3 {
        for _ in 0..20 {
            fake.gateway().event("MESSAGE_CREATE", other.clone());
        }
        // The fake needs this thread to send them.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().attempts().len(), 1, "it lost its connection:\n{}", bot.log());
    assert_clean_exit(&fake, bot).await;
}
