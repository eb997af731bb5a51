//! The overview of an event in a digest of real posts.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use takeaways_answer::{Engine, EngineHandle, ReopenedEngine};
use takeaways_delivery::{DigestComposer, DigestRequest, DigestWriter, Reloader, WorkerThreads};
use takeaways_digest::{DueRun, NewSubscription, Subscription, Target};
use takeaways_ops::{Health, Metrics};
use takeaways_store::{Store, StoreLocation};
use takeaways_testing::time;

use crate::harness::{TempCorpus, daily_subscription, engine_over};

/// A composer over the posts of a corpus.
fn composer(corpus: &TempCorpus, now: Timestamp) -> DigestComposer {
    let engine = engine_over(vec![corpus.path().to_owned()], now);
    let reopen = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    let handle = Arc::new(EngineHandle::new(engine, Box::new(reopen), 3));
    DigestComposer::new(
        handle,
        WorkerThreads::new(1, Metrics::new()),
        Reloader::new(Metrics::new(), Health::new()),
    )
}

/// A corpus with this number of recaps of KubeCon NA 2019, which ended on 21 November 2019.
fn corpus(recaps: usize) -> TempCorpus {
    (0..recaps).fold(TempCorpus::new().file("old.md", "# Old\n\nIt was there before.\n"), |corpus, at| {
        let text = format!(
            "---\ntitle: Recap {at}\nauthor: Ada{at} Example{at}\ndate: 2019-11-2{at}\nevent: KubeCon NA 2019\n---\n\n\
             We should not start with a service mesh of kind {at}, because most teams need {at} months to learn it.\n"
        );
        corpus.file(&format!("{at}.md"), text)
    })
}

/// The message that the digest would post at a time, as JSON, and the event whose overview it holds.
async fn written(
    store: &Store,
    subscription: &Subscription,
    recaps: usize,
    now: Timestamp,
) -> (Value, Option<String>) {
    let composer = composer(&corpus(recaps), now);
    composer.record_posts(store, now, false).await.expect("the posts are recorded");
    let due = DueRun { slot: now, is_late: false };
    let message = composer.write(DigestRequest::new(store, subscription, due, now)).await.expect("a digest");
    let body = message.body.as_deref().map_or(Value::Null, |body| serde_json::from_str(body).expect("JSON"));
    let preview = composer.preview(store, subscription, now).await.expect("a preview");
    let has_overview = |text: &str| text.contains("Event wrap-up");
    let is_previewed = preview.pages.is_some_and(|pages| {
        pages.first.embeds.first().is_some_and(|embed| has_overview(&embed.description))
    });
    assert_eq!(is_previewed, message.wrap_up.is_some());
    (body, message.wrap_up.map(|event| event.0))
}

#[tokio::test]
async fn a_digest_has_the_overview_of_an_event_with_five_recaps() {
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StoreLocation::Folder(home.path().to_owned())).await.expect("a state");
    let made_at = time("2019-11-22T08:00:00Z");
    composer(&corpus(0), made_at).record_posts(&store, made_at, false).await.expect("the posts are recorded");
    let new = NewSubscription {
        wrap_up: true,
        ..daily_subscription(Target::Channel { server: 1, channel: 2 }, 3, made_at)
    };
    let subscription = store.subscribe(new, 10).await.expect("a subscription");
    let (body, event) = written(&store, &subscription, 4, time("2019-11-26T09:00:00Z")).await;
    assert_eq!((event, body["embeds"].as_array().expect("boxes").len()), (None, 1));
    let (body, event) = written(&store, &subscription, 5, time("2019-11-27T09:00:00Z")).await;
    assert_eq!(event.as_deref(), Some("kubecon-na-2019"));
    let boxes = body["embeds"].as_array().expect("boxes");
    let overview = boxes[0]["description"].as_str().expect("a text");
    assert!(
        overview.starts_with("### Event wrap-up · KubeCon NA 2019, San Diego\n-# 5 recaps by 5 authors\n"),
        "{overview}"
    );
    assert!(overview.contains("> We should not start with a service mesh of kind"), "{overview}");
    assert_eq!(boxes.len(), 2, "the digest is below it");
    let (_, event) = written(&store, &subscription, 6, time("2020-03-01T09:00:00Z")).await;
    assert_eq!(event, None, "the event is long over");
    store.close().await;
}
