//! A digest looked at, or posted, before its time.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::{Moderator, Ordered, Stopped};
use crate::bot::Bot;
use crate::failure::Failure;
use takeaways_delivery::{DigestRequest, DigestWriter};
use takeaways_digest::{DeliveryState, Due, Key, Subscription, SubscriptionId};
use takeaways_render::discord::{self as pages, Page};

/// A run that is on its way is among so many last ones.
const LAST: u32 = 10;
/// What was posted a moment ago is written down by then.
const MOMENT: Duration = Duration::from_secs(1);

/// What a digest would hold now.
pub struct Previewed {
    /// The message, or the page of what it has no room for.
    pub page: Page,
    /// What it would leave out, and why; with the message only.
    pub left_out: Option<Page>,
}

impl Bot {
    /// What a digest of the moderator's server would hold now: nothing is posted, and no post is taken note of. `page` 0 is
    /// the message, then come the pages that its buttons show.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn preview_digest(
        &self,
        moderator: Moderator,
        typed: &str,
        page: u16,
        now: Timestamp,
    ) -> Result<Previewed, Stopped> {
        let digest = self.digest_of(moderator, typed).await?;
        let id = digest.id.0;
        let preview = self.press.preview(&self.store, &digest, now).await.map_err(Failure::from)?;
        let Some(pages) = preview.pages else {
            let left_out = Some(pages::left_out(&preview.left_out));
            return Ok(Previewed { page: pages::nothing_to_post(&digest), left_out });
        };
        if page == 0 {
            let left_out = Some(pages::left_out(&preview.left_out));
            return Ok(Previewed { page: pages.first.as_preview(id), left_out });
        }
        let rest = pages.rest.into_iter().nth(usize::from(page) - 1);
        Ok(Previewed { page: rest.unwrap_or_else(pages::nothing_more), left_out: None })
    }

    /// Posts a digest now: it goes into the ledger like any other, as the run of the time at which it was ordered, and its
    /// way is the same. An order that comes twice is one.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn post_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> Ordered {
        let digest = self.digest_of(moderator, typed).await?;
        if Self::is_paused(&digest) {
            return Ok(pages::paused_now(&digest));
        }
        // What it holds is new until it is there: nobody shall read it twice.
        let last = self.store.log(digest.id, LAST).await?;
        if last.iter().any(|run| matches!(run.state, DeliveryState::Planned | DeliveryState::Sending)) {
            return Ok(pages::posting_already(&digest));
        }
        // As it is after the last of them: what ended since it was read is covered by now.
        let digest = self.digest_of(moderator, typed).await?;
        let slot = moderator.here.at;
        let key = Key::new(self.store.number(), digest.wanted.target.place(), digest.id, slot);
        self.take_posts_in(now).await?;
        let request = DigestRequest { subscription: &digest, due: Due { slot, is_late: false }, key, now };
        let message = self.press.write(request).await.map_err(Failure::from)?;
        if message.body.is_none() {
            return Ok(pages::nothing_to_post(&digest));
        }
        // Its own runs stay as they are.
        let (decided, next) = (digest.decided_until, digest.next_run);
        if self.store.plan(request.plan(message), decided, decided, next, now).await?.is_none()
            && !self.is_held(&digest, slot).await?
        {
            return Ok(pages::changed_meanwhile());
        }
        tracing::info!(digest = digest.id.0, "a digest is posted before its time");
        self.digests.wake();
        Ok(pages::posting(&digest))
    }

    /// Whether the ledger holds a run: the order came twice.
    async fn is_held(&self, digest: &Subscription, slot: Timestamp) -> Result<bool, Stopped> {
        let before = slot.saturating_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(slot);
        Ok(self.store.held(digest.id, before).await?.contains(&slot))
    }

    /// A page of what a posted digest had no room for, by its message.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn rest_of_digest(&self, message: u64, page: u8, here: super::Here) -> Ordered {
        let mut delivery = self.store.of_message(message).await?;
        if delivery.is_none() {
            sleep(MOMENT).await;
            delivery = self.store.of_message(message).await?;
        }
        let delivery = delivery.filter(|delivery| here.is_at(delivery.target));
        let Some(more) = delivery.and_then(|delivery| delivery.more) else { return Ok(pages::gone()) };
        let all: Vec<Page> = serde_json::from_str(&more)
            .map_err(|_| Failure::Unreadable("pages of a digest, in the state".into()))?;
        Ok(all.into_iter().nth(usize::from(page)).unwrap_or_else(pages::gone))
    }
}

/// As somebody would type it.
pub fn typed(id: SubscriptionId) -> String {
    id.0.to_string()
}
