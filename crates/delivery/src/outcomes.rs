//! Records how a delivery ended (sent, failed, unknown), pauses its subscription and notifies its owner.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::Instant;

use super::clock::Deadline;
use super::service::DeliveryContext;
use super::transport::{Transport, TransportError, with_nonce};
use takeaways_digest::{
    Delivery, DeliveryReason, PauseReason, Subscription, SubscriptionStatus, Target, deadline,
};
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_store::{Claim, StoreError};

/// After this many failed runs in a row a subscription is paused.
pub(crate) const MAX_FAILURES: u32 = 3;
/// A run is never too late before this: half of the shortest period.
const MIN_LATENESS: SignedDuration = SignedDuration::from_mins(30);
/// How long a notice to a person may wait for the rate limiter.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(30);

/// The outcome of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeliveryOutcome {
    /// The message was sent.
    Sent,
    /// The delivery is over: it was not sent, or its outcome is unknown.
    Failed,
    /// The attempt is repeated later.
    Retry,
    /// The attempt is repeated later, because there was no answer.
    NoResponse,
    /// Another process has claimed the delivery.
    NotOurs,
}

impl<T: Transport> DeliveryContext<T> {
    /// Records that the message was posted.
    pub(crate) async fn settle_sent(
        &self,
        claim: &Claim,
        message: u64,
    ) -> Result<DeliveryOutcome, StoreError> {
        let Delivery { id, subscription, slot, attempts, is_late, .. } = &claim.delivery;
        let DeliveryContext { store, metrics, .. } = self;
        let now = self.now();
        takeaways_faults::fail_point("digest.sent.before");
        let is_ours = store.record_sent(claim, message, now).await?;
        takeaways_faults::fail_point("digest.sent.after");
        if !is_ours {
            return Ok(DeliveryOutcome::NotOurs);
        }
        let delay = now.duration_since(*slot).unsigned_abs();
        metrics.digest_ended("sent");
        metrics.digest_sent_after(delay);
        let seconds = delay.as_secs();
        tracing::info!(delivery = id.0, %subscription, message, attempts, seconds, is_late, "a digest was sent");
        Ok(DeliveryOutcome::Sent)
    }

    /// Records that the delivery ended without being sent. The third such run in a row pauses the subscription, and the
    /// first one if it can't mend itself.
    pub(crate) async fn settle_failed(
        &self,
        claim: &Claim,
        reason: DeliveryReason,
    ) -> Result<DeliveryOutcome, StoreError> {
        let Delivery { id, subscription, .. } = &claim.delivery;
        let DeliveryContext { store, metrics, .. } = self;
        takeaways_faults::fail_point("digest.failed.before");
        let failures = store.record_failed(claim, reason, self.now()).await?;
        takeaways_faults::fail_point("digest.failed.after");
        let Some(failures) = failures else { return Ok(DeliveryOutcome::NotOurs) };
        metrics.digest_ended("failed");
        tracing::warn!(delivery = id.0, %subscription, reason = reason.name(), failures, "a digest was not sent");
        if let Some(subscription) = store.find_subscription(*subscription).await? {
            self.pause_after_failures(&subscription, &claim.delivery, reason).await?;
        }
        Ok(DeliveryOutcome::Failed)
    }

    /// Records that it is unknown whether the message was posted.
    pub(crate) async fn settle_unknown(&self, claim: &Claim) -> Result<DeliveryOutcome, StoreError> {
        let delivery = &claim.delivery;
        let Delivery { id, subscription, .. } = delivery;
        let DeliveryContext { store, metrics, .. } = self;
        takeaways_faults::fail_point("digest.failed.before");
        let is_ours = store.record_unknown(claim, self.now()).await?;
        takeaways_faults::fail_point("digest.failed.after");
        if !is_ours {
            return Ok(DeliveryOutcome::NotOurs);
        }
        metrics.digest_ended("unknown");
        tracing::error!(
            delivery = id.0,
            %subscription,
            "a digest may have been posted, but the messages there can't be read: it is not sent again"
        );
        if let Some(subscription) = store.find_subscription(*subscription).await? {
            self.notify_unknown(&subscription, delivery).await;
        }
        Ok(DeliveryOutcome::Failed)
    }

    /// Whether a delivery is too late to be sent at all.
    pub(crate) async fn is_too_late(&self, delivery: &Delivery, now: Timestamp) -> Result<bool, StoreError> {
        if now.duration_since(delivery.slot) <= MIN_LATENESS {
            return Ok(false);
        }
        let subscription = self.store.find_subscription(delivery.subscription).await?;
        let Some(Subscription { definition, .. }) = subscription else { return Ok(true) };
        Ok(now > deadline(&definition.schedule, &definition.zone, delivery.slot))
    }

    /// Pauses a subscription after repeated failures, or a final one, and tells its owner first: an unannounced pause is worse than one
    /// that is announced twice. Returns whether it is paused now.
    pub(crate) async fn pause_after_failures(
        &self,
        subscription: &Subscription,
        last: &Delivery,
        reason: DeliveryReason,
    ) -> Result<bool, StoreError> {
        if subscription.status != SubscriptionStatus::Active {
            return Ok(true);
        }
        // Neither can mend itself.
        let is_final = matches!(reason, DeliveryReason::DirectMessagesClosed | DeliveryReason::NoChannel);
        let is_cause = is_final || subscription.failures >= MAX_FAILURES;
        let Some(pause) = pause_reason(reason).filter(|_| is_cause) else { return Ok(false) };
        let pause = self.refine_pause_reason(subscription, pause).await;
        self.notify_and_pause(subscription, pause, &format!("p{}", last.key)).await?;
        Ok(true)
    }

    /// Pauses the digests of a deleted channel, and notifies their owners.
    pub(crate) async fn handle_channel_deleted(&self, server: u64, channel: u64) -> Result<(), StoreError> {
        for subscription in self.store.list_by_server(server).await? {
            let is_there = subscription.definition.target == Target::Channel { server, channel };
            if is_there && subscription.status == SubscriptionStatus::Active {
                let nonce = format!("c{}", subscription.id.0);
                self.notify_and_pause(&subscription, PauseReason::NoChannel, &nonce).await?;
            }
        }
        Ok(())
    }

    async fn notify_and_pause(
        &self,
        subscription: &Subscription,
        pause: PauseReason,
        nonce: &str,
    ) -> Result<(), StoreError> {
        self.notify_paused(subscription, pause, nonce).await;
        takeaways_faults::fail_point("digest.pause.before");
        let is_paused = self.store.pause(subscription.id, pause, None, self.now()).await?;
        takeaways_faults::fail_point("digest.pause.after");
        if is_paused {
            tracing::warn!(subscription = %subscription.id, reason = ?pause, "a digest is paused");
        }
        Ok(())
    }

    /// Replaces the reason by a more exact one from the channel's permissions, if they can be read.
    async fn refine_pause_reason(&self, subscription: &Subscription, pause: PauseReason) -> PauseReason {
        match subscription.definition.target {
            Target::Channel { server, channel } if pause != PauseReason::Refused => {
                self.transport.find_obstacle(server, channel).await.ok().flatten().unwrap_or(pause)
            }
            _ => pause,
        }
    }

    /// Tells the owner that a digest is paused. A notice that is repeated with the same nonce shows once.
    async fn notify_paused(&self, subscription: &Subscription, reason: PauseReason, nonce: &str) {
        // A person who refuses direct messages is told with the next answer that they see.
        if reason == PauseReason::DirectMessagesClosed {
            return;
        }
        let page = pages::pause_notice(subscription.id, subscription.definition.target, reason);
        self.notify(subscription.definition.made_by, &page, nonce).await;
    }

    /// Notifies the owner that it is unknown whether a digest was posted.
    async fn notify_unknown(&self, subscription: &Subscription, delivery: &Delivery) {
        let person = match subscription.definition.target {
            Target::Person(person) => person,
            Target::Channel { .. } => subscription.definition.made_by,
        };
        self.notify(person, &pages::unknown_delivery_notice(delivery), &format!("u{}", delivery.key)).await;
    }

    async fn notify(&self, person: u64, page: &MessagePayload, nonce: &str) {
        takeaways_faults::fail_point("digest.tell.before");
        let sent = self.send_notice(person, page, nonce).await;
        takeaways_faults::fail_point("digest.tell.after");
        if let Err(error) = sent {
            tracing::info!(?error, "the owner of a digest could not be notified");
        }
    }

    async fn send_notice(
        &self,
        person: u64,
        page: &MessagePayload,
        nonce: &str,
    ) -> Result<u64, TransportError> {
        let DeliveryContext { transport, clock, .. } = self;
        let channel = transport.open_direct_message(person).await?;
        let json = with_nonce(json!(page), nonce).to_string();
        let until = clock.now().saturating_add(NOTICE_TIMEOUT).unwrap_or(clock.now());
        let deadline = Deadline::new(clock, until, Instant::now(), NOTICE_TIMEOUT);
        transport.post(channel, json, &deadline).await
    }
}

/// The pause reason for repeated failures of this kind. `None` if the subscription is not the cause.
fn pause_reason(reason: DeliveryReason) -> Option<PauseReason> {
    match reason {
        DeliveryReason::NoPermission => Some(PauseReason::NoPermission),
        DeliveryReason::NoChannel => Some(PauseReason::NoChannel),
        DeliveryReason::NoServer => Some(PauseReason::NoServer),
        DeliveryReason::DirectMessagesClosed => Some(PauseReason::DirectMessagesClosed),
        DeliveryReason::Refused => Some(PauseReason::Refused),
        DeliveryReason::Missed
        | DeliveryReason::Paused
        | DeliveryReason::Changed
        | DeliveryReason::Unreachable
        | DeliveryReason::HistoryUnreadable => None,
    }
}
