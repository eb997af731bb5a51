//! Rate limiter: holds requests back, so that Discord does not have to refuse them.
//!
//! Requests to one route are sent one after the other. serenity's limiter is not used: it sends all requests that
//! waited for a route at once; it sleeps with the route locked, once for each refused request; it knows neither the
//! limit of 50 requests a second nor a response of Cloudflare with `retry-after`; and it never forgets a route, though
//! each interaction has one.

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
/// This is lower, because a [`BURST`] may come on top of it, and requests that were sent in more than a second may
/// arrive within one.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(35);
/// The number of requests that may be sent at once after a pause.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);
/// The most requests that wait. Further ones would be too late, so they fail.
const MAX_QUEUED: usize = 2_000;
/// The most requests that wait for one route, so that one channel leaves room for all others.
const MAX_QUEUED_PER_ROUTE: usize = 200;
/// The shortest pause of all requests after a refusal by Cloudflare.
const MIN_CLOUDFLARE_PAUSE: Duration = Duration::from_mins(1);
/// The longest wait for a limit. A request that would have to wait longer is not sent.
pub(crate) const MAX_WAIT: Duration = Duration::from_mins(1);
/// How long a request waits for earlier requests to its route, and then again for the limits.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(70);
/// Upper bound for any `retry-after`.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);
/// The number of routes at which those without a limit are forgotten.
const MAX_ROUTES: usize = 1_000;

/// The limits of one bot.
pub(crate) struct RateLimiter {
    global: DefaultDirectRateLimiter,
    queue: Semaphore,
    pauses: Mutex<Pauses>,
    routes: Mutex<HashMap<Bucket, RouteState>>,
}

/// The time at which a route is free again. Only the holder of the lock sends to the route.
type RouteState = Arc<tokio::sync::Mutex<Option<Instant>>>;

#[derive(Clone, Copy, Default)]
struct Pauses {
    /// The end of the pause for requests that count for the global limit.
    counted: Option<Instant>,
    /// The end of the pause for all requests.
    all: Option<Instant>,
}

/// The permit for one request. While it lives, no other request is sent to its route.
pub(crate) struct RoutePermit<'t> {
    rate_limiter: &'t RateLimiter,
    free_at: OwnedMutexGuard<Option<Instant>>,
    _queue_slot: SemaphorePermit<'t>,
}

impl RateLimiter {
    /// A limiter that knows of no limit yet.
    pub(crate) fn new() -> Self {
        Self {
            global: governor::RateLimiter::direct(Quota::per_second(REQUESTS_PER_SECOND).allow_burst(BURST)),
            queue: Semaphore::new(MAX_QUEUED),
            pauses: Mutex::default(),
            routes: Mutex::default(),
        }
    }

    /// Waits until no other request to this route is in flight.
    pub(crate) async fn acquire(&self, bucket: Bucket) -> Result<RoutePermit<'_>, RestError> {
        let queue_slot =
            self.queue.try_acquire().map_err(|_| RestError::NotSent("too many requests wait"))?;
        let route = self.route(bucket);
        if Arc::strong_count(&route) > MAX_QUEUED_PER_ROUTE {
            return Err(RestError::NotSent("too many requests wait for the same limit"));
        }
        let lock = timeout(QUEUE_TIMEOUT, route.lock_owned());
        let free_at = lock.await.map_err(|_| RestError::NotSent("it waited too long"))?;
        Ok(RoutePermit { rate_limiter: self, free_at, _queue_slot: queue_slot })
    }

    /// Waits until a request that counts for no limit may be sent. Only a refusal by Cloudflare holds it back.
    pub(crate) async fn wait_exempt(&self, max_wait: Duration) -> Result<(), RestError> {
        let wait = time_until(self.pauses().all);
        if wait > max_wait {
            return Err(RestError::NotSent("Cloudflare blocks requests for now"));
        }
        // Even a sleep of zero takes up to a millisecond.
        if !wait.is_zero() {
            sleep(wait).await;
        }
        Ok(())
    }

    /// Pauses all requests if Cloudflare refused this one. Returns whether it did.
    pub(crate) fn observe_cloudflare(&self, response: &Response) -> bool {
        let (headers, is_refused) = (response.headers(), response.status() == StatusCode::TOO_MANY_REQUESTS);
        if !is_refused || (is_json(headers) && retry_after(response).is_some()) {
            return false;
        }
        let time = retry_after(response).unwrap_or_default().max(MIN_CLOUDFLARE_PAUSE);
        tracing::error!("Cloudflare blocks the bot: all requests pause for {} s", time.as_secs());
        self.pause_all(time);
        true
    }

    fn pause_all(&self, time: Duration) {
        let until = Some(Instant::now() + time);
        let mut pauses = self.pauses();
        pauses.all = pauses.all.max(until);
    }

    fn pause_counted(&self, time: Duration) {
        let until = Some(Instant::now() + time);
        let mut pauses = self.pauses();
        pauses.counted = pauses.counted.max(until);
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
    pub(crate) async fn ready(&self) -> Result<(), RestError> {
        let late = |_| RestError::NotSent("it waited too long");
        timeout(QUEUE_TIMEOUT, self.wait_for_limits()).await.map_err(late)?
    }

    async fn wait_for_limits(&self) -> Result<(), RestError> {
        loop {
            let mut wait = self.remaining_wait();
            if wait.is_zero() {
                self.rate_limiter.global.until_ready().await;
                wait = self.remaining_wait();
            }
            // The loop checks again after the wait, because another request may have met a limit meanwhile.
            match wait {
                Duration::ZERO => return Ok(()),
                wait if wait > MAX_WAIT => return Err(RestError::NotSent("Discord asks for a long wait")),
                wait => sleep(wait).await,
            }
        }
    }

    /// Reads the limits from a response. Returns whether the request hit a limit and may be retried.
    pub(crate) fn observe(&mut self, response: &Response) -> bool {
        let headers = response.headers();
        if self.rate_limiter.observe_cloudflare(response) {
            return self.remaining_wait() <= MAX_WAIT;
        }
        match retry_after(response) {
            Some(time) if response.status() == StatusCode::TOO_MANY_REQUESTS => {
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

    fn remaining_wait(&self) -> Duration {
        let Pauses { counted, all } = *self.rate_limiter.pauses();
        time_until(counted.max(all).max(*self.free_at))
    }
}

fn time_until(until: Option<Instant>) -> Duration {
    until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
}

/// The time after which a request may be retried, if Discord names one.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    parse_seconds_header(response.headers(), "retry-after")
}

/// A header with a number of seconds, which may have a fraction.
fn parse_seconds_header(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds: f64 = headers.get(name)?.to_str().ok()?.parse().ok()?;
    // A duration can't be negative, and the number may be too large for one.
    (seconds >= 0.0)
        .then(|| Duration::try_from_secs_f64(seconds).unwrap_or(MAX_RETRY_AFTER).min(MAX_RETRY_AFTER))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}

#[cfg(test)]
mod tests {
    use reqwest::Response;

    use super::*;
    use crate::route::Route::Messages;

    fn messages_bucket(channel: u64) -> Bucket {
        Messages { channel }.bucket()
    }

    fn response(status: u16, headers: &[(&str, &str)]) -> Response {
        let add_header = |response: axum::http::response::Builder, (name, value): &(&str, &str)| {
            response.header(*name, *value)
        };
        let response = headers.iter().fold(axum::http::Response::builder().status(status), add_header);
        response.body(String::new()).expect("an answer").into()
    }

    const JSON: (&str, &str) = ("content-type", "application/json");

    /// How long another request to this channel has to wait.
    async fn wait_for(limiter: &RateLimiter, channel: u64) -> Duration {
        limiter.acquire(messages_bucket(channel)).await.expect("a permit").remaining_wait()
    }

    async fn observe(limiter: &RateLimiter, channel: u64, status: u16, headers: &[(&str, &str)]) -> bool {
        limiter.acquire(messages_bucket(channel)).await.expect("a permit").observe(&response(status, headers))
    }

    /// Whether about this time is left.
    #[track_caller]
    fn assert_about(left: Duration, seconds: u64) {
        let whole = Duration::from_secs(seconds);
        assert!(left <= whole && left + Duration::from_secs(20) > whole, "{left:?}, not {whole:?}");
    }

    #[tokio::test]
    async fn f18_a_limit_of_a_route_holds_for_that_route() {
        let limiter = RateLimiter::new();
        assert!(observe(&limiter, 1, 429, &[JSON, ("retry-after", "30")]).await);
        assert_about(wait_for(&limiter, 1).await, 30);
        assert_eq!(wait_for(&limiter, 2).await, Duration::ZERO);
        assert_eq!(limiter.wait_exempt(Duration::ZERO).await, Ok(()));
    }

    #[tokio::test]
    async fn f18_a_limit_of_the_bot_holds_for_all_but_interactions() {
        let limiter = RateLimiter::new();
        assert!(
            observe(&limiter, 1, 429, &[JSON, ("retry-after", "30"), ("x-ratelimit-global", "true")]).await
        );
        assert_about(wait_for(&limiter, 2).await, 30);
        assert_eq!(limiter.wait_exempt(Duration::ZERO).await, Ok(()));
    }

    #[tokio::test]
    async fn f18_after_an_answer_of_the_guards_everything_rests() {
        for headers in [&[("content-type", "text/html")][..], &[("retry-after", "3")], &[JSON]] {
            let limiter = RateLimiter::new();
            assert!(observe(&limiter, 1, 429, headers).await);
            assert_about(wait_for(&limiter, 2).await, 60);
            assert!(limiter.wait_exempt(Duration::from_secs(1)).await.is_err());
        }
        let limiter = RateLimiter::new();
        assert!(!observe(&limiter, 1, 429, &[("retry-after", "3600")]).await, "that is too long to wait");
        assert_about(wait_for(&limiter, 2).await, 3_600);
        let permit = limiter.acquire(messages_bucket(2)).await.expect("a permit");
        assert_eq!(permit.ready().await, Err(RestError::NotSent("Discord asks for a long wait")));
    }

    #[tokio::test]
    async fn f18_a_route_that_is_used_up_rests_before_it_is_refused() {
        let limiter = RateLimiter::new();
        let left = |left| [("x-ratelimit-remaining", left), ("x-ratelimit-reset-after", "25.5")];
        assert!(!observe(&limiter, 1, 200, &left("1")).await);
        assert_eq!(wait_for(&limiter, 1).await, Duration::ZERO);
        assert!(!observe(&limiter, 1, 200, &left("0")).await);
        assert_about(wait_for(&limiter, 1).await, 26);
    }

    #[tokio::test]
    async fn times_that_make_no_sense_do_no_harm() {
        for (named, seconds) in [("1e300", 86_400), ("inf", 86_400), ("-5", 60), ("NaN", 60), ("soon", 60)] {
            let limiter = RateLimiter::new();
            observe(&limiter, 1, 429, &[JSON, ("retry-after", named)]).await;
            assert_about(wait_for(&limiter, 1).await, seconds);
        }
    }

    #[tokio::test]
    async fn routes_that_are_free_are_forgotten() {
        let limiter = RateLimiter::new();
        observe(&limiter, 1, 429, &[JSON, ("retry-after", "30")]).await;
        for channel in 2..=2 * MAX_ROUTES as u64 {
            wait_for(&limiter, channel).await;
        }
        assert!(limiter.routes.lock().expect("a lock").len() <= MAX_ROUTES);
        assert_about(wait_for(&limiter, 1).await, 30);
    }
}
