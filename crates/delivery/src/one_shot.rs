//! Delivery without a running bot: one call sends everything that is due, or shows it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::attempt::RETRIES;
use super::digest_composer::{DigestComposer, DigestRequest, DigestWriter, DigestWriterError};
use super::planner::decide_subscription;
use super::service::{DeliveryContext, DeliveryService};
use super::transport::Transport;
use takeaways_digest::{
    Delivery, DeliveryId, DeliveryReason, RunDecision, SkippedRuns, Subscription, SubscriptionStatus,
};
use takeaways_store::{DigestMessage, Store, StoreError};

/// The longest wait between two rounds, so that a changed clock is noticed.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// The shortest wait between two rounds.
const MIN_WAIT: Duration = Duration::from_secs(1);

/// Why a one-shot delivery failed.
#[derive(Debug, thiserror::Error)]
pub enum OneShotError {
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The transport refuses every request.
    #[error("Discord refuses the token: set DISCORD_TOKEN to the token of the bot")]
    Token,
    /// The posts can't be read.
    #[error("no digest can be written")]
    Writer(#[source] DigestWriterError),
}

/// The plan for one subscription.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSubscription {
    /// The subscription.
    pub subscription: Subscription,
    /// Runs that would be skipped, and the reason.
    pub skip: Option<(SkippedRuns, DeliveryReason)>,
    /// The run that would be made, and its message.
    pub due: Option<(Timestamp, DigestMessage)>,
}

/// The result of a dry run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DryRun {
    /// Deliveries that were planned before. They would be sent or settled.
    pub open: Vec<Delivery>,
    /// The plans for runs that are due now.
    pub planned: Vec<PlannedSubscription>,
}

/// What one call of [`run_once`] did, and what it left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OneShotReport {
    /// The number of digests that were sent.
    pub sent: u32,
    /// The number of runs with nothing to post.
    pub empty: u32,
    /// Digests that were given up: refused, too late, or with an unknown outcome.
    pub failed: Vec<Delivery>,
    /// Digests that are still to be sent.
    pub open: Vec<Delivery>,
    /// Subscriptions whose digest is due and could not be written.
    pub unwritten: Vec<Subscription>,
}

impl OneShotReport {
    /// Whether everything that was due is done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.is_settled()
    }

    /// Whether nothing is left to try.
    fn is_settled(&self) -> bool {
        self.open.is_empty() && self.unwritten.is_empty()
    }
}

/// Sends everything that is due. Ends when each digest was sent or given up, after `limit`, or when `stop` becomes true.
/// Requests in flight are finished.
///
/// # Errors
/// See [`OneShotError`]. The next call settles interrupted attempts.
pub async fn run_once<T: Transport, W: DigestWriter>(
    service: &DeliveryService<T, W>,
    limit: Duration,
    mut stop: watch::Receiver<bool>,
) -> Result<OneShotReport, OneShotError> {
    // A limit beyond the clock's range is no limit.
    let end = Instant::now().checked_add(limit);
    let (ending, ended) = watch::channel(false);
    let end_in_time = async {
        tokio::select! {
            () = wait_until(end) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        ending.send_replace(true);
        pending::<Infallible>().await
    };
    tokio::select! {
        report = run_rounds(service, ended) => Ok(report?),
        () = service.context().transport.wait_for_refusal() => Err(OneShotError::Token),
        never = end_in_time => match never {},
    }
}

async fn wait_until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => pending().await,
    }
}

/// Runs rounds until nothing is left to try, or until `stop` becomes true.
async fn run_rounds<T: Transport, W: DigestWriter>(
    service: &DeliveryService<T, W>,
    mut stop: watch::Receiver<bool>,
) -> Result<OneShotReport, StoreError> {
    let mut report = OneShotReport::default();
    let mut failed: BTreeMap<DeliveryId, Delivery> = BTreeMap::new();
    for round in 1.. {
        let done = service.run_round(&stop).await?;
        report.sent += done.sent;
        report.empty += done.empty;
        let DeliveryContext { store, .. } = service.context();
        for id in done.failed {
            failed.extend(store.find_delivery(id).await?.map(|delivery| (id, delivery)));
        }
        let now = service.context().now();
        report.open = store.open_deliveries(Timestamp::MAX).await?;
        report.unwritten = store.list_due(now).await?;
        if report.is_settled() || *stop.borrow() {
            break;
        }
        let next = store.next_wakeup().await?.unwrap_or(now);
        // A time in the past means no wait.
        let wait = Duration::try_from(next.duration_since(now)).unwrap_or_default();
        let shortest = if report.unwritten.is_empty() { MIN_WAIT } else { RETRIES.wait(round).min(MAX_WAIT) };
        tokio::select! {
            () = sleep(wait.clamp(shortest, MAX_WAIT)) => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    report.failed = failed.into_values().collect();
    Ok(report)
}

/// The deliveries that [`run_once`] would make. Nothing is written, and no transport is needed.
///
/// # Errors
/// See [`OneShotError`].
pub async fn dry_run(
    store: &Store,
    composer: &DigestComposer,
    now: Timestamp,
) -> Result<DryRun, OneShotError> {
    composer.skip_recording();
    let (open, mut planned) = (store.open_deliveries(now).await?, Vec::new());
    for subscription in store.list_due(now).await? {
        planned.push(plan_subscription(store, composer, subscription, now).await?);
    }
    Ok(DryRun { open, planned })
}

async fn plan_subscription(
    store: &Store,
    composer: &DigestComposer,
    subscription: Subscription,
    now: Timestamp,
) -> Result<PlannedSubscription, OneShotError> {
    let RunDecision { skipped: skip, due, .. } = decide_subscription(store, &subscription, now).await?;
    if subscription.status != SubscriptionStatus::Active {
        let skip = skip.map(|skip| (skip, DeliveryReason::Paused));
        return Ok(PlannedSubscription { subscription, skip, due: None });
    }
    let skip = skip.map(|skip| (skip, DeliveryReason::Missed));
    let Some(due) = due else { return Ok(PlannedSubscription { subscription, skip, due: None }) };
    let request = DigestRequest::new(store, &subscription, due, now);
    let message = composer.write(request).await.map_err(OneShotError::Writer)?;
    Ok(PlannedSubscription { subscription, skip, due: Some((due, message)) })
}
