//! The client of Discord's REST API: rate limits, timeouts, and errors without secrets.

mod error;

use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, USER_AGENT};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::rate_limiter::{MAX_WAIT, RateLimiter, retry_after};
use super::route::Route;
use crate::pictures::{UploadFile, upload_form};
pub(crate) use error::RestError;
use takeaways_delivery::Deadline;
use takeaways_ops::Metrics;

/// The most attempts of a request that hits a rate limit.
const MAX_TRIES: usize = 3;
/// The timeout of a request, from its sending.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest wait before the first response to an interaction is sent; later it would be too late.
const INTERACTION_QUEUE_TIMEOUT: Duration = Duration::from_secs(1);
/// The most first responses to interactions in flight, and the most other requests. Over HTTP/1.1 each of them has a
/// connection, so this also bounds descriptors and memory in a burst. First responses have a share of their own because
/// Discord waits only three seconds for them.
const MAX_IN_FLIGHT: usize = 64;
/// The most connections that are kept without a request.
const MAX_IDLE_CONNECTIONS: usize = 8;
/// How long a connection without a request is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How often an HTTP/2 connection with requests in flight is checked, and how long the check waits. A dead connection
/// would hold up all of them.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(3);

const DEADLINE_PASSED: RestError = RestError::NotSent("its deadline passed while it waited");

/// The origin of Discord's API.
const DISCORD: &str = "https://discord.com";
/// The path of the API, with its version.
const API: &str = "/api/v10";
/// The user agent that Discord asks for: <https://discord.com/developers/docs/reference#user-agent>. The address is
/// that of the library whose models are used.
const CLIENT: &str =
    concat!("DiscordBot (https://github.com/serenity-rs/serenity, ", env!("CARGO_PKG_VERSION"), ")");

/// The code for an interaction that is acknowledged already.
pub(crate) const ALREADY_ACKNOWLEDGED: i64 = 40_060;

/// A request, which can be sent more than once.
struct Request<'a> {
    method: Method,
    route: Route<'a>,
    parameters: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    /// The files that the body names.
    files: &'a [UploadFile],
}

impl<'a> Request<'a> {
    /// A request without parameters and body.
    fn new(method: Method, route: Route<'a>) -> Self {
        Self { method, route, parameters: Vec::new(), body: None, files: &[] }
    }
}

/// Discord's REST API.
pub(crate) struct Rest {
    client: reqwest::Client,
    token: SecretString,
    /// The address of the API, with its version.
    address: String,
    rate_limiter: RateLimiter,
    is_token_refused: watch::Sender<bool>,
    first_responses: Semaphore,
    other_requests: Semaphore,
    /// The time at Discord, and when it was received.
    server_time: Mutex<Option<(Timestamp, Instant)>>,
    metrics: Metrics,
}

impl Rest {
    /// A client that has sent nothing yet. Requests go to `api_base` if it is set.
    ///
    /// # Errors
    /// If TLS can't be initialised.
    pub(crate) fn new(
        token: &SecretString,
        api_base: Option<&str>,
        metrics: Metrics,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: build_client()?,
            token: token.clone(),
            address: format!("{}{API}", api_base.unwrap_or(DISCORD).trim_end_matches('/')),
            rate_limiter: RateLimiter::new(),
            is_token_refused: watch::Sender::new(false),
            first_responses: Semaphore::new(MAX_IN_FLIGHT),
            other_requests: Semaphore::new(MAX_IN_FLIGHT),
            server_time: Mutex::default(),
            metrics,
        })
    }

    /// The time at Discord, to the second; `None` before its first response.
    pub(crate) fn discord_time(&self) -> Option<Timestamp> {
        let (time, at) = (*self.server_time.lock().unwrap_or_else(PoisonError::into_inner))?;
        time.saturating_add(at.elapsed()).ok()
    }

    fn record_discord_time(&self, response: &reqwest::Response) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        if let Some(time) = time {
            *self.server_time.lock().unwrap_or_else(PoisonError::into_inner) = Some((time, Instant::now()));
        }
    }

    /// Ends when Discord has refused the token.
    pub(crate) async fn wait_for_token_refusal(&self) {
        // The sender lives as long as `self`.
        let _ = self.is_token_refused.subscribe().wait_for(|refused| *refused).await;
    }

    /// Sends a request without a body and parses the response.
    pub(crate) async fn get<T: DeserializeOwned>(&self, route: Route<'_>) -> Result<T, RestError> {
        self.request_json(Method::GET, route, None::<&()>).await
    }

    /// Sends a body and parses the response.
    pub(crate) async fn request_json<T: DeserializeOwned>(
        &self,
        method: Method,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<T, RestError> {
        let response = self.send(method, route, body).await?;
        parse_body(response).await
    }

    /// Sends a request with query parameters and parses the response.
    pub(crate) async fn get_with_params<T: DeserializeOwned>(
        &self,
        route: Route<'_>,
        parameters: Vec<(&'static str, String)>,
    ) -> Result<T, RestError> {
        let request = Request { parameters, ..Request::new(Method::GET, route) };
        let response = self.execute_with_retries(&request).await;
        parse_body(self.check_status(response, route).await?).await
    }

    /// Posts JSON, without retries, and parses the response. It does not start after `deadline`, and takes at most ten
    /// seconds.
    pub(crate) async fn post_before<T: DeserializeOwned>(
        &self,
        route: Route<'_>,
        json: Vec<u8>,
        deadline: &Deadline,
    ) -> Result<T, RestError> {
        let request = Request { body: Some(json), ..Request::new(Method::POST, route) };
        let response = self.execute_before(&request, deadline).await;
        parse_body(self.check_status(response, route).await?).await
    }

    /// Sends a body and ignores the body of the response.
    pub(crate) async fn send(
        &self,
        method: Method,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<reqwest::Response, RestError> {
        self.send_with_files(method, route, body, &[]).await
    }

    /// Sends a body with the files that it names, and ignores the body of the response.
    pub(crate) async fn send_with_files(
        &self,
        method: Method,
        route: Route<'_>,
        body: Option<&impl Serialize>,
        files: &[UploadFile],
    ) -> Result<reqwest::Response, RestError> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|_| RestError::NotSent("its body can't be serialised"))?;
        let request = Request { body, files, ..Request::new(method, route) };
        // Boxed, because the future of a request is large, and most of its callers wait for something first.
        let response = Box::pin(self.send_rate_limited(&request)).await;
        self.check_status(response, route).await
    }

    /// Turns responses that are not 2xx into errors, and counts every error.
    async fn check_status(
        &self,
        response: Result<reqwest::Response, RestError>,
        route: Route<'_>,
    ) -> Result<reqwest::Response, RestError> {
        let checked = match response {
            Ok(response) if !response.status().is_success() => Err(self.parse_refusal(response, route).await),
            checked => checked,
        };
        if let Err(error) = &checked {
            self.metrics.count_rest_failure(error.status());
        }
        checked
    }

    /// Waits until one more first response may be in flight. The caller holds the permit while it sends the response:
    /// the wait is not part of an attempt, because an attempt that never started can't have been accepted.
    ///
    /// # Errors
    /// If it is not there within `max_wait`.
    pub(crate) async fn first_response_permit(
        &self,
        max_wait: Duration,
    ) -> Result<SemaphorePermit<'_>, RestError> {
        let permit = timeout(max_wait, acquire(&self.first_responses)).await;
        permit.unwrap_or(Err(RestError::NotSent("too many interactions wait for a response")))
    }

    async fn send_rate_limited(&self, request: &Request<'_>) -> Result<reqwest::Response, RestError> {
        match request.route {
            // A first response to an interaction counts for no limit, and is urgent.
            Route::InteractionCallback { .. } => {
                self.execute_exempt(request, INTERACTION_QUEUE_TIMEOUT).await
            }
            route if route.is_of_interaction() => {
                let _permit = acquire(&self.other_requests).await?;
                self.execute_exempt(request, MAX_WAIT).await
            }
            _ => self.execute_with_retries(request).await,
        }
    }

    async fn execute_exempt(
        &self,
        request: &Request<'_>,
        max_wait: Duration,
    ) -> Result<reqwest::Response, RestError> {
        self.rate_limiter.wait_exempt(max_wait).await?;
        let response = self.execute(request).await?;
        self.rate_limiter.observe_cloudflare(&response);
        Ok(response)
    }

    async fn execute_with_retries(&self, request: &Request<'_>) -> Result<reqwest::Response, RestError> {
        let mut permit = self.rate_limiter.acquire(request.route.bucket()).await?;
        let mut attempts = 0;
        loop {
            permit.ready().await?;
            let in_flight = acquire(&self.other_requests).await?;
            let response = self.execute(request).await?;
            drop(in_flight);
            attempts += 1;
            if !permit.observe(&response) || attempts == MAX_TRIES {
                return Ok(response);
            }
            self.metrics.count_rest_failure(response.status().as_u16());
        }
    }

    /// One attempt, which starts before the deadline or not at all.
    async fn execute_before(
        &self,
        request: &Request<'_>,
        deadline: &Deadline,
    ) -> Result<reqwest::Response, RestError> {
        let permits = async {
            let permit = self.rate_limiter.acquire(request.route.bucket()).await?;
            permit.ready().await?;
            Ok((permit, acquire(&self.other_requests).await?))
        };
        let (mut permit, _in_flight) =
            timeout_at(deadline.end(), permits).await.map_err(|_| DEADLINE_PASSED)??;
        if deadline.is_over() {
            return Err(DEADLINE_PASSED);
        }
        let response = self.execute(request).await?;
        permit.observe(&response);
        Ok(response)
    }

    /// One attempt. It fails if the token was refused during the wait for the limits.
    async fn execute(&self, request: &Request<'_>) -> Result<reqwest::Response, RestError> {
        if *self.is_token_refused.borrow() {
            return Err(RestError::NotSent("Discord refused the token"));
        }
        let request = self.build(request).map_err(|_| RestError::NotSent("the address is wrong"))?;
        let response = with_timeout(self.client.execute(request)).await?;
        self.record_discord_time(&response);
        Ok(response)
    }

    fn build(&self, request: &Request<'_>) -> reqwest::Result<reqwest::Request> {
        let Request { method, route, parameters, body, files } = request;
        let mut address = format!("{}{}", self.address, route.path());
        let parameters: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !parameters.is_empty() {
            address = format!("{address}?{}", parameters.join("&"));
        }
        let builder = self.client.request(method.clone(), address);
        let builder = builder.header(AUTHORIZATION, format!("Bot {}", self.token.expose_secret()));
        let builder = builder.header(USER_AGENT, CLIENT);
        match body {
            Some(json) if !files.is_empty() => builder.multipart(upload_form(json, files)?),
            Some(json) => builder.header(CONTENT_TYPE, "application/json").body(json.clone()),
            None => builder.header(CONTENT_LENGTH, 0),
        }
        .build()
    }

    async fn parse_refusal(&self, response: reqwest::Response, route: Route<'_>) -> RestError {
        let (status, retry_after) = (response.status(), retry_after(&response));
        let body = with_timeout(response.bytes()).await.unwrap_or_default();
        let json: Option<Value> = serde_json::from_slice(&body).ok();
        let code = json.as_ref().and_then(|json| json.get("code")?.as_i64()).unwrap_or_default();
        let message =
            json.as_ref().and_then(|json| json.get("message")?.as_str()).unwrap_or("no reason given");
        // Without a code of its own a 401 is about the bot's token. A 401 about an interaction has a code.
        if status == StatusCode::UNAUTHORIZED && code == 0 && !route.is_of_interaction() {
            self.is_token_refused.send_replace(true);
        }
        // The message goes into the log, which has one line for each event.
        let message = message.chars().filter(|c| !c.is_control()).take(200).collect();
        RestError::Refused { status: status.as_u16(), code, message, retry_after }
    }
}

async fn acquire(requests: &Semaphore) -> Result<SemaphorePermit<'_>, RestError> {
    requests.acquire().await.map_err(|_| RestError::NotSent("the bot is stopping"))
}

/// Parses the body of a response.
///
/// # Errors
/// If the body is incomplete, or can't be parsed.
async fn parse_body<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, RestError> {
    let bytes = with_timeout(response.bytes()).await?;
    serde_json::from_slice(&bytes).map_err(|_| RestError::NoResponse("it can't be read"))
}

/// Waits with a timeout. reqwest's error is dropped, because it holds the address.
async fn with_timeout<T>(waiting: impl Future<Output = reqwest::Result<T>>) -> Result<T, RestError> {
    match timeout(REQUEST_TIMEOUT, waiting).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) if error.is_connect() => Err(RestError::Unreachable(why_unreachable(&error))),
        Ok(Err(_)) => Err(RestError::NoResponse("the connection broke")),
        Err(_) => Err(RestError::NoResponse("it took too long")),
    }
}

/// The cause of a failed connection, in words of our own, because reqwest's error holds the address.
fn why_unreachable(error: &reqwest::Error) -> &'static str {
    let mut cause = error.source();
    while let Some(error) = cause {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        match kind {
            Some(ErrorKind::ConnectionRefused) => return "the connection is refused",
            Some(ErrorKind::TimedOut) => return "nothing answers",
            Some(ErrorKind::InvalidData) => {
                return "TLS failed: check the clock and the proxy of this machine";
            }
            _ if error.to_string().starts_with("dns error") => return "its name can't be resolved",
            _ => cause = error.source(),
        }
    }
    "it can't be reached"
}

fn build_client() -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .connect_timeout(REQUEST_TIMEOUT)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
        .http2_keep_alive_timeout(KEEP_ALIVE_TIMEOUT);
    #[cfg(feature = "faults")]
    let builder = with_test_server(builder);
    builder.build()
}

/// A client that connects to `TAKEAWAYS_FAULT_DISCORD` (address and port) in place of discord.com, and trusts the
/// certificate in the file `TAKEAWAYS_FAULT_CERT`. So tests run the bot without a proxy.
#[cfg(feature = "faults")]
fn with_test_server(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let address = std::env::var("TAKEAWAYS_FAULT_DISCORD").ok().and_then(|address| address.parse().ok());
    let pem = std::env::var("TAKEAWAYS_FAULT_CERT").ok().and_then(|path| std::fs::read(path).ok());
    let certificate = pem.and_then(|pem| reqwest::Certificate::from_pem(&pem).ok());
    match (address, certificate) {
        (Some(address), Some(certificate)) => {
            builder.resolve("discord.com", address).add_root_certificate(certificate)
        }
        _ => builder,
    }
}
