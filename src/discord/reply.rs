//! The reply to an interaction: acknowledged once, in time, whatever else happens.
//!
//! Discord waits three seconds for the first response, takes exactly one of them, and lets it be edited for 15 minutes:
//! <https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction>.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use serenity::all::{ApplicationId, InteractionId};
use serenity::http::{LightMethod, Route};
use tokio::time::{Instant, sleep, timeout};

use super::rest::{ALREADY_ACKNOWLEDGED, Rest, RestError};
use crate::ops::Metrics;
use crate::render::discord::{EPHEMERAL, Page};

/// When a response that has not come is of no use to Discord any more, with some room.
const TOO_LATE: Duration = Duration::from_millis(2_700);
/// How long the first try may take, so that a second one is still in time.
const FIRST_TRY: Duration = Duration::from_millis(1_200);
/// The wait before the second one.
const BREATH: Duration = Duration::from_millis(100);

/// Kinds of responses.
mod kind {
    pub const MESSAGE: u8 = 4;
    pub const DEFERRED_MESSAGE: u8 = 5;
    pub const DEFERRED_UPDATE: u8 = 6;
}

const NOTHING: u8 = 0;
const DEFERRED: u8 = 1;
const ANSWERED: u8 = 2;

/// The reply to one interaction.
pub struct Reply {
    id: InteractionId,
    token: String,
    application: ApplicationId,
    command: &'static str,
    received: Instant,
    metrics: Metrics,
    state: AtomicU8,
}

impl Reply {
    /// Nothing is sent yet. The token is a secret: it is never shown.
    pub fn new(id: u64, token: String, application: u64, command: &'static str, metrics: Metrics) -> Self {
        Self {
            id: InteractionId::new(id),
            token,
            application: ApplicationId::new(application),
            command,
            received: Instant::now(),
            metrics,
            state: AtomicU8::new(NOTHING),
        }
    }

    /// What it is counted as.
    pub fn command(&self) -> &'static str {
        self.command
    }

    /// When it came.
    pub fn received(&self) -> Instant {
        self.received
    }

    /// Whether the person has an answer.
    pub fn is_answered(&self) -> bool {
        self.state.load(Ordering::Acquire) == ANSWERED
    }

    /// Says "thinking…". Whether the answer is for one person only is decided here.
    pub async fn defer(&self, rest: &Rest, is_private: bool) -> Result<(), RestError> {
        let flags = if is_private { EPHEMERAL } else { 0 };
        self.acknowledge(rest, &json!({ "type": kind::DEFERRED_MESSAGE, "data": { "flags": flags } }))
            .await?;
        self.state.store(DEFERRED, Ordering::Release);
        Ok(())
    }

    /// Says that the press of a button was seen.
    pub async fn defer_update(&self, rest: &Rest) -> Result<(), RestError> {
        self.acknowledge(rest, &json!({ "type": kind::DEFERRED_UPDATE })).await?;
        self.state.store(ANSWERED, Ordering::Release);
        Ok(())
    }

    /// Sends the answer, or puts it in the place of "thinking…".
    pub async fn send(&self, rest: &Rest, page: &Page) -> Result<(), RestError> {
        if self.state.load(Ordering::Acquire) == DEFERRED {
            self.edit(rest, page).await?;
        } else {
            match self.acknowledge(rest, &json!({ "type": kind::MESSAGE, "data": page })).await {
                // Somebody else was first, perhaps this program before a restart: what they sent becomes ours.
                Err(error) if error.code() == ALREADY_ACKNOWLEDGED => self.edit(rest, page).await?,
                sent => sent?,
            }
        }
        self.state.store(ANSWERED, Ordering::Release);
        Ok(())
    }

    /// Deletes the message that holds the pressed button.
    pub async fn delete_original(&self, rest: &Rest) -> Result<(), RestError> {
        rest.send(LightMethod::Delete, self.original(), None::<&()>).await.map(drop)
    }

    /// A second try is safe: where the first one was taken, Discord refuses the second one and says so.
    async fn acknowledge(&self, rest: &Rest, body: &impl Serialize) -> Result<(), RestError> {
        let acknowledged = match self.respond(rest, body, FIRST_TRY).await {
            Err(error) if error.is_passing() => {
                let wait = if let RestError::Refused { retry_after: Some(wait), .. } = error {
                    wait
                } else {
                    BREATH
                };
                if self.received.elapsed() + wait >= TOO_LATE {
                    return Err(error);
                }
                sleep(wait).await;
                match self.respond(rest, body, TOO_LATE.saturating_sub(self.received.elapsed())).await {
                    Err(second) if second.code() == ALREADY_ACKNOWLEDGED => Ok(()),
                    second => second,
                }
            }
            first => first,
        };
        if acknowledged.is_ok() {
            self.metrics.acknowledged(self.command, self.received.elapsed());
        }
        acknowledged
    }

    async fn respond(&self, rest: &Rest, body: &impl Serialize, patience: Duration) -> Result<(), RestError> {
        let route = Route::InteractionResponse { interaction_id: self.id, token: &self.token };
        timeout(patience, rest.send(LightMethod::Post, route, Some(body)))
            .await
            .unwrap_or(Err(RestError::Lost("it took too long")))
            .map(drop)
    }

    /// Editing twice is the same as once.
    async fn edit(&self, rest: &Rest, page: &Page) -> Result<(), RestError> {
        let edit = || rest.send(LightMethod::Patch, self.original(), Some(page));
        match edit().await {
            Err(error) if error.is_passing() => {
                sleep(BREATH).await;
                edit().await.map(drop)
            }
            edited => edited.map(drop),
        }
    }

    fn original(&self) -> Route<'_> {
        Route::WebhookOriginalInteractionResponse { application_id: self.application, token: &self.token }
    }
}
