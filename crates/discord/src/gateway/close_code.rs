//! What the close code of a connection means for the next one.

/// The action after a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseAction {
    /// The session can be resumed, and nothing is lost.
    Resume,
    /// The session is over; a new one has to be started.
    Identify,
    /// Further attempts would fail too; a person has to act.
    Stop(FatalError),
}

/// Why no connection is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FatalError {
    /// The token is wrong or was reset.
    #[error(
        "Discord refuses the token: copy it again from the page \"Bot\" of \
         https://discord.com/developers/applications and set DISCORD_TOKEN"
    )]
    Token,
    /// An invalid shard.
    #[error("Discord refuses the number of the shard: this is a fault of this program, please report it")]
    Shard,
    /// Too many servers for one connection.
    #[error(
        "the bot is in more servers than one connection may serve (2,500): this version knows one connection only"
    )]
    Sharding,
    /// Discord no longer supports this version of the gateway.
    #[error("Discord no longer speaks version 10 of its gateway: install a newer version of takeaways")]
    Version,
    /// Invalid intents.
    #[error("Discord refuses the intents: this is a fault of this program, please report it")]
    Intents,
    /// Intents that were not granted.
    #[error(
        "Discord refuses the intents, though none that takeaways asks for needs a grant: see the page \"Bot\" of \
         https://discord.com/developers/applications"
    )]
    DisallowedIntents,
}

/// The action for a close code; `None` if the connection broke without one. The codes:
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes>.
#[must_use]
pub fn close_action(code: Option<u16>) -> CloseAction {
    match code {
        Some(4004) => CloseAction::Stop(FatalError::Token),
        Some(4010) => CloseAction::Stop(FatalError::Shard),
        Some(4011) => CloseAction::Stop(FatalError::Sharding),
        Some(4012) => CloseAction::Stop(FatalError::Version),
        Some(4013) => CloseAction::Stop(FatalError::Intents),
        Some(4014) => CloseAction::Stop(FatalError::DisallowedIntents),
        // Not authenticated, a wrong sequence, a session that timed out; 4006 is the older code of the last.
        Some(4003 | 4006 | 4007 | 4009) => CloseAction::Identify,
        _ => CloseAction::Resume,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_documentation() {
        for code in [4004, 4010, 4011, 4012, 4013, 4014] {
            assert!(matches!(close_action(Some(code)), CloseAction::Stop(_)), "{code}");
        }
        for code in [
            None,
            Some(1000),
            Some(1001),
            Some(1006),
            Some(4000),
            Some(4001),
            Some(4002),
            Some(4005),
            Some(4008),
        ] {
            assert_eq!(close_action(code), CloseAction::Resume, "{code:?}");
        }
        for code in [4003, 4007, 4009] {
            assert_eq!(close_action(Some(code)), CloseAction::Identify, "{code}");
        }
    }
}
