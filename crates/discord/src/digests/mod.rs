//! The digests' way: what is due is written down, sent, and found out about where that was cut off.
//!
//! It must not know what a digest holds ([`takeaways_digest`]), how it looks ([`takeaways_render`]) nor how the ledger is kept
//! ([`takeaways_store`]). `docs/digests.md` says what holds whatever happens; the order of the steps here is what makes it
//! hold, so each of them is a point at which a test ends the process ([`takeaways_faults::DIGEST_POINTS`]).

mod clerk;
mod clock;
mod courier;
mod ends;
mod fresh;
mod history;
mod looks;
mod mail;
mod once;
mod patience;
mod postman;
mod press;
mod preview;
mod tell;
mod timer;
mod writer;

#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

pub use clock::Clock;
use courier::Tally;
use fresh::Fresh;
pub use mail::Mail;
pub use once::{Once, OnceError, Outlook, Planned, outlook, run_once};
pub use postman::Postman;
pub use press::Press;
pub use timer::{Bell, News, run};
pub use writer::{Order, Writer, WriterError, Written};

use takeaways_ops::Metrics;
use takeaways_store::{Store, StoreError};

/// A clock that goes back by no more is only being kept right.
const CLOCK_PLAY: SignedDuration = SignedDuration::from_secs(1);
/// How often a long round tells how far it is.
const PROGRESS: Duration = Duration::from_secs(10);

/// All that the digests' way needs.
pub struct Digests<M, W> {
    store: Store,
    mail: M,
    writer: W,
    clock: Clock,
    metrics: Metrics,
    /// The latest time that was seen.
    seen: Mutex<Timestamp>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Digests that are there now.
    pub sent: u32,
    /// Runs with nothing to post.
    pub empty: u32,
    /// Digests that are still to be sent.
    pub open: u32,
    /// Digests that Discord refused, that came too late, or of which nobody knows.
    pub failed: u32,
}

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Nothing is done yet.
    pub fn new(store: Store, mail: M, writer: W, clock: Clock, metrics: Metrics) -> Self {
        Self { store, mail, writer, clock, metrics, seen: Mutex::new(Timestamp::MAX) }
    }

    /// Does all that is due: takes changed posts in, writes down the runs and sends them in the order of their times. Ends
    /// early, with nothing half done, where `stop` becomes true.
    ///
    /// # Errors
    /// Where the state can't be read or written. Whatever was begun is found out about in the next round.
    pub async fn round(&self, stop: &watch::Receiver<bool>) -> Result<Round, StoreError> {
        self.heed_clock().await?;
        let mut tally = Tally::default();
        // Whoever subscribes now has seen what there is now.
        self.take_posts_in(false).await?;
        // What was begun before goes first: it is older than what is due now.
        self.deliver(&mut tally, stop).await?;
        let (mut decided, mut has_posts) = (Fresh::default(), None);
        while !*stop.borrow() {
            let waiting = self.store.waiting(self.now(), decided.limit()).await?;
            let Some(waiting) = decided.of(waiting, |subscription| subscription.id) else { break };
            for subscription in waiting {
                if *stop.borrow() {
                    break;
                }
                let has_posts = match has_posts {
                    Some(has_posts) => has_posts,
                    None => *has_posts.insert(self.take_posts_in(true).await?),
                };
                tally.empty += u32::from(self.decide(subscription, has_posts).await?);
            }
            self.deliver(&mut tally, stop).await?;
        }
        Ok(tally.round())
    }

    /// Takes changed posts in. Without any posts nothing is planned; it is tried again in the next round.
    async fn take_posts_in(&self, is_due: bool) -> Result<bool, StoreError> {
        takeaways_faults::pass("digest.see.before");
        let taken = self.writer.take_in(&self.store, self.now(), is_due).await;
        takeaways_faults::pass("digest.see.after");
        match taken {
            Ok(()) => Ok(true),
            Err(WriterError::Store(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, "the posts can't be read, so no digest can be written");
                Ok(false)
            }
        }
    }

    /// The time. The latest one that anything was decided by is kept: a clock may go forth and back within a round.
    fn now(&self) -> Timestamp {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = now.max(*seen);
        now
    }

    /// What was decided about a time that is to come again is open again.
    async fn heed_clock(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let before = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if before.duration_since(now) > CLOCK_PLAY {
            let reopened = self.store.clock_went_back(now).await?;
            if reopened > 0 {
                tracing::warn!(
                    reopened,
                    "the clock went back: runs of the time that comes again are open again"
                );
            }
        }
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }
}
