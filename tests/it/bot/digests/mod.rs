//! Digests in Discord, managed by moderators and members, with the real bot over a real socket.

mod autocomplete;
mod every_button;
mod foreign;
mod generated;
mod managing;
mod members;
mod own_buttons;
mod posting;
mod wording;

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::fixture::{flaws, is_private, text};
use crate::fake_discord::{CHANNEL, DEADLINE, FakeDiscord, InteractionBuilder};
use crate::harness::TempCorpus;
use crate::harness::bot::{BotSetup, TestBot};

/// Every Monday at nine.
const WEEKLY: &str = "weekly on Monday at 09:00 Europe/Berlin";

/// Returns posts of today, an old one and a draft.
fn corpus() -> TempCorpus {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let post = |title: &str, author: &str, date: &str, more: &str, body: &str| {
        format!("---\ntitle: {title}\nauthor: {author}\ndate: {date}\n{more}---\n\n# {title}\n\n{body}\n")
    };
    let (today, old) = (today.to_string(), "2019-12-05");
    TempCorpus::new()
        .file(
            "gitops.md",
            post(
                "A year of GitOps",
                "Grace Example",
                &today,
                "",
                "Pull requests became the way in which all of us deploy with GitOps today.",
            ),
        )
        .file(
            "mesh.md",
            post(
                "Notes on meshes",
                "Ada Example",
                &today,
                "",
                "Service meshes are still young, and most teams run one in a single cluster.",
            ),
        )
        .file(
            "old.md",
            post(
                "An old one",
                "Ada Example",
                old,
                "",
                "Containers were new to most of those who came to this conference in that year.",
            ),
        )
        .file(
            "draft.md",
            post(
                "Unfinished",
                "Ada Example",
                &today,
                "draft: true\n",
                "Tracing with eBPF needs no changes to the programs that are traced.",
            ),
        )
}

/// Returns more posts of today than fit in a message.
fn many_posts() -> TempCorpus {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut corpus = TempCorpus::new();
    for at in 0..40 {
        let mut body = String::new();
        for word in 0..12 {
            write!(body, "word{at}x{word} ").expect("a string takes all");
        }
        let title = format!("Report {at:02} of otters");
        let post = format!(
            "---\ntitle: {title}\nauthor: Author {at}\ndate: {today}\n---\n\nThe otters of river {at} said that {body}matters most to them now.\n"
        );
        corpus = corpus.file(&format!("{at:02}.md"), post);
    }
    corpus
}

/// Starts a bot with the posts of [`corpus`].
async fn start_bot() -> (FakeDiscord, TestBot) {
    started_with(&corpus(), |setup| setup).await
}

async fn started_with(
    corpus: &TempCorpus,
    with: impl FnOnce(BotSetup) -> BotSetup,
) -> (FakeDiscord, TestBot) {
    let fake = FakeDiscord::start().await;
    let bot = with(TestBot::setup(&fake).corpus(corpus)).start(&fake).await;
    (fake, bot)
}

/// Prepares `/digest …` by a moderator.
fn digest(fake: &FakeDiscord, subcommand: &str) -> InteractionBuilder {
    fake.slash("digest").subcommand(subcommand).by_moderator()
}

/// Prepares `/digest … id:…` by a moderator.
fn digest_of(fake: &FakeDiscord, subcommand: &str, id: &str) -> InteractionBuilder {
    digest(fake, subcommand).option("id", id)
}

/// Prepares `/digest add schedule:…` by a moderator, with the posts of the last 30 days.
fn add(fake: &FakeDiscord, schedule: &str) -> InteractionBuilder {
    digest(fake, "add").option("schedule", schedule).option("include_last_30_days", true)
}

/// Returns the private reply, and checks that it has these words.
#[track_caller]
fn says(reply: &Value, words: &str) {
    assert!(read(reply).contains(words), "no {words:?} in {reply:#}");
    assert!(is_private(reply), "others see it: {reply:#}");
}

/// Returns [`text`] without backslashes, as it is displayed.
fn read(reply: &Value) -> String {
    text(reply).replace('\\', "")
}

/// Returns [`flaws`] without links to the tests' channel.
fn flaws_of(reply: &Value) -> Vec<String> {
    let link = format!("<#{CHANNEL}>");
    let mut reply = reply.clone();
    reply["content"] = reply["content"].as_str().unwrap_or_default().replace(&link, "here").into();
    for embed in reply["embeds"].as_array_mut().into_iter().flatten() {
        embed["description"] =
            embed["description"].as_str().unwrap_or_default().replace(&link, "here").into();
    }
    flaws(&reply)
}

/// Waits for a sent run in the log. Discord shows a message before the bot records it.
async fn until_sent(fake: &FakeDiscord) -> Value {
    let start = std::time::Instant::now();
    loop {
        let log = digest_of(fake, "log", "1").send().reply().await;
        if text(&log).contains("**sent**") {
            return log;
        }
        assert!(start.elapsed() < DEADLINE, "{log:#}");
        let again = digest_of(fake, "now", "1").send().reply().await;
        assert!(["already", "no new post"].iter().any(|words| text(&again).contains(words)), "{again:#}");
    }
}
