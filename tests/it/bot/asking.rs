//! Questions by command, direct message and mention, and their answers.

use super::text;
use crate::fake_discord::{BOT, CHANNEL, Closed, DEADLINE, FakeDiscord, USER};
use crate::harness::bot::{Signal, TestBot};

#[tokio::test]
async fn a_question_is_answered_and_the_bot_leaves() {
    let fake = FakeDiscord::start().await;
    let mut bot = TestBot::of(&fake).start(&fake).await;
    let reply = fake.ask("what did people say about service mesh?").send().reply().await;
    assert!(text(&reply).contains("Notes on"), "{reply:#}");
    bot.signal(Signal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, Closed::ByClient(Some(1000)));
    fake.assert_clean();
}

#[tokio::test]
async fn a_direct_message_and_a_mention_are_answered() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::of(&fake).start(&fake).await;
    let direct = fake.message("what did people say about service mesh?").in_dm().send().reply().await;
    assert!(text(&direct).contains("Notes on"), "{direct:#}");
    assert!(direct["components"].as_array().is_none_or(Vec::is_empty), "{direct:#}");
    let mention = fake.message("what about service mesh?").mentioning_bot().send().reply().await;
    assert!(text(&mention).contains("Notes on"), "{mention:#}");
    let _ = (BOT, CHANNEL, USER);
    fake.assert_clean();
    drop(bot);
}
