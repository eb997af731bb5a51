//! Posts that are dated before their source was added are no news for a digest, unless it asks for posts by their dates.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use takeaways_answer::{Engine, EngineHandle, ReopenedEngine};
use takeaways_delivery::{DigestComposer, DigestRequest, DigestWriter, Reloader, WorkerThreads};
use takeaways_digest::{DueRun, NewSubscription, Subscription, Target};
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

/// The engine over these posts.
fn handle(posts: &[(&str, &str)], now: Timestamp) -> Arc<EngineHandle> {
    let engine = engine_over(vec![corpus(posts).path().to_owned()], now);
    let reopen = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    Arc::new(EngineHandle::new(engine, Box::new(reopen), 3))
}

/// A composer over these posts, of which those with these names are older than their source.
fn composer(posts: &[(&str, &str)], old: &[&str], now: Timestamp) -> DigestComposer {
    let handle = handle(posts, now);
    let composer = DigestComposer::new(
        handle,
        WorkerThreads::new(1, Metrics::new()),
        Reloader::new(Metrics::new(), Health::new()),
    );
    let old: HashSet<String> = old.iter().map(|name| format!("https://blog.example/{name}")).collect();
    composer.with_old_posts(Arc::new(move || old.clone()))
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
    let due = DueRun { slot: now, is_late: false };
    let message = composer.write(DigestRequest::new(store, subscription, due, now)).await.expect("a digest");
    let body = message.body.unwrap_or_default();
    names.iter().filter(|name| body.contains(&format!("About {name}"))).map(ToString::to_string).collect()
}

#[tokio::test]
async fn posts_before_the_day_of_their_source_are_in_a_digest_only_if_it_asks_for_them() {
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StoreLocation::Folder(home.path().to_owned())).await.expect("a state");
    let made_at = time("2019-12-01T08:00:00Z");
    composer(&[], &[], made_at).record_posts(&store, made_at, false).await.expect("the posts are recorded");
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
    let first = composer(&posts, &["mesh", "gateway"], now);
    assert_eq!(named(&first, &store, &subscriptions[0], now, &names).await, [""; 0]);
    // What is asked for by its date comes, and no more.
    assert_eq!(named(&first, &store, &subscriptions[1], now, &names).await, ["mesh"]);
    let preview = first.preview(&store, &subscriptions[0], now).await.expect("a preview");
    assert!(preview.pages.is_none(), "{preview:?}");
    // A post that the blog publishes later is news for both.
    posts.push(("operator", "2019-12-03"));
    let now = time("2019-12-04T09:00:00Z");
    let second = composer(&posts, &["mesh", "gateway"], now);
    assert_eq!(named(&second, &store, &subscriptions[0], now, &names).await, ["operator"]);
    assert_eq!(named(&second, &store, &subscriptions[1], now, &names).await, ["mesh", "operator"]);
    store.close().await;
}

#[test]
fn posts_before_the_day_of_their_source_are_no_newest_posts() {
    let now = time("2019-12-04T09:00:00Z");
    let handle =
        handle(&[("mesh", "2019-11-20"), ("gateway", "2015-11-20"), ("operator", "2018-12-03")], now);
    let newest = |old: &[&str]| {
        let is_old = |url: &str| old.iter().any(|name| url == format!("https://blog.example/{name}"));
        let posts = handle.snapshot().newest_posts(now, 5, is_old).expect("read");
        posts.into_iter().map(|post| post.title).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(newest(&[]), "About mesh, About operator, About gateway");
    assert_eq!(newest(&["mesh"]), "About operator, About gateway");
    assert_eq!(newest(&["mesh", "operator"]), "About gateway");
    // Of a blog that was just added all posts are old: the newest of them are better than nothing.
    assert_eq!(newest(&["mesh", "gateway", "operator"]), "About mesh, About operator, About gateway");
}
