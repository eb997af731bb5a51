//! Writes digests of the recaps that the bot answers from.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::writer::{Order, Writer, WriterError, Written};
use takeaways_answer::{EngineHandle, Snapshot, verify_quotes};
use takeaways_digest::{Digest, Due, Entry, Key, Recap, Subscription, WhenEmpty, Window, compose};
use takeaways_ops::Metrics;
use takeaways_render::discord as pages;
use takeaways_store::{SeenPost, Sighting, Store};

/// Writes digests.
pub struct Press {
    engine: Arc<EngineHandle>,
    /// A place for each thread that answers and digests are made on.
    threads: Arc<Semaphore>,
    metrics: Metrics,
    stock: ArcSwapOption<Stock>,
}

/// The posts at one moment, each with its place in the order in which posts were first seen.
pub(super) struct Stock {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) posts: takeaways_digest::Shelf,
    /// In the order of their numbers; only those that are out.
    pub(super) entries: Vec<Entry>,
}

impl Press {
    /// Nothing is read yet.
    pub fn new(engine: Arc<EngineHandle>, threads: Arc<Semaphore>, metrics: Metrics) -> Self {
        Self { engine, threads, metrics, stock: ArcSwapOption::empty() }
    }

    /// Works on a thread of its own: it takes the processor, and the disk.
    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, WriterError> + Send + 'static,
    ) -> Result<T, WriterError> {
        // Nobody closes it.
        let place = Arc::clone(&self.threads).acquire_owned().await;
        let working = spawn_blocking(move || {
            let _place = place;
            work()
        });
        working.await.unwrap_or_else(|_| {
            self.metrics.panicked();
            Err(WriterError::Panicked)
        })
    }

    /// Works with the posts that were taken in, on a thread of its own.
    pub(super) async fn with_stock<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stock) -> Result<T, WriterError> + Send + 'static,
    ) -> Result<T, WriterError> {
        let stock = self.stock.load_full();
        self.on_a_thread(move || {
            let stock = stock.ok_or_else(|| WriterError::Posts("they were not read yet".into()))?;
            work(&stock)
        })
        .await
    }

    /// Takes in what changed on the disk. What can't be read leaves what there was.
    async fn reload(&self) -> Result<(), WriterError> {
        let engine = Arc::clone(&self.engine);
        let reloaded = self.on_a_thread(move || engine.reload().map_err(WriterError::Posts)).await;
        match reloaded {
            Ok(true) => {
                let posts = self.engine.snapshot().engine().index().posts();
                self.metrics.reloaded("changed");
                self.metrics.posts(posts);
                tracing::info!(posts, "changed posts were taken in");
            }
            Ok(false) => {}
            Err(error) => {
                self.metrics.reloaded("failed");
                tracing::error!(%error, "the posts can't be read; digests are written of those of before");
            }
        }
        Ok(())
    }

    /// The posts as they are now, read where they changed; and those that are out.
    async fn posts(
        &self,
        now: Timestamp,
    ) -> Result<(Arc<Snapshot>, takeaways_digest::Shelf, Vec<Arc<Recap>>), WriterError> {
        let (snapshot, before) = (self.engine.snapshot(), self.stock.load_full());
        self.on_a_thread(move || {
            let before = before.map(|stock| stock.posts.clone()).unwrap_or_default();
            let posts = before.refreshed(snapshot.engine().index(), now);
            let posts = posts.map_err(|error| WriterError::Posts(error.into()))?;
            let out = posts.out(now).cloned().collect();
            Ok((snapshot, posts, out))
        })
        .await
    }
}

impl Press {
    /// Takes the posts as they are without having the state take note of them: those that are new get the numbers that they
    /// would get.
    pub async fn take_in_dry(&self, store: &Store, now: Timestamp) -> Result<(), WriterError> {
        let (snapshot, posts, out) = self.posts(now).await?;
        let known = store.seen(&seen(&out)).await?;
        let is_initial = known.iter().all(Option::is_none);
        self.keep(snapshot, posts, out, Sighting::supposed(known, now, is_initial));
        Ok(())
    }

    fn keep(
        &self,
        snapshot: Arc<Snapshot>,
        posts: takeaways_digest::Shelf,
        out: Vec<Arc<Recap>>,
        sightings: Vec<Sighting>,
    ) {
        let mut entries: Vec<Entry> = sightings.into_iter().zip(out).map(|(seen, it)| seen.of(it)).collect();
        entries.sort_by_key(|entry| entry.number);
        self.stock.store(Some(Arc::new(Stock { snapshot, posts, entries })));
    }
}

impl Writer for Press {
    async fn take_in(&self, store: &Store, now: Timestamp, is_due: bool) -> Result<(), WriterError> {
        if is_due {
            self.reload().await?;
        }
        let (snapshot, posts, out) = self.posts(now).await?;
        let known = self.stock.load_full();
        // Posts only come out as time goes by, so their number tells whether others are.
        if known
            .is_some_and(|known| Arc::ptr_eq(&known.snapshot, &snapshot) && known.entries.len() == out.len())
        {
            return Ok(());
        }
        let sightings = store.see(&seen(&out), now).await?;
        self.keep(snapshot, posts, out, sightings);
        Ok(())
    }

    async fn write(&self, order: Order<'_>) -> Result<Written, WriterError> {
        let Order { subscription, due, key, now } = order;
        let subscription = subscription.clone();
        self.with_stock(move |stock| stock.write(&subscription, due, key, now)).await
    }
}

impl Stock {
    fn write(
        &self,
        subscription: &Subscription,
        due: Due,
        key: Key,
        now: Timestamp,
    ) -> Result<Written, WriterError> {
        let window = Window::of(subscription, now);
        let covers = self.entries.last().map_or(0, |entry| entry.number).max(subscription.covered);
        let late = due.is_late.then_some(due.slot);
        let footer = key.footer();
        let composed = compose(&self.entries, &subscription.wanted.interests, &window);
        if let Some(digest) = composed.digest {
            return self.message(&digest, &footer, late, covers);
        }
        let line = subscription.wanted.when_empty == WhenEmpty::OneLine;
        let body = line.then(|| json!(pages::nothing_new(&footer, late)).to_string());
        Ok(Written { body, more: None, posts: 0, covers })
    }

    fn message(
        &self,
        digest: &Digest,
        footer: &str,
        late: Option<Timestamp>,
        covers: i64,
    ) -> Result<Written, WriterError> {
        let index = self.snapshot.engine().index();
        verify_quotes(digest.quotes(), index).map_err(|error| WriterError::Posts(error.into()))?;
        let pages = pages::digest(digest, footer, late);
        Ok(Written {
            body: Some(json!(pages.first).to_string()),
            more: (!pages.rest.is_empty()).then(|| json!(pages.rest).to_string()),
            posts: u32::try_from(digest.items().count()).unwrap_or(u32::MAX),
            covers,
        })
    }
}

fn seen(out: &[Arc<Recap>]) -> Vec<SeenPost> {
    out.iter().map(|recap| recap.as_ref().into()).collect()
}
