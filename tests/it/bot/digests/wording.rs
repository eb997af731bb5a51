//! What people see of the bot's messages: Discord hides a backslash before a sign, but not in code.

use serde_json::Value;

use super::{WEEKLY, add, digest, digest_of, start_bot};
use crate::bot::fixture::{OUT_OF_SCOPE, QUESTION, UNANSWERABLE};
use crate::fake_discord::CHANNEL;

/// Returns the text as Discord shows it: code and escaped signs without their marks.
fn shown(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '`' if after.contains('`') => {
                let (code, after) = after.split_once('`').expect("a second one");
                out.push_str(code);
                after
            }
            '\\' if after.starts_with(|next: char| next.is_ascii_punctuation()) => {
                out.push_str(&after[..1]);
                &after[1..]
            }
            _ => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// Returns all texts that a request shows: content and embeds, wherever they stand in its body.
fn texts(body: &Value) -> Vec<&str> {
    match body {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if ["content", "description"].contains(&name.as_str()) => {
                    vec![text.as_str()]
                }
                value => texts(value),
            })
            .collect(),
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn marks_that_people_would_see_are_found() {
    assert_eq!(shown("write `0 9 * * 1` \\*or\\* \\`x\\`"), "write 0 9 * * 1 *or* `x`");
    assert_eq!(shown("`09\\:00`"), "09\\:00");
}

#[tokio::test]
async fn no_message_shows_a_backslash_or_a_backtick() {
    let (fake, _bot) = start_bot().await;
    let follow = |topic: &str| fake.slash("follow").subcommand("topic").option("name", topic);
    for schedule in [
        "",
        "now and then",
        "mondey at 9",
        "daily at 25:00",
        "* * * * *",
        "0 9 31 2 *",
        "0 9 * *",
        "0 9 * * 9",
        "daily",
        "daily at 9 and 10:00",
        "every other week",
        "third at 09:00",
        "hourly at 09:00",
        "monthly on the 40th at 09:00",
        "fifth Monday at 09:00",
        "daily at 09:00 CEST",
        "daily at 09:00 Europe/Berln",
    ] {
        add(&fake, schedule).send().reply().await;
        follow("gitops").option("schedule", schedule).send().reply().await;
    }
    for zone in ["+2", "CEST", "Europe/Berln", "Mars", "UTC"] {
        add(&fake, WEEKLY).option("timezone", zone).send().reply().await;
    }
    for name in ["KubeCon", "otters", "supply", "example", ":x:", "1. a*b_c"] {
        for option in ["event", "topic", "author"] {
            add(&fake, WEEKLY).option(option, name).send().reply().await;
        }
        follow(name).send().reply().await;
        fake.slash("unfollow").option("what", name).send().reply().await;
        digest_of(&fake, "log", name).send().reply().await;
    }
    for subcommand in
        ["edit", "preview", "now", "log", "pause", "now", "resume", "resume", "remove", "remove"]
    {
        digest_of(&fake, subcommand, "1").send().reply().await;
    }
    digest(&fake, "list").send().reply().await;
    digest(&fake, "list").permissions(0).send().reply().await;
    for command in ["help", "about", "following"] {
        fake.slash(command).send().reply().await;
    }
    for question in
        [QUESTION, UNANSWERABLE, OUT_OF_SCOPE, "hello", "thanks", "ok", "?!", " ", &"x".repeat(6_001)]
    {
        fake.ask(question).send().reply().await;
        fake.ask(question).year(19).send().reply().await;
        fake.message(question).in_dm().send().reply().await;
    }
    fake.message(QUESTION).in_channel(CHANNEL).mentioning_bot().send().reply().await;
    let requests = fake.requests();
    let all: Vec<&str> =
        requests.iter().filter(|request| request.method != "PUT").flat_map(|it| texts(&it.body)).collect();
    assert!(all.len() > 90, "{}", all.len());
    for text in all {
        let shown = shown(text);
        assert!(!shown.contains(['\\', '`']), "{shown}");
        assert!(!shown.contains("?.") && !shown.contains(".."), "{shown}");
    }
    fake.assert_clean();
}
