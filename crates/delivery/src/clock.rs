//! The clock that delivery uses, which tests can replace, and deadlines by it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A wall clock. All recorded times come from it; durations do not.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_fn(|| match takeaways_faults::clock_offset() {
            Some(offset) => shift(Timestamp::now(), offset),
            None => Timestamp::now(),
        })
    }

    /// The machine's clock, shifted so that it shows a given time now.
    pub fn set_to(time: Timestamp) -> Self {
        let offset = time.duration_since(Timestamp::now());
        Self::from_fn(move || shift(Timestamp::now(), offset))
    }

    /// A clock from a function.
    pub fn from_fn(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// The shifted time, limited to the first and last time that can be represented.
fn shift(time: Timestamp, by: SignedDuration) -> Timestamp {
    // Only units without a fixed length give an error.
    time.saturating_add(by).unwrap_or(time)
}

/// A deadline by two clocks. The wall clock can be set back, and the monotonic clock stops while the machine sleeps;
/// the deadline has passed when either says so.
#[derive(Debug, Clone)]
pub struct Deadline {
    clock: Clock,
    until: Timestamp,
    end: Instant,
}

impl Deadline {
    /// A deadline at `until` by `clock`, and `limit` after `since` by the monotonic clock.
    pub fn new(clock: &Clock, until: Timestamp, since: Instant, limit: Duration) -> Self {
        Self { clock: clock.clone(), until, end: since + limit }
    }

    /// The latest instant at which the deadline passes.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// Whether the deadline has passed.
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
        let clock = Clock::from_fn(move || now);
        let deadline = |until: Timestamp, limit| Deadline::new(&clock, until, Instant::now(), limit);
        let (later, before) = (now + 1.second(), now - 1.second());
        assert!(!deadline(later, Duration::from_mins(1)).is_over());
        assert!(deadline(before, Duration::from_mins(1)).is_over());
        assert!(deadline(later, Duration::ZERO).is_over());
    }
}
