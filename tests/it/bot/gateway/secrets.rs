//! The token and the tokens of interactions are never in any output.

use std::process::Command;

use super::{assert_answers, assert_clean_exit};
use crate::fake_discord::{DEADLINE, FakeDiscord, ScriptedReply, TOKEN};
use crate::harness::Cli;
use crate::harness::bot::{ProcessSignal, TestBot};

/// A part of the tokens of the fake's interactions.
const OF_INTERACTIONS: &str = "which-is-a-secret";
/// A wrong token in the right format.
const WRONG: &str = "MTA.G1x2y3.canary-of-a-token-that-nobody-must-see";

/// Returns the secret part of a token. The first two parts are the bot's id and a time.
fn secret(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or(token)
}

#[tokio::test]
async fn a16_no_token_is_in_the_log_with_all_details_nor_in_the_metrics() {
    let fake = FakeDiscord::start().await;
    fake.set_callback_window(DEADLINE);
    let setup =
        TestBot::setup(&fake).arg("-vv").env("TAKEAWAYS__LOG__LEVEL", "debug").env("RUST_LOG", "trace");
    let bot = setup.env("RUST_BACKTRACE", "0").start(&fake).await;
    assert_answers(&fake).await;
    fake.script("POST /interactions/*/*/callback", vec![ScriptedReply::error(404, 10_062)]);
    let lost = fake.ask(super::QUESTION).send();
    fake.until_requests("POST /interactions/*/*/callback", 2).await;
    lost.excuse();
    fake.script("POST /interactions/*/*/callback", vec![ScriptedReply::reset()]);
    fake.ask(super::QUESTION).send().reply().await;
    fake.gateway().raw(&format!(r#"{{"op":"{TOKEN}","d":"{OF_INTERACTIONS}"}}"#));
    fake.gateway().reset();
    fake.gateway().until_resumed(1).await;
    for name in ["metrics", "healthz", "readyz"] {
        let (_, text) = bot.page(name).await;
        assert!(!text.contains(secret(TOKEN)) && !text.contains(OF_INTERACTIONS), "{text}");
    }
    assert!(!bot.log().contains(OF_INTERACTIONS), "{}", bot.log());
    // The bot's own output is checked at its end.
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn a16_a_token_that_panics_happen_with_is_not_shown() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).faults("answer=panic").env("RUST_BACKTRACE", "full").start(&fake).await;
    fake.ask(super::QUESTION).send().reply().await;
    assert!(!bot.log().contains(OF_INTERACTIONS), "{}", bot.log());
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn a16_a_wrong_token_is_not_shown() {
    for wrong in [WRONG, "canary-of-a-token-that-nobody-must-see\u{7f}\n", "Bot canary-of-a-token"] {
        let fake = FakeDiscord::start().await;
        let mut bot = TestBot::setup(&fake).env("DISCORD_TOKEN", wrong).arg("-vv").spawn();
        assert_eq!(bot.wait_exit(DEADLINE).await, Some(2), "{}", bot.log());
        assert!(bot.log().contains("error: "), "{}", bot.log());
        assert!(!bot.log().contains("canary"), "{}", bot.log());
    }
}

#[tokio::test]
async fn a16_a_token_in_a_file_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).expect("a file");
    let fake = FakeDiscord::start().await;
    let setup = TestBot::setup(&fake).env("DISCORD_TOKEN", "").arg("-vv");
    let mut bot = setup.env("DISCORD_TOKEN_FILE", file.to_str().expect("UTF-8")).start(&fake).await;
    assert_answers(&fake).await;
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
}

#[tokio::test]
async fn a16_no_command_prints_the_token() {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = FakeDiscord::start().await;
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["--help"],
        &["serve", "--help"],
        &["help", "doctor"],
        &["doctor", "-vv"],
        &["serve", "--no-such-option"],
        &["ask", "-vv", super::QUESTION],
        &["ask", "--format", "discord", super::QUESTION],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_takeaways"));
        command.args(arguments).env_clear().env("HOME", folder.path()).current_dir(folder.path());
        command.env("DISCORD_TOKEN", WRONG).env("TAKEAWAYS__DISCORD__API_BASE", fake.url());
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic");
        let output = output.expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.is_empty() && !text.contains(secret(WRONG)), "{arguments:?}:\n{text}");
    }
}

/// A token in the place of another value, in each command that may read it.
#[test]
fn a16_no_command_prints_a_misplaced_token() {
    const SECRET: &str = "canary-of-a-token-that-nobody-must-see";
    let address = format!("http://bot:{SECRET}@127.0.0.1:1/");
    for (variable, value) in [
        ("DISCORD_TOKEN_FILE", WRONG),
        ("TAKEAWAYS__DISCORD__LINK", WRONG),
        ("TAKEAWAYS__DISCORD__API_BASE", &address),
        ("TAKEAWAYS__CORPUS__FOLDERS", WRONG),
        ("TAKEAWAYS__NO_SUCH_SETTING", WRONG),
    ] {
        for command in ["check", "check --format json", "doctor", "serve", "-vv ask mesh", "state check"] {
            let run = Cli::new().args(command).env(variable, value).run().code(2);
            let text = run.out + &run.err;
            assert!(text.contains(variable) && !text.contains(SECRET), "{command}:\n{text}");
        }
    }
    for arguments in [
        vec!["--corpus", WRONG, "ask", "mesh"],
        vec!["--state-dir", WRONG, "check"],
        vec!["--config", WRONG, "doctor"],
        vec!["--token", WRONG, "serve"],
        vec!["serve", WRONG],
        vec![WRONG],
        vec!["corpus", "show", WRONG],
    ] {
        let run = arguments.iter().fold(Cli::new(), |cli, argument| cli.arg(argument)).run();
        let text = run.out + &run.err;
        assert!(!text.is_empty() && !text.contains(SECRET), "{arguments:?}:\n{text}");
    }
}
