//! Plans runs: records what is due, skips runs that were missed or that fall into a pause.

use jiff::{SignedDuration, Timestamp};

use super::outcomes::MAX_FAILURES;
use super::service::DeliveryContext;
use super::transport::Transport;
use crate::digest_composer::{DigestRequest, DigestWriter, DigestWriterError};
use takeaways_digest::{
    DeliveryReason, DeliveryState, PauseReason, RunDecision, SkippedRuns, Subscription, SubscriptionStatus,
    decide_runs,
};
use takeaways_store::{Store, StoreError};

/// The resolution of times in the state.
const TIME_RESOLUTION: SignedDuration = SignedDuration::from_millis(1);

/// Plans the runs of subscriptions.
pub(crate) struct Planner<'a, T, W> {
    pub context: &'a DeliveryContext<T>,
    pub writer: &'a W,
}

impl<T: Transport, W: DigestWriter> Planner<'_, T, W> {
    /// Records new posts in the state. Returns whether the posts can be read. If not, nothing is planned, and the next
    /// round tries again.
    pub(crate) async fn record_posts(&self, is_due: bool) -> Result<bool, StoreError> {
        takeaways_faults::fail_point("digest.see.before");
        let recorded = self.writer.record_posts(&self.context.store, self.context.now(), is_due).await;
        takeaways_faults::fail_point("digest.see.after");
        match recorded {
            Ok(()) => Ok(true),
            Err(DigestWriterError::Store(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, "the posts can't be read, so no digest can be written");
                Ok(false)
            }
        }
    }

    /// Decides about all runs of a subscription up to now. Without posts (`has_posts`) due runs are not planned; they
    /// stay due for the next round. Returns whether a run had nothing to post.
    pub(crate) async fn decide(
        &self,
        subscription: Subscription,
        has_posts: bool,
    ) -> Result<bool, StoreError> {
        let decision = self.decide_subscription(&subscription).await?;
        match subscription.status {
            SubscriptionStatus::Active
                if subscription.failures >= MAX_FAILURES
                    && self.complete_interrupted_pause(&subscription).await? =>
            {
                self.skip_all(&subscription, decision).await.map(|()| false)
            }
            SubscriptionStatus::Active => self.plan_or_skip(&subscription, decision, has_posts).await,
            SubscriptionStatus::Paused { reason, .. } => {
                let Some(resumed) = self.try_resume(&subscription, reason, decision).await? else {
                    return self.skip_all(&subscription, decision).await.map(|()| false);
                };
                let decision = self.decide_subscription(&resumed).await?;
                self.plan_or_skip(&resumed, decision, has_posts).await
            }
        }
    }

    /// Skips runs that are too late, and plans the run that is due.
    async fn plan_or_skip(
        &self,
        subscription: &Subscription,
        decision: RunDecision,
        has_posts: bool,
    ) -> Result<bool, StoreError> {
        let RunDecision { skipped, due, next, decided_until } = decision;
        let Some(due) = due else {
            self.skip(subscription, skipped, DeliveryReason::Missed, decided_until, next).await?;
            return Ok(false);
        };
        let mut decided_from = subscription.decided_until;
        if let Some(missed) = skipped {
            decided_from = missed.last;
            self.skip(subscription, Some(missed), DeliveryReason::Missed, missed.last, Some(due)).await?;
        }
        if !has_posts {
            return Ok(false);
        }
        self.plan(subscription, due, decided_from, decision).await
    }

    async fn plan(
        &self,
        subscription: &Subscription,
        due: Timestamp,
        decided_from: Timestamp,
        decision: RunDecision,
    ) -> Result<bool, StoreError> {
        let DeliveryContext { store, metrics, .. } = self.context;
        let now = self.context.now();
        let request = DigestRequest::new(store, subscription, due, now);
        let message = match self.writer.write(request).await {
            Ok(message) => message,
            Err(DigestWriterError::Store(error)) => return Err(error),
            Err(error) => {
                tracing::error!(subscription = %subscription.id, %error, "a digest could not be written and will be retried");
                return Ok(false);
            }
        };
        let is_empty = message.body.is_none();
        takeaways_faults::fail_point("digest.plan.before");
        let plan = request.plan(message);
        let planned = store.plan(plan, decided_from, decision.decided_until, decision.next, now).await?;
        takeaways_faults::fail_point("digest.plan.after");
        let is_empty = is_empty && planned.is_some();
        if is_empty {
            metrics.digest_ended(DeliveryState::Empty.name());
        }
        Ok(is_empty)
    }

    /// Skips all runs of a paused subscription.
    async fn skip_all(&self, subscription: &Subscription, decision: RunDecision) -> Result<(), StoreError> {
        let RunDecision { skipped, due, next, decided_until } = decision;
        let due = due.map(|due| SkippedRuns { first: due, last: due, count: 1 });
        let all = match (skipped, due) {
            (Some(skip), Some(due)) => {
                Some(SkippedRuns { first: skip.first, last: due.last, count: skip.count.saturating_add(1) })
            }
            (skip, due) => skip.or(due),
        };
        self.skip(subscription, all, DeliveryReason::Paused, decided_until, next).await
    }

    async fn skip(
        &self,
        subscription: &Subscription,
        skip: Option<SkippedRuns>,
        reason: DeliveryReason,
        decided_until: Timestamp,
        next: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let now = self.context.now();
        takeaways_faults::fail_point("digest.skip.before");
        self.context.store.skip(subscription.id, skip, reason, decided_until, next, now).await?;
        takeaways_faults::fail_point("digest.skip.after");
        if let Some(skip) = skip {
            self.context.metrics.digest_ended(DeliveryState::Skipped.name());
            let (reason, count) = (reason.name(), skip.count);
            tracing::warn!(subscription = %subscription.id, reason, count, last = %skip.last, "runs were skipped");
        }
        Ok(())
    }

    /// Completes a pause that was interrupted after the last failed run. Returns whether the subscription is paused
    /// now.
    async fn complete_interrupted_pause(&self, subscription: &Subscription) -> Result<bool, StoreError> {
        let last = self.context.store.recent_runs(subscription.id, 1).await?.into_iter().next();
        let Some((last, reason)) = last.and_then(|last| last.reason.map(|reason| (last, reason))) else {
            return Ok(false);
        };
        self.context.pause_after_failures(subscription, &last, reason).await
    }

    /// Resumes the subscription if the reason for its pause is gone, and returns it. That is checked once for each due
    /// run.
    async fn try_resume(
        &self,
        subscription: &Subscription,
        reason: PauseReason,
        decision: RunDecision,
    ) -> Result<Option<Subscription>, StoreError> {
        let Some(due) = decision.due else { return Ok(None) };
        if !self.context.is_pause_reason_gone(subscription.definition.target, reason).await {
            return Ok(None);
        }
        if let Some(skip) = decision.skipped {
            self.skip(subscription, Some(skip), DeliveryReason::Paused, skip.last, Some(due)).await?;
        }
        // This run is the next one again; the runs before it are decided.
        let decided = due.saturating_sub(TIME_RESOLUTION).unwrap_or(due);
        self.context.resume(subscription, decided).await
    }

    async fn decide_subscription(&self, subscription: &Subscription) -> Result<RunDecision, StoreError> {
        decide_subscription(&self.context.store, subscription, self.context.now()).await
    }
}

/// Decides about the runs of a subscription at a time.
pub(crate) async fn decide_subscription(
    store: &Store,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<RunDecision, StoreError> {
    let Subscription { definition, decided_until, .. } = subscription;
    let recorded = store.recorded_slots(subscription.id, *decided_until).await?;
    Ok(decide_runs(&definition.schedule, &definition.zone, *decided_until, &recorded, now))
}
