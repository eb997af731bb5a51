//! What time it is: the machine's clock, or one that somebody moves.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// Tells the time. All that is written down is told by it; how long something takes is not.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|| match takeaways_faults::clock_is_off_by() {
            Some(off) => moved(Timestamp::now(), off),
            None => Timestamp::now(),
        })
    }

    /// The machine's, set to a time now.
    #[must_use]
    pub fn set_to(time: Timestamp) -> Self {
        let off = time.duration_since(Timestamp::now());
        Self::of(move || moved(Timestamp::now(), off))
    }

    /// Whatever tells the time.
    #[must_use]
    pub fn of(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
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

/// A time that there is none of is the nearest that there is.
fn moved(time: Timestamp, by: SignedDuration) -> Timestamp {
    // Saturates; an error is for units that have no fixed length only.
    time.saturating_add(by).unwrap_or(time)
}
