//! Faults of the gateway and the end of the process, which users must not notice.

mod budget;
mod frames;
mod outages;
mod resumption;
mod secrets;
mod shutdown;

use std::time::Duration;

use tokio::time::sleep;

use super::fixture::QUESTION;
use crate::fake_discord::{CloseReason, DEADLINE, FakeDiscord};
use crate::harness::bot::{ProcessSignal, TestBot};

/// Starts a bot with a fake that waits longer than 3 s for callbacks, since recovery takes time.
async fn ready() -> (FakeDiscord, TestBot) {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let bot = TestBot::setup(&fake).start(&fake).await;
    (fake, bot)
}

/// Asks a question and waits for the answer.
async fn assert_answers(fake: &FakeDiscord) {
    let reply = fake.ask(QUESTION).send().reply().await;
    assert!(reply["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()), "{reply:#}");
}

/// Ends the bot, and checks that it ends cleanly and has broken no rule.
pub async fn assert_clean_exit(fake: &FakeDiscord, mut bot: TestBot) {
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    fake.assert_clean();
}

/// Returns the number of first responses to an interaction.
fn callbacks(fake: &FakeDiscord, id: u64) -> usize {
    let of = format!("/interactions/{id}/");
    fake.requests().iter().filter(|request| request.path.starts_with(&of)).count()
}

/// Waits until the bot reports that it is ready, or that it is not.
async fn until_readiness(bot: &TestBot, status: u16) {
    let look = async {
        while bot.page("readyz").await.0 != status {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, look).await.unwrap_or_else(|_| panic!("never {status}:\n{}", bot.log()));
}
