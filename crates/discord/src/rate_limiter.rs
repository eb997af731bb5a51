//! Whose turn it is: the limits of Discord, kept before a request is sent.
//!
//! serenity's limiter is not used. It sends all that waited for a route at once when the route is free again, however
//! many that is; it sleeps with the route locked, once for each request that was refused; it knows neither the 50
//! requests a second of a bot nor an answer of Discord's guards that names a time; and it never forgets a route, though
//! each interaction is one. Here the requests to a route go one after the other, so that none is sent in vain.

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
/// After a rest the [`BURST`] go out on top of these, and what was sent in more than a second may arrive within one:
/// both together stay well below.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(35);
/// So many need not wait for each other.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
/// So many requests may wait for their turn; more would be late anyway.
const MAX_QUEUED: usize = 2_000;
/// So many of them may wait for one route, so that one channel leaves room for all others.
const MAX_QUEUED_PER_ROUTE: usize = 200;
/// The least time for which all requests rest after an answer of Discord's guards.
const MIN_CLOUDFLARE_PAUSE: Duration = Duration::from_mins(1);
/// The longest time that Discord may name and that is waited for; what is to wait longer is not sent.
pub const MAX_WAIT: Duration = Duration::from_mins(1);
/// How long a request waits for those before it, and then for the limits.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(70);
/// No time that Discord names is taken for longer.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);
/// So many routes are remembered before those that are free are forgotten.
const MAX_ROUTES: usize = 1_000;

/// The limits of one bot.
pub struct RateLimiter {
    global: DefaultDirectRateLimiter,
    queue: Semaphore,
    pauses: Mutex<Pauses>,
    routes: Mutex<HashMap<Bucket, RouteState>>,
}

/// When a route is free again; who holds it is the only one to send there.
type RouteState = Arc<tokio::sync::Mutex<Option<Instant>>>;

#[derive(Clone, Copy, Default)]
struct Pauses {
    /// For all that counts as a request of the bot.
    counted: Option<Instant>,
    /// For all that leaves this machine.
    all: Option<Instant>,
}

/// The turn of one request: no other is sent to its route while this lives.
pub struct RoutePermit<'t> {
    rate_limiter: &'t RateLimiter,
    free_at: OwnedMutexGuard<Option<Instant>>,
    _queue_slot: SemaphorePermit<'t>,
}

impl RateLimiter {
    /// Nothing is limited yet.
    pub fn new() -> Self {
        Self {
            global: governor::RateLimiter::direct(Quota::per_second(REQUESTS_PER_SECOND).allow_burst(BURST)),
            queue: Semaphore::new(MAX_QUEUED),
            pauses: Mutex::default(),
            routes: Mutex::default(),
        }
    }

    /// Waits until no other request to this route is under way.
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

    /// Waits until what counts for no limit may be sent: only the guards can hold it up.
    pub async fn wait_exempt(&self, patience: Duration) -> Result<(), RestError> {
        let left = time_until(self.pauses().all);
        if left > patience {
            return Err(RestError::NotSent("Discord's guards want all requests to rest"));
        }
        // A sleep of no time at all takes up to a millisecond.
        if !left.is_zero() {
            sleep(left).await;
        }
        Ok(())
    }

    /// Lets everything rest where it was the guards who answered. Whether it was.
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
            // After the wait it is looked again: another request may have learned more meanwhile.
            match left {
                Duration::ZERO => return Ok(()),
                left if left > MAX_WAIT => return Err(RestError::NotSent("Discord wants a long rest")),
                left => sleep(left).await,
            }
        }
    }

    /// Keeps to what Discord said of its limits. Whether the request was refused for them and may be sent again in its
    /// next turn.
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

/// When to try again, where Discord says so.
pub fn retry_after(answer: &Response) -> Option<Duration> {
    parse_seconds_header(answer.headers(), "retry-after")
}

/// With parts of seconds.
fn parse_seconds_header(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let named: f64 = headers.get(name)?.to_str().ok()?.parse().ok()?;
    // A Duration can't be negative, and a clock can't be set beyond its end.
    (named >= 0.0).then(|| Duration::try_from_secs_f64(named).unwrap_or(MAX_RETRY_AFTER).min(MAX_RETRY_AFTER))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}

#[cfg(test)]
mod tests;
