//! Permanent errors: the process ends and prints the reason.

use tokio::task::JoinSet;

use super::{assert_answers, assert_clean_exit, ready};
use crate::fake_discord::{DEADLINE, FakeDiscord, ScriptedReply};
use crate::harness::bot::TestBot;

/// The close codes that are permanent, with words of the message.
const FATAL: [(u16, &str); 6] = [
    (4004, "error: Discord refuses the token: copy it again"),
    (4010, "error: Discord refuses the shard number"),
    (4011, "error: the bot is in more than 2,500 servers"),
    (4012, "error: Discord no longer supports version 10"),
    (4013, "error: Discord refuses the intents: this is a bug"),
    (4014, "error: Discord refuses the intents, although takeaways uses no"),
];

async fn ends(fake: &FakeDiscord, mut bot: TestBot, words: &str) {
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(2), "{}", bot.log());
    assert!(bot.log().contains(words), "{words:?} is not in\n{}", bot.log());
    assert_eq!(fake.gateway().attempts().len(), 1, "it was tried again");
    assert_eq!(fake.gateway().identifies().len(), 1);
    fake.assert_clean();
}

#[tokio::test]
async fn f13_a_session_that_is_refused_for_good_ends_the_process() {
    let mut all = JoinSet::new();
    for (code, words) in FATAL {
        all.spawn(async move {
            let fake = FakeDiscord::start().await;
            fake.gateway().close_on_identify(code);
            let bot = TestBot::setup(&fake).spawn();
            ends(&fake, bot, words).await;
        });
    }
    all.join_all().await;
}

#[tokio::test]
async fn f13_a_session_that_is_ended_for_good_ends_the_process() {
    let mut all = JoinSet::new();
    for (code, words) in FATAL {
        all.spawn(async move {
            let (fake, bot) = ready().await;
            assert_answers(&fake).await;
            fake.gateway().close(code);
            ends(&fake, bot, words).await;
        });
    }
    all.join_all().await;
}

#[tokio::test]
async fn f13_a_token_that_is_refused_at_the_start_ends_the_process() {
    let fake = FakeDiscord::start().await;
    fake.script_always("GET /gateway/bot", ScriptedReply::error(401, 0));
    let mut bot = TestBot::setup(&fake).spawn();
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(2), "{}", bot.log());
    assert!(bot.log().contains("error: Discord refuses the token: copy it again"), "{}", bot.log());
    assert_eq!(fake.requests_to("GET /gateway/bot").len(), 1, "it was tried again");
    assert!(fake.gateway().attempts().is_empty());
}

/// Members, presences and content need a permission in Discord's portal; the fake refuses all three.
#[tokio::test]
async fn a17_no_privileged_intent_is_asked_for() {
    let (fake, bot) = ready().await;
    assert_eq!(fake.gateway().identifies()[0].data["intents"], 1 | 1 << 9 | 1 << 12);
    assert_answers(&fake).await;
    fake.message(super::QUESTION).in_dm().send().reply().await;
    fake.message(super::QUESTION).mentioning_bot().send().reply().await;
    assert_clean_exit(&fake, bot).await;
}
