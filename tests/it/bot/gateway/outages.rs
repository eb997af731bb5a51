//! A Discord that is unavailable for a while, and permanent errors: the process ends and prints the reason.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use super::{assert_answers, assert_clean_exit, ready, until_readiness};
use crate::fake_discord::{DEADLINE, FakeDiscord, Refusal, ScriptedReply};
use crate::harness::bot::{ProcessSignal, TestBot};

const REFUSALS: [Refusal; 5] = [
    Refusal::Tcp,
    Refusal::Http(503),
    Refusal::BeforeHello,
    Refusal::AfterHello(None),
    Refusal::AfterHello(Some(4000)),
];

#[tokio::test]
async fn f14_a_gateway_that_refuses_is_waited_for_and_the_process_says_so() {
    let mut all = JoinSet::new();
    for how in REFUSALS {
        all.spawn(async move {
            let (fake, mut bot) = ready().await;
            until_readiness(&bot, 200).await;
            fake.gateway().refuse(how);
            fake.gateway().reset();
            fake.gateway().until_attempts(3).await;
            until_readiness(&bot, 503).await;
            let (status, health) = bot.page("healthz").await;
            assert_eq!((status, health.as_str()), (200, "degraded: no connection to Discord\n"));
            assert!(bot.is_running());
            fake.gateway().accept();
            assert_answers(&fake).await;
            until_readiness(&bot, 200).await;
            assert_clean_exit(&fake, bot).await;
        });
    }
    all.join_all().await;
}

/// Ten minutes hold the wait of a minute and more, which the rest of the hour would only repeat.
#[tokio::test]
#[ignore = "it takes ten minutes by the clock on the wall"]
async fn f14_nightly_ten_minutes_of_refusals_take_few_tries() {
    let mut all = JoinSet::new();
    for how in REFUSALS {
        all.spawn(async move {
            let (fake, mut bot) = ready().await;
            let begun = Instant::now();
            fake.gateway().refuse(how);
            fake.gateway().reset();
            tokio::time::sleep(Duration::from_mins(10)).await;
            let attempts = fake.gateway().attempts();
            let after: Vec<_> = attempts.into_iter().filter(|at| *at >= begun).collect();
            let longest = after.windows(2).map(|pair| pair[1].duration_since(pair[0])).max();
            let longest = longest.unwrap_or_default();
            println!("{how:?}: {} attempts, {longest:?} apart at most", after.len());
            // A hundred in an hour are allowed. The first ones come faster.
            assert!((5..=25).contains(&after.len()), "{how:?}: {after:?}");
            assert!(longest >= Duration::from_mins(1), "{how:?}: {after:?}");
            assert!(fake.gateway().identifies().len() <= 25);
            assert!(bot.is_running());
            let (status, health) = bot.page("healthz").await;
            assert_eq!((status, health.as_str()), (200, "degraded: no connection to Discord\n"));
        });
    }
    all.join_all().await;
}

#[tokio::test]
async fn f14_a_gateway_that_refuses_from_the_start_is_waited_for() {
    let fake = FakeDiscord::start().await;
    fake.gateway().refuse(Refusal::Http(503));
    let bot = TestBot::setup(&fake).spawn();
    fake.gateway().until_attempts(2).await;
    until_readiness(&bot, 503).await;
    fake.gateway().accept();
    fake.gateway().until_ready(1).await;
    until_readiness(&bot, 200).await;
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f14_while_a_gateway_refuses_the_process_can_be_ended() {
    let (fake, mut bot) = ready().await;
    fake.gateway().refuse(Refusal::Tcp);
    fake.gateway().reset();
    fake.gateway().until_attempts(2).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
}

/// Checks that a bot waits at its start, logs the reason, and ends on SIGTERM.
async fn waits(fake: &FakeDiscord, mut bot: TestBot, words: &str) {
    bot.until_log(words).await;
    // While it reads its posts, its health says that too.
    bot.until_page("readyz", |page| page == "starting: no connection to Discord\n").await;
    assert_eq!(bot.page("readyz").await.0, 503);
    assert!(bot.is_running());
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert!(fake.gateway().attempts().is_empty());
}

#[tokio::test]
async fn f14_a_discord_out_of_reach_at_the_start_is_waited_for() {
    let fake = FakeDiscord::start().await;
    // No process listens at port 1.
    let bot = TestBot::setup(&fake).env("TAKEAWAYS__DISCORD__API_BASE", "http://127.0.0.1:1").spawn();
    waits(&fake, bot, "Discord can't be reached; the next attempt is in about 1 s").await;
}

#[tokio::test]
async fn f14_a_discord_that_fails_at_the_start_is_asked_again() {
    let fake = FakeDiscord::start().await;
    fake.script(
        "GET /gateway/bot",
        vec![ScriptedReply::status(500), ScriptedReply::status(200).text("text/plain", "otter")],
    );
    let bot = TestBot::setup(&fake).start(&fake).await;
    bot.until_log("Discord answered 500").await;
    assert_eq!(fake.requests_to("GET /gateway/bot").len(), 3);
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

/// Without its commands the bot can't be asked, so registration is tried again after a failure of Discord.
#[tokio::test]
async fn f22_commands_that_could_not_be_registered_are_told_again() {
    let fake = FakeDiscord::start().await;
    let all = "PUT /applications/*/commands";
    fake.script("GET /applications/*/commands", vec![ScriptedReply::status(500)]);
    fake.script(all, vec![ScriptedReply::status(503)]);
    let bot = TestBot::setup(&fake).start(&fake).await;
    fake.until_requests(all, 2).await;
    bot.until_log("the commands were registered").await;
    assert!(!fake.commands().is_empty());
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f15_where_discord_allows_no_more_sessions_none_is_begun() {
    let fake = FakeDiscord::start().await;
    let limit = json!({ "total": 1000, "remaining": 0, "reset_after": 3_600_000, "max_concurrency": 1 });
    let body = json!({ "url": "ws://127.0.0.1:1", "shards": 1, "session_start_limit": limit });
    fake.script_always("GET /gateway/bot", ScriptedReply::status(200).json(&body));
    let bot = TestBot::setup(&fake).spawn();
    waits(&fake, bot, "Discord allows no more sessions today; waiting until then").await;
}

#[tokio::test]
async fn f23_a_start_that_waits_for_an_answer_can_be_ended() {
    let fake = FakeDiscord::start().await;
    fake.script_always("GET /gateway/bot", ScriptedReply::real().after(DEADLINE * 2));
    let mut bot = TestBot::setup(&fake).spawn();
    fake.until_requests("GET /gateway/bot", 1).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert!(!bot.log().contains("can't be reached"), "it waited for the answer:\n{}", bot.log());
}

/// Another program with the same token may have used up the sessions since the first one.
#[tokio::test]
async fn f15_sessions_left_are_looked_up_before_each_new_session() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).start(&fake).await;
    let limit = json!({ "total": 1000, "remaining": 0, "reset_after": 3_600_000, "max_concurrency": 1 });
    let body = json!({ "url": "ws://127.0.0.1:1", "shards": 1, "session_start_limit": limit });
    fake.script_always("GET /gateway/bot", ScriptedReply::status(200).json(&body));
    fake.gateway().invalid_session(false);
    bot.until_log("Discord allows no more sessions today; waiting until then").await;
    until_readiness(&bot, 503).await;
    assert_eq!(fake.gateway().identifies().len(), 1);
}

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
