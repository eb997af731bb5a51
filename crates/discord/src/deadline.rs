//! Until when something may begin, by the clock that it was written down by and by one that nobody sets.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::digests::Clock;

/// Until when something may begin. The clock on the wall can be set back, and the other one stands still while the machine
/// sleeps: it is over when either says so.
#[derive(Debug, Clone)]
pub struct Deadline {
    clock: Clock,
    until: Timestamp,
    end: Instant,
}

impl Deadline {
    /// At `until` by `clock`, and `left` after `since`.
    pub fn new(clock: &Clock, until: Timestamp, since: Instant, left: Duration) -> Self {
        Self { clock: clock.clone(), until, end: since + left }
    }

    /// When it is over at the latest.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.end || self.clock.now() > self.until
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn it_is_over_when_either_clock_says_so() {
        let now = Timestamp::UNIX_EPOCH;
        let clock = Clock::of(move || now);
        let deadline = |until: Timestamp, left| Deadline::new(&clock, until, Instant::now(), left);
        let (later, before) = (now + 1.second(), now - 1.second());
        assert!(!deadline(later, Duration::from_mins(1)).is_over());
        assert!(deadline(before, Duration::from_mins(1)).is_over());
        assert!(deadline(later, Duration::ZERO).is_over());
    }
}
