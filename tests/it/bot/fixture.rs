//! The visible parts of a message, and running bots to ask.

use std::fs;
use std::io;
use std::path::Path;

use regex::Regex;
use serde_json::Value;
use takeaways_corpus::source::EMBEDDED_NOTES;

use crate::fake_discord::{BOT, EPHEMERAL, FakeDiscord};
use crate::harness::bot::TestBot;
use crate::harness::{TempCorpus, root};

/// A question with an answer in the notes, and one without.
pub const QUESTION: &str = "what did people say about service mesh?";
pub const UNANSWERABLE: &str = "who won the football world cup?";
/// A question whose answer is outside its scope, so that there are buttons.
pub const OUT_OF_SCOPE: &str = "opentelemetry at KubeCon NA 2019";

/// Starts a bot with five notes.
pub async fn start_bot() -> (FakeDiscord, TestBot) {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).start(&fake).await;
    (fake, bot)
}

/// Starts a bot with the posts of `corpus`.
pub async fn start_bot_with(corpus: &TempCorpus) -> (FakeDiscord, TestBot) {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).corpus(corpus).start(&fake).await;
    (fake, bot)
}

/// Starts a bot whose clock is ahead by some seconds.
pub async fn start_at(fake: &FakeDiscord, corpus: &TempCorpus, state: &Path, ahead: u32) -> TestBot {
    let clock = state.join("clock");
    fs::write(&clock, ahead.to_string()).expect("a file");
    let setup = TestBot::setup(fake).state(state).corpus(corpus);
    setup.env("TAKEAWAYS_FAULT_CLOCK", clock.to_str().expect("a path in UTF-8")).start(fake).await
}

/// The notes of the tests, two posts on a thing of their own, and one without a point, in a folder.
pub fn posts() -> TempCorpus {
    let notes = fs::read_dir(root().join("tests/data/notes")).expect("a folder");
    let copy = |corpus: TempCorpus, note: io::Result<fs::DirEntry>| {
        let note = note.expect("a file");
        let name = note.file_name().into_string().expect("a name in UTF-8");
        corpus.file(&name, fs::read(note.path()).expect("a note"))
    };
    notes
        .fold(TempCorpus::new(), copy)
        .file(
            "loom-2018.md",
            "---\ntitle: Loom at first\nauthor: Ada Example\ndate: 2018-12-05\n---\n\n\
             Many teams weave their clusters into one network with Loom, and few regret it.\n",
        )
        .file(
            "loom-2021.md",
            "---\ntitle: Loom again\nauthor: Grace Example\ndate: 2021-12-05\n---\n\n\
             The project Loom weaves several clusters into one network with a single command.\n",
        )
        .file(
            "short-2019.md",
            "---\ntitle: In short\nauthor: Mary Example\ndate: 2019-11-24\nevent: KubeCon NA 2019\n---\n\n\
             We were there.\n",
        )
}

/// Replaces all posts by one on something else.
pub fn remove_posts(corpus: &TempCorpus) {
    for file in fs::read_dir(corpus.path()).expect("a folder") {
        fs::remove_file(file.expect("a file").path()).expect("it was there");
    }
    let post = "---\ntitle: Gardens\nauthor: Ada Example\ndate: 2019-12-05\n---\n\nWe saw a garden on the way home.\n";
    fs::write(corpus.path().join("gardens.md"), post).expect("a file");
}

/// Returns the text of a message: its content, then its excerpts.
pub fn text(message: &Value) -> String {
    let embeds = message["embeds"].as_array().into_iter().flatten();
    let embeds = embeds.filter_map(|embed| embed["description"].as_str());
    let content = message["content"].as_str().unwrap_or_default();
    std::iter::once(content).chain(embeds).collect::<Vec<_>>().join("\n")
}

/// Returns the labels and the `custom_id`s of its buttons.
pub fn buttons(message: &Value) -> Vec<(String, String)> {
    let rows = message["components"].as_array().into_iter().flatten();
    let buttons = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let field = |button: &Value, name: &str| button[name].as_str().unwrap_or_default().to_owned();
    buttons.map(|button| (field(button, "label"), field(button, "custom_id"))).collect()
}

/// Returns the id of its button or menu of this kind.
pub fn id_of(message: &Value, kind: &str) -> Option<String> {
    let mut ids = buttons(message).into_iter().map(|(_, id)| id);
    ids.find(|id| id.starts_with(&format!("1:{kind}:")))
}

/// Returns the message without its menus, and without the rows whose buttons need the kept answer or delete it: their ids
/// differ from answer to answer.
pub fn without_kept_rows(message: &Value) -> Value {
    let kept = [
        "next", "newest", "share", "wide", "topic", "context", "around", "group", "follow", "recaps",
        "compare", "del",
    ];
    let mut message = message.clone();
    let Some(rows) = message.get_mut("components").and_then(Value::as_array_mut) else { return message };
    rows.retain(|row| {
        let parts = row["components"].as_array().into_iter().flatten();
        let is_menu = parts.clone().any(|part| part["options"].is_array());
        let mut ids = parts.filter_map(|part| part["custom_id"].as_str());
        !is_menu && !ids.any(|id| kept.iter().any(|kind| id.starts_with(&format!("1:{kind}:"))))
    });
    if rows.is_empty() {
        message.as_object_mut().expect("a message").remove("components");
    }
    message
}

/// Returns whether an answer quotes the post of a [`Blog`](crate::harness::blog::Blog) with this number.
pub async fn is_answered(fake: &FakeDiscord, number: usize) -> bool {
    let question = format!("how many replicas does the frobnicator{number} need?");
    text(&fake.ask(&question).send().reply().await).contains(&format!("{} replicas", number + 100))
}

/// Returns whether only one user sees the message.
pub fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0)
}

/// Returns whether the message cites something.
pub fn has_excerpts(message: &Value) -> bool {
    message["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty())
}

/// Returns text that looks like a fault of the bot, or foreign text that Discord would interpret.
pub fn flaws(message: &Value) -> Vec<String> {
    let said = text(message);
    // The numbers of a trend stand in a block of code.
    let numbers = Regex::new(r"```\n(\d{4} · [^\n`]*\n)+```").expect("a pattern");
    let unescaped = numbers.replace(&unescaped(&said), "").into_owned();
    let obeyed = [
        "@everyone",
        "@here",
        "<@",
        "<#",
        "<:",
        "<a:",
        "||",
        "```",
        "\n# ",
        "\n## ",
        "[31m\u{1b}",
        "discord.gg/",
    ];
    let obeyed = obeyed.into_iter().filter(|mark| unescaped.contains(mark));
    let broken = ["went wrong", "took too long"].into_iter().filter(|words| said.contains(words));
    let hidden =
        said.chars().filter(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0'));
    let mut flaws: Vec<String> = obeyed.chain(broken).map(str::to_owned).collect();
    flaws.extend(hidden.map(|c| format!("{c:?}")));
    if said.trim().is_empty() {
        flaws.push("it says nothing".into());
    }
    flaws
}

/// Returns the links of the message that the notes don't have. User input must never become a link.
pub fn foreign_links(message: &Value) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)]*)|([^\s<(]+://[^\s>)]*)").expect("a pattern");
    let unescaped = unescaped(&text(message));
    let links = link.captures_iter(&unescaped).filter_map(|found| found.get(1).or(found.get(2)));
    let is_foreign =
        |link: &&str| !EMBEDDED_NOTES.iter().any(|(_, note)| note.contains(link.trim_end_matches('/')));
    links.map(|link| link.as_str()).filter(is_foreign).map(str::to_owned).collect()
}

/// Replaces escaped characters by blanks.
fn unescaped(said: &str) -> String {
    let mut chars = said.chars();
    std::iter::from_fn(|| {
        let c = chars.next()?;
        Some(if c == '\\' {
            chars.next().map_or(' ', |next| if next == '\n' { next } else { ' ' })
        } else {
            c
        })
    })
    .collect()
}

/// Returns the bot's messages in a channel.
pub fn bot_messages(fake: &FakeDiscord, channel: u64) -> Vec<Value> {
    let bot = BOT.to_string();
    fake.messages(channel).into_iter().filter(|message| message["author"]["id"] == bot).collect()
}

/// The text of a message as it is displayed, in one line.
pub fn read(message: &Value) -> String {
    read_text(&without_links(&text(message)).replace(['*', '\\', '>'], ""))
}

/// A text with the words of its links alone.
fn without_links(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().replace('[', "");
    let rest = parts.map(|part| part.split_once(')').map_or(part, |(_, rest)| rest).replace('[', ""));
    first + &rest.collect::<String>()
}

/// A text in one line, without the signs of lists.
pub fn read_text(text: &str) -> String {
    text.split_whitespace().filter(|word| !["-", "•"].contains(word)).collect::<Vec<_>>().join(" ")
}
