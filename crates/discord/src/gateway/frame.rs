//! The frames of the gateway.
//!
//! <https://discord.com/developers/docs/topics/gateway-events#payload-structure>

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{GatewayEvent, GatewaySession};
use crate::models::IdObject;
use takeaways_delivery::ServerEvent;

/// The intents: servers with their channels and roles, so that a paused digest resumes when the bot may post again;
/// direct messages; and messages of servers, whose content is included if the bot is mentioned. None of them is
/// privileged. <https://discord.com/developers/docs/topics/gateway#gateway-intents>
pub(crate) const INTENTS: u64 = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES;
const GUILDS: u64 = 1;
const GUILD_MESSAGES: u64 = 1 << 9;
const DIRECT_MESSAGES: u64 = 1 << 12;

/// The opcodes of frames.
pub(crate) mod op {
    pub(crate) const DISPATCH: u8 = 0;
    pub(crate) const HEARTBEAT: u8 = 1;
    pub(crate) const IDENTIFY: u8 = 2;
    pub(crate) const RESUME: u8 = 6;
    pub(crate) const RECONNECT: u8 = 7;
    pub(crate) const INVALID_SESSION: u8 = 9;
    pub(crate) const HELLO: u8 = 10;
    pub(crate) const HEARTBEAT_ACK: u8 = 11;
}

/// A received frame. Its data is parsed on demand.
#[derive(Debug, Deserialize)]
pub(crate) struct GatewayFrame<'a> {
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
    /// The data, if it has this type.
    pub(crate) fn data<T: Deserialize<'a>>(&self) -> Option<T> {
        serde_json::from_str(self.d?.get()).ok()
    }
}

/// The data of HELLO.
#[derive(Debug, Deserialize)]
pub(crate) struct Hello {
    /// In milliseconds.
    pub heartbeat_interval: u64,
}

/// The fields of READY that the bot needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    pub session_id: String,
    pub resume_gateway_url: String,
    pub user: IdObject,
    pub application: IdObject,
    /// All servers that the bot is in.
    #[serde(default)]
    pub guilds: Option<Vec<IdObject>>,
}

/// The fields of server events that the bot needs. Such an event may have megabytes, so nothing else is kept.
#[derive(Debug, Deserialize)]
pub(crate) struct ServerPayload {
    /// The server's id in events about the server itself, the channel's id in events about a channel.
    id: Option<String>,
    guild_id: Option<String>,
    #[serde(default)]
    unavailable: bool,
}

impl ServerPayload {
    /// The event, by its name. `None` if the bot does not need it.
    pub(crate) fn to_event(&self, name: &str) -> Option<GatewayEvent> {
        let (id, change) = match name {
            "GUILD_CREATE" if !self.unavailable => (&self.id, ServerEvent::Joined),
            // With `unavailable`, the server has an outage and the bot was not removed.
            "GUILD_DELETE" if !self.unavailable => (&self.id, ServerEvent::Left),
            "CHANNEL_CREATE"
            | "CHANNEL_UPDATE"
            | "THREAD_UPDATE"
            | "GUILD_ROLE_UPDATE"
            | "GUILD_MEMBER_UPDATE" => (&self.guild_id, ServerEvent::PermissionsChanged),
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                let (server, channel) = (parse_id(self.guild_id.as_deref())?, parse_id(self.id.as_deref())?);
                return Some(GatewayEvent::ChannelDeleted { server, channel });
            }
            _ => return None,
        };
        Some(GatewayEvent::Server { server: parse_id(id.as_deref())?, change })
    }

    /// Whether an event may be about a server.
    pub(crate) fn is_server_event(event: &str) -> bool {
        event.starts_with("GUILD_") || event.starts_with("CHANNEL_") || event.starts_with("THREAD_")
    }
}

fn parse_id(id: Option<&str>) -> Option<u64> {
    id?.parse().ok().filter(|id| *id != 0)
}

/// The frame that starts a session.
pub(crate) fn identify(token: &str) -> Value {
    json!({ "op": op::IDENTIFY, "d": {
        "token": token,
        "intents": INTENTS,
        "properties": { "os": std::env::consts::OS, "browser": "takeaways", "device": "takeaways" },
        "shard": [0, 1],
    }})
}

/// The frame that resumes a session.
pub(crate) fn resume(token: &str, session: &GatewaySession) -> Value {
    json!({ "op": op::RESUME, "d": { "token": token, "session_id": session.id, "seq": session.sequence } })
}

/// The heartbeat frame.
pub(crate) fn heartbeat(sequence: Option<u64>) -> Value {
    json!({ "op": op::HEARTBEAT, "d": sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_servers_is_told_apart() {
        let event = |name: &str, data: &str| {
            serde_json::from_str::<ServerPayload>(data).expect("JSON").to_event(name)
        };
        let change = |name: &str, data: &str| match event(name, data) {
            Some(GatewayEvent::Server { server, change }) => Some((server, change)),
            None => None,
            Some(other) => panic!("{name}: {other:?}"),
        };
        let (server, channel) = (r#"{"id":"7","channels":[{"id":"8"}]}"#, r#"{"id":"8","guild_id":"7"}"#);
        assert_eq!(change("GUILD_CREATE", server), Some((7, ServerEvent::Joined)));
        assert_eq!(change("GUILD_DELETE", r#"{"id":"7"}"#), Some((7, ServerEvent::Left)));
        assert_eq!(change("GUILD_DELETE", r#"{"id":"7","unavailable":true}"#), None);
        for name in ["CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_UPDATE"] {
            assert_eq!(change(name, channel), Some((7, ServerEvent::PermissionsChanged)), "{name}");
        }
        for name in ["CHANNEL_DELETE", "THREAD_DELETE"] {
            let deleted = event(name, channel);
            assert!(
                matches!(deleted, Some(GatewayEvent::ChannelDeleted { server: 7, channel: 8 })),
                "{name}: {deleted:?}"
            );
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
