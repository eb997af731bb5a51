//! Every request to Discord goes through here: the limits that serenity does not keep, and errors without secrets.
//!
//! serenity keeps the limit of each route (see [`serenity::http::Ratelimiter`]). What it does not: the 50 requests a
//! second of a bot as a whole, a limit on the whole bot while other routes wait, and an answer that comes from
//! Discord's guards instead of Discord, which means that all requests have to end for a while.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::http::{Http, HttpBuilder, LightMethod, Request, Route};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::ops::Metrics;

/// Discord allows 50 requests a second: <https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>.
const A_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(44);
/// So many requests may wait for their turn; more would be late anyway.
const WAITING: usize = 2_000;
/// How long all requests rest after an answer of Discord's guards, which has no `Retry-After`.
const REST: Duration = Duration::from_mins(1);
/// The longest `Retry-After` that is waited for; longer ones are an error.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The code of an interaction that was answered before.
pub const ALREADY_ACKNOWLEDGED: i64 = 40_060;

/// Discord's REST API.
pub struct Rest {
    http: Arc<Http>,
    client: reqwest::Client,
    global: DefaultDirectRateLimiter,
    waiting: Semaphore,
    rests_until: Arc<Mutex<Option<Instant>>>,
    is_refused: watch::Sender<bool>,
    metrics: Metrics,
}

/// Why a request failed. It names no address: those of interactions hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestError {
    /// Discord said no.
    #[error("Discord answered {status}, code {code}: {message}")]
    Refused {
        /// Of HTTP.
        status: u16,
        /// Of Discord; 0 where it gave none.
        code: i64,
        /// In Discord's words.
        message: String,
        /// When to try again.
        retry_after: Option<Duration>,
    },
    /// There was no answer, or none in time: whether it was done is not known.
    #[error("there was no answer ({0})")]
    Lost(&'static str),
    /// It was not sent.
    #[error("not sent: {0}")]
    NotSent(&'static str),
}

impl RestError {
    /// The code of HTTP; 0 where there was no answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused { status, .. } => *status,
            Self::Lost(_) | Self::NotSent(_) => 0,
        }
    }

    /// Discord's code; 0 where there is none.
    #[must_use]
    pub fn code(&self) -> i64 {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Lost(_) | Self::NotSent(_) => 0,
        }
    }

    /// Whether another try may do better, so that the same request is sent again where that is safe.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Lost(_)) || self.status() >= 500 || self.status() == 429
    }
}

impl Rest {
    /// Nothing is sent yet. With an `api_base` requests go there, and whoever is there keeps the limits of routes.
    ///
    /// # Errors
    /// Where TLS can't be had.
    pub fn new(
        token: &SecretString,
        api_base: Option<&str>,
        metrics: Metrics,
    ) -> Result<Self, reqwest::Error> {
        let client = client()?;
        let rests_until = Arc::new(Mutex::new(None));
        let mut builder = HttpBuilder::new(token.expose_secret()).client(client.clone());
        builder = match api_base {
            Some(address) => builder.proxy(address).ratelimiter_disabled(true),
            None => builder,
        };
        let mut http = builder.build();
        if let Some(limiter) = &mut http.ratelimiter {
            let until = Arc::clone(&rests_until);
            limiter.set_ratelimit_callback(Box::new(move |info| {
                if info.global {
                    rest_for(&until, info.timeout);
                }
            }));
        }
        Ok(Self {
            http: Arc::new(http),
            client,
            global: RateLimiter::direct(Quota::per_second(A_SECOND)),
            waiting: Semaphore::new(WAITING),
            rests_until,
            is_refused: watch::Sender::new(false),
            metrics,
        })
    }

    /// serenity's client, for what poise sends by itself.
    #[must_use]
    pub fn http(&self) -> &Arc<Http> {
        &self.http
    }

    /// Ends when Discord has refused the token.
    pub async fn refused(&self) {
        // The sender lives as long as this does.
        let _ = self.is_refused.subscribe().wait_for(|refused| *refused).await;
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn get<T: DeserializeOwned>(&self, route: Route<'_>) -> Result<T, RestError> {
        self.read(LightMethod::Get, route, None::<&()>).await
    }

    /// Sends a body and reads the answer.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn read<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<T, RestError> {
        let answer = self.send(method, route, body).await?;
        let bytes =
            timeout(PATIENCE, answer.bytes()).await.map_err(|_| RestError::Lost("it took too long"))?;
        let bytes = bytes.map_err(|_| RestError::Lost("it broke off"))?;
        serde_json::from_slice(&bytes).map_err(|_| RestError::Lost("it can't be read"))
    }

    /// Sends a body; what is answered is not of interest.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn send(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<reqwest::Response, RestError> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|_| RestError::NotSent("it can't be written"))?;
        let sent = self.send_in_turn(method, route, body).await;
        if let Err(error) = &sent {
            self.metrics.rest_failed(error.status());
        }
        sent
    }

    async fn send_in_turn(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<Vec<u8>>,
    ) -> Result<reqwest::Response, RestError> {
        if *self.is_refused.borrow() {
            return Err(RestError::NotSent("Discord refused the token"));
        }
        // What answers an interaction counts for no limit, and has to be quick.
        let is_exempt = is_exempt(route);
        if !is_exempt {
            let _place = self.waiting.try_acquire().map_err(|_| RestError::NotSent("too many wait"))?;
            self.global.until_ready().await;
        }
        let rests =
            self.rests_until.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(Instant::now);
        let left = rests.saturating_duration_since(Instant::now());
        if is_exempt && left > Duration::from_secs(1) {
            return Err(RestError::NotSent("Discord's guards want all requests to rest"));
        }
        // A sleep of no time at all takes up to a millisecond.
        if !left.is_zero() {
            sleep(left).await;
        }
        let request = Request::new(route, method).body(body);
        let sending = async {
            match &self.http.ratelimiter {
                // serenity counts all interactions as one route, so that one would wait for another.
                Some(limiter) if !is_exempt => {
                    limiter.perform(request).await.map_err(|_| RestError::Lost("it broke off"))
                }
                _ => self.perform(request).await,
            }
        };
        // serenity waits within this for the route's turn, as long as Discord wants.
        let patience = if is_exempt { PATIENCE } else { LONGEST_WAIT + PATIENCE };
        let answer = timeout(patience, sending).await.map_err(|_| RestError::Lost("it took too long"))??;
        if answer.status().is_success() { Ok(answer) } else { Err(self.refusal(answer, route).await) }
    }

    /// Without serenity's limiter, because nothing is limited or because whoever is at `discord.api_base` does that:
    /// what is answered is kept to.
    async fn perform(&self, request: Request<'_>) -> Result<reqwest::Response, RestError> {
        for _ in 0..2 {
            let answer = self.execute(request.clone()).await?;
            let wait = retry_after(&answer).filter(|wait| *wait <= LONGEST_WAIT);
            match wait {
                Some(wait)
                    if answer.status() == StatusCode::TOO_MANY_REQUESTS
                        && !is_exempt(*request.route_ref()) =>
                {
                    if answer.headers().contains_key("x-ratelimit-global") {
                        rest_for(&self.rests_until, wait);
                    }
                    sleep(wait).await;
                }
                _ => return Ok(answer),
            }
        }
        self.execute(request).await
    }

    async fn execute(&self, request: Request<'_>) -> Result<reqwest::Response, RestError> {
        let built = request.build(&self.client, self.http.token(), self.http.proxy.as_deref());
        let built = built.map_err(|_| RestError::NotSent("the address is wrong"))?;
        built.send().await.map_err(|error| {
            RestError::Lost(if error.is_connect() { "Discord can't be reached" } else { "it broke off" })
        })
    }

    async fn refusal(&self, answer: reqwest::Response, route: Route<'_>) -> RestError {
        let status = answer.status();
        let retry_after = retry_after(&answer);
        let body = timeout(PATIENCE, answer.bytes()).await.ok().and_then(Result::ok).unwrap_or_default();
        let told: Option<Value> = serde_json::from_slice(&body).ok();
        let code = told.as_ref().and_then(|told| told.get("code")?.as_i64()).unwrap_or_default();
        let message =
            told.as_ref().and_then(|told| told.get("message")?.as_str()).unwrap_or("no reason was given");
        if status == StatusCode::TOO_MANY_REQUESTS && told.is_none() {
            tracing::error!("Discord's guards refuse the bot: all requests rest for a minute");
            rest_for(&self.rests_until, REST);
        }
        // Without a code of its own it is about the token; the one of an interaction has a code.
        if status == StatusCode::UNAUTHORIZED && code == 0 && !is_exempt(route) {
            self.is_refused.send_replace(true);
        }
        let message = message.chars().take(200).collect();
        RestError::Refused { status: status.as_u16(), code, message, retry_after }
    }
}

fn client() -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder().connect_timeout(PATIENCE).tcp_nodelay(true);
    #[cfg(feature = "faults")]
    let builder = crate::faults::elsewhere(builder);
    builder.build()
}

fn rest_for(until: &Mutex<Option<Instant>>, time: Duration) {
    let mut until = until.lock().unwrap_or_else(PoisonError::into_inner);
    let new = Instant::now() + time;
    *until = Some(until.map_or(new, |until| until.max(new)));
}

/// In seconds, with parts of them.
fn retry_after(answer: &reqwest::Response) -> Option<Duration> {
    let seconds: f64 = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Whether a request is about an interaction: those count for no limit of the bot.
fn is_exempt(route: Route<'_>) -> bool {
    matches!(
        route,
        Route::InteractionResponse { .. }
            | Route::WebhookOriginalInteractionResponse { .. }
            | Route::WebhookFollowupMessages { .. }
            | Route::WebhookFollowupMessage { .. }
    )
}
