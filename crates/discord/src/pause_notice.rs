//! Notices about a person's paused digest, which are added to the next answer that the person sees.
//!
//! The answer does not wait for a slow or unreachable state. A notice is removed only after Discord has taken the message
//! that holds it.

use std::time::Duration;

use jiff::Timestamp;
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
    /// The notice at the end of an answer that is not sent yet.
    Attached(PendingNotice),
}

/// The reason why somebody's digest is paused, and the subscription's id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingNotice {
    person: u64,
    reason: PauseReason,
    left_at: Timestamp,
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
        Self::Loading(tokio::spawn(async move { find_notice(&store, person).await }))
    }

    /// Adds the notice to the end of a private answer, if it is loaded in time and fits. Returns the answer, and what has
    /// to be done about the notice once the answer was sent.
    pub(crate) async fn attach(self, page: MessagePayload) -> (MessagePayload, Self) {
        let notice = match self {
            Self::Loading(mut loading) => match timeout(ATTACH_TIMEOUT, &mut loading).await {
                Ok(found) => loaded_notice(found),
                Err(_) => return (page, Self::Loading(loading)),
            },
            Self::Loaded(notice) | Self::Attached(notice) => Some(notice),
            Self::Empty => None,
        };
        let Some(notice) = notice else { return (page, Self::Empty) };
        match page.with_pause_notice(notice.reason, notice.subscription) {
            Some(page) => (page, Self::Attached(notice)),
            None => (page, Self::Loaded(notice)),
        }
    }

    /// Removes a notice that stood at the end of an answer which was sent. Any other one stays for the next answer.
    pub(crate) async fn settle(self, bot: &Bot) {
        if let Self::Attached(notice) = self {
            notice.remove(bot).await;
        }
    }

    /// The same after an answer to an interaction: a notice that was not added is sent in a private message of its own. If
    /// that fails, it stays for the next answer.
    pub(crate) async fn settle_or_send(self, bot: &Bot, reply: &Reply) {
        let loaded = match self {
            Self::Loading(loading) => timeout(LOAD_TIMEOUT, loading).await.ok().and_then(loaded_notice),
            Self::Loaded(notice) => Some(notice),
            Self::Attached(_) | Self::Empty => return self.settle(bot).await,
        };
        let Some(notice) = loaded else { return };
        let page = pages::pause_notice_message(notice.reason, notice.subscription);
        match reply.send_followup(&bot.rest, &page).await {
            Ok(()) => notice.remove(bot).await,
            Err(error) => tracing::info!(%error, "somebody could not be told that their digest is paused"),
        }
    }
}

impl PendingNotice {
    async fn remove(self, bot: &Bot) {
        if let Err(error) = bot.store.remove_notice(self.person, self.left_at).await {
            tracing::warn!(%error, "somebody is told once more that their digest is paused");
        }
    }
}

async fn find_notice(store: &Store, person: u64) -> Result<Option<PendingNotice>, StoreError> {
    // Most people have no notice.
    let Some((reason, left_at)) = store.find_notice(person).await? else { return Ok(None) };
    let subscription = store.find_by_person(person).await?.map(|own| own.id.0);
    Ok(Some(PendingNotice { person, reason, left_at, subscription }))
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
