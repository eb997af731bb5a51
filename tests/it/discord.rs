//! Checks the bot's messages against Discord's own description of its API.

use std::fs;
use takeaways_testing::now;

use jsonschema::Validator;
use serde_json::{Value, json};

use takeaways_render::discord::{self, About, MessagePayload};
use takeaways_text::model::{Language, QuestionError, YearsError};

use crate::harness::{Cli, TempCorpus, shared_path};

/// The schema of a message's body.
fn message() -> Option<Validator> {
    schema("MessageCreateRequest")
}

/// Returns the schema; `None`, with a printed line, if the description is missing.
fn schema(name: &str) -> Option<Validator> {
    let text = fs::read_to_string(shared_path("discord/openapi.json")?).expect("a readable file");
    let api: Value = serde_json::from_str(&text).expect("JSON");
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": { "schemas": api["components"]["schemas"] },
    });
    Some(jsonschema::validator_for(&schema).expect("a schema"))
}

fn page(cli: Cli, question: &str) -> Value {
    cli.args("ask --format discord --now 2026-11-20").arg(question).run().json()
}

#[test]
fn what_is_sent_is_what_discord_takes() {
    let Some(message) = message() else { return };
    for question in [
        "what did people say about service mesh?",
        "what was said about service mesh?",
        "main takeaways of KubeCon",
        "security over the years",
        "which projects graduated at KubeCon EU 2018?",
        "who won the football world cup?",
        "what about @everyone and <@1> || **bold** [a](https://b.c)?",
    ] {
        let page = page(Cli::with_notes(), question);
        let faults: Vec<String> = message.iter_errors(&page).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{question}: {faults:?} in {page}");
        assert_eq!(page["allowed_mentions"], json!({ "parse": [] }));
    }
    let wrong = json!({ "content": "x".repeat(5_000) });
    assert!(!message.is_valid(&wrong), "the description has no limits");
}

#[test]
fn a_note_is_called_one_and_a_post_is_quoted() {
    let note = page(Cli::with_notes(), "why is a service mesh needed?");
    let text = note["embeds"][0]["description"].as_str().expect("text").to_owned();
    assert!(text.contains("\n\n**1.** Notes on **CNCF Ambassador Spill"), "{text}");
    assert!(
        !text.lines().any(|line| line.starts_with("> ")) && text.contains("**Why is a service mesh"),
        "{text}"
    );

    let corpus = TempCorpus::new().file(
        "a.md",
        "---\ntitle: Otters [again]\ndate: 2019-01-02\nurl: https://example.com/a_(b)\n---\n\
         The otters ping @everyone and <@1234>, *they* say.\n",
    );
    let post = page(Cli::with_corpus(&corpus), "what do the otters ping?");
    assert_eq!(
        post["embeds"][0]["description"],
        "> The **otters** **ping** \\@\u{200b}everyone and \\<\\@1234\\>, they say.\n\
         [Otters \\[again\\]](https://example.com/a_%28b%29#:~:text=The%20otters%20ping%20%40everyone%20and%20%3C%401234%3E%2C%20they%20say%2E)\n-# <t:1546430400:D>"
    );
}

#[test]
fn an_offer_is_a_button_that_can_be_pressed() {
    let page = page(Cli::with_notes(), "opentelemetry at KubeCon NA 2019");
    let buttons = page["components"][0]["components"].as_array().expect("buttons");
    assert!(
        page["content"]
            .as_str()
            .is_some_and(|text| text.starts_with("I found nothing in the recaps that answers this: ")),
        "{page}"
    );
    for button in buttons {
        let question = button["label"].as_str().expect("a label");
        Cli::with_notes().args("ask --now 2026-11-20").arg(question).run().code(0);
    }
}

/// Returns every page that is not an answer.
fn other_pages() -> Vec<MessagePayload> {
    let examples: Vec<String> = (1..9).map(|at| format!("what about <@{at}> and **otters**?")).collect();
    let newest = Some(jiff::civil::date(2019, 12, 5));
    let about = About {
        posts: 7,
        events: 3,
        years: Some((2017, 2019)),
        are_built_in: true,
        about_drafts: 2,
        newest,
        version: "0.1.0",
        license: "Apache-2.0",
        link: "https://example.com",
    };
    vec![
        discord::help(&["**Ask** with `/ask`."], &examples),
        discord::help(&[], &[]),
        discord::about(&about),
        discord::internal_error("a1b2c3"),
        discord::timed_out("a1b2c3"),
        discord::rate_limited(now()),
        discord::no_question(),
        discord::bad_question(&QuestionError::Empty),
        discord::bad_year(&YearsError::Unreadable),
        discord::shutting_down(),
        discord::bad_question(&QuestionError::TooLong { chars: 6_001, max: 6_000 }),
        discord::not_yours(),
        discord::outdated_button(),
        discord::unknown_command(),
        discord::welcome(Language::En),
        discord::small_talk(Language::En),
        discord::could_not_post(u64::MAX),
    ]
}

#[test]
fn every_other_page_is_what_discord_takes() {
    let (Some(message), Some(callback)) = (message(), schema("CreateMessageInteractionCallbackRequest"))
    else {
        return;
    };
    let variants =
        |page: MessagePayload| [page.clone(), page.clone().ephemeral(), page.with_delete_button(u64::MAX)];
    for page in other_pages().into_iter().flat_map(variants) {
        let page = serde_json::to_value(page).expect("JSON");
        let reply = json!({ "type": 4, "data": page });
        let faults: Vec<String> = message
            .iter_errors(&page)
            .chain(callback.iter_errors(&reply))
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{faults:?} in {page}");
    }
}

#[test]
fn choices_are_what_discord_takes() {
    let Some(callback) = schema("ApplicationCommandAutocompleteCallbackRequest") else { return };
    let many: Vec<String> = (0..40).map(|at| format!("{at} {}", "🦦".repeat(at + 25))).collect();
    let authors: Vec<(&str, u64)> = many.iter().map(|author| (author.as_str(), 3)).collect();
    let reply = json!({ "type": 8, "data": { "choices": discord::author_choices(&authors) } });
    let faults: Vec<String> = callback.iter_errors(&reply).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?} in {reply}");
}
