//! The gateway's messages: <https://discord.com/developers/docs/topics/gateway-events#payload-structure>.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::GatewaySession;
use takeaways_delivery::ServerEvent;

/// What is asked of Discord: servers with their channels and roles, so that a digest that was paused goes on when the bot
/// may post again; direct messages, and messages of servers, whose content arrives where the bot is mentioned. None is a
/// privileged intent.
/// <https://discord.com/developers/docs/topics/gateway#gateway-intents>
pub const INTENTS: u64 = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES;
const GUILDS: u64 = 1;
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
pub struct GatewayFrame<'a> {
    pub op: u8,
    /// The number of the event within the session.
    pub s: Option<u64>,
    /// The name of the event.
    #[serde(borrow)]
    pub t: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub d: Option<&'a RawValue>,
}

impl<'a> GatewayFrame<'a> {
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
    pub user: IdPayload,
    pub application: IdPayload,
    /// All servers that the bot is in.
    #[serde(default)]
    pub guilds: Option<Vec<IdPayload>>,
}

/// What we need of events about servers, which may be megabytes: nothing else of them is kept.
#[derive(Debug, Deserialize)]
pub struct ServerPayload {
    /// Of the server, where the event is about the server itself.
    id: Option<String>,
    guild_id: Option<String>,
    #[serde(default)]
    unavailable: bool,
}

impl ServerPayload {
    /// What happened to which server, by the name of the event. `None` where it is none of our business.
    pub fn change(&self, event: &str) -> Option<(u64, ServerEvent)> {
        let (id, change) = match event {
            "GUILD_CREATE" if !self.unavailable => (&self.id, ServerEvent::Joined),
            // With `unavailable` it is Discord that has trouble.
            "GUILD_DELETE" if !self.unavailable => (&self.id, ServerEvent::Left),
            "CHANNEL_CREATE"
            | "CHANNEL_UPDATE"
            | "THREAD_UPDATE"
            | "GUILD_ROLE_UPDATE"
            | "GUILD_MEMBER_UPDATE" => (&self.guild_id, ServerEvent::PermissionsChanged),
            _ => return None,
        };
        Some((id.as_ref()?.parse().ok().filter(|id| *id != 0)?, change))
    }

    /// Whether an event can be about a server.
    pub fn is_server_event(event: &str) -> bool {
        event.starts_with("GUILD_") || event.starts_with("CHANNEL_") || event.starts_with("THREAD_")
    }
}

/// Something with an id.
#[derive(Debug, Deserialize)]
pub struct IdPayload {
    #[serde(deserialize_with = "deserialize_id")]
    pub id: u64,
}

fn deserialize_id<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
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
pub fn resume(token: &str, session: &GatewaySession) -> Value {
    json!({ "op": op::RESUME, "d": { "token": token, "session_id": session.id, "seq": session.sequence } })
}

/// Says that we are there.
pub fn heartbeat(sequence: Option<u64>) -> Value {
    json!({ "op": op::HEARTBEAT, "d": sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_servers_is_told_apart() {
        let change = |event: &str, data: &str| {
            serde_json::from_str::<ServerPayload>(data).expect("JSON").change(event)
        };
        let (server, channel) = (r#"{"id":"7","channels":[{"id":"8"}]}"#, r#"{"id":"8","guild_id":"7"}"#);
        assert_eq!(change("GUILD_CREATE", server), Some((7, ServerEvent::Joined)));
        assert_eq!(change("GUILD_DELETE", r#"{"id":"7"}"#), Some((7, ServerEvent::Left)));
        assert_eq!(change("GUILD_DELETE", r#"{"id":"7","unavailable":true}"#), None);
        for event in ["CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_UPDATE"] {
            assert_eq!(change(event, channel), Some((7, ServerEvent::PermissionsChanged)), "{event}");
        }
        let member = r#"{"guild_id":"7","user":{"id":"9"},"roles":[]}"#;
        assert_eq!(change("GUILD_MEMBER_UPDATE", member), Some((7, ServerEvent::PermissionsChanged)));
        assert_eq!(
            change("GUILD_ROLE_UPDATE", r#"{"guild_id":"7","role":{"id":"9"}}"#),
            Some((7, ServerEvent::PermissionsChanged))
        );
        assert_eq!(change("CHANNEL_UPDATE", r#"{"id":"8"}"#), None, "a direct channel");
        assert_eq!(change("GUILD_EMOJIS_UPDATE", channel), None);
    }
}
