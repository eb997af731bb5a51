//! Load: a burst of interactions, concurrent questions, and F36, many commands. None costs answers, descriptors or memory for
//! good, and each is answered once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, UNANSWERABLE, bot_messages, has_excerpts, start_bot, text, without_kept_rows,
};
use crate::fake_discord::{CHANNEL, DEADLINE, DM, FakeDiscord, GUILD, InteractionHandle, MessageHandle};
use crate::harness::bot::{ProcessSignal, TestBot};

/// The interactions of a burst.
const BURST: u64 = 3_000;
/// The soft limit of descriptors that systemd and shells set.
const MAX_DESCRIPTORS: u32 = 1_024;

/// Sends interactions of different people at once.
fn send(fake: &FakeDiscord, people: std::ops::Range<u64>) -> Vec<InteractionHandle> {
    people.map(|person| fake.ask(QUESTION).by(10_000 + person).send()).collect()
}

async fn until_answered(sent: &[InteractionHandle]) {
    for interaction in sent {
        assert!(text(&interaction.reply().await).contains("Notes on"));
    }
}

/// Returns the most open descriptors, and the slowest reply of `/readyz`, while `work` runs.
async fn watch(bot: &TestBot, work: impl Future<Output = ()>) -> (usize, Duration) {
    let folder = format!("/proc/{}/fd", bot.id());
    let readiness = format!("http://{}/readyz", bot.ops_address().await);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (mut most, mut slowest) = (0, Duration::ZERO);
    tokio::pin!(work);
    loop {
        most = most.max(std::fs::read_dir(&folder).expect("it runs").count());
        let asked = Instant::now();
        let reply = client.get(&readiness).send().await.expect("it answers");
        assert_eq!(reply.status(), 200);
        slowest = slowest.max(asked.elapsed());
        tokio::select! {
            () = &mut work => return (most, slowest),
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
}

/// The limit of descriptors would be too low if each interaction had its own connection. A debug build on a busy machine
/// may take more than Discord's three seconds for a burst; the ignored test below judges that.
#[tokio::test]
async fn h01_a_burst_has_fewer_connections_than_interactions() {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let bot = TestBot::setup(&fake).max_descriptors(200).start(&fake).await;
    let sent = send(&fake, 0..300);
    let (descriptors, _) = watch(&bot, until_answered(&sent)).await;
    assert!(descriptors < 150, "{descriptors} descriptors");
    fake.assert_clean();
}

#[tokio::test]
#[ignore = "it needs a release build and an idle machine: the fake judges that 3,000 are acknowledged within three seconds"]
async fn h01_release_build_three_thousand_at_once_cost_few_descriptors_and_no_memory_for_good() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).max_descriptors(MAX_DESCRIPTORS).start(&fake).await;
    for person in 0..BURST {
        until_answered(&send(&fake, person..person + 1)).await;
    }
    let one_by_one = bot.status_number("VmRSS");
    drop(bot);
    fake.assert_clean();

    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).max_descriptors(MAX_DESCRIPTORS).start(&fake).await;
    let begun = Instant::now();
    let sent = send(&fake, 0..BURST);
    let (descriptors, slowest) = watch(&bot, until_answered(&sent)).await;
    let took = begun.elapsed();
    tokio::time::sleep(Duration::from_mins(1)).await;
    let at_once = bot.status_number("VmRSS");
    println!(
        "answered in {took:?}; {descriptors} descriptors; /readyz in {slowest:?}; memory {one_by_one} KiB one by one, \
         {at_once} KiB at once"
    );
    assert!(descriptors < 256, "{descriptors} descriptors");
    assert!(at_once * 10 <= one_by_one * 11, "{one_by_one} KiB one by one, {at_once} KiB at once");
    fake.assert_clean();
}

const QUESTIONS: [&str; 5] =
    [QUESTION, UNANSWERABLE, OUT_OF_SCOPE, "what is helm?", "which projects graduated?"];
const MANY: usize = 200;

/// Returns the parts of an answer that depend only on the question.
fn page(message: &Value) -> Value {
    let mut page = without_kept_rows(message);
    let fields = page.as_object_mut().expect("a message");
    fields.entry("components").or_insert_with(|| Value::Array(Vec::new()));
    fields.retain(|name, _| ["content", "embeds", "components", "flags"].contains(&name.as_str()));
    page
}

enum SentQuestion {
    Command(InteractionHandle),
    Direct(MessageHandle),
    Mention(MessageHandle),
}

/// The kinds take turns. Each message has its own channel.
fn ask_nth(fake: &FakeDiscord, at: usize) -> SentQuestion {
    let question = QUESTIONS[at % QUESTIONS.len()];
    let own = at as u64 + 1;
    match at % 4 {
        0 => SentQuestion::Command(fake.ask(question).send()),
        1 => SentQuestion::Command(fake.ask(question).by(GUILD + 1_000 + own).in_dm().send()),
        2 => SentQuestion::Direct(fake.message(question).by(GUILD + 2_000 + own).in_dm().send()),
        _ => {
            fake.add_channel(GUILD, CHANNEL + 3_000 + own);
            let message = fake.message(question).mentioning_bot().in_channel(CHANNEL + 3_000 + own);
            SentQuestion::Mention(message.send())
        }
    }
}

#[tokio::test]
async fn two_hundred_at_once_are_each_answered_once_and_right() {
    let (fake, mut bot) = start_bot().await;
    fake.set_callback_window(DEADLINE);
    let mut alone = HashMap::new();
    for question in QUESTIONS {
        let command = page(&fake.ask(question).send().reply().await);
        let direct = page(&fake.message(question).in_dm().send().reply().await);
        let mention = page(&fake.message(question).mentioning_bot().send().reply().await);
        assert_eq!(command, direct, "a direct message and a command say the same");
        alone.insert(question, (command, mention));
    }
    let before = bot_messages(&fake, DM).len();
    let sent: Vec<SentQuestion> = (0..MANY).map(|at| ask_nth(&fake, at)).collect();
    let mut channels = Vec::new();
    for (at, sent) in sent.iter().enumerate() {
        let question = QUESTIONS[at % QUESTIONS.len()];
        let (command, mention) = &alone[question];
        let (reply, expected) = match sent {
            SentQuestion::Command(call) => (call.reply().await, command),
            SentQuestion::Direct(message) => (message.reply().await, command),
            SentQuestion::Mention(message) => (message.reply().await, mention),
        };
        if let SentQuestion::Direct(message) | SentQuestion::Mention(message) = sent {
            channels.push(message.channel);
        }
        assert_eq!(page(&reply), *expected, "{question}");
    }
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0));
    assert_eq!(channels.len(), MANY / 2);
    for channel in channels {
        assert_eq!(bot_messages(&fake, channel).len(), 1, "answered twice");
    }
    assert_eq!(bot_messages(&fake, DM).len(), before, "somebody was told what another had asked");
    fake.assert_clean();
}

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
