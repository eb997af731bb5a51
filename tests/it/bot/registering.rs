//! Registration of the commands: only after changes, and without a delay for anyone.

use serde_json::{Value, json};

use super::text;
use crate::fake_discord::{APPLICATION, FakeDiscord, ScriptedReply, TOKEN};
use crate::harness::bot::TestBot;
use crate::harness::root;

const GLOBAL: &str = "PUT /applications/*/commands";
const REGISTERED: &str = "the commands were registered";
const ALL: [&str; 18] = [
    "ask",
    "takeaways",
    "compare",
    "trend",
    "who",
    "topic",
    "latest",
    "help",
    "about",
    "digest",
    "recaps",
    "follow",
    "unfollow",
    "following",
    "privacy",
    "forget-me",
    "Find recaps about this",
    "Who said this?",
];
const SAME: &str = "the commands were registered already";
/// The option type of a subcommand.
const SUBCOMMAND: u64 = 1;
/// The type of a command in the menu of a message.
const MESSAGE: u64 = 3;

fn names(commands: &[Value]) -> Vec<&str> {
    commands.iter().filter_map(|command| command["name"].as_str()).collect()
}

#[tokio::test]
async fn commands_are_registered_once_and_again_when_they_changed() {
    let fake = FakeDiscord::start().await;
    for (words, puts) in [(REGISTERED, 1), (SAME, 1), (SAME, 1)] {
        TestBot::setup(&fake).start(&fake).await.until_log(words).await;
        assert_eq!(fake.requests_to(GLOBAL).len(), puts);
        assert_eq!(names(&fake.commands()), ALL);
    }
    // The commands of an older version.
    let path = format!("{}/api/v10/applications/{APPLICATION}/commands", fake.url());
    let old = json!([{ "name": "ask", "type": 1, "description": "Asks." }]);
    let put = reqwest::Client::new().put(path).header("authorization", format!("Bot {TOKEN}"));
    let put = put.header("user-agent", "DiscordBot (test, 1)").json(&old).send().await;
    assert!(put.expect("an answer").status().is_success());
    TestBot::setup(&fake).start(&fake).await.until_log(REGISTERED).await;
    assert_eq!(fake.requests_to(GLOBAL).len(), 3);
    assert_eq!(names(&fake.commands()), ALL);
    fake.assert_clean();
}

/// Returns the sentence that the reference must have for a command with these options.
fn needs(command: &str, options: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for option in options.as_array().into_iter().flatten() {
        let name = option["name"].as_str().expect("a name");
        if option["type"] == SUBCOMMAND {
            let subcommand = format!("{command} {name}");
            all.extend(needs(&subcommand, &option["options"]));
            all.push(format!("/{subcommand}"));
        } else {
            all.push(format!("| `{name}` |"));
            let choices = option["choices"].as_array().into_iter().flatten();
            all.extend(choices.map(|choice| format!("`{}`", choice["name"].as_str().expect("a name"))));
        }
    }
    all
}

#[tokio::test]
async fn every_command_and_every_option_is_in_the_reference() {
    let fake = FakeDiscord::start().await;
    TestBot::setup(&fake).start(&fake).await.until_log(REGISTERED).await;
    let reference = std::fs::read_to_string(root().join("docs/commands.md")).expect("the reference");
    let commands = fake.commands();
    assert_eq!(names(&commands), ALL);
    for command in &commands {
        let name = command["name"].as_str().expect("a name");
        if command["type"] == MESSAGE {
            assert!(reference.contains(&format!("- *{name}*")), "docs/commands.md lacks {name}");
            continue;
        }
        let described = reference.split(&format!("\n## /{name}\n")).nth(1);
        let section = described.and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
        let needs = needs(name, &command["options"]).into_iter();
        let missing: Vec<String> = needs.filter(|need| !section.contains(need.as_str())).collect();
        assert!(!section.is_empty() && missing.is_empty(), "docs/commands.md lacks of /{name}: {missing:?}");
    }
}

#[tokio::test]
async fn commands_that_can_not_be_registered_do_not_keep_it_from_answering() {
    for (route, reply) in [
        (GLOBAL, ScriptedReply::error(403, 50001)),
        ("GET /applications/*/commands", ScriptedReply::error(403, 50001)),
        (GLOBAL, ScriptedReply::status(500)),
    ] {
        let fake = FakeDiscord::start().await;
        fake.script_always(route, reply);
        let bot = TestBot::setup(&fake).start(&fake).await;
        let answer = fake.ask("what did people say about service mesh?").send().reply().await;
        assert!(text(&answer).contains("Notes on"), "{answer:#}");
        bot.until_log("the commands could not be registered").await;
        assert!(fake.requests_to(route).len() <= 3);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn commands_are_registered_in_the_end_where_discord_stumbles() {
    let fake = FakeDiscord::start().await;
    fake.script("GET /applications/*/commands", vec![ScriptedReply::status(502)]);
    fake.script(GLOBAL, vec![ScriptedReply::reset().applied()]);
    let bot = TestBot::setup(&fake).start(&fake).await;
    bot.until_log(SAME).await;
    assert_eq!(fake.requests_to(GLOBAL).len(), 1);
    fake.assert_clean();
}
