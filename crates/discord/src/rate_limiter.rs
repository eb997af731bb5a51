//! Rate limiter: holds requests back before Discord has to refuse them.
//!
//! serenity's limiter is not used. When a route is free again, it sends every waiting request at once. After each
//! refused request it sleeps with the route locked. It knows neither the limit of 50 requests a second for a bot nor a
//! `retry-after` of Cloudflare. It never forgets a route, though each interaction is one. Here the requests to a route
//! run one after the other, so that none is sent in vain.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use tokio::sync::{OwnedMutexGuard, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, timeout};

use super::rest::RestError;
use super::route::Bucket;

/// Discord allows 50 requests a second: <https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>.
/// After a pause a burst of [`BURST`] is added to these, and requests of more than a second may arrive within one. The
/// sum stays well below the limit.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(35);
/// The number of requests that need not wait for each other.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
/// The most requests that may wait; more would be late anyway.
const MAX_QUEUED: usize = 2_000;
/// The most requests that may wait for one route, so that one channel does not block the others.
const MAX_QUEUED_PER_ROUTE: usize = 200;
/// The shortest pause for all requests after a refusal of Cloudflare.
const MIN_CLOUDFLARE_PAUSE: Duration = Duration::from_mins(1);
/// The longest `retry-after` that is waited for. A request that would wait longer is not sent.
pub const MAX_WAIT: Duration = Duration::from_mins(1);
/// How long a request waits for the requests before it, and then for the limits.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(70);
/// Upper bound for any `retry-after`.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);
/// The number of routes that are remembered. Beyond it, free routes are forgotten.
const MAX_ROUTES: usize = 1_000;

/// The rate limiter of one bot.
pub struct RateLimiter {
    global: DefaultDirectRateLimiter,
    queue: Semaphore,
    pauses: Mutex<Pauses>,
    routes: Mutex<HashMap<Bucket, RouteState>>,
}

/// When a route is free again. The holder of the lock is the only one that sends to the route.
type RouteState = Arc<tokio::sync::Mutex<Option<Instant>>>;

#[derive(Clone, Copy, Default)]
struct Pauses {
    /// The end of the pause for requests that count for the bot's limit.
    counted: Option<Instant>,
    /// The end of the pause for every request of this machine.
    all: Option<Instant>,
}

/// The permit of one request. No other request is sent to its route while it lives.
pub struct RoutePermit<'t> {
    rate_limiter: &'t RateLimiter,
    free_at: OwnedMutexGuard<Option<Instant>>,
    _queue_slot: SemaphorePermit<'t>,
}

impl RateLimiter {
    /// A rate limiter without any limit observed yet.
    pub fn new() -> Self {
        Self {
            global: governor::RateLimiter::direct(Quota::per_second(REQUESTS_PER_SECOND).allow_burst(BURST)),
            queue: Semaphore::new(MAX_QUEUED),
            pauses: Mutex::default(),
            routes: Mutex::default(),
        }
    }

    /// Waits until no other request to this route is in flight.
    pub async fn of(&self, bucket: Bucket) -> Result<RoutePermit<'_>, RestError> {
        let place = self.queue.try_acquire().map_err(|_| RestError::NotSent("too many wait"))?;
        let route = self.route(bucket);
        if Arc::strong_count(&route) > MAX_QUEUED_PER_ROUTE {
            return Err(RestError::NotSent("too many wait for the same"));
        }
        let lock = timeout(QUEUE_TIMEOUT, route.lock_owned());
        let free_at = lock.await.map_err(|_| RestError::NotSent("its turn did not come"))?;
        Ok(RoutePermit { rate_limiter: self, free_at, _queue_slot: place })
    }

    /// Waits until a request that counts for no limit may be sent: only Cloudflare can delay it.
    pub async fn wait_exempt(&self, patience: Duration) -> Result<(), RestError> {
        let left = time_until(self.pauses().all);
        if left > patience {
            return Err(RestError::NotSent("Discord's guards want all requests to rest"));
        }
        // Even a sleep of zero takes up to a millisecond.
        if !left.is_zero() {
            sleep(left).await;
        }
        Ok(())
    }

    /// Pauses every request if the response is a refusal of Cloudflare. Returns whether it is.
    pub fn observe_cloudflare(&self, answer: &Response) -> bool {
        let (headers, is_refused) = (answer.headers(), answer.status() == StatusCode::TOO_MANY_REQUESTS);
        if !is_refused || (is_json(headers) && retry_after(answer).is_some()) {
            return false;
        }
        let time = retry_after(answer).unwrap_or_default().max(MIN_CLOUDFLARE_PAUSE);
        tracing::error!("Discord's guards refuse the bot: all requests rest for {} s", time.as_secs());
        self.pause_all(time);
        true
    }

    fn pause_all(&self, time: Duration) {
        let until = Some(Instant::now() + time);
        let mut rests = self.pauses();
        rests.all = rests.all.max(until);
    }

    fn pause_counted(&self, time: Duration) {
        let until = Some(Instant::now() + time);
        let mut rests = self.pauses();
        rests.counted = rests.counted.max(until);
    }

    fn route(&self, bucket: Bucket) -> RouteState {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if routes.len() >= MAX_ROUTES {
            let is_free = |route: &RouteState| route.try_lock().is_ok_and(|at| time_until(*at).is_zero());
            routes.retain(|_, route| Arc::strong_count(route) > 1 || !is_free(route));
        }
        Arc::clone(routes.entry(bucket).or_default())
    }

    fn pauses(&self) -> MutexGuard<'_, Pauses> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RoutePermit<'_> {
    /// Waits until the request may be sent.
    pub async fn ready(&self) -> Result<(), RestError> {
        let late = |_| RestError::NotSent("its turn did not come");
        timeout(QUEUE_TIMEOUT, self.wait_for_limits()).await.map_err(late)?
    }

    async fn wait_for_limits(&self) -> Result<(), RestError> {
        loop {
            let mut left = self.time_left();
            if left.is_zero() {
                self.rate_limiter.global.until_ready().await;
                left = self.time_left();
            }
            // The limits are checked again after the wait, because another request may have observed new ones.
            match left {
                Duration::ZERO => return Ok(()),
                left if left > MAX_WAIT => return Err(RestError::NotSent("Discord wants a long rest")),
                left => sleep(left).await,
            }
        }
    }

    /// Reads the limits from a response. Returns whether the request hit a limit and may be retried.
    pub fn observe(&mut self, answer: &Response) -> bool {
        let headers = answer.headers();
        if self.rate_limiter.observe_cloudflare(answer) {
            return self.time_left() <= MAX_WAIT;
        }
        match retry_after(answer) {
            Some(time) if answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                if headers.contains_key("x-ratelimit-global") {
                    self.rate_limiter.pause_counted(time);
                } else {
                    *self.free_at = Some(Instant::now() + time);
                }
                return time <= MAX_WAIT;
            }
            _ if headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0") => {
                *self.free_at = parse_seconds_header(headers, "x-ratelimit-reset-after")
                    .map(|time| Instant::now() + time);
            }
            _ => {}
        }
        false
    }

    fn time_left(&self) -> Duration {
        let Pauses { counted, all } = *self.rate_limiter.pauses();
        time_until(counted.max(all).max(*self.free_at))
    }
}

fn time_until(until: Option<Instant>) -> Duration {
    until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
}

/// The `retry-after` of a response, if it has one.
pub fn retry_after(answer: &Response) -> Option<Duration> {
    parse_seconds_header(answer.headers(), "retry-after")
}

/// A header in seconds, with fractions.
fn parse_seconds_header(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let named: f64 = headers.get(name)?.to_str().ok()?.parse().ok()?;
    // A `Duration` can't be negative, and very large values would overflow a clock.
    (named >= 0.0).then(|| Duration::try_from_secs_f64(named).unwrap_or(MAX_RETRY_AFTER).min(MAX_RETRY_AFTER))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}

#[cfg(test)]
mod tests;
