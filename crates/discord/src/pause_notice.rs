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
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_store::{Store, StoreError};

/// An answer that is ready waits so long for it; what comes later is told below the answer.
const ATTACH_TIMEOUT: Duration = Duration::from_millis(250);
/// It is waited for at most so long.
const LOAD_TIMEOUT: Duration = Duration::from_secs(30);

/// What there may be to tell.
pub struct PauseNotice(NoticeState);

enum NoticeState {
    Empty,
    Loading(JoinHandle<Result<Option<PendingNotice>, StoreError>>),
    Loaded(PendingNotice),
}

/// Why somebody's digest is paused, and its number.
#[derive(Debug, Clone, Copy)]
struct PendingNotice {
    person: u64,
    reason: PauseReason,
    subscription: Option<i64>,
}

impl PauseNotice {
    /// Begins to look for it, for whoever a reply is to.
    pub fn load_for_reply(bot: &Bot, reply: &Reply) -> Self {
        let reports_own = commands::find(reply.command()).is_some_and(|command| command.reports_own_digest);
        match reply.recipient() {
            Some(person) if !reports_own => Self::load(bot, person.id),
            _ => Self(NoticeState::Empty),
        }
    }

    /// Of an answer that others see too.
    pub fn empty() -> Self {
        Self(NoticeState::Empty)
    }

    /// Begins to look for it, for somebody.
    pub fn load(bot: &Bot, person: u64) -> Self {
        let store = bot.store.clone();
        Self(NoticeState::Loading(tokio::spawn(async move { take_notice(&store, person).await })))
    }

    /// Puts it at the end of an answer that they alone see, where it is there in time and there is room. Gives the answer,
    /// and what is left to tell.
    pub async fn attach(self, page: MessagePayload) -> (MessagePayload, Self) {
        let found = match self.0 {
            NoticeState::Loading(mut looking) => match timeout(ATTACH_TIMEOUT, &mut looking).await {
                Ok(found) => loaded_notice(found),
                Err(_) => return (page, Self(NoticeState::Loading(looking))),
            },
            NoticeState::Loaded(found) => Some(found),
            NoticeState::Empty => None,
        };
        let Some(found) = found else { return (page, Self(NoticeState::Empty)) };
        match page.with_pause_notice(found.reason, found.subscription) {
            Some(page) => (page, Self(NoticeState::Empty)),
            None => (page, Self(NoticeState::Loaded(found))),
        }
    }

    /// Keeps what is left for the next time.
    pub async fn save(self, bot: &Bot) {
        if let Some(PendingNotice { person, reason, .. }) = self.finish_loading().await {
            save_notice(bot, person, reason).await;
        }
    }

    /// Tells what is left in a message of its own, which they alone see. What can't be told now is kept for the next time.
    pub async fn send_separately(self, bot: &Bot, reply: &Reply) {
        let Some(PendingNotice { person, reason, subscription }) = self.finish_loading().await else {
            return;
        };
        let page = pages::pause_notice_message(reason, subscription);
        if let Err(error) = reply.send_followup(&bot.rest, &page).await {
            tracing::info!(%error, "somebody could not be told that their digest is paused");
            save_notice(bot, person, reason).await;
        }
    }

    async fn finish_loading(self) -> Option<PendingNotice> {
        match self.0 {
            NoticeState::Loading(looking) => {
                timeout(LOAD_TIMEOUT, looking).await.ok().and_then(loaded_notice)
            }
            NoticeState::Loaded(found) => Some(found),
            NoticeState::Empty => None,
        }
    }
}

async fn save_notice(bot: &Bot, person: u64, reason: PauseReason) {
    if let Err(error) = bot.store.save_notice(person, reason, bot.now()).await {
        tracing::warn!(%error, "a notice is lost");
    }
}

async fn take_notice(store: &Store, person: u64) -> Result<Option<PendingNotice>, StoreError> {
    let Some(reason) = store.take_notice(person).await? else { return Ok(None) };
    let subscription = store.find_by_person(person).await?.map(|own| own.id.0);
    Ok(Some(PendingNotice { person, reason, subscription }))
}

fn loaded_notice(
    found: Result<Result<Option<PendingNotice>, StoreError>, tokio::task::JoinError>,
) -> Option<PendingNotice> {
    match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "it is not known whether somebody is to be told of their digest");
            None
        }
        Err(_) => None,
    }
}
