//! The delivery service: one round plans due runs and sends planned ones.

use crate::{
    clock::Clock, digest_composer::DigestWriter, dispatcher::Dispatcher, planner::Planner,
    transport::Transport,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use takeaways_digest::{DeliveryId, Subscription};
use takeaways_ops::Metrics;
use takeaways_store::{Store, StoreError};
use tokio::sync::watch;

/// A clock that goes back by at most this much is only being adjusted.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(1);
/// After this many runs were planned they are sent, so that the first ones do not wait for the last ones.
const PLANNED_AT_ONCE: usize = 200;

/// Delivers the digests of a writer over a transport.
pub struct DeliveryService<T, W> {
    context: DeliveryContext<T>,
    writer: Arc<W>,
}

/// The counts of a round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoundReport {
    /// Digests that were sent.
    pub sent: u32,
    /// Runs with nothing to post.
    pub empty: u32,
    /// Digests that are still to be sent.
    pub open: u32,
    /// Digests that were refused, that were too late, or whose outcome is unknown.
    pub failed: Vec<DeliveryId>,
}

/// State that all steps share.
pub(crate) struct DeliveryContext<T> {
    pub store: Store,
    pub transport: T,
    pub clock: Clock,
    pub metrics: Metrics,
    /// The latest time that was seen.
    latest_time: Mutex<Timestamp>,
}

impl<T: Transport, W: DigestWriter> DeliveryService<T, W> {
    /// A service that has done nothing yet.
    pub fn new(store: Store, transport: T, writer: Arc<W>, clock: Clock, metrics: Metrics) -> Self {
        let latest_time = Mutex::new(Timestamp::MAX);
        Self { context: DeliveryContext { store, transport, clock, metrics, latest_time }, writer }
    }

    /// Runs one round: records changed posts, plans due runs and sends them in the order of their times. If `stop`
    /// becomes true, it ends early, between two steps.
    ///
    /// # Errors
    /// If the state can't be read or written. The next round settles interrupted attempts.
    pub(crate) async fn run_round(&self, stop: &watch::Receiver<bool>) -> Result<RoundReport, StoreError> {
        let Self { context, writer } = self;
        context.check_clock().await?;
        let planner = Planner { context, writer: writer.as_ref() };
        let mut dispatcher = Dispatcher::new(context);
        let mut empty = 0;
        // A subscription that is made from now on has seen the current posts.
        planner.record_posts(false).await?;
        // Open deliveries go first: they are older than the runs that are due now.
        dispatcher.deliver_open(stop).await?;
        let due = context.store.list_due(context.now()).await?;
        let has_posts = !due.is_empty() && planner.record_posts(true).await?;
        for runs in due.chunks(PLANNED_AT_ONCE) {
            for Subscription { id, .. } in runs {
                if *stop.borrow() {
                    break;
                }
                // It may have been changed since: earlier ones were sent meanwhile.
                if let Some(subscription) = context.store.find_subscription(*id).await? {
                    empty += u32::from(planner.decide(subscription, has_posts).await?);
                }
            }
            dispatcher.deliver_open(stop).await?;
        }
        Ok(RoundReport { empty, ..dispatcher.into_report() })
    }

    /// Deletes expired rows.
    pub(crate) async fn clean(&self) -> Result<(), StoreError> {
        let DeliveryContext { store, clock, .. } = &self.context;
        takeaways_faults::fail_point("digest.clean.before");
        let removed = store.delete_expired(clock.now()).await?;
        takeaways_faults::fail_point("digest.clean.after");
        if removed > 0 {
            tracing::info!(removed, "old rows were removed from the state");
        }
        Ok(())
    }

    pub(crate) fn context(&self) -> &DeliveryContext<T> {
        &self.context
    }
}

impl<T> DeliveryContext<T> {
    /// The current time. It also updates the latest time, because the clock may go forth and back within a round.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        let mut latest = self.latest_time.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = now.max(*latest);
        now
    }

    /// Reopens decisions after the clock was set back.
    async fn check_clock(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let latest = *self.latest_time.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.duration_since(now) > CLOCK_TOLERANCE {
            let reopened = self.store.reopen_after_clock_rollback(now).await?;
            if reopened > 0 {
                tracing::warn!(reopened, "the clock went back: runs after the new time are due again");
            }
        }
        *self.latest_time.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }
}
