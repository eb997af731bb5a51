//! Health, readiness and metrics over a socket, as for a supervisor and a scraper.

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

use regex::Regex;
use reqwest::{Client, Response};
use takeaways_ops::{Health, Metrics, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::harness::{Cli, run};

/// The pages of a process, on its own port.
struct Pages {
    address: String,
    metrics: Metrics,
    health: Health,
    end: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Pages {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (metrics, health) = (Metrics::new(), Health::new());
        let (end, ended) = oneshot::channel();
        let until = async { drop(ended.await) };
        let served = tokio::spawn(serve(listener, metrics.clone(), health.clone(), until));
        Self { address, metrics, health, end, served }
    }

    async fn get(&self, path: &str) -> Response {
        let request = Client::new().get(format!("{}{path}", self.address)).header("user-agent", "otter");
        request.send().await.expect("a reply")
    }

    async fn says(&self, path: &str, status: u16, body: &str) {
        let response = self.get(path).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.text().await.expect("text"), format!("{body}\n"), "{path}");
    }

    async fn end(self) {
        self.end.send(()).expect("it is served still");
        self.served.await.expect("no panic").expect("no error");
    }
}

#[tokio::test]
async fn health_and_readiness_follow_the_process() {
    let pages = Pages::start().await;
    let told = async |status, text| {
        pages.says("/healthz", 200, text).await;
        pages.says("/readyz", status, text).await;
    };
    told(503, "starting").await;
    pages.health.set_ready();
    told(200, "ok").await;
    pages.health.add_problem("the posts can't be read", Timestamp::UNIX_EPOCH);
    told(200, "degraded: the posts can't be read (since 1970-01-01T00:00:00Z)").await;
    pages.health.set_unreachable("the gateway is out of reach");
    told(503, "degraded: the gateway is out of reach; the posts can't be read (since 1970-01-01T00:00:00Z)")
        .await;
    let scraped = pages.get("/metrics").await.text().await.expect("text");
    assert!(scraped.contains("takeaways_state{state=\"degraded\"} 1\n"), "{scraped}");
    pages.health.set_ready();
    pages.health.clear_problem("the posts can't be read");
    told(200, "ok").await;
    pages.health.set_stopping();
    told(503, "stopping").await;
    pages.end().await;
}

#[tokio::test]
async fn a22_what_is_not_there_is_not_found_and_not_repeated() {
    let pages = Pages::start().await;
    for path in ["/", "/otter", "/metrics/otter", "/healthz/", "/healthz%00", "//metrics", "/?q=otter"] {
        pages.says(path, 404, "not found").await;
    }
    let posted = Client::new().post(format!("{}/metrics", pages.address)).body("otter").send().await;
    assert_eq!(posted.expect("a reply").status(), 405);
    let scraped = pages.get("/metrics?q=otter").await.text().await.expect("text");
    assert!(!scraped.contains("otter"), "{scraped}");
    pages.end().await;
}

#[tokio::test]
async fn a22_labels_hold_names_and_numbers_only() {
    let pages = Pages::start().await;
    let metrics = &pages.metrics;
    metrics.record_acknowledgement("ask", Duration::from_millis(1));
    metrics.record_answer("mention", "nothing_found", Duration::from_millis(2));
    metrics.count_reconnect("resume");
    metrics.count_reload("changed");
    for status in 0..2_000 {
        metrics.count_rest_failure(status);
    }
    let response = pages.get("/metrics").await;
    let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let scraped = response.text().await.expect("text");
    assert!(scraped.ends_with("# EOF\n"), "{scraped}");

    let series = Regex::new(r"^takeaways_[a-z_]+(\{[^}]*\})? [-0-9.e+]+$").expect("a pattern");
    let label = Regex::new(r#"([a-z]+)="([^"]*)""#).expect("a pattern");
    let mut named = BTreeSet::new();
    for line in scraped.lines().filter(|line| !line.starts_with('#')) {
        assert!(series.is_match(line), "{line}");
        named.extend(label.captures_iter(line).map(|found| (found[1].to_owned(), found[2].to_owned())));
    }
    let numbers = named.iter().filter(|(name, _)| name == "status").count();
    assert_eq!(numbers, 501, "100 to 599, and 0 for all others");
    let words: Vec<&str> = named
        .iter()
        .filter(|(name, _)| !["status", "le"].contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(
        words,
        ["ask", "mention", "resume", "changed", "nothing_found"]
            .into_iter()
            .chain(["degraded", "ready", "starting", "stopping", env!("CARGO_PKG_VERSION")])
            .collect::<Vec<_>>()
    );
    pages.end().await;
}

/// Runs `takeaways health` with this address on a thread of its own, since the pages need the runtime.
async fn health(listen: &str) -> (i32, String) {
    let cli = Cli::new().args("health").env("TAKEAWAYS__OPS__LISTEN", listen);
    let run = run(cli).await;
    (run.code, run.out)
}

#[tokio::test]
async fn health_tells_whether_the_bot_answers() {
    let pages = Pages::start().await;
    let address = pages.address.trim_start_matches("http://").to_owned();
    assert_eq!(health(&address).await, (1, "starting\n".into()));
    pages.health.set_ready();
    assert_eq!(health(&address).await, (0, "ok\n".into()));
    assert_eq!(health(&address.replace("127.0.0.1", "0.0.0.0")).await, (0, "ok\n".into()));
    pages.health.add_problem("the posts can't be read", Timestamp::UNIX_EPOCH);
    assert_eq!(
        health(&address).await,
        (0, "degraded: the posts can't be read (since 1970-01-01T00:00:00Z)\n".into())
    );
    pages.health.set_unreachable("the gateway is out of reach");
    assert_eq!(health(&address).await.0, 1);
    pages.end().await;
    let (code, said) = health(&address).await;
    assert_eq!(code, 1);
    assert!(said.starts_with(&format!("nothing answers at {address}: ")), "{said}");
}

#[test]
fn health_has_nothing_to_ask_where_nothing_listens() {
    let cli = Cli::new().args("health").file("takeaways.toml", "ops.listen = \"off\"\n");
    cli.run().code(2).warns("ops.listen is off");
}
