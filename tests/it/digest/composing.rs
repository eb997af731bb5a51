//! What a digest is composed of: posts that are dated before their source was added are no news, unless it asks for posts by
//! their dates; and the overview of an event.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use takeaways_answer::{Engine, EngineHandle, ReopenedEngine, ScopeOptions};
use takeaways_delivery::{DigestComposer, DigestRequest, DigestWriter, Reloader, WorkerThreads};
use takeaways_digest::{NewSubscription, Subscription, Target};
use takeaways_ops::{Health, Metrics};
use takeaways_store::{Store, StoreLocation};
use takeaways_testing::time;

use crate::harness::{TempCorpus, daily_subscription, engine_over};

/// A corpus with these posts of a blog, each by its name and its day.
fn corpus(posts: &[(&str, &str)]) -> TempCorpus {
    let own = TempCorpus::new().file("own.md", "# Own\n\nIt was there before.\n");
    posts.iter().fold(own, |corpus, (name, day)| {
        let text = format!(
            "---\nurl: https://blog.example/{name}\ntitle: About {name}\nauthor: Ada Example\ndate: {day}\n\
             event: KubeCon NA 2019\n---\n\nWe should not start with a {name}, because most teams need months to learn it.\n"
        );
        corpus.file(&format!("blog.example/{name}.md"), text)
    })
}

/// The engine over the posts of a corpus.
fn handle(corpus: &TempCorpus, now: Timestamp) -> Arc<EngineHandle> {
    let engine = engine_over(vec![corpus.path().to_owned()], now);
    let reopen = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    Arc::new(EngineHandle::new(engine, Box::new(reopen), 3))
}

/// A composer over the posts of a corpus, of which those at the addresses `old` are older than their source.
fn composer_over(corpus: &TempCorpus, old: HashSet<String>, now: Timestamp) -> DigestComposer {
    let threads = WorkerThreads::new(1, Metrics::new());
    let reloader = Reloader::new(Metrics::new(), Health::new());
    DigestComposer::new(handle(corpus, now), threads, reloader, Arc::new(move || old.clone()))
}

/// A composer over the posts of a corpus.
fn composer(corpus: &TempCorpus, now: Timestamp) -> DigestComposer {
    composer_over(corpus, HashSet::new(), now)
}

/// A composer over these posts, of which those with these names are older than their source.
fn composer_with_old(posts: &[(&str, &str)], old: &[&str], now: Timestamp) -> DigestComposer {
    let old = old.iter().map(|name| format!("https://blog.example/{name}")).collect();
    composer_over(&corpus(posts), old, now)
}

/// The posts that the next digest names, of those with these names.
async fn named(
    composer: &DigestComposer,
    store: &Store,
    subscription: &Subscription,
    now: Timestamp,
    names: &[&str],
) -> Vec<String> {
    composer.record_posts(store, now, false).await.expect("the posts are recorded");
    let message = composer.write(DigestRequest::new(store, subscription, now, now)).await.expect("a digest");
    let body = message.body.unwrap_or_default();
    names.iter().filter(|name| body.contains(&format!("About {name}"))).map(ToString::to_string).collect()
}

#[tokio::test]
async fn posts_before_the_day_of_their_source_are_in_a_digest_only_if_it_asks_for_them() {
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StoreLocation::Folder(home.path().to_owned())).await.expect("a state");
    let made_at = time("2019-12-01T08:00:00Z");
    composer_with_old(&[], &[], made_at)
        .record_posts(&store, made_at, false)
        .await
        .expect("the posts are recorded");
    let mut subscriptions = Vec::new();
    for (channel, include_since) in [(2, None), (3, Some(made_at - SignedDuration::from_hours(30 * 24)))] {
        let new = NewSubscription {
            include_since,
            ..daily_subscription(Target::Channel { server: 1, channel }, 3, made_at)
        };
        subscriptions.push(store.subscribe(new, 10).await.expect("a subscription"));
    }
    // A blog is added on 2 December: all its posts come in on that day.
    let names = ["mesh", "gateway", "operator"];
    let mut posts = vec![("mesh", "2019-11-20"), ("gateway", "2015-11-20")];
    let now = time("2019-12-02T09:00:00Z");
    let first = composer_with_old(&posts, &["mesh", "gateway"], now);
    assert_eq!(named(&first, &store, &subscriptions[0], now, &names).await, [""; 0]);
    // What is asked for by its date comes, and no more.
    assert_eq!(named(&first, &store, &subscriptions[1], now, &names).await, ["mesh"]);
    let preview = first.preview(&store, &subscriptions[0], now).await.expect("a preview");
    assert!(preview.pages.is_none(), "{preview:?}");
    // A post that the blog publishes later is news for both.
    posts.push(("operator", "2019-12-03"));
    let now = time("2019-12-04T09:00:00Z");
    let second = composer_with_old(&posts, &["mesh", "gateway"], now);
    assert_eq!(named(&second, &store, &subscriptions[0], now, &names).await, ["operator"]);
    assert_eq!(named(&second, &store, &subscriptions[1], now, &names).await, ["mesh", "operator"]);
    store.close().await;
}

#[test]
fn posts_before_the_day_of_their_source_are_no_newest_posts() {
    let now = time("2019-12-04T09:00:00Z");
    let handle = handle(
        &corpus(&[("mesh", "2019-11-20"), ("gateway", "2015-11-20"), ("operator", "2018-12-03")]),
        now,
    );
    let newest = |old: &[&str]| {
        let is_old = |url: &str| old.iter().any(|name| url == format!("https://blog.example/{name}"));
        let posts =
            handle.snapshot().newest_posts(now, None, &ScopeOptions::default(), 5, is_old).expect("read");
        posts.into_iter().map(|post| post.title).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(newest(&[]), "About mesh, About operator, About gateway");
    assert_eq!(newest(&["mesh"]), "About operator, About gateway");
    assert_eq!(newest(&["mesh", "operator"]), "About gateway");
    // Of a blog that was just added all posts are old: the newest of them are better than nothing.
    assert_eq!(newest(&["mesh", "gateway", "operator"]), "About mesh, About operator, About gateway");
}

/// A corpus with this number of recaps of KubeCon NA 2019, which ended on 21 November 2019.
fn corpus_of_recaps(recaps: usize) -> TempCorpus {
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
    let composer = composer(&corpus_of_recaps(recaps), now);
    composer.record_posts(store, now, false).await.expect("the posts are recorded");
    let message = composer.write(DigestRequest::new(store, subscription, now, now)).await.expect("a digest");
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
    composer(&corpus_of_recaps(0), made_at)
        .record_posts(&store, made_at, false)
        .await
        .expect("the posts are recorded");
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
        overview.starts_with(
            "### Event wrap-up · KubeCon NA 2019, San Diego\n-# 5 recaps by 5 authors, November 2019\n"
        ),
        "{overview}"
    );
    assert!(overview.contains("> We should not start with a service mesh of kind"), "{overview}");
    assert_eq!(boxes.len(), 2, "the digest is below it");
    let (_, event) = written(&store, &subscription, 6, time("2020-03-01T09:00:00Z")).await;
    assert_eq!(event, None, "the event is long over");
    store.close().await;
}
