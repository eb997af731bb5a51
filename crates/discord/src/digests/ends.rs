//! How a delivery ends: it is there, it was refused, or nobody knows; and what follows for its subscription.

use jiff::{SignedDuration, Timestamp};

use super::courier::End;
use super::mail::Mail;
use super::writer::Writer;
use super::{Digests, tell};
use takeaways_digest::{Delivery, PauseReason, Reason, Status, Subscription, Target};
use takeaways_store::{Claim, StoreError};

/// After so many refused runs in a row a subscription is paused.
pub const FAILURES: u32 = 3;
/// No run may be less late: half of the shortest period.
const ALWAYS_IN_TIME: SignedDuration = SignedDuration::from_mins(30);

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Discord has it.
    pub(super) async fn sent(&self, claim: &Claim, message: u64) -> Result<End, StoreError> {
        let Delivery { id, subscription, slot, attempts, is_late, .. } = &claim.delivery;
        let now = self.now();
        takeaways_faults::pass("digest.sent.before");
        let is_ours = self.store.sent(claim, message, now).await?;
        takeaways_faults::pass("digest.sent.after");
        if !is_ours {
            return Ok(End::Others);
        }
        let delay = now.duration_since(*slot).unsigned_abs();
        self.metrics.digest_ended("sent");
        self.metrics.digest_sent_after(delay);
        let seconds = delay.as_secs();
        tracing::info!(delivery = id.0, %subscription, message, attempts, seconds, is_late, "a digest was sent");
        Ok(End::Sent)
    }

    /// It ends without having been sent; the third time in a row the subscription is paused.
    pub(super) async fn failed(&self, claim: &Claim, reason: Reason) -> Result<End, StoreError> {
        let Delivery { id, subscription, .. } = &claim.delivery;
        takeaways_faults::pass("digest.failed.before");
        let failures = self.store.failed(claim, reason, self.now()).await?;
        takeaways_faults::pass("digest.failed.after");
        let Some(failures) = failures else { return Ok(End::Others) };
        self.metrics.digest_ended("failed");
        tracing::warn!(delivery = id.0, %subscription, reason = reason.name(), failures, "a digest was not sent");
        if let Some(of) = self.store.subscription(*subscription).await? {
            self.pause_where_in_vain(&of, &claim.delivery, reason).await?;
        }
        Ok(End::Failed)
    }

    /// Nobody knows whether Discord has it, and nobody can find out.
    pub(super) async fn unknown(&self, claim: &Claim) -> Result<End, StoreError> {
        let delivery = &claim.delivery;
        let Delivery { id, subscription, .. } = delivery;
        takeaways_faults::pass("digest.failed.before");
        let is_ours = self.store.unknown(claim, self.now()).await?;
        takeaways_faults::pass("digest.failed.after");
        if !is_ours {
            return Ok(End::Others);
        }
        self.metrics.digest_ended("unknown");
        tracing::error!(
            delivery = id.0,
            %subscription,
            "a digest may or may not have been posted, and the messages there can't tell: it is not sent again"
        );
        if let Some(of) = self.store.subscription(*subscription).await? {
            tell::unknown(&self.mail, &self.clock, &of, delivery).await;
        }
        Ok(End::Failed)
    }

    /// Pauses a subscription whose runs come to nothing, and tells who made it. Told first: a pause that nobody hears of is
    /// worse than one that is told twice. Gives whether it is paused now.
    pub(super) async fn pause_where_in_vain(
        &self,
        of: &Subscription,
        last: &Delivery,
        reason: Reason,
    ) -> Result<bool, StoreError> {
        if of.status != Status::Active {
            return Ok(true);
        }
        let is_closed = reason == Reason::DirectMessagesClosed;
        let Some(why) = pause_reason(reason).filter(|_| is_closed || of.failures >= FAILURES) else {
            return Ok(false);
        };
        let why = self.looked_up(of, why).await;
        if let (Target::Person(person), true) = (of.wanted.target, is_closed) {
            self.store.leave_notice(person, why, self.now()).await?;
        }
        tell::paused(&self.mail, &self.clock, of, last, why).await;
        takeaways_faults::pass("digest.pause.before");
        let is_paused = self.store.pause(of.id, why, self.now()).await?;
        takeaways_faults::pass("digest.pause.after");
        if is_paused {
            tracing::warn!(subscription = %of.id, reason = ?why, "a digest is paused");
        }
        Ok(true)
    }

    /// The permissions there say more than the refusals, where they can be had.
    async fn looked_up(&self, of: &Subscription, why: PauseReason) -> PauseReason {
        match of.wanted.target {
            Target::Channel { server, channel } if why != PauseReason::Refused => {
                self.mail.look(server, channel).await.ok().flatten().unwrap_or(why)
            }
            _ => why,
        }
    }

    /// Whether a delivery is too late to be sent at all.
    pub(super) async fn is_too_late(&self, delivery: &Delivery, now: Timestamp) -> Result<bool, StoreError> {
        if now.duration_since(delivery.slot) <= ALWAYS_IN_TIME {
            return Ok(false);
        }
        let Some(of) = self.store.subscription(delivery.subscription).await? else { return Ok(true) };
        Ok(now > takeaways_digest::deadline(&of.wanted.schedule, &of.wanted.zone, delivery.slot))
    }
}

/// What refused runs of this reason in a row mean; `None` where the subscription can't help it.
fn pause_reason(reason: Reason) -> Option<PauseReason> {
    match reason {
        Reason::NoPermission => Some(PauseReason::NoPermission),
        Reason::NoChannel => Some(PauseReason::NoChannel),
        Reason::NoServer => Some(PauseReason::NoServer),
        Reason::DirectMessagesClosed => Some(PauseReason::DirectMessagesClosed),
        Reason::Refused => Some(PauseReason::Refused),
        Reason::Missed
        | Reason::Paused
        | Reason::Changed
        | Reason::Unreachable
        | Reason::HistoryUnreadable => None,
    }
}
