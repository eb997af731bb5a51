//! An attempt at a delivery, from its claim to its outcome.
//!
//! ```text
//!    planned ──claim──▶ sending ──▶ sent, failed or unknown
//!       ▲                  │
//!       └─────release──────┘  (to be tried again)
//! ```
//!
//! An attempt that is interrupted leaves the delivery `sending`. The next one repeats it while its nonce is known, so
//! that nothing is posted twice; later the channel's messages tell whether it was posted.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::time::Instant;

use super::clock::Deadline;
use super::history::{self, HistoryLookup};
use super::outcomes::DeliveryOutcome;
use super::service::DeliveryContext;
use super::transport::{Backoff, NONCE_LIFETIME, Transport, TransportError, with_nonce};
use takeaways_digest::{Delivery, DeliveryReason, Destination, is_late};
use takeaways_render::discord::mark_late;
use takeaways_store::{Claim, StoreError};

/// The length of a lease.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// A request may start only this long after its claim. It takes at most ten seconds, so a process that lost the state
/// is silent before its lease ends.
const MAX_START_DELAY: Duration = Duration::from_secs(8);
/// How long after an attempt its nonce has surely expired, with some room.
const NONCE_END: Duration = NONCE_LIFETIME.saturating_add(Duration::from_secs(1));
/// The waits between attempts, and between rounds that failed.
pub(crate) const RETRIES: Backoff = Backoff { seconds: &[2.0, 4.0, 8.0, 16.0, 32.0, 60.0], jitter: 0.5 };

/// A claim with the deadline for its request.
struct HeldClaim {
    claim: Claim,
    deadline: Deadline,
}

impl<T: Transport> DeliveryContext<T> {
    /// Claims a delivery, sends it, and records its outcome.
    pub(crate) async fn attempt(&self, delivery: Delivery) -> Result<DeliveryOutcome, StoreError> {
        let (now, claimed_at) = (self.now(), Instant::now());
        let is_too_late = self.is_too_late(&delivery, now).await?;
        takeaways_faults::fail_point("digest.claim.before");
        let claim = self.store.claim(delivery.id, now, LEASE).await?;
        let Some(claim) = claim else { return Ok(DeliveryOutcome::NotOurs) };
        takeaways_faults::fail_point("digest.claim.after");
        drop(delivery);
        let held_claim = self.hold(claim, claimed_at);
        if !held_claim.claim.may_be_posted {
            return self.send_unless_too_late(held_claim, is_too_late).await;
        }
        let sending_since = held_claim.claim.delivery.sending_since.unwrap_or(now);
        let age = now.duration_since(sending_since);
        match Duration::try_from(age).is_ok_and(|age| age < NONCE_LIFETIME) {
            // Discord still recognises the nonce, so nothing can be posted twice.
            true if !is_too_late => self.send(held_claim).await,
            // The earlier request may still be on its way.
            true => {
                let nonce_ends = sending_since.saturating_add(NONCE_END).unwrap_or(now);
                self.release(&held_claim.claim, false, nonce_ends, DeliveryOutcome::Retry).await
            }
            false => self.look_up_and_send(held_claim, sending_since, is_too_late).await,
        }
    }

    /// Looks for the message in the channel, and sends it if it surely is not there.
    async fn look_up_and_send(
        &self,
        held_claim: HeldClaim,
        sending_since: Timestamp,
        is_too_late: bool,
    ) -> Result<DeliveryOutcome, StoreError> {
        let HeldClaim { claim, .. } = held_claim;
        let DeliveryContext { store, transport, .. } = self;
        let lookup = async {
            let Delivery { target, key, .. } = &claim.delivery;
            let channel = (target.server(), self.resolve_channel(&claim.delivery).await?);
            history::find_message(transport, channel, *key, sending_since, self.now()).await
        };
        match lookup.await {
            Ok(HistoryLookup::Present(message)) => self.settle_sent(&claim, message).await,
            Ok(HistoryLookup::Absent) => {
                let (now, claimed_at) = (self.now(), Instant::now());
                takeaways_faults::fail_point("digest.absent.before");
                let Some(claim) = store.record_absent(&claim, now).await? else {
                    return Ok(DeliveryOutcome::NotOurs);
                };
                takeaways_faults::fail_point("digest.absent.after");
                self.send_unless_too_late(self.hold(claim, claimed_at), is_too_late).await
            }
            // A second post can't be seen in a channel that nobody can see.
            Err(TransportError::Refused(DeliveryReason::NoChannel)) => {
                self.settle_failed(&claim, DeliveryReason::NoChannel).await
            }
            Ok(HistoryLookup::TooMany | HistoryLookup::Unreadable) | Err(TransportError::Refused(_)) => {
                self.settle_unknown(&claim).await
            }
            Err(TransportError::NoResponse) => self.retry_unanswered(&claim, false, None).await,
            Err(TransportError::RetryLater(wait)) => self.retry_unanswered(&claim, false, wait).await,
        }
    }

    /// Sends a message that surely was not posted.
    async fn send_unless_too_late(
        &self,
        held_claim: HeldClaim,
        is_too_late: bool,
    ) -> Result<DeliveryOutcome, StoreError> {
        if is_too_late {
            return self.settle_failed(&held_claim.claim, DeliveryReason::Unreachable).await;
        }
        self.send(held_claim).await
    }

    async fn send(&self, held_claim: HeldClaim) -> Result<DeliveryOutcome, StoreError> {
        let HeldClaim { claim, deadline } = held_claim;
        let may_be_posted = claim.may_be_posted;
        match self.post(&claim.delivery, &deadline).await {
            Ok(message) => self.settle_sent(&claim, message).await,
            Err(TransportError::NoResponse) => self.retry_unanswered(&claim, false, None).await,
            Err(TransportError::RetryLater(wait)) => {
                self.retry_unanswered(&claim, !may_be_posted, wait).await
            }
            // This attempt was refused, but an earlier one may not have been. The channel shows it once the nonce has
            // expired.
            Err(TransportError::Refused(_)) if may_be_posted => {
                self.retry_later(&claim, false, Some(NONCE_END), DeliveryOutcome::Retry).await
            }
            Err(TransportError::Refused(reason)) => self.settle_failed(&claim, reason).await,
        }
    }

    async fn post(&self, delivery: &Delivery, deadline: &Deadline) -> Result<u64, TransportError> {
        let channel = self.resolve_channel(delivery).await?;
        if deadline.is_over() {
            return Err(TransportError::RetryLater(None));
        }
        takeaways_faults::fail_point("digest.send.before");
        let json = message_json(delivery, self.now());
        let posted = self.transport.post(channel, json, deadline).await;
        takeaways_faults::fail_point("digest.send.after");
        posted
    }

    fn hold(&self, claim: Claim, claimed_at: Instant) -> HeldClaim {
        let deadline = Deadline::new(&self.clock, claim.expires_at, claimed_at, MAX_START_DELAY);
        HeldClaim { claim, deadline }
    }

    /// The channel for a message. For a person, a refusal of direct messages is known here already. A lost request has
    /// no effect.
    async fn resolve_channel(&self, delivery: &Delivery) -> Result<u64, TransportError> {
        match delivery.target.destination() {
            Destination::Channel(channel) => Ok(channel),
            Destination::Person(person) => {
                let opened = self.transport.open_direct_message(person).await;
                opened.map_err(|error| match error {
                    TransportError::NoResponse => TransportError::RetryLater(None),
                    error => error,
                })
            }
        }
    }

    async fn retry_unanswered(
        &self,
        claim: &Claim,
        is_refused: bool,
        wait: Option<Duration>,
    ) -> Result<DeliveryOutcome, StoreError> {
        self.retry_later(claim, is_refused, wait, DeliveryOutcome::NoResponse).await
    }

    async fn retry_later(
        &self,
        claim: &Claim,
        is_refused: bool,
        wait: Option<Duration>,
        outcome: DeliveryOutcome,
    ) -> Result<DeliveryOutcome, StoreError> {
        let wait = RETRIES.wait(claim.delivery.attempts).max(wait.unwrap_or_default());
        let now = self.now();
        self.release(claim, is_refused, now.saturating_add(wait).unwrap_or(now), outcome).await
    }

    async fn release(
        &self,
        claim: &Claim,
        is_refused: bool,
        not_before: Timestamp,
        outcome: DeliveryOutcome,
    ) -> Result<DeliveryOutcome, StoreError> {
        let Delivery { id, subscription, attempts, .. } = &claim.delivery;
        tracing::info!(
            delivery = id.0,
            %subscription,
            attempts,
            is_refused,
            %not_before,
            "a digest could not be sent and will be retried"
        );
        takeaways_faults::fail_point("digest.release.before");
        self.store.release(claim, is_refused, not_before).await?;
        takeaways_faults::fail_point("digest.release.after");
        Ok(outcome)
    }
}

/// The message with its nonce, and with a note if it is late.
fn message_json(delivery: &Delivery, now: Timestamp) -> String {
    let body = delivery.body.as_deref().unwrap_or("{}");
    let mut body: Value = serde_json::from_str(body).unwrap_or_default();
    if is_late(delivery.slot, now) {
        // The overview of an event alone has no content.
        body["content"] = mark_late(body["content"].as_str().unwrap_or_default(), delivery.slot).into();
    }
    with_nonce(body, &delivery.key.nonce()).to_string()
}
