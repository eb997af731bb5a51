//! Discord as a digest's way needs it, over its REST API.

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::all::Permissions;
use tokio::sync::OnceCell;

use super::mail::{Mail, Message, PAGE, Trouble};
use crate::deadline::Deadline;
use crate::permissions::{self, Allowed, Hidden};
use crate::rest::{Rest, RestError};
use crate::route::Route;
use takeaways_digest::{PauseReason, Reason};

/// Carries messages to Discord.
pub struct Postman {
    rest: Arc<Rest>,
    /// The bot's own account.
    me: OnceCell<u64>,
}

/// Something with an id, which Discord writes as text.
#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Posted {
    id: String,
    author: Named,
    #[serde(default)]
    content: String,
    #[serde(default)]
    embeds: Value,
}

impl Postman {
    /// Over `rest`. Nothing is sent yet.
    pub fn new(rest: Arc<Rest>) -> Self {
        Self { rest, me: OnceCell::new() }
    }

    async fn me(&self) -> Result<u64, RestError> {
        let ask = || async { number(&self.rest.get::<Named>(Route::CurrentUser).await?) };
        self.me.get_or_try_init(ask).await.copied()
    }

    /// What the bot may do in a channel; what stands against knowing it, where that is no passing trouble.
    async fn allowed(&self, server: u64, channel: u64) -> Result<Result<Allowed, PauseReason>, Trouble> {
        let me = self.me().await?;
        let found = match permissions::server(&self.rest, server).await {
            // Who is not in a server can't see it.
            Err(error) if is_hidden(&error) => return Ok(Err(PauseReason::NoServer)),
            found => found?,
        };
        match permissions::allowed(&self.rest, me, &found, channel).await {
            Ok(allowed) => Ok(Ok(allowed)),
            Err(Hidden::Elsewhere) => Ok(Err(PauseReason::NoChannel)),
            Err(Hidden::Refused(error)) => match error.into() {
                Trouble::Refused(Reason::NoChannel) => Ok(Err(PauseReason::NoChannel)),
                Trouble::Refused(_) => Ok(Err(PauseReason::NoPermission)),
                trouble => Err(trouble),
            },
        }
    }
}

impl Mail for Postman {
    async fn open(&self, person: u64) -> Result<u64, Trouble> {
        let body = json!({ "recipient_id": person.to_string() });
        let opened = self.rest.read::<Named>(Method::POST, Route::DirectMessages, Some(&body));
        Ok(number(&opened.await?)?)
    }

    async fn post(&self, channel: u64, json: String, deadline: &Deadline) -> Result<u64, Trouble> {
        let route = Route::Messages { channel };
        let posted: Named = self.rest.post_by(route, json.into_bytes(), deadline).await?;
        Ok(number(&posted)?)
    }

    async fn messages(&self, channel: u64, after: u64) -> Result<Vec<Message>, Trouble> {
        let me = self.me().await?.to_string();
        let route = Route::Messages { channel };
        let parameters = vec![("after", after.to_string()), ("limit", PAGE.to_string())];
        let found: Vec<Posted> = self.rest.get_with(route, parameters).await?;
        found.into_iter().map(|posted| message(posted, &me)).collect()
    }

    fn time(&self) -> Option<Timestamp> {
        self.rest.time()
    }

    async fn may_read(&self, server: u64, channel: u64) -> Result<bool, Trouble> {
        let reading = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
        match self.allowed(server, channel).await? {
            Ok(allowed) => Ok(allowed.permissions.contains(reading)),
            Err(PauseReason::NoChannel) => Err(Trouble::Refused(Reason::NoChannel)),
            Err(_) => Ok(false),
        }
    }

    async fn look(&self, server: u64, channel: u64) -> Result<Option<PauseReason>, Trouble> {
        Ok(match self.allowed(server, channel).await? {
            Ok(allowed) if allowed.missing_for_digest().is_empty() => None,
            Ok(_) => Some(PauseReason::NoPermission),
            Err(reason) => Some(reason),
        })
    }
}

/// One that can't be read is trouble: without it the others would be taken for all.
fn message(posted: Posted, me: &str) -> Result<Message, Trouble> {
    let is_ours = posted.author.id == me;
    // Of others' messages only how many there are is of interest.
    let text = if is_ours { format!("{}\n{}", posted.content, posted.embeds) } else { String::new() };
    Ok(Message { id: number(&Named { id: posted.id })?, is_ours, text })
}

fn number(named: &Named) -> Result<u64, RestError> {
    named.id.parse().map_err(|_| RestError::Lost("it names no id"))
}

fn is_hidden(error: &RestError) -> bool {
    error.status() == 404 || error.code() == 50_001
}
