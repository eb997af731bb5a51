//! A minimal client, which sends exactly what a test writes.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::super::{DEADLINE, FakeDiscord, InteractionHandle, TOKEN};

/// All intents that are not privileged.
pub(crate) const INTENTS: u64 = 1 | 1 << 9 | 1 << 12;

/// A connection to the gateway.
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The `d` of READY.
    pub ready: Value,
    /// The last sequence number.
    pub sequence: u64,
}

impl Client {
    /// Connects and waits for HELLO.
    pub(crate) async fn connect(url: &str) -> Self {
        let (socket, _) = connect_async(format!("{url}/?v=10&encoding=json")).await.expect("a gateway");
        let mut client = Self { socket, ready: Value::Null, sequence: 0 };
        assert_eq!(client.frame().await["op"], 10);
        client
    }

    /// Connects and starts a session.
    pub(crate) async fn identified(fake: &FakeDiscord) -> Self {
        Self::with_intents(fake, INTENTS).await
    }

    pub(crate) async fn with_intents(fake: &FakeDiscord, intents: u64) -> Self {
        let url = request(fake, Method::GET, "/gateway/bot").send().await.expect("an answer");
        let url: Value = url.json().await.expect("JSON");
        let mut client = Self::connect(url["url"].as_str().expect("a URL")).await;
        client.identify(intents).await;
        client.ready = client.event("READY").await;
        client
    }

    pub(crate) async fn identify(&mut self, intents: u64) {
        let properties = json!({ "os": "linux", "browser": "test", "device": "test" });
        self.send(
            2,
            json!({ "token": TOKEN, "intents": intents, "properties": properties, "shard": [0, 1] }),
        )
        .await;
    }

    /// Connects again to resume this session.
    pub(crate) async fn resumed(self) -> Self {
        let mut next = Self::connect(self.ready["resume_gateway_url"].as_str().expect("a URL")).await;
        let session = json!({ "token": TOKEN, "session_id": self.ready["session_id"], "seq": self.sequence });
        next.send(6, session).await;
        next
    }

    pub(crate) async fn send(&mut self, op: u64, data: Value) {
        let frame = json!({ "op": op, "d": data }).to_string();
        self.socket.send(Message::text(frame)).await.expect("an open connection");
    }

    pub(crate) async fn close(&mut self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        self.socket.close(Some(frame)).await.expect("an open connection");
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// Returns the next message of the socket.
    pub(crate) async fn next(&mut self) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
        tokio::time::timeout(DEADLINE, self.socket.next()).await.expect("in time")
    }

    /// Returns the next frame.
    pub(crate) async fn frame(&mut self) -> Value {
        let next = self.next().await.expect("a frame").expect("an open connection");
        let frame: Value = serde_json::from_str(next.to_text().expect("text")).expect("JSON");
        self.sequence = frame["s"].as_u64().unwrap_or(self.sequence);
        frame
    }

    /// Returns the next event of a name, and skips others.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["t"] == name {
                return frame["d"].clone();
            }
        }
    }
}

/// Builds a request as a bot does.
pub(crate) fn request(fake: &FakeDiscord, method: Method, path: &str) -> RequestBuilder {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
    client
        .request(method, format!("{}/api/v10{path}", fake.url()))
        .header("authorization", format!("Bot {TOKEN}"))
        .header("user-agent", "DiscordBot (https://example.com, 1)")
}

/// Returns a valid message.
pub(crate) fn message(content: &str) -> Value {
    json!({ "content": content, "allowed_mentions": { "parse": [] } })
}

/// Answers an interaction.
pub(crate) async fn call_back(
    fake: &FakeDiscord,
    to: &InteractionHandle,
    kind: u64,
    data: &Value,
) -> Response {
    let token = to.payload()["token"].as_str().expect("a token");
    let path = format!("/interactions/{}/{token}/callback", to.id);
    let body = json!({ "type": kind, "data": data });
    request(fake, Method::POST, &path).json(&body).send().await.expect("an answer")
}

/// Returns the path of an interaction's messages.
pub(crate) fn webhook(of: &InteractionHandle, rest: &str) -> String {
    let payload = of.payload();
    let text = |name: &str| payload[name].as_str().expect("text").to_owned();
    format!("/webhooks/{}/{}{rest}", text("application_id"), text("token"))
}
