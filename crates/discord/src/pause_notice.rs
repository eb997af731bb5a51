//! Notices about a person's paused digest, added to the next answer that they see, with what to do about it.
//!
//! The answer does not wait for a slow or unreachable state.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::bot::Bot;
use super::commands;
use super::reply::Reply;
use takeaways_digest::PauseReason;
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_store::{Store, StoreError};

/// How long an answer that is ready waits for the notice. A later notice is sent below the answer.
const ATTACH_TIMEOUT: Duration = Duration::from_millis(250);
/// The longest wait for the notice.
const LOAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The notice for a person, if there is one.
pub struct PauseNotice(NoticeState);

enum NoticeState {
    Empty,
    Loading(JoinHandle<Result<Option<PendingNotice>, StoreError>>),
    Loaded(PendingNotice),
}

/// The reason why somebody's digest is paused, and the subscription's id.
#[derive(Debug, Clone, Copy)]
struct PendingNotice {
    person: u64,
    reason: PauseReason,
    subscription: Option<i64>,
}

impl PauseNotice {
    /// Starts to load the notice for the recipient of a reply.
    pub fn load_for_reply(bot: &Bot, reply: &Reply) -> Self {
        let reports_own = commands::find(reply.command()).is_some_and(|command| command.reports_own_digest);
        match reply.recipient() {
            Some(recipient) if !reports_own => Self::load(bot, recipient.id),
            _ => Self(NoticeState::Empty),
        }
    }

    /// No notice, for an answer that others see too.
    pub fn empty() -> Self {
        Self(NoticeState::Empty)
    }

    /// Starts to load the notice for a person.
    pub fn load(bot: &Bot, person: u64) -> Self {
        let store = bot.store.clone();
        Self(NoticeState::Loading(tokio::spawn(async move { take_notice(&store, person).await })))
    }

    /// Adds the notice to the end of a private answer, if it is loaded in time and fits. Returns the answer, and a
    /// notice that was not added.
    pub async fn attach(self, page: MessagePayload) -> (MessagePayload, Self) {
        let notice = match self.0 {
            NoticeState::Loading(mut loading) => match timeout(ATTACH_TIMEOUT, &mut loading).await {
                Ok(found) => loaded_notice(found),
                Err(_) => return (page, Self(NoticeState::Loading(loading))),
            },
            NoticeState::Loaded(notice) => Some(notice),
            NoticeState::Empty => None,
        };
        let Some(notice) = notice else { return (page, Self(NoticeState::Empty)) };
        match page.with_pause_notice(notice.reason, notice.subscription) {
            Some(page) => (page, Self(NoticeState::Empty)),
            None => (page, Self(NoticeState::Loaded(notice))),
        }
    }

    /// Saves a notice that was not added, for the next answer.
    pub async fn save(self, bot: &Bot) {
        if let Some(PendingNotice { person, reason, .. }) = self.finish_loading().await {
            save_notice(bot, person, reason).await;
        }
    }

    /// Sends a notice that was not added in a private message of its own. If that fails, saves it for the next answer.
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
            NoticeState::Loading(loading) => {
                timeout(LOAD_TIMEOUT, loading).await.ok().and_then(loaded_notice)
            }
            NoticeState::Loaded(notice) => Some(notice),
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
