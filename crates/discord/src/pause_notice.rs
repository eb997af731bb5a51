//! Notices about a person's paused digest, which are added to the next answer that the person sees.
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
pub(crate) enum PauseNotice {
    /// There is no notice, or the answer is visible to others too.
    Empty,
    /// The state is being read.
    Loading(JoinHandle<Result<Option<PendingNotice>, StoreError>>),
    /// The notice.
    Loaded(PendingNotice),
}

/// The reason why somebody's digest is paused, and the subscription's id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingNotice {
    person: u64,
    reason: PauseReason,
    subscription: Option<i64>,
}

impl PauseNotice {
    /// Starts to load the notice for the recipient of a reply.
    pub(crate) fn load_for_reply(bot: &Bot, reply: &Reply) -> Self {
        let reports_own = commands::find(reply.command()).is_some_and(|command| command.reports_own_digest);
        match reply.recipient() {
            Some(recipient) if !reports_own => Self::load(bot, recipient.id),
            _ => Self::Empty,
        }
    }

    /// Starts to load the notice for a person.
    pub(crate) fn load(bot: &Bot, person: u64) -> Self {
        let store = bot.store.clone();
        Self::Loading(tokio::spawn(async move { take_notice(&store, person).await }))
    }

    /// Adds the notice to the end of a private answer, if it is loaded in time and fits. Returns the answer, and a
    /// notice that was not added.
    pub(crate) async fn attach(self, page: MessagePayload) -> (MessagePayload, Self) {
        let notice = match self {
            Self::Loading(mut loading) => match timeout(ATTACH_TIMEOUT, &mut loading).await {
                Ok(found) => loaded_notice(found),
                Err(_) => return (page, Self::Loading(loading)),
            },
            Self::Loaded(notice) => Some(notice),
            Self::Empty => None,
        };
        let Some(notice) = notice else { return (page, Self::Empty) };
        match page.with_pause_notice(notice.reason, notice.subscription) {
            Some(page) => (page, Self::Empty),
            None => (page, Self::Loaded(notice)),
        }
    }

    /// Saves a notice that was not added, for the next answer.
    pub(crate) async fn save(self, bot: &Bot) {
        if let Some(PendingNotice { person, reason, .. }) = self.finish_loading().await {
            save_notice(bot, person, reason).await;
        }
    }

    /// Sends a notice that was not added in a private message of its own. If that fails, saves it for the next answer.
    pub(crate) async fn send_separately(self, bot: &Bot, reply: &Reply) {
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
        match self {
            Self::Loading(loading) => timeout(LOAD_TIMEOUT, loading).await.ok().and_then(loaded_notice),
            Self::Loaded(notice) => Some(notice),
            Self::Empty => None,
        }
    }
}

async fn save_notice(bot: &Bot, person: u64, reason: PauseReason) {
    if let Err(error) = bot.store.save_notice(person, reason, bot.now()).await {
        tracing::warn!(%error, "a notice was lost");
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
            tracing::warn!(%error, "the state can't say whether a person needs a notice about their digest");
            None
        }
        Err(_) => None,
    }
}
