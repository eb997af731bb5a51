//! Unexpected frames, and events that come twice.

use serde_json::json;

use super::{assert_answers, assert_clean_exit, callbacks, ready};
use crate::fake_discord::{FakeDiscord, InteractionHandle, MessageHandle};
use crate::harness::bot::TestBot;

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

/// Asks a question of each kind and waits for the answers.
async fn asked(fake: &FakeDiscord) -> (InteractionHandle, MessageHandle, MessageHandle) {
    let command = fake.ask(super::QUESTION).send();
    let direct = fake.message(super::QUESTION).in_dm().send();
    let mention = fake.message(super::QUESTION).mentioning_bot().send();
    command.reply().await;
    // The channel of the mention also has the command's reply.
    for channel in [direct.channel, mention.channel] {
        fake.until_requests(&format!("POST /channels/{channel}/messages"), 1).await;
    }
    (command, direct, mention)
}

fn repeat((command, direct, mention): &(InteractionHandle, MessageHandle, MessageHandle)) {
    command.repeat();
    direct.repeat();
    mention.repeat();
}

/// Checks that nothing was sent twice. The bot ends first, which finishes all its work.
async fn are_answered_once(
    fake: &FakeDiscord,
    bot: TestBot,
    (command, direct, mention): &(InteractionHandle, MessageHandle, MessageHandle),
) {
    // Events are in order, so the repeated ones have been read when this one is answered.
    assert_answers(fake).await;
    assert_clean_exit(fake, bot).await;
    let sent = |channel| fake.requests_to(&format!("POST /channels/{channel}/messages")).len();
    assert_eq!(callbacks(fake, command.id), 1);
    assert_eq!((sent(direct.channel), sent(mention.channel)), (1, 1));
}

#[tokio::test]
async fn f16_events_that_come_twice_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    repeat(&asked);
    are_answered_once(&fake, bot, &asked).await;
}

#[tokio::test]
async fn f16_events_that_come_again_after_a_resume_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    fake.gateway().reset();
    fake.gateway().until_resumed(1).await;
    repeat(&asked);
    are_answered_once(&fake, bot, &asked).await;
}

#[tokio::test]
async fn f16_events_that_come_again_in_a_new_session_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    fake.gateway().invalid_session(false);
    repeat(&asked);
    fake.gateway().until_ready(2).await;
    are_answered_once(&fake, bot, &asked).await;
}
