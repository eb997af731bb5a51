//! What somebody is to be told of their own digest with the next answer that they see: that it was paused, and how to mend
//! it.
//!
//! The answer does not wait for it: a state that is slow, or away, delays nobody.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::bot::Bot;
use super::commands;
use super::reply::Reply;
use takeaways_digest::PauseReason;
use takeaways_render::discord::{self as pages, Page};
use takeaways_store::{Store, StoreError};

/// An answer that is ready waits so long for it; what comes later is told below the answer.
const ON_THE_ANSWER: Duration = Duration::from_millis(250);
/// It is waited for at most so long.
const AT_ALL: Duration = Duration::from_secs(30);

/// What there may be to tell.
pub struct Notice(State);

enum State {
    Nothing,
    Looking(JoinHandle<Result<Option<Found>, StoreError>>),
    Found(Found),
}

/// Why somebody's digest is paused, and its number.
#[derive(Debug, Clone, Copy)]
struct Found {
    person: u64,
    reason: PauseReason,
    subscription: Option<i64>,
}

impl Notice {
    /// Begins to look for it, for whoever a reply is to.
    pub fn look(bot: &Bot, reply: &Reply) -> Self {
        let reports_own = commands::find(reply.command()).is_some_and(|command| command.reports_own_digest);
        match reply.person() {
            Some(person) if !reports_own => Self::of(bot, person.id),
            _ => Self(State::Nothing),
        }
    }

    /// Of an answer that others see too.
    pub fn nothing() -> Self {
        Self(State::Nothing)
    }

    /// Begins to look for it, for somebody.
    pub fn of(bot: &Bot, person: u64) -> Self {
        let store = bot.store.clone();
        Self(State::Looking(tokio::spawn(async move { take(&store, person).await })))
    }

    /// Puts it at the end of an answer that they alone see, where it is there in time and there is room. Gives the answer,
    /// and what is left to tell.
    pub async fn on(self, page: Page) -> (Page, Self) {
        let found = match self.0 {
            State::Looking(mut looking) => match timeout(ON_THE_ANSWER, &mut looking).await {
                Ok(found) => read(found),
                Err(_) => return (page, Self(State::Looking(looking))),
            },
            State::Found(found) => Some(found),
            State::Nothing => None,
        };
        let Some(found) = found else { return (page, Self(State::Nothing)) };
        match page.with_notice(found.reason, found.subscription) {
            Some(page) => (page, Self(State::Nothing)),
            None => (page, Self(State::Found(found))),
        }
    }

    /// Keeps what is left for the next time.
    pub async fn keep(self, bot: &Bot) {
        if let Some(Found { person, reason, .. }) = self.found().await {
            leave(bot, person, reason).await;
        }
    }

    /// Tells what is left in a message of its own, which they alone see. What can't be told now is kept for the next time.
    pub async fn below(self, bot: &Bot, reply: &Reply) {
        let Some(Found { person, reason, subscription }) = self.found().await else { return };
        let page = pages::noticed(reason, subscription);
        if let Err(error) = reply.follow(&bot.rest, &page).await {
            tracing::info!(%error, "somebody could not be told that their digest is paused");
            leave(bot, person, reason).await;
        }
    }

    async fn found(self) -> Option<Found> {
        match self.0 {
            State::Looking(looking) => timeout(AT_ALL, looking).await.ok().and_then(read),
            State::Found(found) => Some(found),
            State::Nothing => None,
        }
    }
}

async fn leave(bot: &Bot, person: u64, reason: PauseReason) {
    if let Err(error) = bot.store.leave_notice(person, reason, bot.now()).await {
        tracing::warn!(%error, "a notice is lost");
    }
}

async fn take(store: &Store, person: u64) -> Result<Option<Found>, StoreError> {
    let Some(reason) = store.take_notice(person).await? else { return Ok(None) };
    let subscription = store.of_person(person).await?.map(|own| own.id.0);
    Ok(Some(Found { person, reason, subscription }))
}

fn read(found: Result<Result<Option<Found>, StoreError>, tokio::task::JoinError>) -> Option<Found> {
    match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "it is not known whether somebody is to be told of their digest");
            None
        }
        Err(_) => None,
    }
}
