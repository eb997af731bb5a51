//! Duplicate events.

use super::{assert_answers, assert_clean_exit, callbacks, ready};
use crate::fake_discord::{FakeDiscord, InteractionHandle, MessageHandle};
use crate::harness::bot::TestBot;

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
