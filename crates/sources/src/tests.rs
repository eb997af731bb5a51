//! Tests of the whole crate, over a web in memory and one on loopback.

mod finding;
mod folders;
mod leading_nowhere;
mod missing_pages;
mod over_http;
mod overlapping;
mod politeness;
mod reading;
mod real_posts;
mod refreshing;
mod refused;
pub(crate) mod site;
mod site_tables;
mod templates;
mod week;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use crate::http::HttpWeb;
use crate::{
    AddressGuard, Clock, Fetcher, FetcherOptions, Library, PostOutcome, RefreshReport, Refresher, Web,
};

/// A day on which all posts of the tests are in the past.
fn now() -> Timestamp {
    "2026-01-15T12:00:00Z".parse().expect("a time")
}

fn clock() -> Clock {
    Arc::new(now)
}

/// A guard that lets loopback through.
fn loopback() -> AddressGuard {
    AddressGuard::new(vec!["127.0.0.1".parse().expect("a network")])
}

fn fetcher(guard: AddressGuard, time_limit: Duration) -> Fetcher {
    let web = HttpWeb::new(guard.clone(), "takeaways-test".into()).with_time_limit(time_limit);
    Fetcher::new(Arc::new(web), clock(), FetcherOptions { guard, interval: Duration::ZERO })
}

/// A refresher over a web with its own folders.
fn refresher(web: Arc<dyn Web>, clock: Clock, folder: &Path, interval: Duration) -> Refresher {
    let options = FetcherOptions { guard: loopback(), interval };
    let fetcher = Arc::new(Fetcher::new(web, clock, options));
    let library = Arc::new(Library::new(&[folder.join("corpus")], &folder.join("state")));
    Refresher::new(fetcher, library, Duration::from_hours(1))
}

/// Compresses as a server does.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// What became of each post of a refresh.
fn outcomes(report: &RefreshReport) -> Vec<&PostOutcome> {
    report.posts.iter().map(|(_, post)| &post.outcome).collect()
}

/// Runs a future with the time of the real clock.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}
