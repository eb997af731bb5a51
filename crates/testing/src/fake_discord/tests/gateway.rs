//! Tests of the gateway of the fake Discord, and of its scripted replies.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::super::{CHANNEL, CloseReason, DM, FakeDiscord, Refusal, SEND_MESSAGE, ScriptedReply};
use super::client::{Client, INTENTS, call_back, message, request};

#[tokio::test]
async fn a_client_identifies_is_ready_and_leaves() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    fake.ready().await;
    assert!(client.ready["resume_gateway_url"].as_str().is_some_and(|url| url.ends_with("/resume")));
    client.event("GUILD_CREATE").await;
    client.send(1, json!(client.sequence)).await;
    assert_eq!(client.frame().await["op"], 11);
    client.close().await;
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    assert_eq!(fake.gateway().identifies()[0].data["intents"], INTENTS);
    fake.assert_clean();
}

#[tokio::test]
async fn a_resumption_replays_what_was_missed_in_its_order() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    client.event("GUILD_CREATE").await;
    fake.gateway().reset();
    assert!(client.next().await.is_none_or(|next| next.is_err()));
    let first = fake.message("one").in_dm().send();
    let second = fake.ask("two").send();
    let mut client = client.resumed().await;
    assert_eq!(client.event("MESSAGE_CREATE").await["id"], first.id.to_string());
    assert_eq!(client.event("INTERACTION_CREATE").await["id"], second.id.to_string());
    client.event("RESUMED").await;
    fake.gateway().until_resumed(1).await;
    second.repeat();
    assert_eq!(client.event("INTERACTION_CREATE").await["id"], second.id.to_string());
    second.excuse();
    fake.assert_clean();
}

#[tokio::test]
async fn heartbeats_are_asked_for_and_left_unanswered() {
    let fake = FakeDiscord::start().await;
    let mut client = Client::identified(&fake).await;
    client.event("GUILD_CREATE").await;
    fake.gateway().acknowledge(false);
    fake.gateway().request_heartbeat();
    assert_eq!(client.frame().await["op"], 1);
    client.send(1, json!(client.sequence)).await;
    fake.gateway().until_ops(1, 1).await;
    // An acknowledgement would come first.
    fake.gateway().reconnect();
    assert_eq!(client.frame().await["op"], 7);
    client.send(1, json!(9_999)).await;
    fake.gateway().until_ops(1, 2).await;
    assert!(fake.violations().iter().any(|text| text.contains("a heartbeat with 9999")));
}

#[tokio::test]
async fn clients_are_turned_away_as_told() {
    let fake = FakeDiscord::start().await;
    let url = format!("ws://{}/?v=10&encoding=json", fake.core.gateway);
    fake.gateway().refuse_next(1, Refusal::Tcp);
    fake.gateway().refuse_next(1, Refusal::Http(503));
    fake.gateway().refuse_next(1, Refusal::BeforeHello);
    assert!(tokio_tungstenite::connect_async(&url).await.is_err());
    let refused = tokio_tungstenite::connect_async(&url).await.expect_err("no upgrade");
    assert!(refused.to_string().contains("503"), "{refused}");
    let greeted = async |url: &str| {
        let (mut socket, _) = tokio_tungstenite::connect_async(url).await.ok()?;
        futures_util::StreamExt::next(&mut socket).await?.ok()
    };
    assert_eq!(greeted(&url).await, None);
    assert!(greeted(&url).await.is_some());
    assert_eq!(fake.gateway().attempts().len(), 4);
}

#[tokio::test]
async fn intents_decide_what_is_seen() {
    let fake = FakeDiscord::start().await;
    let mut refused = Client::connect(&format!("ws://{}", fake.core.gateway)).await;
    refused.identify(INTENTS | 1 << 15).await;
    assert!(
        matches!(refused.next().await, Some(Ok(Message::Close(Some(frame)))) if u16::from(frame.code) == 4_014)
    );
    let mut client = Client::identified(&fake).await;
    fake.message("not for the bot").with_attachment("a.png").send();
    assert_eq!(client.event("MESSAGE_CREATE").await["content"], "");
    fake.message("for the bot").mentioning_bot().send();
    let seen = client.event("MESSAGE_CREATE").await;
    assert!(seen["content"].as_str().is_some_and(|text| text.ends_with("for the bot")), "{seen}");
    fake.message("direct").in_dm().send();
    let seen = client.event("MESSAGE_CREATE").await;
    assert_eq!((&seen["content"], &seen["channel_id"]), (&json!("direct"), &json!(DM.to_string())));
}

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
