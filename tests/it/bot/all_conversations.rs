//! The labelled conversations over the notes that are compiled in: the bot over a socket and `chat` show what `ask --batch` prints.

use std::fs;

use jiff::Timestamp;
use regex::Regex;
use serde_json::{Value, json};
use takeaways_store::{KeptAnswer, Store, StoreLocation};

use super::fixture::{read, read_text};
use crate::fake_discord::{DM, FakeDiscord, USER};
use crate::harness::bot::TestBot;
use crate::harness::{Cli, root};

/// The most conversations: they are spread over all, so that the test stays short.
const MAX_CONVERSATIONS: usize = 66;
/// The beginning of a quote by which it is known, in characters. A page may cut the rest.
const BEGIN: usize = 50;
/// The id of the person of the first conversation.
const FIRST_PERSON: u64 = 700_000_000_000_000_000;

/// The messages of each conversation.
fn conversations() -> Vec<Vec<String>> {
    let file = root().join("tests/questions/conversations.jsonl");
    let text = fs::read_to_string(file).expect("conversations");
    let messages = |line: &str| {
        let conversation: Value = serde_json::from_str(line).expect("JSON");
        let turns = conversation["turns"].as_array().expect("turns").iter();
        turns.map(|turn| turn["q"].as_str().expect("a message").to_owned()).collect()
    };
    let all: Vec<Vec<String>> = text.lines().map(messages).collect();
    let step = all.len().div_ceil(MAX_CONVERSATIONS);
    all.into_iter().step_by(step).collect()
}

/// What a batch prints for a message.
struct Printed {
    message: String,
    understood: Option<String>,
    /// The beginnings of its quotes.
    quotes: Vec<String>,
    /// Whether a page has room for all of them.
    is_whole: bool,
}

impl Printed {
    fn new(message: &str, line: &str) -> Self {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let excerpts = line["excerpts"].as_array().into_iter().flatten();
        let quotes = excerpts.filter_map(|excerpt| excerpt["quote"].as_str());
        let begin =
            |quote: &str| read_text(quote).chars().take(BEGIN).collect::<String>().trim_end().to_owned();
        Self {
            message: message.to_owned(),
            understood: line["understood"].as_str().map(read_text),
            quotes: quotes.map(begin).filter(|quote| !quote.is_empty()).collect(),
            is_whole: line["shape"] == "fact",
        }
    }

    /// The number of quotes that a page shows: at least `least`, if there are as many.
    #[track_caller]
    fn check(&self, page: &str, least: usize) -> usize {
        let shown = self.quotes.iter().filter(|quote| page.contains(*quote)).count();
        let wanted = self.quotes.len().min(least);
        assert!(shown >= wanted, "{}: {shown} of {:?} in {page}", self.message, self.quotes);
        shown
    }
}

fn print_all(conversations: &[Vec<String>]) -> Vec<Printed> {
    let turns =
        (0..).zip(conversations).flat_map(|(id, turns): (usize, _)| turns.iter().map(move |turn| (id, turn)));
    let line = |(id, message): (usize, &String)| {
        json!({ "id": id, "q": message, "conversation": id.to_string() }).to_string()
    };
    let input: Vec<String> = turns.map(line).collect();
    let run = Cli::new().args("ask --batch -").input(input.join("\n")).run().code(0);
    let messages = conversations.iter().flatten();
    messages.zip(run.out.lines()).map(|(message, line)| Printed::new(message, line)).collect()
}

/// The pages of `chat`, each with its echo, in one line.
fn chat_pages(conversations: &[Vec<String>]) -> Vec<String> {
    let input: Vec<String> = conversations.iter().map(|turns| turns.join("\n")).collect();
    let run = Cli::new().arg("chat").input(input.join("\n:new\n")).run().code(0);
    let out = format!("\n{}", run.out);
    let pages = out.split("\n> ").skip(1);
    let link = Regex::new(r"\[[0-9]+\]").expect("a pattern");
    pages.map(|page| read_text(&link.replace_all(&page.replace('│', " "), ""))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn chat_and_the_bot_show_what_a_batch_prints() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).built_in_notes().start(&fake).await;
    let conversations = conversations();
    let (of_batch, of_chat) = (conversations.clone(), conversations.clone());
    let printed = tokio::task::spawn_blocking(move || print_all(&of_batch));
    let pages = tokio::task::spawn_blocking(move || chat_pages(&of_chat));
    let mut sent = Vec::new();
    for (person, turns) in (FIRST_PERSON..).zip(&conversations) {
        for message in turns {
            sent.push(read(&fake.message(message).by(person).in_dm().send().reply().await));
        }
    }
    let (printed, pages) = (printed.await.expect("it ends"), pages.await.expect("it ends"));
    assert_eq!((printed.len(), pages.len()), (sent.len(), sent.len()));
    let (mut shown, mut headings, mut facts, mut whole) = (0, 0, 0, 0);
    let is_first = conversations.iter().flat_map(|turns| (0..turns.len()).map(|at| at == 0));
    let mut is_after_overview = false;
    for (((printed, page), message), is_first) in printed.iter().zip(&pages).zip(&sent).zip(is_first) {
        printed.check(page, if printed.is_whole { usize::MAX } else { 1 });
        // The lines of an overview are other ones in a message, and so is what goes on from them: "more about the second one".
        let shown_here = printed.check(message, usize::from(is_first || !is_after_overview));
        is_after_overview = !printed.is_whole;
        shown += shown_here;
        facts += usize::from(printed.is_whole);
        whole += usize::from(printed.is_whole && shown_here == printed.quotes.len());
        headings += usize::from(printed.understood.as_ref().is_some_and(|it| message.starts_with(it)));
    }
    let turns = sent.len();
    assert!(shown > turns / 2 && headings > turns / 4, "{shown} and {headings} of {turns}");
    assert!(whole * 10 >= facts * 9, "{whole} of {facts} facts");
    drop(bot);
    fake.assert_clean();
}

/// The conversations that are kept at once, and the bytes that their last turns may take.
const OPEN: u64 = 10_000;
const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// The conversations that are written: the size of the state grows with their number.
const WRITTEN: u64 = 2_000;

#[tokio::test]
async fn ten_thousand_open_conversations_take_less_than_50_mb() {
    let (fake, state) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"));
    let bot = TestBot::setup(&fake).built_in_notes().state(state.path()).start(&fake).await;
    let conversations = conversations();
    let longest = conversations.iter().max_by_key(|turns| turns.len()).expect("a conversation");
    for message in longest {
        fake.message(message).in_dm().send().reply().await;
    }
    drop(bot);
    let open = || async {
        Store::open(&StoreLocation::Folder(state.path().to_owned())).await.expect("the state opens")
    };
    let size = || fs::metadata(state.path().join("state.sqlite3")).expect("a database").len();
    let store = open().await;
    let last =
        store.find_last_answer(DM, USER, Timestamp::UNIX_EPOCH).await.expect("read").expect("an answer");
    store.close().await;
    drop(store);
    let before = size();
    let store = open().await;
    for number in 0..WRITTEN {
        let kept = KeptAnswer { number, person: FIRST_PERSON + number, ..last.clone() };
        store.save_answer(&kept).await.expect("written");
    }
    store.close().await;
    let bytes = (size() - before) * (OPEN / WRITTEN);
    eprintln!("{OPEN} conversations take {} KiB; a turn has {} bytes", bytes / 1024, last.turn.len());
    assert!(bytes < MAX_BYTES, "{bytes} bytes");
    fake.assert_clean();
}
