//! The gateway's messages: <https://discord.com/developers/docs/topics/gateway-events#payload-structure>.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Session;

/// What is asked of Discord: direct messages, and messages of servers, whose content arrives where the bot is
/// mentioned. Neither is a privileged intent.
/// <https://discord.com/developers/docs/topics/gateway#gateway-intents>
pub const INTENTS: u64 = GUILD_MESSAGES | DIRECT_MESSAGES;
const GUILD_MESSAGES: u64 = 1 << 9;
const DIRECT_MESSAGES: u64 = 1 << 12;

/// What a frame is for.
pub mod op {
    pub const DISPATCH: u8 = 0;
    pub const HEARTBEAT: u8 = 1;
    pub const IDENTIFY: u8 = 2;
    pub const RESUME: u8 = 6;
    pub const RECONNECT: u8 = 7;
    pub const INVALID_SESSION: u8 = 9;
    pub const HELLO: u8 = 10;
    pub const HEARTBEAT_ACK: u8 = 11;
}

/// A frame as it came; what it holds is parsed only where somebody wants it.
#[derive(Debug, Deserialize)]
pub struct Frame<'a> {
    pub op: u8,
    /// The number of the event within the session.
    pub s: Option<u64>,
    /// The name of the event.
    #[serde(borrow)]
    pub t: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub d: Option<&'a RawValue>,
}

impl<'a> Frame<'a> {
    /// What it holds, where it is of this shape.
    pub fn data<T: Deserialize<'a>>(&self) -> Option<T> {
        serde_json::from_str(self.d?.get()).ok()
    }
}

/// What HELLO holds.
#[derive(Debug, Deserialize)]
pub struct Hello {
    /// In milliseconds.
    pub heartbeat_interval: u64,
}

/// What we need of READY.
#[derive(Debug, Deserialize)]
pub struct Ready {
    pub session_id: String,
    pub resume_gateway_url: String,
    pub user: Named,
    pub application: Named,
}

/// Something with an id.
#[derive(Debug, Deserialize)]
pub struct Named {
    #[serde(deserialize_with = "id")]
    pub id: u64,
}

fn id<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    text.parse()
        .ok()
        .filter(|id| *id != 0)
        .ok_or_else(|| serde::de::Error::custom("an id is a number over 0"))
}

/// Begins a session.
pub fn identify(token: &str) -> Value {
    json!({ "op": op::IDENTIFY, "d": {
        "token": token,
        "intents": INTENTS,
        "properties": { "os": std::env::consts::OS, "browser": "takeaways", "device": "takeaways" },
        "shard": [0, 1],
    }})
}

/// Goes on with one.
pub fn resume(token: &str, session: &Session) -> Value {
    json!({ "op": op::RESUME, "d": { "token": token, "session_id": session.id, "seq": session.sequence } })
}

/// Says that we are there.
pub fn heartbeat(sequence: Option<u64>) -> Value {
    json!({ "op": op::HEARTBEAT, "d": sequence })
}
