//! How much work the bot accepts: questions a minute for one person and in one server, replies at once, threads, and the
//! time until it stops.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use crate::bot::Bot;
use crate::response::{Failure, Outcome, Response};
use takeaways_delivery::WorkerThreads;
use takeaways_render::discord as pages;
use takeaways_settings::DiscordSettings;

/// The shortest interval between two notices to a person that they ask too fast. Only messages have it, because every
/// command needs a reply.
const NOTICE_INTERVAL: Duration = Duration::from_secs(10);

/// The longest wait for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// The most replies in progress. Further ones are deferred at once and wait, so that a burst costs little memory.
const MAX_REPLIES: usize = 64;

/// What limits the work of the bot.
pub(crate) struct Capacity {
    /// The limits of all people and servers.
    pub limits: UserLimits,
    /// A slot for each reply in progress.
    pub reply_slots: Semaphore,
    /// The threads that compose answers.
    pub threads: WorkerThreads,
    /// Becomes true when shutdown has no time left. Handlers that still wait then reply with a short message.
    out_of_time: watch::Sender<bool>,
}

impl Capacity {
    /// The capacity with limits from the settings.
    pub(crate) fn new(settings: &DiscordSettings, threads: WorkerThreads) -> Self {
        Self {
            limits: UserLimits::new(settings),
            reply_slots: Semaphore::new(MAX_REPLIES),
            threads,
            out_of_time: watch::Sender::new(false),
        }
    }

    /// Runs work with the timeout of answers.
    ///
    /// # Errors
    /// If it takes too long, or the process has no time left.
    pub(crate) async fn with_timeout<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let limit = takeaways_faults::time_or("answer.timeout", ANSWER_TIMEOUT);
        self.before_stop(timeout(limit, work)).await?.map_err(|_| Failure::TimedOut)
    }

    /// Runs work until the process has no time left.
    ///
    /// # Errors
    /// If that is before the work is done.
    pub(crate) async fn before_stop<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let mut out_of_time = self.out_of_time.subscribe();
        tokio::select! {
            biased;
            done = work => Ok(done),
            _ = out_of_time.wait_for(|is_over| *is_over) => Err(Failure::ShuttingDown),
        }
    }

    /// Makes all work that still waits fail.
    pub(crate) fn end(&self) {
        self.out_of_time.send_replace(true);
    }
}

/// The limits of all people and servers. Nothing is queued.
pub(crate) struct UserLimits {
    person: Option<DefaultKeyedRateLimiter<u64>>,
    server: Option<DefaultKeyedRateLimiter<u64>>,
    notice: DefaultKeyedRateLimiter<u64>,
}

impl UserLimits {
    /// Limits from the settings.
    pub(crate) fn new(settings: &DiscordSettings) -> Self {
        let limit =
            |count: Option<NonZeroU32>| count.map(|count| RateLimiter::keyed(Quota::per_minute(count)));
        let notice_quota = Quota::with_period(NOTICE_INTERVAL).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        Self {
            person: limit(settings.person_limit),
            server: limit(settings.server_limit),
            notice: RateLimiter::keyed(notice_quota),
        }
    }

    /// Counts a question.
    ///
    /// # Errors
    /// The time to wait, if a limit is hit.
    pub(crate) fn count_question(&self, person: u64, server: Option<u64>) -> Result<(), Duration> {
        check_limit(self.person.as_ref(), person)?;
        server.map_or(Ok(()), |server| check_limit(self.server.as_ref(), server))
    }

    /// Whether a person may be notified again that they ask too fast.
    pub(crate) fn may_notify(&self, person: u64) -> bool {
        self.notice.check_key(&person).is_ok()
    }

    /// Forgets people and servers that have not asked for a while.
    pub(crate) fn forget_idle(&self) {
        for limiter in [self.person.as_ref(), self.server.as_ref(), Some(&self.notice)].into_iter().flatten()
        {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn check_limit(limiter: Option<&DefaultKeyedRateLimiter<u64>>, key: u64) -> Result<(), Duration> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(&key).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
}

impl Bot {
    /// Does work that counts against the limits. If one is hit, the reply has the time of the next request.
    pub(crate) async fn within_limits(
        &self,
        person: u64,
        server: Option<u64>,
        work: impl Future<Output = Result<Response, Failure>>,
    ) -> Result<Response, Failure> {
        match self.rate_limit_response(person, server) {
            Some(refused) => Ok(refused),
            // Boxed, so that the future holds the work only once.
            None => Box::pin(work).await,
        }
    }

    /// Counts a request. Returns a reply with the time of the next one if a limit is hit.
    pub(crate) fn rate_limit_response(&self, person: u64, server: Option<u64>) -> Option<Response> {
        let wait = self.capacity.limits.count_question(person, server).err()?;
        // The reply names whole seconds. One more, so that nobody is refused twice or reads "in 0 seconds".
        let again = self.now().saturating_add(wait + Duration::from_secs(1)).unwrap_or(Timestamp::MAX);
        Some(Response::new(pages::rate_limited(again), Outcome::TooFast))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(person: u32, server: u32) -> DiscordSettings {
        DiscordSettings {
            person_limit: NonZeroU32::new(person),
            server_limit: NonZeroU32::new(server),
            ..DiscordSettings::default()
        }
    }

    #[test]
    fn a12_each_person_and_each_server_has_its_own_limit() {
        let limits = UserLimits::new(&settings(2, 3));
        assert_eq!([limits.count_question(1, Some(7)), limits.count_question(1, Some(7))], [Ok(()), Ok(())]);
        let wait = limits.count_question(1, Some(7)).expect_err("too fast");
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(30), "{wait:?}");
        assert_eq!(limits.count_question(2, Some(7)), Ok(()));
        assert!(limits.count_question(3, Some(7)).is_err(), "the server has had three");
        assert_eq!(limits.count_question(4, None), Ok(()));
        assert!(limits.may_notify(1) && !limits.may_notify(1));
    }

    #[test]
    fn no_limit_is_none() {
        let limits = UserLimits::new(&settings(0, 0));
        assert!((0..10_000).all(|_| limits.count_question(1, Some(1)).is_ok()));
    }
}
