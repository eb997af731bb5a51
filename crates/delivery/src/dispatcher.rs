//! Sends the open deliveries of a round, several at a time.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::Instant;

use super::outcomes::DeliveryOutcome;
use super::service::{DeliveryContext, RoundReport};
use super::transport::Transport;
use takeaways_digest::DeliveryId;
use takeaways_store::StoreError;

/// The most deliveries that are in flight at once.
const MAX_CONCURRENT: usize = 8;
/// After this many requests in a row without an answer, the round ends.
const MAX_UNANSWERED: u32 = 16;
/// How often a long round logs its progress.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

/// Sends the deliveries of a round.
pub(crate) struct Dispatcher<'a, T> {
    context: &'a DeliveryContext<T>,
    tally: RoundTally,
}

/// The outcomes of the deliveries of a round.
#[derive(Debug, Default)]
struct RoundTally {
    report: RoundReport,
    /// Requests in a row without an answer.
    unanswered: u32,
    /// The error of the state that ended the round.
    error: Option<StoreError>,
}

impl<'a, T: Transport> Dispatcher<'a, T> {
    pub(crate) fn new(context: &'a DeliveryContext<T>) -> Self {
        Self { context, tally: RoundTally::default() }
    }

    /// The outcomes so far.
    pub(crate) fn into_report(self) -> RoundReport {
        self.tally.report
    }

    /// Sends all deliveries that are open now, in the order of their times.
    pub(crate) async fn deliver_open(&mut self, stop: &watch::Receiver<bool>) -> Result<(), StoreError> {
        let (context, tally) = (self.context, &mut self.tally);
        if tally.ends_round(stop) {
            return Ok(()); // It would be read in vain.
        }
        let mut logged = Instant::now();
        let mut running = FuturesUnordered::new();
        for delivery in context.store.open_deliveries(context.now()).await? {
            if tally.ends_round(stop) {
                break;
            }
            running.push(async move { (delivery.id, context.attempt(delivery).await) });
            while running.len() >= MAX_CONCURRENT {
                tally.record(running.next().await);
            }
            if logged.elapsed() >= PROGRESS_INTERVAL {
                logged = Instant::now();
                let RoundReport { sent, open: later, .. } = &tally.report;
                tracing::info!(sent, later, "digests are being sent");
            }
        }
        while !running.is_empty() {
            tally.record(running.next().await);
        }
        tally.error.take().map_or(Ok(()), Err)
    }
}

impl RoundTally {
    fn ends_round(&self, stop: &watch::Receiver<bool>) -> bool {
        *stop.borrow() || self.unanswered >= MAX_UNANSWERED || self.error.is_some()
    }

    fn record(&mut self, ended: Option<(DeliveryId, Result<DeliveryOutcome, StoreError>)>) {
        match ended {
            Some((id, Ok(outcome))) => self.add(id, outcome),
            Some((_, Err(error))) => {
                self.error.get_or_insert(error);
            }
            None => {}
        }
    }

    fn add(&mut self, id: DeliveryId, outcome: DeliveryOutcome) {
        let is_unanswered = outcome == DeliveryOutcome::NoResponse;
        self.unanswered = if is_unanswered { self.unanswered + 1 } else { 0 };
        match outcome {
            DeliveryOutcome::Sent => self.report.sent += 1,
            DeliveryOutcome::Failed => self.report.failed.push(id),
            DeliveryOutcome::Retry | DeliveryOutcome::NoResponse => self.report.open += 1,
            DeliveryOutcome::NotOurs => {}
        }
    }
}
