//! Threads for work that blocks: it needs the processor or the disk.

use std::sync::Arc;

use takeaways_ops::Metrics;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// A limited number of threads that compose answers and digests. All clones share them.
#[derive(Debug, Clone)]
pub struct WorkerThreads {
    /// A permit for each thread.
    permits: Arc<Semaphore>,
    metrics: Metrics,
}

/// The work panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it panicked")]
pub struct WorkerPanic;

impl WorkerThreads {
    /// This many threads. Panics are counted in `metrics`.
    pub fn new(threads: usize, metrics: Metrics) -> Self {
        Self { permits: Arc::new(Semaphore::new(threads)), metrics }
    }

    /// Runs work on a thread of its own. Work whose caller has gone is not started.
    ///
    /// # Errors
    /// If it panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkerPanic> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let working = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        working.await.map_err(|_| {
            self.metrics.panicked();
            WorkerPanic
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_its_thread() {
        let threads = WorkerThreads::new(1, Metrics::new());
        assert_eq!(threads.run(|| -> u8 { panic!("a fault of the work") }).await, Err(WorkerPanic));
        assert_eq!(threads.run(|| 7).await, Ok(7));
    }
}
