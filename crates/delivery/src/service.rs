//! The delivery service: one round plans what is due, and sends what is planned.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::clock::Clock;
use super::digest_writer::DigestWriter;
use super::dispatcher::Dispatcher;
use super::planner::Planner;
use super::resume_check::ResumeCheck;
use super::transport::Transport;
use super::unvisited_pages::UnvisitedPages;
use takeaways_ops::Metrics;
use takeaways_store::{Store, StoreError};

/// A clock that goes back by no more is only being adjusted.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(1);

/// Delivers digests of a writer over a transport.
pub struct DeliveryService<T, W> {
    context: Context<T>,
    writer: W,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundReport {
    /// Digests that were sent.
    pub sent: u32,
    /// Runs with nothing to post.
    pub empty: u32,
    /// Digests that are still to be sent.
    pub open: u32,
    /// Digests that were refused, that came too late, or of which nobody knows.
    pub failed: u32,
}

/// What all steps share.
pub struct Context<T> {
    pub store: Store,
    pub transport: T,
    pub clock: Clock,
    pub metrics: Metrics,
    /// The latest time that was seen.
    latest_time: Mutex<Timestamp>,
}

impl<T: Transport, W: DigestWriter> DeliveryService<T, W> {
    /// Nothing is done yet.
    pub fn new(store: Store, transport: T, writer: W, clock: Clock, metrics: Metrics) -> Self {
        let latest_time = Mutex::new(Timestamp::MAX);
        Self { context: Context { store, transport, clock, metrics, latest_time }, writer }
    }

    /// Does all that is due: records changed posts, plans the runs and sends them in the order of their times. Ends early, with
    /// nothing half done, when `stop` becomes true.
    ///
    /// # Errors
    /// If the state can't be read or written. Whatever was begun is settled in the next round.
    pub async fn run_round(&self, stop: &watch::Receiver<bool>) -> Result<RoundReport, StoreError> {
        let Self { context, writer } = self;
        context.check_clock().await?;
        let planner = Planner { context, writer };
        let mut dispatcher = Dispatcher::new(context);
        let mut empty = 0;
        // Whoever subscribes now has seen what there is now.
        planner.record_posts(false).await?;
        // What was begun before goes first: it is older than what is due now.
        dispatcher.deliver_open(stop).await?;
        let (mut pages, mut has_posts) = (UnvisitedPages::default(), None);
        while !*stop.borrow() {
            let waiting = context.store.list_due(context.now(), pages.limit()).await?;
            let Some(waiting) = pages.take_unvisited(waiting, |subscription| subscription.id) else { break };
            for subscription in waiting {
                if *stop.borrow() {
                    break;
                }
                let has_posts = match has_posts {
                    Some(has_posts) => has_posts,
                    None => *has_posts.insert(planner.record_posts(true).await?),
                };
                empty += u32::from(planner.decide(subscription, has_posts).await?);
            }
            dispatcher.deliver_open(stop).await?;
        }
        Ok(RoundReport { empty, ..dispatcher.report() })
    }

    /// Removes what is old.
    pub(crate) async fn clean(&self) -> Result<(), StoreError> {
        let Context { store, clock, .. } = &self.context;
        takeaways_faults::fail_point("digest.clean.before");
        let removed = store.delete_expired(clock.now()).await?;
        takeaways_faults::fail_point("digest.clean.after");
        if removed > 0 {
            tracing::info!(removed, "old rows were removed from the state");
        }
        Ok(())
    }

    /// Ends pauses whose reason is gone.
    pub(crate) fn resume_check(&self) -> ResumeCheck<'_, T> {
        ResumeCheck { context: &self.context }
    }

    pub(crate) fn context(&self) -> &Context<T> {
        &self.context
    }
}

impl<T> Context<T> {
    /// The time. The latest one that anything was decided by is kept: a clock may go forth and back within a round.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        let mut latest = self.latest_time.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = now.max(*latest);
        now
    }

    /// Reopens what was decided about a time that is to come again.
    async fn check_clock(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let latest = *self.latest_time.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.duration_since(now) > CLOCK_TOLERANCE {
            let reopened = self.store.reopen_after_clock_rollback(now).await?;
            if reopened > 0 {
                tracing::warn!(
                    reopened,
                    "the clock went back: runs of the time that comes again are open again"
                );
            }
        }
        *self.latest_time.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }
}
