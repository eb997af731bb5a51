//! The end of the process while answers are in progress.

use std::process::Command;
use std::time::Duration;

use tokio::time::sleep;

use super::{assert_answers, callbacks};
use crate::fake_discord::{CloseReason, DEADLINE, FakeDiscord, InteractionHandle};
use crate::harness::bot::{ProcessSignal, TestBot};

/// Sends commands that the bot has acknowledged and not answered; each takes a thread for `millis`.
async fn in_flight(count: usize, millis: u64) -> (FakeDiscord, TestBot, Vec<InteractionHandle>) {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let bot = TestBot::setup(&fake).faults(&format!("answer=sleep:{millis}")).start(&fake).await;
    let interaction: Vec<_> = (0..count).map(|_| fake.ask(super::QUESTION).send()).collect();
    until_in_flight(&bot, count).await;
    (fake, bot, interaction)
}

async fn until_in_flight(bot: &TestBot, count: usize) {
    let line = format!("takeaways_answers_in_flight {count}\n");
    let look = async {
        while !bot.page("metrics").await.1.contains(&line) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, look).await.unwrap_or_else(|_| panic!("never {line}{}", bot.log()));
}

/// After SIGTERM the bot finishes its answers and accepts no new work.
async fn finishes(signal: ProcessSignal) {
    let (fake, mut bot, interaction) = in_flight(20, 800).await;
    bot.signal(signal);
    bot.until_log("stopping: running answers are finished").await;
    let late = fake.ask("too late").send();
    late.excuse();
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    for one in &interaction {
        let reply = one.reply().await;
        assert!(reply["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()), "{reply:#}");
    }
    assert_eq!(callbacks(&fake, late.id), 0, "a new one was taken on");
    fake.assert_clean();
}

#[tokio::test]
async fn f23_answers_on_their_way_are_finished_at_sigterm() {
    finishes(ProcessSignal::Terminate).await;
}

/// Fewer are made at once. Who waits for a turn that does not come in time is told.
#[tokio::test]
async fn f23_a_hundred_commands_have_a_reply_at_the_end() {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let mut bot = TestBot::setup(&fake).faults("answer=sleep:1000").start(&fake).await;
    let interaction: Vec<_> = (0..100).map(|_| fake.ask(super::QUESTION).send()).collect();
    fake.until_requests("POST /interactions/*/*/callback", interaction.len()).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    let mut answered = 0;
    for one in &interaction {
        let reply = one.reply().await;
        let is_answered = reply["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
        answered += usize::from(is_answered);
        assert!(is_answered || reply.to_string().contains("restarting"), "{reply:#}");
    }
    println!("{answered} of {} were answered, the others were told", interaction.len());
    assert!(answered > 0, "none was finished");
    fake.assert_clean();
}

#[tokio::test]
async fn f23_answers_on_their_way_are_finished_at_sigint() {
    finishes(ProcessSignal::Interrupt).await;
}

#[tokio::test]
async fn f23_who_waits_for_an_answer_that_takes_too_long_is_told() {
    let (fake, mut bot, interaction) = in_flight(1, 60_000).await;
    let direct = fake.message(super::QUESTION).in_dm().send();
    until_in_flight(&bot, 2).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    for reply in [interaction[0].reply().await, direct.reply().await] {
        assert!(reply.to_string().contains("restarting"), "{reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn f24_a_second_sigterm_ends_at_once() {
    let (fake, mut bot, interaction) = in_flight(1, 60_000).await;
    bot.signal(ProcessSignal::Terminate);
    bot.until_log("stopping: running answers are finished").await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert!(bot.log().contains("second signal: stopping at once"), "{}", bot.log());
    assert!(!bot.log().contains("were not finished in time"), "it waited:\n{}", bot.log());
    interaction[0].excuse();
    fake.assert_clean();
}

#[tokio::test]
async fn f24_the_state_opens_clean_after_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let setup = || TestBot::setup(&fake).state(folder.path());
    let mut bot = setup().faults("answer=sleep:60000").start(&fake).await;
    let interaction = fake.ask(super::QUESTION).send();
    interaction.excuse();
    until_in_flight(&bot, 1).await;
    bot.signal(ProcessSignal::Kill);
    assert_eq!(bot.wait_exit(DEADLINE).await, None);
    let check = Command::new(env!("CARGO_BIN_EXE_takeaways"))
        .args(["check", "--state-dir"])
        .arg(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .output()
        .expect("it runs");
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
    let bot = setup().start(&fake).await;
    assert!(!bot.log().contains("\"WARN\"") && !bot.log().contains("\"ERROR\""), "{}", bot.log());
    assert_answers(&fake).await;
    super::assert_clean_exit(&fake, bot).await;
}
