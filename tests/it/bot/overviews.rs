//! The commands for overviews: what they send, and their choices.

use serde_json::{Value, json};

use super::fixture::{start_bot, start_bot_with, text, without_kept_rows};
use crate::fake_discord::{ATTACH, CHANNEL, FakeDiscord, ScriptedReply, UploadedFile};
use crate::harness::Cli;
use crate::overviews::corpus;

/// What the picture of the trend of Linkerd in [`corpus`] shows, in words.
const ALT_TEXT: &str = "A chart of the share of recaps that mention Linkerd: 2018 0 of 6, 2019 6 of 6";
const NUMBERS: &str = "**2018** 0 of 6 · **2019** 6 of 6";

/// The files of the last request to a route.
fn files(fake: &FakeDiscord, route: &str) -> Vec<UploadedFile> {
    fake.requests_to(route).pop().expect("a request").files
}

/// Asserts that a message names the picture of the trend, and has its numbers below it.
fn assert_has_picture(message: &Value, files: &[UploadedFile]) {
    let attachments = message["attachments"].as_array().expect("attachments");
    let parts: Vec<&Value> = attachments.iter().map(|it| &it["description"]).collect();
    assert_eq!(parts, [&json!(ALT_TEXT)]);
    assert_eq!(message["embeds"][0]["description"], NUMBERS);
    let parts: Vec<(&str, &str)> = files.iter().map(|it| (it.part.as_str(), it.name.as_str())).collect();
    assert_eq!(parts, [("files[0]", "trend.png")]);
    assert!(files[0].bytes.len() > 1_000, "{} bytes", files[0].bytes.len());
}

#[tokio::test]
async fn a_command_sends_what_its_subcommand_prints() {
    let (fake, _bot) = start_bot().await;
    for (command, options, words) in [
        ("takeaways", vec![("event", "kubecon-na-2019")], vec!["event", "kubecon-na-2019"]),
        ("compare", vec![("first", "2018"), ("second", "2019")], vec!["compare", "2018", "2019"]),
        ("trend", vec![("topic", "Service mesh")], vec!["trend", "Service mesh"]),
        ("who", vec![("name", "garuccio")], vec!["who", "garuccio"]),
        ("topic", vec![("name", "Kubernetes")], vec!["topic", "Kubernetes"]),
        ("topic", vec![("name", "sourdough <@1>")], vec!["topic", "sourdough <@1>"]),
    ] {
        let call = options.iter().fold(fake.slash(command), |call, (name, value)| call.option(name, *value));
        let sent = call.send().first_callback().await;
        let printed = words
            .iter()
            .fold(Cli::with_notes(), |cli, word| cli.arg(word))
            .args("--format discord")
            .run()
            .json();
        assert_eq!((sent.kind, &without_kept_rows(&sent.data)), (4, &printed), "{command} {options:?}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn names_are_completed() {
    let (fake, _bot) = start_bot().await;
    let first = async |command: &str, option: &str, typed: &str| {
        let choices = fake.autocomplete(command).focused(option, typed).send().choices().await;
        choices.first().cloned().unwrap_or_default()
    };
    assert!(first("topic", "name", "kuber").await.starts_with("Kubernetes · "));
    assert!(first("takeaways", "topic", "k8s").await.starts_with("Kubernetes · "));
    assert_eq!(first("who", "name", "garu").await, "Mike Garuccio · 1 post");
    assert_eq!(first("compare", "second", "san d").await, "KubeCon NA 2019, San Diego · 2 posts");
    assert_eq!(first("compare", "first", "garu").await, "Mike Garuccio · 1 post");
    assert_eq!(first("takeaways", "event", "otters").await, "");
    fake.assert_clean();
}

#[tokio::test]
async fn a_trend_has_a_picture_in_replies_messages_and_mentions() {
    let (fake, _bot) = start_bot_with(&corpus()).await;
    let sent = fake.slash("trend").option("topic", "Linkerd").send().first_callback().await;
    let shown = files(&fake, "POST /interactions/*/*/callback");
    assert_has_picture(&sent.data, &shown);
    let direct = fake.message("Linkerd over the years").in_dm().send().reply().await;
    assert_has_picture(&direct, &files(&fake, "POST /channels/*/messages"));
    let mention = fake.message("Linkerd over the years").mentioning_bot().send().reply().await;
    let again = files(&fake, "POST /channels/*/messages");
    assert_has_picture(&mention, &again);
    assert_eq!(again, shown, "the same picture");
    // Nothing else has one.
    let other = fake.slash("topic").option("name", "Linkerd").send().first_callback().await;
    assert!(other.data["attachments"].is_null(), "{:#}", other.data);
    fake.assert_clean();
}

#[tokio::test]
async fn a_picture_is_sent_again_with_an_edit() {
    let (fake, _bot) = start_bot_with(&corpus()).await;
    // Discord has the reply, and says only that it has one.
    fake.script("POST /interactions/*/*/callback", vec![ScriptedReply::error(400, 40_060).applied()]);
    let sent = fake.slash("trend").option("topic", "Linkerd").send();
    let edits = fake.until_requests("PATCH /webhooks/*/*/messages/@original", 1).await;
    assert_has_picture(&sent.reply().await, &edits[0].files);
    fake.assert_clean();
}

#[tokio::test]
async fn where_files_are_not_allowed_a_trend_has_its_numbers() {
    let (fake, _bot) = start_bot_with(&corpus()).await;
    fake.overwrite(CHANNEL, 0, ATTACH);
    let reply = fake.message("Linkerd over the years").mentioning_bot().send().reply().await;
    assert_eq!(reply["attachments"], json!([]));
    assert!(text(&reply).contains(NUMBERS), "{reply:#}");
    assert_eq!(fake.requests_to("POST /users/@me/channels").len(), 0, "there is nothing to tell privately");
    fake.assert_clean();
}
