//! Fetches politely: robots.txt, one request a host at a time with a pause, redirects judged at each hop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use robotxt::{AccessResult, Agent, Robots};
use thiserror::Error;
use tokio::time::Instant;
use url::Url;

use crate::http::{Validators, Web, WebError, WebRequest, WebResponse};
use crate::{AddressGuard, MAX_REDIRECTS};

/// The name by which `robots.txt` may address this program.
const AGENT: &str = "takeaways";
/// How long the rules of a host are kept: at most a day by RFC 9309.
const ROBOTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a host whose rules can't be read gets no other requests.
const ROBOTS_RETRY: SignedDuration = SignedDuration::from_hours(1);
/// The longest time that a host may ask for by `Retry-After`; who asks for more is asked again after it.
pub(crate) const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The wait after a 429 or 503 without `Retry-After`.
const DEFAULT_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// Hosts that are remembered at once. Redirects may name any number of them.
const MAX_HOSTS: usize = 20_000;

/// Tells the time. The simulation of the tests has another one than the programs.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why a page was not fetched.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FetchError {
    /// There was no answer.
    #[error(transparent)]
    Web(#[from] WebError),
    /// The rules of the host forbid it.
    #[error("the site's robots.txt does not allow it")]
    Robots,
    /// The host asked to come back later.
    #[error("the site asks to be left alone until {0:.0}")]
    NotBefore(Timestamp),
    /// The host could not be reached a while ago.
    #[error("the host could not be reached, so it is not asked again before {0:.0}")]
    BackedOff(Timestamp),
    /// The content is not what it should be.
    #[error("what it sends is not understood: {0}")]
    NotUnderstood(String),
    /// The rules of the host can't be read, so nothing else is fetched for a while.
    #[error("its robots.txt can't be read, so nothing is fetched before {0:.0}")]
    RobotsUnread(Timestamp),
    /// More redirects than are followed.
    #[error("it redirects more than {MAX_REDIRECTS} times")]
    Redirects,
    /// A redirect without an address that can be read.
    #[error("it redirects to no address")]
    Location,
    /// A redirect from https to http.
    #[error("it redirects from https to http, where anybody could change it")]
    Downgrade,
    /// The page is not there.
    #[error("there is no such page (404)")]
    NotFound,
    /// A folder of this machine is not there.
    #[error("the folder is not there")]
    NoFolder,
    /// The page is gone for ever.
    #[error("the page is gone for good (410)")]
    Gone,
    /// Any other status.
    #[error("the site answers with status {0}")]
    Status(u16),
}

impl FetchError {
    fn backed_off(why: BackOff, until: Timestamp) -> Self {
        match why {
            BackOff::Requested => Self::NotBefore(until),
            BackOff::Unreachable => Self::BackedOff(until),
            BackOff::RobotsUnread => Self::RobotsUnread(until),
        }
    }

    /// When the host may be asked again, if it gets no requests until then.
    pub fn not_before(&self) -> Option<Timestamp> {
        match self {
            Self::NotBefore(time) | Self::BackedOff(time) | Self::RobotsUnread(time) => Some(*time),
            _ => None,
        }
    }
}

/// A page with where it was found.
#[derive(Debug, Clone)]
pub struct FetchedPage {
    /// The address that answered.
    pub url: Url,
    /// Where the permanent redirects at the start led; `None` if the first one was temporary.
    pub moved_to: Option<Url>,
    /// What to send with the next request.
    pub validators: Validators,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The content.
    pub body: Vec<u8>,
}

/// A successful fetch.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and a page is the usual case")]
pub enum FetchOutcome {
    /// The page.
    Page(FetchedPage),
    /// The server says that nothing changed.
    NotModified,
}

/// The options of a [`Fetcher`].
#[derive(Debug, Clone, Default)]
pub struct FetcherOptions {
    /// Which hosts may be reached.
    pub guard: AddressGuard,
    /// The pause between two requests to a host.
    pub interval: Duration,
}

/// Fetches pages over a [`Web`].
pub struct Fetcher {
    web: Arc<dyn Web>,
    clock: Clock,
    options: FetcherOptions,
    /// By their names, with the port if that is not the usual one.
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// What this process knows of a host.
#[derive(Default)]
struct Host {
    /// Held during a request, so that there is one at a time. The time before which the next one must not start.
    next_request: tokio::sync::Mutex<Option<Instant>>,
    record: Mutex<HostRecord>,
}

#[derive(Default)]
struct HostRecord {
    robots: Option<(Arc<Robots>, Timestamp)>,
    /// When the host may be asked again, and why not before.
    not_before: Option<(Timestamp, BackOff)>,
}

/// Why a host gets no requests for a while.
#[derive(Debug, Clone, Copy)]
enum BackOff {
    /// It asked for that itself.
    Requested,
    /// It could not be reached.
    Unreachable,
    /// Its rules could not be read.
    RobotsUnread,
}

impl Host {
    fn record(&self) -> std::sync::MutexGuard<'_, HostRecord> {
        // Nothing panics in the middle of a change.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fetcher {
    /// A fetcher that knows no host yet.
    pub fn new(web: Arc<dyn Web>, clock: Clock, options: FetcherOptions) -> Self {
        Self { web, clock, options, hosts: Mutex::default() }
    }

    /// The time by the clock.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The guard.
    pub fn guard(&self) -> &AddressGuard {
        &self.options.guard
    }

    /// Fetches a page, over at most `MAX_REDIRECTS` redirects. `validators` are sent to the first address only.
    ///
    /// # Errors
    /// Why there is no page.
    pub async fn fetch(
        &self,
        url: &Url,
        validators: Option<&Validators>,
    ) -> Result<FetchOutcome, FetchError> {
        let mut url = url.clone();
        let (mut moved_to, mut is_permanent) = (None, true);
        for hop in 0..=MAX_REDIRECTS {
            self.options.guard.check_url(&url).map_err(WebError::from)?;
            self.check_robots(&url).await?;
            let sent = validators.filter(|validators| hop == 0 && !validators.is_empty());
            let response = self.send(&url, sent).await?;
            match response.status {
                304 if sent.is_some() => return Ok(FetchOutcome::NotModified),
                200..=299 => {
                    let WebResponse { validators, content_type, body, .. } = response;
                    return Ok(FetchOutcome::Page(FetchedPage {
                        url,
                        moved_to,
                        validators,
                        content_type,
                        body,
                    }));
                }
                status @ (301 | 302 | 303 | 307 | 308) => {
                    let next = redirect_target(&url, response.location.as_deref())?;
                    is_permanent &= matches!(status, 301 | 308);
                    if is_permanent {
                        moved_to = Some(next.clone());
                    }
                    url = next;
                }
                404 => return Err(FetchError::NotFound),
                410 => return Err(FetchError::Gone),
                status => return Err(FetchError::Status(status)),
            }
        }
        Err(FetchError::Redirects)
    }

    /// Sends one request, while no other one goes to its host.
    async fn send(&self, url: &Url, validators: Option<&Validators>) -> Result<WebResponse, FetchError> {
        let host = self.host(url);
        let mut next = host.next_request.lock().await;
        let not_before = host.record().not_before;
        if let Some((time, why)) = not_before.filter(|(time, _)| *time > self.now()) {
            return Err(FetchError::backed_off(why, time));
        }
        if let Some(next) = *next {
            tokio::time::sleep_until(next).await;
        }
        let answered = self.web.get(WebRequest { url, validators }).await;
        *next = Some(Instant::now() + self.options.interval);
        if let Ok(response) = &answered
            && matches!(response.status, 429 | 503)
        {
            let until = retry_time(response.retry_after.as_deref(), self.now());
            host.record().not_before = Some((until, BackOff::Requested));
            return Err(FetchError::NotBefore(until));
        }
        Ok(answered?)
    }

    /// The sitemaps that the `robots.txt` of an address names.
    pub(crate) async fn sitemaps(&self, url: &Url) -> Vec<Url> {
        let robots = self.robots(url).await;
        robots.map(|robots| robots.sitemaps().to_vec()).unwrap_or_default()
    }

    /// The rules of a host; fetched once a day.
    async fn robots(&self, url: &Url) -> Result<Arc<Robots>, FetchError> {
        let host = self.host(url);
        let known = host.record().robots.clone().filter(|(_, until)| *until > self.now());
        match known {
            Some((robots, _)) => Ok(robots),
            None => self.read_robots(url, &host).await,
        }
    }

    async fn check_robots(&self, url: &Url) -> Result<(), FetchError> {
        let robots = self.robots(url).await?;
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path = format!("{path}?{query}");
        }
        if robots.is_allowed(&path) { Ok(()) } else { Err(FetchError::Robots) }
    }

    async fn read_robots(&self, url: &Url, host: &Host) -> Result<Arc<Robots>, FetchError> {
        let agent = Agent::Exact(AGENT);
        let robots = match self.fetch_robots(url).await {
            Ok(Some(body)) => Robots::from_access(AccessResult::Successful(&body), agent),
            Ok(None) => Robots::from_access(AccessResult::Unavailable, agent),
            Err(FetchError::Web(WebError::Refused(refusal))) => return Err(WebError::from(refusal).into()),
            Err(error) if error.not_before().is_some() => return Err(error),
            // Out of reach means: not now.
            Err(error) => {
                let until = self.now() + ROBOTS_RETRY;
                tracing::debug!(%error, host = url.host_str(), "robots.txt can't be read");
                // A host that can't be reached at all has a plainer reason.
                let is_down = matches!(error, FetchError::Web(WebError::Unreachable(_) | WebError::Timeout));
                let why = if is_down { BackOff::Unreachable } else { BackOff::RobotsUnread };
                host.record().not_before = Some((until, why));
                return Err(if is_down { error } else { FetchError::RobotsUnread(until) });
            }
        };
        let robots = Arc::new(robots);
        host.record().robots = Some((Arc::clone(&robots), self.now() + ROBOTS_KEPT));
        Ok(robots)
    }

    /// The content of `robots.txt`; `None` if there is none, which allows everything.
    async fn fetch_robots(&self, url: &Url) -> Result<Option<Vec<u8>>, FetchError> {
        let mut url = url.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        for _ in 0..=MAX_REDIRECTS {
            self.options.guard.check_url(&url).map_err(WebError::from)?;
            let response = self.send(&url, None).await?;
            match response.status {
                200..=299 => return Ok(Some(response.body)),
                300..=399 => url = redirect_target(&url, response.location.as_deref())?,
                400..=499 => return Ok(None),
                status => return Err(FetchError::Status(status)),
            }
        }
        // RFC 9309 counts it as missing.
        Ok(None)
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let name = format!("{}{port}", url.host_str().unwrap_or_default());
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MAX_HOSTS {
            let now = self.now();
            hosts.retain(|_, host| {
                Arc::strong_count(host) > 1 || host.record().not_before.is_some_and(|(time, _)| time > now)
            });
        }
        Arc::clone(hosts.entry(name).or_default())
    }
}

fn redirect_target(from: &Url, location: Option<&str>) -> Result<Url, FetchError> {
    let mut next = from.join(location.unwrap_or_default().trim()).map_err(|_| FetchError::Location)?;
    if location.is_none() {
        return Err(FetchError::Location);
    }
    next.set_fragment(None);
    if from.scheme() == "https" && next.scheme() == "http" {
        return Err(FetchError::Downgrade);
    }
    Ok(next)
}

/// The end of a wait by `Retry-After`: seconds, or a date of HTTP.
fn retry_time(header: Option<&str>, now: Timestamp) -> Timestamp {
    let wait = header.map(str::trim).and_then(|text| {
        if let Ok(seconds) = text.parse::<i64>() {
            return Some(SignedDuration::from_secs(seconds));
        }
        let time = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        Some(time.duration_since(now))
    });
    let wait = wait.unwrap_or(DEFAULT_RETRY_AFTER).clamp(SignedDuration::from_secs(1), MAX_RETRY_AFTER);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_has_two_forms() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        for (header, expected) in [
            (Some("120"), "2026-01-01T00:02:00Z"),
            (Some("Thu, 01 Jan 2026 02:00:00 GMT"), "2026-01-01T02:00:00Z"),
            (None, "2026-01-01T01:00:00Z"),
            (Some("soon"), "2026-01-01T01:00:00Z"),
            (Some("-5"), "2026-01-01T00:00:01Z"),
            (Some("99999999999"), "2026-01-08T00:00:00Z"),
        ] {
            assert_eq!(retry_time(header, now), expected.parse().expect("a time"), "{header:?}");
        }
    }
}
