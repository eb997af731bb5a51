//! The reply to an interaction: acknowledged once, in time, even after a failure.
//!
//! Discord waits three seconds for the first response, accepts exactly one, and allows edits for 15 minutes:
//! <https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction>.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use serde_json::json;
use serenity::all::{CreateAutocompleteResponse, CreateInteractionResponse};
use tokio::time::{Instant, sleep, timeout};

use super::pictures::UploadFile;
use super::rest::{ALREADY_ACKNOWLEDGED, Rest, RestError};
use super::route::Route;
use takeaways_delivery::Backoff;
use takeaways_ops::Metrics;
use takeaways_render::discord::{
    ActionRow, AllowedMentions, Attachment, EPHEMERAL, Embed, MessagePayload, SUPPRESS_EMBEDS,
};

/// The time after which Discord no longer accepts a first response, less a margin.
const RESPONSE_DEADLINE: Duration = Duration::from_millis(2_700);
/// The longest attempt. The first one never has more than half of the time left, so that a second one is in time.
const MAX_TRY_TIMEOUT: Duration = Duration::from_millis(1_200);
/// The shortest timeout of an attempt: Discord's clock may be behind ours.
const MIN_TRY_TIMEOUT: Duration = Duration::from_millis(300);
/// The wait before the second attempt at an edit.
const RETRY_WAIT: Duration = Duration::from_millis(100);
/// The waits between attempts at the first response: five fit into the time if Discord refuses at once.
const RETRY_BACKOFF: Backoff = Backoff { seconds: &[0.1, 0.2, 0.4, 0.8], jitter: 0.0 };
/// The longest wait before an edit is retried.
const MAX_EDIT_WAIT: Duration = Duration::from_mins(1);

/// Types of responses.
mod response_type {
    pub(crate) const MESSAGE: u8 = 4;
    pub(crate) const DEFERRED_MESSAGE: u8 = 5;
    pub(crate) const DEFERRED_UPDATE: u8 = 6;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReplyState {
    /// Nothing was accepted yet.
    Unanswered,
    /// Discord shows "thinking…".
    Deferred,
    /// The person has an answer.
    Answered,
    /// Discord accepts no more replies.
    Expired,
}

/// The reply to one interaction.
pub(crate) struct Reply {
    id: u64,
    token: String,
    application: u64,
    command: &'static str,
    received_at: Instant,
    metrics: Metrics,
    state: Mutex<ReplyState>,
    person: Option<u64>,
}

impl Reply {
    /// A reply that has sent nothing yet. The token is a secret, which is never logged.
    pub(crate) fn new(
        id: u64,
        token: String,
        application: u64,
        command: &'static str,
        received_at: Instant,
        metrics: Metrics,
    ) -> Self {
        Self {
            id,
            token,
            application,
            command,
            received_at,
            metrics,
            state: Mutex::new(ReplyState::Unanswered),
            person: None,
        }
    }

    /// The same reply, to a person.
    pub(crate) fn to(self, person: Option<u64>) -> Self {
        Self { person, ..self }
    }

    /// The person who gets it, if Discord names them.
    pub(crate) fn person(&self) -> Option<u64> {
        self.person
    }

    /// The name of the command in the metrics.
    pub(crate) fn command(&self) -> &'static str {
        self.command
    }

    /// The time at which the interaction arrived.
    pub(crate) fn received_at(&self) -> Instant {
        self.received_at
    }

    /// Whether Discord shows "thinking…".
    pub(crate) fn is_deferred(&self) -> bool {
        self.state() == ReplyState::Deferred
    }

    /// Whether the person has an answer.
    pub(crate) fn is_answered(&self) -> bool {
        self.state() == ReplyState::Answered
    }

    fn state(&self) -> ReplyState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: ReplyState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Shows "thinking…". This decides whether the answer is private.
    pub(crate) async fn defer(&self, rest: &Rest, is_private: bool) -> Result<(), RestError> {
        let flags = if is_private { EPHEMERAL } else { 0 };
        let body = json!({ "type": response_type::DEFERRED_MESSAGE, "data": { "flags": flags } });
        self.acknowledge_or_continue(rest, &body).await?;
        self.set_state(ReplyState::Deferred);
        Ok(())
    }

    /// Acknowledges the press of a button.
    pub(crate) async fn defer_update(&self, rest: &Rest) -> Result<(), RestError> {
        self.acknowledge_or_continue(rest, &json!({ "type": response_type::DEFERRED_UPDATE })).await?;
        self.set_state(ReplyState::Answered);
        Ok(())
    }

    /// Sends the choices of autocomplete.
    pub(crate) async fn send_choices(
        &self,
        rest: &Rest,
        choices: CreateAutocompleteResponse,
    ) -> Result<(), RestError> {
        self.acknowledge(rest, &CreateInteractionResponse::Autocomplete(choices), &[]).await?;
        self.set_state(ReplyState::Answered);
        Ok(())
    }

    /// Sends another message below the answer. Only the person who asked sees it.
    pub(crate) async fn send_followup(&self, rest: &Rest, page: &MessagePayload) -> Result<(), RestError> {
        if !self.is_answered() {
            return Err(RestError::NotSent("there is no answer to follow up"));
        }
        let page = page.clone().ephemeral();
        rest.send(Method::POST, self.followup_route(), Some(&page)).await.map(drop)
    }

    /// Sends the answer with the files that it names, or replaces "thinking…" by it.
    pub(crate) async fn send(
        &self,
        rest: &Rest,
        page: &MessagePayload,
        files: &[UploadFile],
    ) -> Result<(), RestError> {
        match self.state() {
            ReplyState::Expired => return Err(RestError::NotSent("the interaction has expired")),
            ReplyState::Deferred => self.edit(rest, page, files).await?,
            _ => match self
                .acknowledge(rest, &json!({ "type": response_type::MESSAGE, "data": page }), files)
                .await
            {
                // Another response came first, perhaps from this program before a restart. The answer replaces it.
                Err(error) if may_be_acknowledged(&error) => {
                    self.set_state(ReplyState::Deferred);
                    self.edit(rest, page, files).await?;
                }
                sent => sent?,
            },
        }
        self.set_state(ReplyState::Answered);
        Ok(())
    }

    /// Deletes the message with the pressed button. Idempotent.
    pub(crate) async fn delete_original(&self, rest: &Rest) -> Result<(), RestError> {
        let delete = || rest.send(Method::DELETE, self.original_route(), None::<&()>);
        match delete().await {
            Err(error) if error.is_transient() => {
                sleep(RETRY_WAIT).await;
                delete().await.map(drop)
            }
            deleted => deleted.map(drop),
        }
    }

    /// Acknowledges the interaction. If another response came first, or the result is unknown, it continues: the edit
    /// that follows shows whether there is a response.
    async fn acknowledge_or_continue(&self, rest: &Rest, body: &impl Serialize) -> Result<(), RestError> {
        match self.acknowledge(rest, body, &[]).await {
            Err(error) if may_be_acknowledged(&error) => Ok(()),
            acknowledged => acknowledged,
        }
    }

    /// Sends the first response, and tries again while there is time. Another attempt is safe: if an earlier one
    /// succeeded, Discord refuses the next one with its own code.
    async fn acknowledge(
        &self,
        rest: &Rest,
        body: &impl Serialize,
        files: &[UploadFile],
    ) -> Result<(), RestError> {
        let mut attempts = 0;
        let acknowledged = loop {
            match self.respond(rest, body, files, attempts == 0).await {
                Err(error) if attempts > 0 && error.code() == ALREADY_ACKNOWLEDGED => break Ok(()),
                Err(error) if error.is_transient() => {
                    let wait = error.retry_after().unwrap_or_else(|| RETRY_BACKOFF.wait(attempts + 1));
                    if wait >= self.remaining_time() {
                        break Err(error);
                    }
                    sleep(wait).await;
                    attempts += 1;
                }
                responded => break responded,
            }
        };
        match &acknowledged {
            Ok(()) => self.metrics.record_acknowledgement(self.command, self.received_at.elapsed()),
            Err(error) if may_be_acknowledged(error) => {}
            Err(error) => self.expire_after(error),
        }
        acknowledged
    }

    /// If Discord does not know the interaction, or could not be reached in time, further attempts are useless.
    fn expire_after(&self, error: &RestError) {
        if matches!(error, RestError::NotSent(_)) || error.status() == 404 || error.is_transient() {
            self.set_state(ReplyState::Expired);
        }
    }

    fn remaining_time(&self) -> Duration {
        RESPONSE_DEADLINE.saturating_sub(self.received_at.elapsed())
    }

    /// One attempt at the first response.
    async fn respond(
        &self,
        rest: &Rest,
        body: &impl Serialize,
        files: &[UploadFile],
        is_first: bool,
    ) -> Result<(), RestError> {
        let _permit = rest.first_response_permit(self.remaining_time()).await?;
        let time = if is_first { self.remaining_time() / 2 } else { self.remaining_time() };
        let limit = time.clamp(MIN_TRY_TIMEOUT, MAX_TRY_TIMEOUT);
        let route = Route::InteractionCallback { id: self.id, token: &self.token };
        timeout(limit, rest.send_with_files(Method::POST, route, Some(body), files))
            .await
            .unwrap_or(Err(RestError::NoResponse("it took too long")))
            .map(drop)
    }

    /// Edits the response. Idempotent.
    async fn edit(&self, rest: &Rest, page: &MessagePayload, files: &[UploadFile]) -> Result<(), RestError> {
        let body = MessageEdit::from_page(page);
        let edit = || rest.send_with_files(Method::PATCH, self.original_route(), Some(&body), files);
        let edited = match edit().await {
            Err(error) if error.is_transient() => {
                let wait = error.retry_after().unwrap_or(RETRY_WAIT);
                if wait > MAX_EDIT_WAIT {
                    Err(error)
                } else {
                    sleep(wait).await;
                    edit().await
                }
            }
            edited => edited,
        };
        if let Err(error) = &edited {
            self.expire_after(error);
        }
        edited.map(drop)
    }

    fn followup_route(&self) -> Route<'_> {
        Route::Followups { application: self.application, token: &self.token }
    }

    fn original_route(&self) -> Route<'_> {
        Route::OriginalResponse { application: self.application, token: &self.token }
    }
}

/// Whether there may be a response already: another one, or this one if its result was lost.
fn may_be_acknowledged(error: &RestError) -> bool {
    error.code() == ALREADY_ACKNOWLEDGED
        || matches!(error, RestError::NoResponse(_) | RestError::Unreachable(_))
}

/// A message that replaces another one. It has every field, because an edit keeps fields that are not named.
#[derive(Serialize)]
struct MessageEdit<'p> {
    content: &'p str,
    embeds: &'p [Embed],
    components: &'p [ActionRow],
    attachments: &'p [Attachment],
    allowed_mentions: &'p AllowedMentions,
    flags: u32,
}

impl<'p> MessageEdit<'p> {
    /// The first response decides who sees the message. An edit can only set whether links have previews.
    fn from_page(page: &'p MessagePayload) -> Self {
        let MessagePayload { content, embeds, components, attachments, allowed_mentions, flags } = page;
        let flags = flags.unwrap_or_default() & SUPPRESS_EMBEDS;
        Self { content, embeds, components, attachments, allowed_mentions, flags }
    }
}
