//! Previews a digest, or posts it before its next run.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::{Caller, CommandResult, Moderator, Rejection};
use crate::bot::Bot;
use crate::permissions::{DigestChannel, check_access};
use crate::response::{Failure, Response};
use takeaways_delivery::{DigestRequest, DigestWriter};
use takeaways_digest::{DeliveryState, Subscription, SubscriptionStatus, Target};
use takeaways_render::discord::{self as pages, ChannelAccess, MessagePayload};

/// The latest runs that are searched for a run in flight.
const RECENT_RUNS: u32 = 10;
/// By then a digest that was just posted is recorded.
const RETRY_WAIT: Duration = Duration::from_secs(1);

impl Bot {
    /// Previews a digest of the moderator's server: nothing is posted, and no post is recorded. `page` 0 is the
    /// message, with the posts that it leaves out below it; higher numbers are the pages that its buttons show.
    pub(crate) async fn preview_digest(
        &self,
        moderator: Moderator,
        id: String,
        page: u16,
        now: Timestamp,
    ) -> Result<Response, Rejection> {
        let digest = self.find_digest(moderator, &id).await?;
        let preview = self.composer()?.preview(&self.store, &digest, now).await.map_err(Failure::from)?;
        let first = match preview.pages {
            None => pages::nothing_to_preview(&digest),
            Some(pages) if page == 0 => pages.first.as_preview(digest.id.0),
            Some(pages) => {
                let page = pages.overflow.into_iter().nth(usize::from(page) - 1);
                return Ok(Response::fixed(page.unwrap_or_else(pages::outdated_preview)));
            }
        };
        Ok(Response { followup: Some(pages::omitted_posts(&preview.omitted)), ..Response::fixed(first) })
    }

    /// Posts a digest now. It gets a row in the ledger, with the time of the command as its slot, and is sent like
    /// every other delivery. A repeated command posts it once.
    pub(crate) async fn post_digest(
        &self,
        moderator: Moderator,
        id: String,
        now: Timestamp,
    ) -> CommandResult {
        let digest = self.find_digest(moderator, &id).await?;
        if digest.status != SubscriptionStatus::Active {
            return Ok(pages::still_paused(&digest));
        }
        if let Target::Channel { server, channel } = digest.definition.target {
            let channel = DigestChannel { id: channel, kind: None };
            if check_access(self, &moderator.caller, server, channel).await? == ChannelAccess::NotVisible {
                return Ok(pages::channel_not_visible(&digest));
            }
        }
        // The posts of a run in flight count as new until it is sent, and nobody should read them twice.
        let recent = self.store.recent_runs(digest.id, RECENT_RUNS).await?;
        if recent.iter().any(|run| matches!(run.state, DeliveryState::Planned | DeliveryState::Sending)) {
            return Ok(pages::posting_in_progress(&digest));
        }
        // The digest is read again, because a run may have ended since.
        let digest = self.find_digest(moderator, &id).await?;
        let slot = moderator.caller.sent_at;
        self.record_posts(now).await?;
        let request = DigestRequest::new(&self.store, &digest, slot, now);
        let message = self.composer()?.write(request).await.map_err(Failure::from)?;
        if message.body.is_none() {
            return Ok(pages::nothing_to_post(&digest));
        }
        // The scheduled runs stay as they are.
        let (decided, next) = (digest.decided_until, digest.next_run);
        if self.store.plan(request.plan(message), decided, decided, next, now).await?.is_none()
            && !self.is_recorded(&digest, slot).await?
        {
            return Ok(pages::changed_meanwhile());
        }
        tracing::info!(digest = digest.id.0, "a digest is posted before its time");
        self.wakeup.wake();
        Ok(pages::posting_started(&digest))
    }

    /// Whether the ledger has this run, because the command was repeated.
    async fn is_recorded(&self, digest: &Subscription, slot: Timestamp) -> Result<bool, Rejection> {
        Ok(self.store.recorded_slots(digest.id, slot).await?.contains(&slot))
    }

    /// A page of posts that did not fit into a posted digest, by its message.
    pub(crate) async fn digest_page(&self, message: u64, page: u8, caller: Caller) -> CommandResult {
        let mut delivery = self.store.find_by_message(message).await?;
        if delivery.is_none() {
            sleep(RETRY_WAIT).await;
            delivery = self.store.find_by_message(message).await?;
        }
        let delivery = delivery.filter(|delivery| caller.is_target(delivery.target));
        let Some(more) = delivery.and_then(|delivery| delivery.more) else {
            return Ok(pages::outdated_button());
        };
        let all: Vec<MessagePayload> = serde_json::from_str(&more)
            .map_err(|_| Failure::Unreadable("pages of a digest, in the state".into()))?;
        Ok(all.into_iter().nth(usize::from(page)).unwrap_or_else(pages::outdated_button))
    }
}
