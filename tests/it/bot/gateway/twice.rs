//! Events that come a second time.

use super::{callbacks, leaves, ready};
use crate::fake_discord::{DM, FakeDiscord, InteractionHandle, MessageHandle};

/// A question of each kind, answered.
async fn asked(fake: &FakeDiscord) -> (InteractionHandle, MessageHandle, MessageHandle) {
    let command = fake.ask(super::QUESTION).send();
    let direct = fake.message(super::QUESTION).in_dm().send();
    let mention = fake.message(super::QUESTION).mentioning_bot().send();
    command.reply().await;
    direct.reply().await;
    mention.reply().await;
    (command, direct, mention)
}

fn repeat((command, direct, mention): &(InteractionHandle, MessageHandle, MessageHandle)) {
    command.repeat();
    direct.repeat();
    mention.repeat();
}

/// All that was begun is finished when the bot has left; so nothing comes after this was counted.
async fn are_answered_once(
    fake: &FakeDiscord,
    (command, direct, mention): &(InteractionHandle, MessageHandle, MessageHandle),
) {
    // What comes later is answered later: by now the repeated ones were seen.
    fake.ask("the last one").send().reply().await;
    let sent = |channel| fake.requests_to(&format!("POST /channels/{channel}/messages")).len();
    assert_eq!(callbacks(fake, command.id), 1);
    assert_eq!((direct.channel, sent(direct.channel), sent(mention.channel)), (DM, 1, 1));
}

#[tokio::test]
async fn f16_events_that_come_twice_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    repeat(&asked);
    are_answered_once(&fake, &asked).await;
    leaves(&fake, bot).await;
    assert_eq!(callbacks(&fake, asked.0.id), 1);
}

#[tokio::test]
async fn f16_events_that_come_again_after_a_resume_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    fake.gateway().reset();
    fake.gateway().until_resumed(1).await;
    repeat(&asked);
    are_answered_once(&fake, &asked).await;
    leaves(&fake, bot).await;
}

#[tokio::test]
async fn f16_events_that_come_again_in_a_new_session_are_answered_once() {
    let (fake, bot) = ready().await;
    let asked = asked(&fake).await;
    fake.gateway().invalid_session(false);
    repeat(&asked);
    fake.gateway().until_ready(2).await;
    are_answered_once(&fake, &asked).await;
    leaves(&fake, bot).await;
}
