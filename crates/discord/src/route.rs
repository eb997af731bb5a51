//! The routes of Discord's REST API that the bot uses.
//!
//! <https://discord.com/developers/docs/reference#http-api>

/// A route with its parameters. A route with a token is never logged, because the token allows anyone to reply as the
/// bot.
#[derive(Clone, Copy)]
pub(crate) enum Route<'a> {
    /// The gateway's address.
    GatewayBot,
    /// The bot's own account.
    CurrentUser,
    /// The bot's application.
    CurrentApplication,
    /// The bot's direct messages.
    DirectMessages,
    /// The commands of an application.
    Commands {
        application: u64,
    },
    Server(u64),
    /// A member of a server.
    Member {
        server: u64,
        /// The account.
        user: u64,
    },
    /// A channel or thread.
    Channel(u64),
    /// The messages of a channel.
    Messages {
        channel: u64,
    },
    /// The typing indicator of a channel.
    Typing {
        channel: u64,
    },
    /// The first response to an interaction.
    InteractionCallback {
        /// The interaction.
        id: u64,
        token: &'a str,
    },
    /// The message of the first response to an interaction.
    OriginalResponse {
        application: u64,
        /// The token of the interaction.
        token: &'a str,
    },
    /// Further messages in reply to an interaction.
    Followups {
        application: u64,
        /// The token of the interaction.
        token: &'a str,
    },
}

/// The key of a rate limit: requests of one kind of route to one server or channel share it.
/// <https://discord.com/developers/docs/topics/rate-limits>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bucket {
    route: &'static str,
    /// The server or channel; 0 for routes without one.
    major: u64,
}

impl Route<'_> {
    /// The path after the address of the API and its version.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::GatewayBot => "/gateway/bot".to_owned(),
            Self::CurrentUser => "/users/@me".to_owned(),
            Self::CurrentApplication => "/oauth2/applications/@me".to_owned(),
            Self::DirectMessages => "/users/@me/channels".to_owned(),
            Self::Commands { application } => format!("/applications/{application}/commands"),
            Self::Server(server) => format!("/guilds/{server}"),
            Self::Member { server, user } => format!("/guilds/{server}/members/{user}"),
            Self::Channel(channel) => format!("/channels/{channel}"),
            Self::Messages { channel } => format!("/channels/{channel}/messages"),
            Self::Typing { channel } => format!("/channels/{channel}/typing"),
            Self::InteractionCallback { id, token } => format!("/interactions/{id}/{token}/callback"),
            Self::OriginalResponse { application, token } => {
                format!("/webhooks/{application}/{token}/messages/@original")
            }
            Self::Followups { application, token } => format!("/webhooks/{application}/{token}"),
        }
    }

    /// The key of the rate limit.
    pub(crate) fn bucket(&self) -> Bucket {
        let (route, major) = match *self {
            Self::GatewayBot => ("gateway", 0),
            Self::CurrentUser => ("user", 0),
            Self::CurrentApplication => ("application", 0),
            Self::DirectMessages => ("direct messages", 0),
            Self::Commands { .. } => ("commands", 0),
            Self::Server(server) => ("server", server),
            Self::Member { server, .. } => ("member", server),
            Self::Channel(channel) => ("channel", channel),
            Self::Messages { channel } => ("messages", channel),
            Self::Typing { channel } => ("typing", channel),
            Self::InteractionCallback { id, .. } => ("callback", id),
            Self::OriginalResponse { application, .. } => ("original response", application),
            Self::Followups { application, .. } => ("followups", application),
        };
        Bucket { route, major }
    }

    /// Whether the route belongs to an interaction. Such requests count for no limit of the bot, and authenticate with
    /// the token of the interaction.
    pub(crate) fn is_of_interaction(&self) -> bool {
        matches!(
            self,
            Self::InteractionCallback { .. } | Self::OriginalResponse { .. } | Self::Followups { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_shared_within_one_channel_or_server() {
        let bucket = |route: Route<'_>| route.bucket();
        let messages = bucket(Route::Messages { channel: 1 });
        assert_eq!(messages, bucket(Route::Messages { channel: 1 }));
        for other in [Route::Messages { channel: 2 }, Route::Typing { channel: 1 }, Route::Channel(1)] {
            assert_ne!(messages, bucket(other));
        }
        assert_eq!(
            bucket(Route::Member { server: 1, user: 2 }),
            bucket(Route::Member { server: 1, user: 3 })
        );
    }

    #[test]
    fn paths_are_as_documented() {
        for (route, path) in [
            (Route::Member { server: 1, user: 2 }, "/guilds/1/members/2"),
            (Route::Commands { application: 1 }, "/applications/1/commands"),
            (Route::InteractionCallback { id: 1, token: "t" }, "/interactions/1/t/callback"),
            (Route::OriginalResponse { application: 1, token: "t" }, "/webhooks/1/t/messages/@original"),
        ] {
            assert_eq!(route.path(), path);
        }
    }
}
