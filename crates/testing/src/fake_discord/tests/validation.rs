//! Tests of the violations that are reported.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::super::{CHANNEL, FakeDiscord};
use super::client::{Client, call_back, message, request, webhook};

/// Returns the violations of a message to a channel.
async fn violations_of(body: Value) -> Vec<String> {
    let fake = FakeDiscord::start().await;
    let path = format!("/channels/{CHANNEL}/messages");
    request(&fake, Method::POST, &path).json(&body).send().await.expect("an answer");
    fake.violations()
}

/// Returns a message with a further field.
fn with(name: &str, value: Value) -> Value {
    let mut body = message("Hello");
    body[name] = value;
    body
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 2, "label": "Press", "custom_id": id })
}

#[tokio::test]
async fn a_message_is_held_to_the_limits() {
    assert_eq!(violations_of(message("Hello")).await, Vec::<String>::new());
    let long = json!({ "description": "x".repeat(3_001) });
    let buttons = |ids: &[&str]| json!([{ "type": 1, "components": ids.iter().map(|id| button(id)).collect::<Vec<_>>() }]);
    for (body, fault) in [
        (json!({ "content": "Hello" }), "allowed_mentions"),
        (with("allowed_mentions", json!({ "parse": ["users"] })), "allowed_mentions"),
        (with("allowed_mentions", json!({ "parse": [], "users": ["1"] })), "allowed_mentions.users"),
        (with("allowed_mentions", json!({ "parse": [], "replied_user": true })), "replied_user"),
        // 1,001 characters of two UTF-16 units each.
        (message(&"🦦".repeat(1_001)), "content of 2002"),
        (message(" "), "an empty message"),
        (with("embeds", json!([long, long])), "6002 characters over all embeds"),
        (with("components", buttons(&["a", "a"])), "\"a\" twice"),
        (with("components", buttons(&["a", "b", "c", "d", "e", "f"])), "6 components in a row"),
        (with("components", buttons(&["x".repeat(101).as_str()])), "custom_id of 101"),
    ] {
        let violations = violations_of(body).await;
        assert!(violations.iter().any(|text| text.contains(fault)), "{fault}: {violations:?}");
    }
}

#[tokio::test]
async fn a_body_is_held_to_the_description() {
    if crate::shared_data::shared_path("discord/openapi.json").is_none() {
        return;
    }
    let violations = violations_of(with("tts", json!("yes"))).await;
    assert!(violations.iter().any(|text| text.contains("not as described")), "{violations:?}");
}

#[tokio::test]
async fn a_request_is_held_to_its_headers() {
    let fake = FakeDiscord::start().await;
    let url = format!("{}/api/v10/users/@me", fake.url());
    let answer = reqwest::get(url).await.expect("an answer");
    assert_eq!(answer.status(), 401);
    let violations = fake.violations().join("\n");
    assert!(violations.contains("no authorization") && violations.contains("user agent"), "{violations}");
}

#[tokio::test]
async fn an_interaction_is_answered_once_and_first_by_a_callback() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let interaction = fake.ask("what of meshes?").event("KubeCon").year(2019).private(true).send();
    client.event("INTERACTION_CREATE").await;
    let early = request(&fake, Method::POST, &webhook(&interaction, "")).json(&message("early")).send().await;
    assert_eq!(early.expect("an answer").status(), 404);
    assert_eq!(call_back(&fake, &interaction, 5, &json!({ "flags": 64 })).await.status(), 204);
    assert!(fake.violations().iter().any(|text| text.contains("left deferred")));
    let edit =
        request(&fake, Method::PATCH, &webhook(&interaction, "/messages/@original")).json(&message("Young."));
    assert_eq!(edit.send().await.expect("an answer").status(), 200);
    let reply = interaction.reply().await;
    assert_eq!((&reply["content"], &reply["flags"]), (&json!("Young."), &json!(64)));
    let double = call_back(&fake, &interaction, 4, &message("again")).await;
    assert_eq!(double.status(), 400);
    assert_eq!(double.json::<Value>().await.expect("JSON")["code"], 40060);
    let violations = fake.violations().join("\n");
    assert!(
        violations.contains("before the callback") && violations.contains("a double callback"),
        "{violations}"
    );
    assert_eq!(fake.violations().len(), 2);
}

#[tokio::test]
async fn an_answer_can_be_late_or_missing() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    fake.set_callback_window(Duration::ZERO);
    let interaction = fake.ask("slow").send();
    client.event("INTERACTION_CREATE").await;
    let late = call_back(&fake, &interaction, 4, &message("late")).await;
    assert_eq!(
        (late.status().as_u16(), late.json::<Value>().await.expect("JSON")["code"].clone()),
        (404, json!(10062))
    );
    let violations = fake.violations().join("\n");
    assert!(violations.contains("late: ") && violations.contains("was never answered"), "{violations}");
}

#[tokio::test]
async fn choices_and_presses_are_judged_by_what_they_answer() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let typed = fake.autocomplete("ask").focused("event", "kube").send();
    client.event("INTERACTION_CREATE").await;
    let choices: Vec<Value> = (0..26).map(|at| json!({ "name": format!("{at}"), "value": "" })).collect();
    call_back(&fake, &typed, 8, &json!({ "choices": choices })).await;
    assert_eq!(typed.choices().await.len(), 26);
    let violations = fake.violations().join("\n");
    assert!(
        violations.contains("26 choices") && violations.contains("choice value is empty"),
        "{violations}"
    );

    let interaction = fake.ask("buttons").send();
    let mut body = message("Choose");
    body["components"] = json!([{ "type": 1, "components": [button("next")] }]);
    client.event("INTERACTION_CREATE").await;
    call_back(&fake, &interaction, 4, &body).await;
    let pressed = fake.press(&interaction.reply().await, "next").send();
    client.event("INTERACTION_CREATE").await;
    call_back(&fake, &pressed, 7, &message("Chosen")).await;
    assert_eq!(pressed.reply().await["content"], "Chosen");
    assert_eq!(fake.messages(CHANNEL).len(), 1);
}

#[tokio::test]
async fn a_token_ends_and_a_user_s_own_installation_has_few_follow_ups() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    let interaction = fake.ask("mine").user_installed().send();
    client.event("INTERACTION_CREATE").await;
    call_back(&fake, &interaction, 4, &message("0")).await;
    let path = webhook(&interaction, "");
    let follow_up = async || {
        let sent = request(&fake, Method::POST, &path).json(&message("more")).send().await;
        sent.expect("an answer").status().as_u16()
    };
    for _ in 0..5 {
        assert_eq!(follow_up().await, 200);
    }
    fake.assert_clean();
    assert_eq!(follow_up().await, 400);
    fake.set_token_lifetime(Duration::ZERO);
    assert_eq!(follow_up().await, 401);
    let violations = fake.violations().join("\n");
    assert!(
        violations.contains("more than 5 follow-ups") && violations.contains("a follow-up for"),
        "{violations}"
    );
    assert_eq!(fake.invalid_requests(), 1);
    assert!(fake.busiest_second() > 1);
}

/// Returns the violations of a message with a file.
async fn judged_form(message: Value, part: &str, bytes: &'static [u8]) -> Vec<String> {
    let fake = FakeDiscord::start().await;
    let path = format!("/channels/{CHANNEL}/messages");
    let file = Part::bytes(bytes).file_name("a.png").mime_str("image/png").expect("a type");
    let form = Form::new().text("payload_json", message.to_string()).part(part.to_owned(), file);
    request(&fake, Method::POST, &path).multipart(form).send().await.expect("an answer");
    fake.violations()
}

#[tokio::test]
async fn files_are_named_and_described() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    let attachment = |name: &str, text: &str| json!([{ "id": "0", "filename": name, "description": text }]);
    let good = with("attachments", attachment("a.png", "A chart"));
    assert_eq!(judged_form(good.clone(), "files[0]", PNG).await, Vec::<String>::new());
    for (body, part, bytes, fault) in [
        (message("Hello"), "files[0]", PNG, "does not name \"files[0]\""),
        (good.clone(), "files[1]", PNG, "files[0] is missing"),
        (good.clone(), "files[0]", b"GIF89a" as &[u8], "is no PNG"),
        (with("attachments", attachment("b.png", "A chart")), "files[0]", PNG, "files[0] is \"a.png\""),
        (with("attachments", attachment("a.png", " ")), "files[0]", PNG, "nobody described files[0]"),
        (
            with("attachments", attachment("a.png", &"x".repeat(1_025))),
            "files[0]",
            PNG,
            "description of a file",
        ),
    ] {
        let violations = judged_form(body, part, bytes).await;
        assert!(violations.iter().any(|text| text.contains(fault)), "{fault}: {violations:?}");
    }
    let violations = violations_of(good).await;
    assert!(violations.iter().any(|text| text.contains("files[0] is missing")), "{violations:?}");
}
