//! The transport for digests over Discord's REST API.

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::all::{MessageId, Permissions};
use tokio::sync::OnceCell;

use super::models::{IdObject, User};
use super::permissions::{self, BotPermissions, PermissionError};
use super::rest::{Rest, RestError};
use super::route::Route;
use takeaways_delivery::{ChannelMessage, Deadline, MESSAGES_PER_PAGE, Transport, TransportError};
use takeaways_digest::{DeliveryReason, PauseReason};
use takeaways_ops::Metrics;
use takeaways_settings as settings;

/// Sends digests to Discord.
pub struct DiscordTransport {
    rest: Arc<Rest>,
    /// The bot's own account.
    bot_user: OnceCell<u64>,
}

/// TLS can't be initialised.
#[derive(Debug, thiserror::Error)]
#[error("TLS is not available on this machine")]
pub struct HttpClientError(#[source] reqwest::Error);

#[derive(Deserialize)]
struct PostedMessage {
    id: MessageId,
    author: User,
    #[serde(default)]
    content: String,
    #[serde(default)]
    embeds: Value,
}

impl DiscordTransport {
    /// A transport for the bot with this token. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS can't be initialised.
    pub fn connect(
        settings: &settings::DiscordSettings,
        token: &SecretString,
        metrics: Metrics,
    ) -> Result<Self, HttpClientError> {
        let rest = Rest::new(token, settings.api_base.as_deref(), metrics).map_err(HttpClientError)?;
        Ok(Self::new(Arc::new(rest)))
    }

    /// A transport over `rest`. Nothing is sent yet.
    pub(crate) fn new(rest: Arc<Rest>) -> Self {
        Self { rest, bot_user: OnceCell::new() }
    }

    async fn bot_user(&self) -> Result<u64, RestError> {
        let ask = || async { Ok(self.rest.get::<User>(Route::CurrentUser).await?.id.get()) };
        self.bot_user.get_or_try_init(ask).await.copied()
    }

    /// The bot's permissions in a channel, or the lasting reason why they can't be read. Transient failures are errors.
    async fn bot_permissions(
        &self,
        server: u64,
        channel: u64,
    ) -> Result<Result<BotPermissions, PauseReason>, TransportError> {
        let me = self.bot_user().await?;
        let found = match permissions::fetch_server(&self.rest, server).await {
            // A bot that is not in a server can't see it.
            Err(error) if is_not_visible(&error) => return Ok(Err(PauseReason::NoServer)),
            found => found?,
        };
        match permissions::fetch_bot_permissions(&self.rest, me, &found, channel).await {
            Ok(allowed) => Ok(Ok(allowed)),
            Err(PermissionError::OtherServer) => Ok(Err(PauseReason::NoChannel)),
            Err(PermissionError::Refused(error)) => match error.into() {
                TransportError::Refused(DeliveryReason::NoChannel) => Ok(Err(PauseReason::NoChannel)),
                TransportError::Refused(_) => Ok(Err(PauseReason::NoPermission)),
                error => Err(error),
            },
        }
    }
}

impl Transport for DiscordTransport {
    async fn open_direct_message(&self, person: u64) -> Result<u64, TransportError> {
        Ok(open_direct_message(&self.rest, person).await?)
    }

    async fn post(&self, channel: u64, json: String, deadline: &Deadline) -> Result<u64, TransportError> {
        let route = Route::Messages { channel };
        let posted: IdObject = self.rest.post_before(route, json.into_bytes(), deadline).await?;
        Ok(posted.id.get())
    }

    async fn list_messages(&self, channel: u64, after: u64) -> Result<Vec<ChannelMessage>, TransportError> {
        let me = self.bot_user().await?;
        let route = Route::Messages { channel };
        let parameters = vec![("after", after.to_string()), ("limit", MESSAGES_PER_PAGE.to_string())];
        let messages: Vec<PostedMessage> = self.rest.get_with_params(route, parameters).await?;
        Ok(messages.into_iter().map(|message| message.into_channel_message(me)).collect())
    }

    fn remote_time(&self) -> Option<Timestamp> {
        self.rest.discord_time()
    }

    async fn can_read_history(&self, server: u64, channel: u64) -> Result<bool, TransportError> {
        let reading = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
        match self.bot_permissions(server, channel).await? {
            Ok(allowed) => Ok(allowed.permissions.contains(reading)),
            Err(PauseReason::NoChannel) => Err(TransportError::Refused(DeliveryReason::NoChannel)),
            Err(_) => Ok(false),
        }
    }

    async fn find_obstacle(&self, server: u64, channel: u64) -> Result<Option<PauseReason>, TransportError> {
        Ok(match self.bot_permissions(server, channel).await? {
            Ok(allowed) if allowed.missing_for_digest().is_empty() => None,
            Ok(_) => Some(PauseReason::NoPermission),
            Err(reason) => Some(reason),
        })
    }

    async fn wait_for_refusal(&self) {
        self.rest.wait_for_token_refusal().await;
    }
}

/// Opens the channel for direct messages to a person.
pub(crate) async fn open_direct_message(rest: &Rest, person: u64) -> Result<u64, RestError> {
    let body = json!({ "recipient_id": person.to_string() });
    let opened = rest.request_json::<IdObject>(Method::POST, Route::DirectMessages, Some(&body));
    Ok(opened.await?.id.get())
}

impl PostedMessage {
    /// The message as delivery needs it. `me` is the bot's account.
    fn into_channel_message(self, me: u64) -> ChannelMessage {
        let is_ours = self.author.id == me;
        // Only the number of other people's messages matters.
        let text = if is_ours { format!("{}\n{}", self.content, self.embeds) } else { String::new() };
        ChannelMessage { id: self.id.get(), is_ours, text }
    }
}

fn is_not_visible(error: &RestError) -> bool {
    error.status() == 404 || error.code() == 50_001
}

impl From<RestError> for TransportError {
    fn from(error: RestError) -> Self {
        match &error {
            RestError::NoResponse(_) => Self::NoResponse,
            RestError::Unreachable(_) | RestError::NotSent(_) => Self::RetryLater(None),
            RestError::Refused { status, code, retry_after, .. } => match *status {
                // The token is refused, so delivery ends.
                401 => Self::RetryLater(None),
                429 => Self::RetryLater(*retry_after),
                // A proxy timed out.
                408 => Self::NoResponse,
                400..500 => Self::Refused(reason(*status, *code)),
                _ => Self::NoResponse,
            },
        }
    }
}

/// The reason by Discord's code:
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>.
fn reason(status: u16, code: i64) -> DeliveryReason {
    match (status, code) {
        // Missing access, missing permissions, a closed thread.
        (_, 50_001 | 50_013 | 50_083) | (403, 0) => DeliveryReason::NoPermission,
        (_, 10_003) | (404, 0) => DeliveryReason::NoChannel,
        (_, 10_004) => DeliveryReason::NoServer,
        // No messages to this person, no common server, an unknown person.
        (_, 50_007 | 50_278 | 10_013) => DeliveryReason::DirectMessagesClosed,
        _ => DeliveryReason::Refused,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn refused(status: u16, code: i64) -> TransportError {
        let retry_after = (status == 429).then_some(Duration::from_secs(7));
        RestError::Refused { status, code, message: String::new(), retry_after }.into()
    }

    #[test]
    fn refusals_are_told_apart_by_what_is_to_be_done() {
        assert_eq!(refused(403, 50_013), TransportError::Refused(DeliveryReason::NoPermission));
        assert_eq!(refused(403, 50_001), TransportError::Refused(DeliveryReason::NoPermission));
        assert_eq!(refused(404, 10_003), TransportError::Refused(DeliveryReason::NoChannel));
        assert_eq!(refused(404, 10_004), TransportError::Refused(DeliveryReason::NoServer));
        assert_eq!(refused(403, 50_007), TransportError::Refused(DeliveryReason::DirectMessagesClosed));
        assert_eq!(refused(400, 50_035), TransportError::Refused(DeliveryReason::Refused));
        assert_eq!(refused(429, 0), TransportError::RetryLater(Some(Duration::from_secs(7))));
        assert_eq!(refused(401, 0), TransportError::RetryLater(None));
        assert_eq!(refused(502, 0), TransportError::NoResponse);
        assert_eq!(TransportError::from(RestError::NoResponse("it broke off")), TransportError::NoResponse);
        assert_eq!(TransportError::from(RestError::NotSent("too late")), TransportError::RetryLater(None));
        assert_eq!(TransportError::from(RestError::Unreachable("no")), TransportError::RetryLater(None));
    }
}
