//! What time it is, by the machine's clock or by one that somebody moves; and deadlines by it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time. All times that are recorded come from it; durations do not.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::from_fn(|| match takeaways_faults::clock_offset() {
            Some(off) => shift(Timestamp::now(), off),
            None => Timestamp::now(),
        })
    }

    /// The machine's, set to a time now.
    #[must_use]
    pub fn set_to(time: Timestamp) -> Self {
        let off = time.duration_since(Timestamp::now());
        Self::from_fn(move || shift(Timestamp::now(), off))
    }

    /// Whatever tells the time.
    #[must_use]
    pub fn from_fn(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// Saturates at the first and the last time that there is.
fn shift(time: Timestamp, by: SignedDuration) -> Timestamp {
    // An error is for units that have no fixed length only.
    time.saturating_add(by).unwrap_or(time)
}

/// A deadline by two clocks. The wall clock can be set back, and the monotonic clock stops while the machine sleeps; the deadline
/// has passed when either says so.
#[derive(Debug, Clone)]
pub struct Deadline {
    clock: Clock,
    until: Timestamp,
    end: Instant,
}

impl Deadline {
    /// At `until` by `clock`, and `left` after `since`.
    #[must_use]
    pub fn new(clock: &Clock, until: Timestamp, since: Instant, left: Duration) -> Self {
        Self { clock: clock.clone(), until, end: since + left }
    }

    /// When it has passed at the latest.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.end
    }

    /// Whether it has passed.
    #[must_use]
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
        let deadline = |until: Timestamp, left| Deadline::new(&clock, until, Instant::now(), left);
        let (later, before) = (now + 1.second(), now - 1.second());
        assert!(!deadline(later, Duration::from_mins(1)).is_over());
        assert!(deadline(before, Duration::from_mins(1)).is_over());
        assert!(deadline(later, Duration::ZERO).is_over());
    }
}
