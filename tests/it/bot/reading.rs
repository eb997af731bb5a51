//! The bot while it reads its posts for the first time.

use super::{metrics, readiness, text};
use crate::fake_discord::{CloseReason, DEADLINE, EPHEMERAL, FakeDiscord};
use crate::harness::TempCorpus;
use crate::harness::bot::TestBot;

/// Each post takes so long to read, in milliseconds.
const READ_TIME: u32 = 6_000;
const QUESTION: &str = "what about service meshes?";

#[tokio::test]
async fn who_asks_while_the_first_index_is_built_is_told_how_far_it_is() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).faults(&format!("read=sleep:{READ_TIME}"));
    let bot = bot.start_reading(&fake).await;
    bot.until_log("\"ready\"").await;
    let (status, page) = readiness(&bot).await;
    assert_eq!(status, 503);
    let progress = page.trim_end().strip_prefix("starting: ").expect("its state");
    assert!(progress.starts_with("still reading the recaps, ") && progress.ends_with(" of 3"), "{page}");
    for command in ["ask", "help", "about"] {
        let asked = match command {
            "ask" => fake.ask(QUESTION).send(),
            _ => fake.slash(command).send(),
        };
        let reply = asked.reply().await;
        assert_eq!(text(&reply), format!("I am {progress}. Please ask again in a moment."), "{command}");
        assert!(reply["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0), "{command}");
    }
    let choices = fake.autocomplete("ask").focused("event", "").send().choices().await;
    assert_eq!(choices, [""; 0]);

    bot.until_ready_again().await;
    assert!(text(&fake.ask(QUESTION).send().reply().await).contains("Notes on"));
    let counts = metrics(&bot).await;
    assert!(counts.contains("outcome=\"still_reading\""), "{counts}");
    assert!(!counts.contains("outcome=\"failed\""), "{counts}");
    fake.assert_clean();
}

#[tokio::test]
async fn posts_that_can_not_be_read_at_all_end_a_bot_that_is_connected() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).faults("read=sleep:3000,open=fail");
    let mut bot = bot.start_reading(&fake).await;
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(1), "{}", bot.log());
    assert_eq!(fake.gateway().connections()[0].closed, Some(CloseReason::ByClient(Some(1000))));
    fake.assert_clean();
}
