//! The gateway in trouble, and the end of the process: what whoever asks must not notice.

mod budget;
mod end;
mod fatal;
mod frames;
mod refused;
mod resumed;
mod secrets;
mod twice;

use std::time::Duration;

use tokio::time::sleep;

use crate::fake_discord::{CloseReason, DEADLINE, FakeDiscord};
use crate::harness::bot::{ProcessSignal, TestBot};

const QUESTION: &str = "what did people say about service mesh?";

/// A bot that answers, with its Discord. Trouble takes time, so its Discord waits longer for callbacks than 3 s.
async fn ready() -> (FakeDiscord, TestBot) {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let bot = TestBot::setup(&fake).start(&fake).await;
    (fake, bot)
}

/// Asks a question, which is answered.
async fn answers(fake: &FakeDiscord) {
    let reply = fake.ask(QUESTION).send().reply().await;
    assert!(reply["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty()), "{reply:#}");
}

/// Tells the bot to end, which it does in peace; until then nothing was done against the rules.
async fn leaves(fake: &FakeDiscord, mut bot: TestBot) {
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    fake.assert_clean();
}

/// How many first responses an interaction got.
fn callbacks(fake: &FakeDiscord, id: u64) -> usize {
    let of = format!("/interactions/{id}/");
    fake.requests().iter().filter(|request| request.path.starts_with(&of)).count()
}

/// A page of the bot's own: its status and its text.
async fn page(bot: &TestBot, path: &str) -> (u16, String) {
    let reply = reqwest::get(format!("http://{}{path}", bot.ops_address().await)).await.expect("a reply");
    (reply.status().as_u16(), reply.text().await.expect("text"))
}

/// Waits until the bot says that it is, or is not, to be reached.
async fn until_readiness(bot: &TestBot, status: u16) {
    let look = async {
        while page(bot, "/readyz").await.0 != status {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, look).await.unwrap_or_else(|_| panic!("never {status}:\n{}", bot.log()));
}
