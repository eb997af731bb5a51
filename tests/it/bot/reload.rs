//! The bot while it reads its posts for the first time, and posts that change while it runs.

use std::fs;
use std::path::Path;

use serde_json::Value;
use takeaways_testing::unprivileged::{give_away, set_mode};

use super::{metrics, readiness, text};
use crate::fake_discord::{CloseReason, DEADLINE, EPHEMERAL, FakeDiscord};
use crate::harness::TempCorpus;
use crate::harness::bot::{ProcessSignal, TestBot};

const QUESTION: &str = "what about service meshes?";
const CHANGED: &str = "changed posts were read";
const NEW: &str = "---\ntitle: Modules everywhere\nauthor: Ada Example\ndate: 2022-05-20\n---\n\n# Runtimes\n\n\
                   WebAssembly modules start faster than containers on small machines.\n";

/// Returns the text of the message without the marks of matched words.
fn plain(message: &Value) -> String {
    text(message).replace("**", "")
}

async fn answer(fake: &FakeDiscord, question: &str) -> String {
    plain(&fake.ask(question).send().reply().await)
}

fn write(corpus: &Path, name: &str, post: &str) {
    fs::create_dir_all(corpus.join(name).parent().expect("a folder")).expect("a folder");
    fs::write(corpus.join(name), post).expect("a file");
}

#[tokio::test]
async fn f30_posts_change_while_a_hundred_questions_are_under_way() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).start(&fake).await;
    assert!(!answer(&fake, "how do WebAssembly modules start?").await.contains("start faster"));
    assert!(answer(&fake, "what about GitOps?").await.contains("Pull requests"));
    write(corpus.path(), "2022/modules.md", NEW);
    fs::remove_file(corpus.path().join("2020/gitops.md")).expect("it was there");
    let mesh = fs::read_to_string(corpus.path().join("2019/mesh.md")).expect("a post");
    write(corpus.path(), "2019/mesh.md", &mesh.replace("still young", "grown up by now"));
    let mut asked: Vec<_> = (0..50).map(|_| fake.ask(QUESTION).send()).collect();
    bot.signal(ProcessSignal::HangUp);
    asked.extend((0..50).map(|_| fake.ask(QUESTION).send()));
    for asked in &asked {
        let text = plain(&asked.reply().await);
        assert!(text.contains("Notes on meshes"), "{text}");
    }
    bot.until_log(CHANGED).await;
    assert!(answer(&fake, "how do WebAssembly modules start?").await.contains("start faster"));
    assert!(answer(&fake, QUESTION).await.contains("grown up"));
    assert!(!answer(&fake, "what about GitOps?").await.contains("Pull requests"));
    let counts = metrics(&bot).await;
    assert!(counts.contains("takeaways_reloads_total{outcome=\"changed\"} 1\n"), "{counts}");
    assert!(counts.contains("takeaways_posts 2\n") && !counts.contains("outcome=\"failed\""), "{counts}");
    fake.assert_clean();
}

#[tokio::test]
async fn f30_it_looks_by_itself() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).env("TAKEAWAYS__CORPUS__RELOAD", "1").start(&fake).await;
    for (at, word) in ["first", "second"].into_iter().enumerate() {
        let name = format!("2022/{word}.md");
        write(corpus.path(), &name, &NEW.replace("WebAssembly", &format!("WebAssembly {word}")));
        bot.until_log_times(CHANGED, at + 1).await;
        let found = answer(&fake, "how do WebAssembly modules start?").await;
        assert!(found.contains("start faster"), "{found}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn f30_a_folder_that_vanishes_leaves_the_answers_of_before() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let (posts, away) = (corpus.path().join("posts"), corpus.path().join("away"));
    fs::create_dir(&posts).expect("a folder");
    for year in ["2019", "2020", "2021"] {
        fs::rename(corpus.path().join(year), posts.join(year)).expect("a folder");
    }
    let folder = posts.to_str().expect("a path in UTF-8").to_owned();
    let bot = TestBot::setup(&fake).arg("--corpus").arg(&folder).start(&fake).await;
    fs::rename(&posts, &away).expect("it was there");
    bot.signal(ProcessSignal::HangUp);
    bot.until_log("answers come from the posts read before").await;
    assert!(answer(&fake, QUESTION).await.contains("still young"));
    assert!(metrics(&bot).await.contains("takeaways_reloads_total{outcome=\"failed\"} 1\n"));
    let (status, text) = readiness(&bot).await;
    assert_eq!(status, 200, "it answers, and says what is wrong");
    assert!(text.starts_with("degraded: the posts can't be read; answers come from"), "{text}");
    assert!(text.contains(" (since 20"), "{text}");
    write(&away, "2022/modules.md", NEW);
    fs::rename(&away, &posts).expect("it was there");
    bot.signal(ProcessSignal::HangUp);
    bot.until_log(CHANGED).await;
    assert!(answer(&fake, "how do WebAssembly modules start?").await.contains("start faster"));
    assert!(answer(&fake, QUESTION).await.contains("still young"));
    fake.assert_clean();
}

#[tokio::test]
async fn h02_what_can_not_be_read_for_a_while_leaves_the_answers_of_before() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    give_away(corpus.path());
    let bot = TestBot::setup(&fake).corpus(&corpus).unprivileged().start(&fake).await;
    bot.until_ready_again().await;
    for (times, name) in (1..).zip(["2019", "2019/mesh.md", ""]) {
        let closed = corpus.path().join(name);
        let mode = if closed.is_dir() { 0o700 } else { 0o600 };
        if closed.is_file() {
            fs::write(&closed, "# Changed\n\nOther words.\n").expect("written");
        }
        set_mode(&closed, 0o000);
        bot.signal(ProcessSignal::HangUp);
        bot.until_log_times("could not be read now", times).await;
        bot.until_metric(&format!("takeaways_reloads_total{{outcome=\"failed\"}} {times}\n")).await;
        assert!(answer(&fake, QUESTION).await.contains("still young"), "{name}");
        let line = bot.log().lines().rfind(|line| line.contains("could not be read now")).map(str::to_owned);
        let line = line.expect("it was waited for");
        let shown = if name.is_empty() { "." } else { name };
        assert!(line.contains(&format!("{shown}: it can't be read: permission denied")), "{line}");
        assert!(line.contains("WARN"), "{line}");
        let (status, text) = readiness(&bot).await;
        assert_eq!(status, 200);
        assert!(text.starts_with("degraded: some posts can't be read; what was read"), "{text}");
        assert!(text.contains(" (since 20"), "{text}");
        assert!(metrics(&bot).await.contains("takeaways_posts 2\n"));
        set_mode(&closed, mode);
        if closed.is_file() {
            let mesh = "---\ndate: 2019-12-05\n---\n\nService meshes are still young, and in one cluster.\n";
            fs::write(&closed, mesh).expect("written");
        }
        bot.signal(ProcessSignal::HangUp);
        bot.until_ready_again().await;
    }
    fake.assert_clean();
}

#[tokio::test]
async fn h02_a_disk_that_is_gone_and_leaves_an_empty_folder_takes_no_posts_away() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).start(&fake).await;
    let away = tempfile::tempdir().expect("a folder");
    for year in ["2019", "2020", "2021"] {
        fs::rename(corpus.path().join(year), away.path().join(year)).expect("moved");
    }
    bot.signal(ProcessSignal::HangUp);
    bot.until_log("3 of 3 files would be lost").await;
    assert!(answer(&fake, QUESTION).await.contains("still young"));
    bot.until_metric("takeaways_reloads_total{outcome=\"failed\"} 1\n").await;
    let (status, text) = readiness(&bot).await;
    assert!(status == 200 && text.starts_with("degraded: the posts can't be read"), "{status} {text}");
    fs::rename(away.path().join("2019"), corpus.path().join("2019")).expect("moved");
    bot.signal(ProcessSignal::HangUp);
    bot.until_log(CHANGED).await;
    assert!(metrics(&bot).await.contains("takeaways_posts 1\n"), "two were removed from a complete corpus");
    fake.assert_clean();
}

/// Each post takes so long to read, in milliseconds.
const READ_TIME: u32 = 6_000;

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
