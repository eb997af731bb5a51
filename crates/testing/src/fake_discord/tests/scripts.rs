//! Tests of scripted replies, recorded requests, and TLS.

use reqwest::{Certificate, Method};
use serde_json::{Value, json};

use super::super::{APPLICATION, BOT, CHANNEL, DM, FakeDiscord, SEND_MESSAGE, ScriptedReply, TOKEN, USER};
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

#[tokio::test]
async fn commands_are_kept_and_direct_channels_found() {
    let fake = FakeDiscord::start().await;
    let path = format!("/applications/{APPLICATION}/commands");
    let body = json!([{ "name": "ask", "type": 1, "description": "Asks." }]);
    let put = request(&fake, Method::PUT, &path).json(&body).send().await.expect("an answer");
    let first = put.json::<Value>().await.expect("JSON")[0]["id"].clone();
    let got = request(&fake, Method::GET, &path).send().await.expect("an answer");
    assert_eq!(got.json::<Value>().await.expect("JSON")[0]["id"], first);
    assert_eq!(fake.ask("x").send().payload()["data"]["id"], first);
    let open = request(&fake, Method::POST, "/users/@me/channels")
        .json(&json!({ "recipient_id": USER.to_string() }));
    let channel = open.send().await.expect("an answer").json::<Value>().await.expect("JSON");
    assert_eq!(channel["id"], DM.to_string());
    fake.assert_clean();
}

#[tokio::test]
async fn it_can_be_discord_itself() {
    let fake = FakeDiscord::start_tls().await;
    let pem = std::fs::read(fake.certificate().expect("a certificate")).expect("a file");
    let client = reqwest::Client::builder()
        .resolve("discord.com", fake.address())
        .add_root_certificate(Certificate::from_pem(&pem).expect("a certificate"))
        .build()
        .expect("a client");
    let user = async || {
        let get = client.get("https://discord.com/api/v10/users/@me");
        let get = get.header("authorization", format!("Bot {TOKEN}"));
        get.header("user-agent", "DiscordBot (test, 1)").send().await.expect("an answer")
    };
    assert_eq!(user().await.json::<Value>().await.expect("JSON")["id"], BOT.to_string());
    fake.script("GET /users/@me", vec![ScriptedReply::limited(0.01, "user")]);
    assert_eq!([user().await.status(), user().await.status()].map(|status| status.as_u16()), [429, 200]);
    assert_eq!(fake.requests_to("GET /users/@me").len(), 3);
    fake.assert_clean();
}
