//! Waits between attempts.

use std::time::Duration;

/// Waits that double up to a maximum. They vary at random, so that attempts that failed together do not run together
/// again.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub max: Duration,
    /// The largest random change, as a share of the wait: 0.5 adds up to half of it, -0.5 subtracts up to half of it.
    pub jitter: f64,
}

impl Backoff {
    /// The wait after this many failures in a row, with a random share of the jitter.
    #[must_use]
    pub fn wait(&self, failures: u32) -> Duration {
        self.wait_with(failures, fastrand::f64())
    }

    /// The wait after this many failures in a row; none counts as one. `random` is the share of the jitter, from 0 to
    /// 1.
    #[must_use]
    pub fn wait_with(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let whole = self.first.saturating_mul(1 << doublings).min(self.max);
        whole.mul_f64(1.0 + self.jitter * random.clamp(0.0, 1.0)).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest() {
        let backoff = Backoff { first: Duration::from_secs(2), max: Duration::from_mins(1), jitter: 0.5 };
        let seconds = |failures, random| backoff.wait_with(failures, random).as_secs();
        assert_eq!([0, 1, 2, 3, 5, 6, 99].map(|failures| seconds(failures, 0.0)), [2, 2, 4, 8, 32, 60, 60]);
        assert_eq!(seconds(3, 1.0), 12);
        assert_eq!(seconds(99, 1.0), 60);
    }

    #[test]
    fn jitter_may_take_away() {
        let backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_mins(2), jitter: -0.5 };
        assert_eq!(backoff.wait_with(u32::MAX, 1.0), Duration::from_mins(1));
        assert_eq!(backoff.wait_with(1, 0.0), Duration::from_secs(1));
    }
}
