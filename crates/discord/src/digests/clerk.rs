//! Writes down what is due, and what is not going to be.

use jiff::{SignedDuration, Timestamp};

use super::ends::FAILURES;
use super::mail::Mail;
use super::writer::{Order, Writer, WriterError};
use super::{Digests, looks};
use takeaways_digest::{
    self, Decision, DeliveryState, Due, Key, PauseReason, Reason, Skip, Status, Subscription,
};
use takeaways_store::{Plan, Store, StoreError};

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Decides about all runs of a subscription up to now. Without posts (`has_posts`) nothing that is due is written down:
    /// it is due again in the next round. Whether there was nothing to post.
    pub(super) async fn decide(&self, of: Subscription, has_posts: bool) -> Result<bool, StoreError> {
        let decided = decision(&self.store, &of, self.now()).await?;
        match of.status {
            Status::Active if of.failures >= FAILURES && self.is_paused_late(&of).await? => {
                self.skip_all(&of, decided).await.map(|()| false)
            }
            Status::Active => self.run(&of, decided, has_posts).await,
            Status::Paused { reason, .. } => {
                let Some(resumed) = self.resumed(&of, reason, decided).await? else {
                    return self.skip_all(&of, decided).await.map(|()| false);
                };
                let decided = decision(&self.store, &resumed, self.now()).await?;
                self.run(&resumed, decided, has_posts).await
            }
        }
    }

    /// Skips what was missed for good, and writes down what is due.
    async fn run(&self, of: &Subscription, decision: Decision, has_posts: bool) -> Result<bool, StoreError> {
        let Some(due) = decision.due else {
            self.skip(of, decision.skip, Reason::Missed, decision.decided_until, decision.next).await?;
            return Ok(false);
        };
        let mut decided_from = of.decided_until;
        if let Some(missed) = decision.skip {
            decided_from = missed.last;
            self.skip(of, Some(missed), Reason::Missed, missed.last, Some(due.slot)).await?;
        }
        if !has_posts {
            return Ok(false);
        }
        self.plan(of, due, decided_from, decision).await
    }

    async fn plan(
        &self,
        of: &Subscription,
        due: Due,
        decided_from: Timestamp,
        decision: Decision,
    ) -> Result<bool, StoreError> {
        let now = self.now();
        let target = of.wanted.target;
        let key = Key::new(self.store.number(), target.place(), of.id, due.slot);
        let written = match self.writer.write(Order { subscription: of, due, key, now }).await {
            Ok(written) => written,
            Err(WriterError::Store(error)) => return Err(error),
            Err(error) => {
                tracing::error!(subscription = %of.id, %error, "a digest could not be written and is tried again");
                return Ok(false);
            }
        };
        let is_empty = written.body.is_none();
        let plan = Plan {
            subscription: of.id,
            target,
            slot: due.slot,
            is_late: due.is_late,
            key,
            body: written.body,
            more: written.more,
            posts: written.posts,
            covers: written.covers,
        };
        takeaways_faults::pass("digest.plan.before");
        let planned = self.store.plan(plan, decided_from, decision.decided_until, decision.next, now).await?;
        takeaways_faults::pass("digest.plan.after");
        let is_empty = is_empty && planned.is_some();
        if is_empty {
            self.metrics.digest_ended(DeliveryState::Empty.name());
        }
        Ok(is_empty)
    }

    /// Nothing of it is made while it is paused.
    async fn skip_all(&self, of: &Subscription, decision: Decision) -> Result<(), StoreError> {
        let Decision { skip, due, next, decided_until } = decision;
        let due = due.map(|due| Skip { first: due.slot, last: due.slot, count: 1 });
        let all = match (skip, due) {
            (Some(skip), Some(due)) => {
                Some(Skip { first: skip.first, last: due.last, count: skip.count.saturating_add(1) })
            }
            (skip, due) => skip.or(due),
        };
        self.skip(of, all, Reason::Paused, decided_until, next).await
    }

    async fn skip(
        &self,
        of: &Subscription,
        skip: Option<Skip>,
        reason: Reason,
        decided_until: Timestamp,
        next: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        takeaways_faults::pass("digest.skip.before");
        self.store.skip(of.id, skip, reason, decided_until, next, now).await?;
        takeaways_faults::pass("digest.skip.after");
        if let Some(skip) = skip {
            self.metrics.digest_ended(DeliveryState::Skipped.name());
            let (reason, count) = (reason.name(), skip.count);
            tracing::warn!(subscription = %of.id, reason, count, last = %skip.last, "runs were skipped");
        }
        Ok(())
    }

    /// Makes up for a pause that was cut off after the run that was the last straw.
    async fn is_paused_late(&self, of: &Subscription) -> Result<bool, StoreError> {
        let last = self.store.log(of.id, 1).await?.into_iter().next();
        let Some((last, reason)) = last.and_then(|last| last.reason.map(|reason| (last, reason))) else {
            return Ok(false);
        };
        self.pause_where_in_vain(of, &last, reason).await
    }

    /// The subscription, running again, where what it was paused for is over. One look for each time that it would have run.
    async fn resumed(
        &self,
        of: &Subscription,
        reason: PauseReason,
        decision: Decision,
    ) -> Result<Option<Subscription>, StoreError> {
        let Some(due) = decision.due else { return Ok(None) };
        if !looks::is_over(&self.mail, of.wanted.target, reason).await {
            return Ok(None);
        }
        if let Some(skip) = decision.skip {
            self.skip(of, Some(skip), Reason::Paused, skip.last, Some(due.slot)).await?;
        }
        // This run is the first again: those before it are decided.
        let just_before = due.slot.saturating_sub(SignedDuration::from_millis(1)).unwrap_or(due.slot);
        self.resume(of, just_before).await
    }
}

/// What is to be decided about a subscription at a time.
pub(super) async fn decision(
    store: &Store,
    of: &Subscription,
    now: Timestamp,
) -> Result<Decision, StoreError> {
    // With the run itself up to which all is decided.
    let before = of.decided_until.saturating_sub(SignedDuration::from_millis(1)).unwrap_or(of.decided_until);
    let held = store.held(of.id, before).await?;
    let wanted = &of.wanted;
    Ok(takeaways_digest::decide(&wanted.schedule, &wanted.zone, of.decided_until, &held, now))
}
