//! The posts that a digest finds changed before it is composed.

use std::sync::Arc;

use jiff::Timestamp;
use takeaways_answer::{Engine, EngineHandle, ReopenedEngine};
use takeaways_delivery::{DigestComposer, DigestWriter, Reloader, WorkerThreads};
use takeaways_ops::{Health, Metrics};
use takeaways_store::{Store, StoreLocation};

use crate::harness::{TempCorpus, engine_over};

#[tokio::test]
async fn what_a_due_digest_finds_is_reported_as_by_any_other_reload() {
    let now: Timestamp = "2019-11-26T09:00:00Z".parse().expect("a time");
    let recap = TempCorpus::new().file("recap.md", "# Recap\n\nWe run Istio in production.\n");
    let engine = engine_over(vec![recap.path().to_owned()], now);
    let reopen = move |_: Option<&Engine>| {
        let engine = engine_over(vec![TempCorpus::new().path().to_owned()], now);
        Ok(ReopenedEngine { engine: Some(engine), unread: Vec::new() })
    };
    let engine = Arc::new(EngineHandle::new(engine, Box::new(reopen), 3));
    let (metrics, health) = (Metrics::new(), Health::new());
    health.set_ready();
    let reloader = Reloader::new(metrics.clone(), health.clone());
    let composer = DigestComposer::new(engine, WorkerThreads::new(1, metrics), reloader);
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StoreLocation::Folder(home.path().to_owned())).await.expect("a state");

    composer.record_posts(&store, now, false).await.expect("the posts are recorded");
    assert_eq!(health.report().text, "ok", "nothing is due, so nothing is read again");
    composer.record_posts(&store, now, true).await.expect("the posts are recorded");
    assert!(
        health.report().text.starts_with("degraded: there are no posts to answer from"),
        "{}",
        health.report().text
    );
    store.close().await;
}
