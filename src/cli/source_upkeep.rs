//! Refreshes the sources of posts while the bot runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use takeaways_answer::EngineHandle;
use takeaways_delivery::Reloader;
use takeaways_ops::{Health, Metrics};
use takeaways_sources::{RefreshOptions, RefreshReport, Refresher};
use takeaways_store::Store;
use tokio::task::JoinSet;

/// How often is looked for sources that are due. New lines of a list are noticed as fast.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);
/// How long a process has the right to refresh the sources. It renews the right with each check.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After so many checks another refresh begins beside one that still runs. It skips the hosts that are in work, so that one
/// slow host does not keep all others from being read.
const CHECKS_ALONE: u32 = 4;
/// So long before the right ends a refresh that could not renew it ends too.
const RENEW_MARGIN: SignedDuration = SignedDuration::from_secs(90);
/// The health problem if a source has not been read for a day.
const SOURCE_FAILING: &str = "a source of posts has failed for a day: see `takeaways corpus check`";
/// The health problem if a list of sources can't be read.
const LIST_WRONG: &str = "a list of sources can't be read: see `takeaways corpus check`";

/// What the refreshing of sources works with.
pub struct SourceUpkeep {
    pub refresher: Arc<Refresher>,
    pub engine: Arc<EngineHandle>,
    pub store: Store,
    pub reloader: Reloader,
    pub metrics: Metrics,
    pub health: Health,
}

impl SourceUpkeep {
    /// Refreshes what is due, again and again. One process of those that share a database does it.
    pub async fn run(self) {
        let upkeep = Arc::new(self);
        let interval = takeaways_faults::time_or("sources.check", CHECK_INTERVAL);
        let mut refreshes = JoinSet::new();
        let (mut renewed, mut started) = (upkeep.refresher.fetcher().now(), Instant::now());
        loop {
            let now = upkeep.refresher.fetcher().now();
            let attempt = upkeep.store.take_refresh_lease(now, LEASE).await;
            while let Some(ended) = refreshes.try_join_next() {
                if let Err(error) = ended {
                    tracing::error!(%error, "a refresh of sources ended in the middle");
                }
            }
            let goes_on = goes_on(&attempt, now.duration_since(renewed));
            match attempt {
                Ok(true) => {
                    renewed = now;
                    if refreshes.is_empty() || started.elapsed() >= interval * CHECKS_ALONE {
                        started = Instant::now();
                        refreshes.spawn(Arc::clone(&upkeep).refresh());
                    }
                }
                Ok(false) if refreshes.is_empty() => {}
                Ok(false) => tracing::warn!("another process refreshes the sources now"),
                // Without the right nothing is fetched; the state says elsewhere what is wrong with it.
                Err(error) => {
                    tracing::warn!(%error, goes_on, "the right to refresh the sources can't be renewed");
                }
            }
            if !goes_on {
                // A long refresh must not outlive its right.
                refreshes.shutdown().await;
            }
            tokio::time::sleep(interval).await;
        }
    }

    async fn refresh(self: Arc<Self>) {
        let report = self.refresher.refresh(&RefreshOptions::default()).await;
        self.report(&report);
        if report.has_changes() {
            self.reloader.reload(&self.engine).await;
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
        self.health.set_problem(SOURCE_FAILING, is_long);
        self.health.set_problem(LIST_WRONG, !errors.is_empty());
    }
}

/// Whether a refresh goes on after an attempt to renew its right. What was renewed so long ago still holds for a while, so
/// the next attempt may succeed.
fn goes_on<E>(attempt: &Result<bool, E>, since_renewed: SignedDuration) -> bool {
    match attempt {
        Ok(is_ours) => *is_ours,
        Err(_) => since_renewed < LEASE - RENEW_MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_that_fails_ends_no_refresh_and_none_outlives_its_right() {
        let minutes = SignedDuration::from_mins;
        assert!(goes_on::<()>(&Ok(true), minutes(60)));
        assert!(!goes_on::<()>(&Ok(false), minutes(1)), "another process has the right");
        for (minute, expected) in [(1, true), (2, true), (3, true), (4, false), (5, false)] {
            assert_eq!(goes_on(&Err(()), minutes(minute)), expected, "{minute}");
        }
    }
}
