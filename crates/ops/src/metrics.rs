//! Counters and measurements, by Prometheus' conventions.
//!
//! The value of a label is a compiled-in name, or a number from a bounded range. So no series holds text that a person
//! wrote, and the number of series stays small.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry, Unit};

use super::health::HealthState;

/// Upper bounds in seconds. An answer takes a fraction of a millisecond. Discord waits 3 s for the acknowledgement, and
/// an answer that is not ready after 1.5 s is deferred.
const BUCKETS: [f64; 14] =
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 3.0];

/// Upper bounds in seconds, from the slot of a digest to its posting: at once, after a few attempts, after an outage.
const DELAYS: [f64; 9] = [1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Durations<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// The metrics of the process. All clones share them.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<MetricSeries>);

#[derive(Debug)]
struct MetricSeries {
    registry: Registry,
    acknowledged: Durations<1>,
    answered: Durations<2>,
    in_flight: Gauge,
    reconnects: Family<Labels<1>, Counter>,
    rest_failures: Family<[(&'static str, u16); 1], Counter>,
    reloads: Family<Labels<1>, Counter>,
    posts: Gauge,
    panics: Counter,
    digests: Family<Labels<1>, Counter>,
    digest_delay: Histogram,
    states: Family<Labels<1>, Gauge>,
    sources: Family<Labels<1>, Gauge>,
    source_posts: Family<Labels<1>, Counter>,
}

/// Counts a task as in flight until it is dropped.
#[derive(Debug)]
#[must_use = "dropped at once, it counts nothing"]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Metrics that are all zero.
    pub fn new() -> Self {
        let mut names = MetricRegistry(Registry::with_prefix("takeaways"));
        names.0.register("build", "The running version", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        Self(Arc::new(MetricSeries {
            acknowledged: names
                .add_durations("acknowledgement_duration", "Time from an event to the first response"),
            answered: names.add_durations("answer_duration", "Time from an event to the complete answer"),
            in_flight: names.add("answers_in_flight", "Answers being made"),
            reconnects: names.add("gateway_reconnects", "Reconnects to the gateway"),
            rest_failures: names.add("rest_failures", "Failed requests by status; 0: no response"),
            reloads: names.add("reloads", "Checks for changed posts, by result"),
            posts: names.add("posts", "Posts in the index"),
            panics: names.add("panics", "Panics that were caught"),
            digests: names.add("digests", "Finished digest runs, by outcome"),
            digest_delay: names
                .add_delay("digest_delay", "Time from the due time of a digest to its delivery"),
            states: names.add("state", "1 for the current state"),
            sources: names.add("sources", "Sources of posts, by whether they can be read"),
            source_posts: names
                .add("source_posts", "Posts that came in from sources, by what became of them"),
            registry: names.0,
        }))
    }

    /// Records the acknowledgement of a `command`, `after` the event arrived.
    pub fn record_acknowledgement(&self, command: &'static str, after: Duration) {
        let series = &self.0.acknowledged;
        series.get_or_create(&[("command", command)]).observe(after.as_secs_f64());
    }

    /// Records the whole answer, or the message in its place: `outcome` says which.
    pub fn record_answer(&self, command: &'static str, outcome: &'static str, took: Duration) {
        let labels = [("command", command), ("outcome", outcome)];
        self.0.answered.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts an answer as in flight until the returned value is dropped.
    pub fn start_answer(&self) -> InFlight {
        self.0.in_flight.inc();
        InFlight(self.0.in_flight.clone())
    }

    /// Counts a new connection to the gateway: `kind` says which, for example `resume`.
    pub fn count_reconnect(&self, kind: &'static str) {
        self.0.reconnects.get_or_create(&[("kind", kind)]).inc();
    }

    /// Counts a failed request with this HTTP status. 0, or any other invalid status, means that no reply came.
    pub fn count_rest_failure(&self, status: u16) {
        let status = if (100..600).contains(&status) { status } else { 0 };
        self.0.rest_failures.get_or_create(&[("status", status)]).inc();
    }

    /// Counts a check of the corpus for changes: `outcome` says what it found.
    pub fn count_reload(&self, outcome: &'static str) {
        self.0.reloads.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Sets the number of posts that answers are taken from.
    pub fn set_posts(&self, count: u64) {
        self.0.posts.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Counts a panic that was caught.
    pub fn panicked(&self) {
        self.0.panics.inc();
    }

    /// Counts a run that ended: `state` is the ledger's name for it.
    pub fn digest_ended(&self, state: &'static str) {
        self.0.digests.get_or_create(&[("state", state)]).inc();
    }

    /// Records how long after its slot a digest was posted.
    pub fn digest_sent_after(&self, delay: Duration) {
        self.0.digest_delay.observe(delay.as_secs_f64());
    }

    /// Sets the number of sources that can be read and that can't.
    pub fn set_sources(&self, readable: usize, failing: usize) {
        for (state, count) in [("ok", readable), ("failing", failing)] {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.0.sources.get_or_create(&[("state", state)]).set(count);
        }
    }

    /// Counts posts that came in from sources: `outcome` says what became of them.
    pub fn count_source_posts(&self, outcome: &'static str, count: u64) {
        // What has not happened has no row.
        if count > 0 {
            self.0.source_posts.get_or_create(&[("outcome", outcome)]).inc_by(count);
        }
    }

    /// All metrics in the text format of `OpenMetrics` 1.0, which Prometheus reads.
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(8 << 10);
        // Writing to a `String` does not fail.
        let _ = encode(&mut text, &self.0.registry);
        text
    }

    /// Sets this state of the process, and clears all others.
    pub(super) fn set_state(&self, now: HealthState) {
        for state in HealthState::ALL {
            let series = self.0.states.get_or_create(&[("state", state.name())]);
            series.set(i64::from(state == now));
        }
    }
}

/// The registry while the metrics are named.
struct MetricRegistry(Registry);

impl MetricRegistry {
    /// Adds a series. A counter gets the suffix `_total`.
    fn add<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        let series = M::default();
        self.0.register(name, help, series.clone());
        series
    }

    /// Adds a series of durations, with the suffix `_seconds`.
    fn add_durations<const N: usize>(&mut self, name: &str, help: &str) -> Durations<N> {
        let series = Durations::new_with_constructor(|| Histogram::new(BUCKETS));
        self.0.register_with_unit(name, help, Unit::Seconds, series.clone());
        series
    }

    /// Adds one series of delays, with the suffix `_seconds`.
    fn add_delay(&mut self, name: &str, help: &str) -> Histogram {
        let series = Histogram::new(DELAYS);
        self.0.register_with_unit(name, help, Unit::Seconds, series.clone());
        series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_line(metrics: &Metrics, line: &str) {
        let text = metrics.render();
        assert!(text.lines().any(|found| found == line), "no {line:?} in\n{text}");
    }

    #[test]
    fn recorded_values_are_rendered() {
        let metrics = Metrics::new();
        metrics.record_acknowledgement("ask", Duration::from_micros(300));
        metrics.record_answer("ask", "answered", Duration::from_millis(2));
        metrics.clone().record_answer("ask", "answered", Duration::from_secs(4));
        metrics.count_reconnect("resume");
        metrics.count_reload("unchanged");
        metrics.set_posts(312);
        metrics.panicked();
        metrics.digest_ended("sent");
        metrics.digest_sent_after(Duration::from_secs(61));
        for line in [
            "# TYPE takeaways_answer_duration_seconds histogram",
            "# UNIT takeaways_answer_duration_seconds seconds",
            "takeaways_acknowledgement_duration_seconds_bucket{le=\"0.00025\",command=\"ask\"} 0",
            "takeaways_acknowledgement_duration_seconds_bucket{le=\"0.0005\",command=\"ask\"} 1",
            "takeaways_answer_duration_seconds_bucket{le=\"3.0\",command=\"ask\",outcome=\"answered\"} 1",
            "takeaways_answer_duration_seconds_bucket{le=\"+Inf\",command=\"ask\",outcome=\"answered\"} 2",
            "takeaways_answer_duration_seconds_sum{command=\"ask\",outcome=\"answered\"} 4.002",
            "takeaways_gateway_reconnects_total{kind=\"resume\"} 1",
            "takeaways_reloads_total{outcome=\"unchanged\"} 1",
            "takeaways_posts 312",
            "takeaways_panics_total 1",
            "takeaways_digests_total{state=\"sent\"} 1",
            "takeaways_digest_delay_seconds_bucket{le=\"60.0\"} 0",
            "takeaways_digest_delay_seconds_bucket{le=\"300.0\"} 1",
            concat!("takeaways_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert_line(&metrics, line);
        }
        assert!(metrics.render().ends_with("# EOF\n"));
    }

    #[test]
    fn work_is_in_flight_until_it_is_dropped() {
        let metrics = Metrics::new();
        let (one, two) = (metrics.start_answer(), metrics.start_answer());
        assert_line(&metrics, "takeaways_answers_in_flight 2");
        drop((one, two));
        assert_line(&metrics, "takeaways_answers_in_flight 0");
    }

    #[test]
    fn invalid_status_codes_are_one_series() {
        let metrics = Metrics::new();
        for status in [0, 7, 429, 600, 999, u16::MAX] {
            metrics.count_rest_failure(status);
        }
        assert_line(&metrics, "takeaways_rest_failures_total{status=\"0\"} 5");
        assert_line(&metrics, "takeaways_rest_failures_total{status=\"429\"} 1");
    }

    #[test]
    fn one_state_holds_at_a_time() {
        let metrics = Metrics::new();
        metrics.set_state(HealthState::Starting);
        metrics.set_state(HealthState::Ready);
        assert_line(&metrics, "takeaways_state{state=\"starting\"} 0");
        assert_line(&metrics, "takeaways_state{state=\"ready\"} 1");
    }
}
