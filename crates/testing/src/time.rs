//! Fixed times and percentiles of latencies.

use std::time::Duration;

use jiff::Timestamp;

/// Parses a time such as `2026-11-20T12:00:00Z`.
pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Returns the time at which tests read posts and ask: 2026-11-20, noon in UTC.
pub fn now() -> Timestamp {
    time("2026-11-20T12:00:00Z")
}

/// Sorted latencies.
pub struct Percentiles(Vec<Duration>);

impl Percentiles {
    /// Sorts latencies.
    pub fn new(mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        Self(latencies)
    }

    /// Returns a percentile, 0 to 100, in milliseconds; 0 without latencies.
    pub fn percentile(&self, percent: usize) -> f64 {
        let latency = self.0.get(self.0.len().saturating_sub(1) * percent / 100);
        latency.copied().unwrap_or_default().as_secs_f64() * 1e3
    }
}
