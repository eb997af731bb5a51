//! Tests of scripted replies and recorded requests.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::{CHANNEL, FakeDiscord, SEND_MESSAGE, ScriptedReply};
use super::client::{Client, call_back, message, request};

#[tokio::test]
async fn a_route_answers_as_scripted_and_then_as_usual() {
    let fake = FakeDiscord::start().await;
    let path = format!("/channels/{CHANNEL}/messages");
    let post = || request(&fake, Method::POST, &path).json(&message("Hello")).send();
    let replies = vec![
        ScriptedReply::limited(1.5, "user"),
        ScriptedReply::status(502),
        ScriptedReply::banned_by_the_edge(),
        ScriptedReply::reset(),
    ];
    fake.script(SEND_MESSAGE, replies);
    let limited = post().await.expect("an answer");
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"2".parse().expect("ASCII"))
    );
    assert_eq!(limited.json::<Value>().await.expect("JSON")["retry_after"], 1.5);
    assert_eq!(post().await.expect("an answer").status(), 502);
    assert_eq!(post().await.expect("an answer").headers()["content-type"], "text/html");
    assert!(post().await.is_err());
    assert_eq!(fake.messages(CHANNEL).len(), 0);
    assert_eq!(post().await.expect("an answer").status(), 200);
    assert_eq!(fake.next_message(CHANNEL).await["content"], "Hello");
    fake.script_always("* /channels/**", ScriptedReply::error(403, 50013));
    assert_eq!(post().await.expect("an answer").status(), 403);
    fake.unscript("* /channels/**");
    assert_eq!(fake.requests_to(SEND_MESSAGE).len(), 6);
    fake.assert_clean();
}

#[tokio::test]
async fn a_reset_after_the_effect_leaves_one_message_by_its_nonce() {
    let fake = FakeDiscord::start().await;
    let mut body = message("Digest");
    body["nonce"] = json!("d:0123abcd");
    body["enforce_nonce"] = json!(true);
    fake.script(SEND_MESSAGE, vec![ScriptedReply::reset().applied()]);
    let path = format!("/channels/{CHANNEL}/messages");
    let post = || request(&fake, Method::POST, &path).json(&body).send();
    assert!(post().await.is_err());
    assert_eq!(post().await.expect("an answer").status(), 200);
    assert_eq!(fake.messages(CHANNEL).len(), 1);
    fake.forget_nonces();
    post().await.expect("an answer");
    assert_eq!(fake.messages(CHANNEL).len(), 2);
    fake.assert_clean();
}

#[tokio::test]
async fn a_callback_that_a_script_broke_may_be_repeated() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    fake.script("POST /interactions/*/*/callback", vec![ScriptedReply::status(500).applied()]);
    let interaction = fake.ask("twice").send();
    client.event("INTERACTION_CREATE").await;
    assert_eq!(call_back(&fake, &interaction, 4, &message("one")).await.status(), 500);
    assert_eq!(call_back(&fake, &interaction, 4, &message("one")).await.status(), 400);
    assert_eq!(interaction.reply().await["content"], "one");
    fake.assert_clean();
}
