//! A digest looked at, or posted, before its time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::{CommandResult, Moderator, Rejection};
use crate::bot::Bot;
use crate::failure::Failure;
use takeaways_delivery::{DigestRequest, DigestWriter};
use takeaways_digest::{DeliveryKey, DeliveryState, DueRun, Subscription, SubscriptionId};
use takeaways_render::discord::{self as pages, MessagePayload};

/// A run that is on its way is among so many last ones.
const RECENT_RUNS: u32 = 10;
/// What was posted a moment ago is written down by then.
const RETRY_WAIT: Duration = Duration::from_secs(1);

/// What a digest would hold now.
pub struct PreviewPages {
    /// The message, or the page of what it has no room for.
    pub page: MessagePayload,
    /// What it would leave out, and why; with the message only.
    pub left_out: Option<MessagePayload>,
}

impl Bot {
    /// What a digest of the moderator's server would hold now: nothing is posted, and no post is taken note of. `page` 0 is
    /// the message, then come the pages that its buttons show.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn preview_digest(
        &self,
        moderator: Moderator,
        typed: &str,
        page: u16,
        now: Timestamp,
    ) -> Result<PreviewPages, Rejection> {
        let digest = self.find_digest(moderator, typed).await?;
        let id = digest.id.0;
        let preview = self.press.preview(&self.store, &digest, now).await.map_err(Failure::from)?;
        let Some(pages) = preview.pages else {
            let left_out = Some(pages::omitted_posts(&preview.left_out));
            return Ok(PreviewPages { page: pages::nothing_to_post(&digest), left_out });
        };
        if page == 0 {
            let left_out = Some(pages::omitted_posts(&preview.left_out));
            return Ok(PreviewPages { page: pages.first.as_preview(id), left_out });
        }
        let rest = pages.overflow.into_iter().nth(usize::from(page) - 1);
        Ok(PreviewPages { page: rest.unwrap_or_else(pages::outdated_preview), left_out: None })
    }

    /// Posts a digest now: it goes into the ledger like any other, as the run of the time at which it was ordered, and its
    /// way is the same. An order that comes twice is one.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn post_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> CommandResult {
        let digest = self.find_digest(moderator, typed).await?;
        if Self::is_paused(&digest) {
            return Ok(pages::still_paused(&digest));
        }
        // What it holds is new until it is there: nobody shall read it twice.
        let last = self.store.recent_runs(digest.id, RECENT_RUNS).await?;
        if last.iter().any(|run| matches!(run.state, DeliveryState::Planned | DeliveryState::Sending)) {
            return Ok(pages::posting_in_progress(&digest));
        }
        // As it is after the last of them: what ended since it was read is covered by now.
        let digest = self.find_digest(moderator, typed).await?;
        let slot = moderator.caller.sent_at;
        let key =
            DeliveryKey::new(self.store.state_id(), digest.definition.target.destination(), digest.id, slot);
        self.record_posts(now).await?;
        let request = DigestRequest { subscription: &digest, due: DueRun { slot, is_late: false }, key, now };
        let message = self.press.write(request).await.map_err(Failure::from)?;
        if message.body.is_none() {
            return Ok(pages::nothing_to_post(&digest));
        }
        // Its own runs stay as they are.
        let (decided, next) = (digest.decided_until, digest.next_run);
        if self.store.plan(request.plan(message), decided, decided, next, now).await?.is_none()
            && !self.is_recorded(&digest, slot).await?
        {
            return Ok(pages::changed_meanwhile());
        }
        tracing::info!(digest = digest.id.0, "a digest is posted before its time");
        self.digests.wake();
        Ok(pages::posting_started(&digest))
    }

    /// Whether the ledger holds a run: the order came twice.
    async fn is_recorded(&self, digest: &Subscription, slot: Timestamp) -> Result<bool, Rejection> {
        let before = slot.saturating_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(slot);
        Ok(self.store.recorded_slots(digest.id, before).await?.contains(&slot))
    }

    /// A page of what a posted digest had no room for, by its message.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn digest_page(&self, message: u64, page: u8, here: super::Caller) -> CommandResult {
        let mut delivery = self.store.find_by_message(message).await?;
        if delivery.is_none() {
            sleep(RETRY_WAIT).await;
            delivery = self.store.find_by_message(message).await?;
        }
        let delivery = delivery.filter(|delivery| here.is_target(delivery.target));
        let Some(more) = delivery.and_then(|delivery| delivery.more) else {
            return Ok(pages::outdated_button());
        };
        let all: Vec<MessagePayload> = serde_json::from_str(&more)
            .map_err(|_| Failure::Unreadable("pages of a digest, in the state".into()))?;
        Ok(all.into_iter().nth(usize::from(page)).unwrap_or_else(pages::outdated_button))
    }
}

/// As somebody would type it.
pub fn id_arg(id: SubscriptionId) -> String {
    id.0.to_string()
}
