//! The entry of the fuzz target: parses a frame of the gateway as far as the bot does before it acts on it.

use crate::gateway::frame::{GatewayFrame, Hello, Ready, ServerPayload};
use crate::{interaction, messages};

/// Parses a frame and its data.
pub fn parse_frame(text: &str) {
    let Ok(frame) = serde_json::from_str::<GatewayFrame<'_>>(text) else { return };
    let _ = (frame.data::<Hello>(), frame.data::<Ready>(), frame.data::<bool>());
    let (Some(event), Some(data)) = (frame.t.as_deref(), frame.d) else { return };
    match event {
        "INTERACTION_CREATE" => interaction::parse_for_fuzzing(data.get()),
        "MESSAGE_CREATE" => messages::parse_for_fuzzing(1, data.get()),
        _ => {
            if let Some(payload) = frame.data::<ServerPayload>() {
                let _ = payload.to_event(event);
            }
        }
    }
}
