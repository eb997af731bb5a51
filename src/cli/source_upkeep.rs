//! Refreshes the sources of posts while the bot runs.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use takeaways_answer::EngineHandle;
use takeaways_faults::InjectedFault;
use takeaways_ops::{Health, Metrics};
use takeaways_sources::{RefreshOptions, RefreshReport, Refresher};
use takeaways_store::{SharedWork, Store};

use super::serve::{reload, set_problem};

/// How often is looked for sources that are due. New lines of a list are noticed as fast.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// How long a process has the right to refresh the sources. It renews the right with each check.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// The interval, or the one that a test sets by `sources.check=sleep:…`.
fn check_interval() -> Duration {
    match takeaways_faults::injected_fault("sources.check") {
        Some(InjectedFault::Sleep(interval)) => interval,
        _ => CHECK_INTERVAL,
    }
}

/// The health problem if a source has not been read for a day.
const SOURCE_FAILING: &str = "a source of posts has failed for a day: see `takeaways corpus check`";
/// The health problem if a list of sources can't be read.
const LIST_WRONG: &str = "a list of sources can't be read: see `takeaways corpus check`";

/// What the refreshing of sources works with.
pub struct SourceUpkeep {
    pub refresher: Arc<Refresher>,
    pub engine: Arc<EngineHandle>,
    pub store: Store,
    pub metrics: Metrics,
    pub health: Health,
}

impl SourceUpkeep {
    /// Refreshes what is due, again and again. One process of those that share a database does it.
    pub async fn run(self) {
        loop {
            let now = self.refresher.fetcher().now();
            match self.store.take_lease(SharedWork::RefreshSources, now, LEASE).await {
                Ok(true) => self.refresh().await,
                Ok(false) => {}
                // Without the right nothing is fetched; the state says elsewhere what is wrong with it.
                Err(error) => tracing::warn!(%error, "sources are not refreshed now"),
            }
            tokio::time::sleep(check_interval()).await;
        }
    }

    async fn refresh(&self) {
        let refreshing = async {
            let report = self.refresher.refresh(&RefreshOptions::default()).await;
            self.report(&report);
            if report.has_changes() {
                reload(&self.engine, &self.metrics, &self.health).await;
            }
        };
        // A long refresh must not outlive its lease.
        let renewing = async {
            loop {
                tokio::time::sleep(Duration::from_mins(1)).await;
                let now = self.refresher.fetcher().now();
                if !matches!(self.store.take_lease(SharedWork::RefreshSources, now, LEASE).await, Ok(true)) {
                    tracing::warn!("another process refreshes the sources now");
                    return;
                }
            }
        };
        tokio::select! {
            () = refreshing => {}
            () = renewing => {}
        }
    }

    fn report(&self, report: &RefreshReport) {
        let counts = report.outcome_counts();
        for (outcome, count) in counts {
            self.metrics.count_source_posts(outcome, count);
        }
        for (source, why) in &report.failed {
            tracing::warn!(source, %why, "a source of posts can't be read");
        }
        if report.has_changes() {
            let [(_, added), (_, changed), _] = counts;
            tracing::info!(added, changed, "posts came in from sources");
        }
        let now = self.refresher.fetcher().now();
        let (rows, errors) = self.refresher.library().rows();
        let failing = rows.iter().filter(|row| row.state.problem.is_some() || row.state.is_gone).count();
        self.metrics.set_sources(rows.len() - failing, failing);
        let is_long = rows.iter().any(|row| row.state.failing_for_a_day(now).is_some());
        set_problem(&self.health, SOURCE_FAILING, is_long);
        set_problem(&self.health, LIST_WRONG, !errors.is_empty());
    }
}
