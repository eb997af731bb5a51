//! Delivery without a running bot: one call sends everything that is due, or shows it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;

use super::attempt::RETRIES;
use super::digest_composer::{DigestComposer, DigestMessage, DigestRequest, DigestWriter, DigestWriterError};
use super::planner::decide_subscription;
use super::service::{DeliveryService, RoundReport, UnvisitedPages};
use super::transport::Transport;
use takeaways_digest::{
    Delivery, DeliveryReason, DueRun, RunDecision, SkippedRuns, Subscription, SubscriptionStatus,
};
use takeaways_store::{Store, StoreError};

/// The most rounds of one call while deliveries stay open. The next call continues with them.
const MAX_ROUNDS: u32 = 4;

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
    pub due: Option<(DueRun, DigestMessage)>,
}

/// The result of a dry run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DryRun {
    /// Deliveries that were planned before. They would be sent or settled.
    pub open: Vec<Delivery>,
    /// The plans for runs that are due now.
    pub planned: Vec<PlannedSubscription>,
}

/// Sends everything that is due, and retries for a while if the transport does not accept it.
///
/// # Errors
/// See [`OneShotError`]. The next call settles interrupted attempts.
pub async fn run_once<T: Transport, W: DigestWriter>(
    service: &DeliveryService<T, W>,
    stop: watch::Receiver<bool>,
) -> Result<RoundReport, OneShotError> {
    let mut total = RoundReport::default();
    let mut stopped = stop.clone();
    for round in 1..=MAX_ROUNDS {
        let report = tokio::select! {
            report = service.run_round(&stop) => report?,
            () = service.context().transport.wait_for_refusal() => return Err(OneShotError::Token),
        };
        total = RoundReport { sent: total.sent + report.sent, empty: total.empty + report.empty, ..report };
        if report.open == 0 || *stop.borrow() || round == MAX_ROUNDS {
            break;
        }
        tokio::select! {
            () = sleep(RETRIES.wait(round) + Duration::from_secs(1)) => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    Ok(total)
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
    composer.record_posts_dry(store, now).await.map_err(OneShotError::Writer)?;
    let (mut dry_run, mut pages) = (DryRun::default(), UnvisitedPages::default());
    while let Some(open) = pages
        .take_unvisited(store.open_deliveries(now, pages.limit()).await?, |delivery: &Delivery| delivery.id)
    {
        dry_run.open.extend(open);
    }
    let mut pages = UnvisitedPages::default();
    while let Some(due) = pages
        .take_unvisited(store.list_due(now, pages.limit()).await?, |subscription: &Subscription| {
            subscription.id
        })
    {
        for subscription in due {
            dry_run.planned.push(plan_subscription(store, composer, subscription, now).await?);
        }
    }
    Ok(dry_run)
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
