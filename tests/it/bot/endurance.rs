//! F36: many commands, after which the process holds no more than after the first ones.

use super::fixture::{OUT_OF_SCOPE, QUESTION, UNANSWERABLE, has_excerpts, text};
use crate::fake_discord::{DEADLINE, FakeDiscord};
use crate::harness::bot::TestBot;

/// The commands that are under way at once.
const AT_ONCE: usize = 20;
/// The people who take turns. The bot keeps a count for each of them, for its limits.
const PEOPLE: u64 = 500;
/// How many more threads or descriptors there may be at the end, since pools grow and shrink a little.
const SLACK: usize = 8;

/// What a process holds.
#[derive(Debug)]
struct Usage {
    descriptors: usize,
    threads: usize,
    /// In KiB.
    memory: usize,
}

fn usage(bot: &TestBot) -> Usage {
    let count = |folder: &str| {
        std::fs::read_dir(format!("/proc/{}/{folder}", bot.id())).expect("the bot is running").count()
    };
    let memory = usize::try_from(bot.status_number("VmRSS")).expect("a memory that fits");
    Usage { descriptors: count("fd"), threads: count("task"), memory }
}

/// Sends this number of commands of several kinds, and waits for the answers.
async fn command(fake: &FakeDiscord, count: u64) {
    for first in (0..count).step_by(AT_ONCE) {
        let send_one = |at: u64| {
            let command = match at % 5 {
                0 | 1 => fake.ask(QUESTION),
                2 => fake.ask(UNANSWERABLE),
                3 => fake.ask(OUT_OF_SCOPE),
                _ => fake.slash("about"),
            };
            command.by(10_000 + at % PEOPLE).send()
        };
        let sent: Vec<_> = (first..count).take(AT_ONCE).map(send_one).collect();
        for interaction in &sent {
            let reply = interaction.reply().await;
            assert!(has_excerpts(&reply) || !text(&reply).is_empty(), "{reply:#}");
        }
        fake.assert_clean();
        fake.forget_history();
    }
}

/// After twice as many commands the bot must hold no more than before; a tenth of its memory is left for chance.
async fn stays_as_it_is(count: u64) {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let limits = ["TAKEAWAYS__DISCORD__LIMITS__PERSON", "TAKEAWAYS__DISCORD__LIMITS__SERVER"];
    let setup = limits.into_iter().fold(TestBot::setup(&fake), |setup, name| setup.env(name, "1000000"));
    let mut bot = setup.env("TAKEAWAYS__LOG__LEVEL", "warn").start_reading(&fake).await;
    command(&fake, count).await;
    let before = usage(&bot);
    command(&fake, count).await;
    let after = usage(&bot);
    assert!(bot.is_running());
    println!("{count} commands: {before:?}; {} commands: {after:?}", 2 * count);
    assert!(after.descriptors <= before.descriptors + SLACK, "{before:?}, then {after:?}");
    assert!(after.threads <= before.threads + SLACK, "{before:?}, then {after:?}");
    assert!(after.memory * 10 <= before.memory * 11, "{before:?}, then {after:?}");
}

#[tokio::test]
async fn f36_thousands_of_commands_leave_nothing_behind() {
    stays_as_it_is(1_260).await;
}

#[tokio::test]
#[ignore = "two hundred thousand commands take a quarter of an hour"]
async fn f36_nightly_two_hundred_thousand_commands_leave_nothing_behind() {
    stays_as_it_is(100_000).await;
}
