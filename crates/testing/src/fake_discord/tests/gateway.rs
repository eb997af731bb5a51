//! Tests of sessions and their interruptions.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::super::{CloseReason, DM, FakeDiscord, Refusal};
use super::client::{Client, INTENTS};

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
