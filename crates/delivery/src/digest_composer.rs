//! Writes digests: records the posts of the corpus, composes digests of them, and previews.

use crate::worker_threads::{Panicked, WorkerThreads};
use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use serde_json::json;
use std::{error::Error, future::Future, sync::Arc};
use takeaways_answer::{EngineHandle, Reload, verify_quotes};
use takeaways_digest::{
    Composition, DeliveryKey, Digest, DigestPost, DigestPosts, DueRun, OmissionReason, OmittedPost,
    PostEntry, PostWindow, Subscription, WhenEmpty, compose, omitted_old_posts,
};
use takeaways_ops::Metrics;
use takeaways_render::discord::{self as pages, DigestPages};
use takeaways_search::Index;
use takeaways_store::{NewDelivery, PostIdentity, Sighting, Store, StoreError};

/// The footer of a preview, in place of the delivery's key.
const PREVIEW_FOOTER: &str = "preview";

/// Composes digests from the posts that questions are answered from.
pub struct DigestComposer {
    engine: Arc<EngineHandle>,
    threads: WorkerThreads,
    metrics: Metrics,
    current: ArcSwapOption<PostSnapshot>,
}

/// A digest that is not sent.
#[derive(Debug)]
pub struct DigestPreview {
    /// The message and the pages of its buttons. `None` if nothing is new.
    pub pages: Option<DigestPages>,
    /// The posts that were left out, or that are not in the message itself.
    pub left_out: Vec<OmittedPost>,
}

/// The posts at one moment, each with its position in the order of first sightings.
struct PostSnapshot {
    index: Arc<Index>,
    posts: DigestPosts,
    /// Published posts only, in the order of their numbers.
    entries: Vec<PostEntry>,
}

/// The posts of the index, before the state has numbered them.
struct LoadedPosts {
    index: Arc<Index>,
    posts: DigestPosts,
    published: Vec<Arc<DigestPost>>,
}

impl DigestComposer {
    /// A composer that has read nothing yet and works on these threads.
    #[must_use]
    pub fn new(engine: Arc<EngineHandle>, threads: WorkerThreads, metrics: Metrics) -> Self {
        Self { engine, threads, metrics, current: ArcSwapOption::empty() }
    }

    /// The digest that would be sent now. Each quote is verified against its post.
    ///
    /// # Errors
    /// If the posts or the state can't be read.
    pub async fn preview(
        &self,
        store: &Store,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<DigestPreview, DigestWriterError> {
        self.record_posts(store, now, false).await?;
        let subscription = subscription.clone();
        self.with_posts(move |posts| posts.preview(&subscription, now)).await
    }

    /// Reads the posts without recording them: new ones get the numbers that they would get.
    ///
    /// # Errors
    /// If the posts or the state can't be read.
    pub async fn record_posts_dry(&self, store: &Store, now: Timestamp) -> Result<(), DigestWriterError> {
        let loaded = self.load_posts(now).await?;
        let known = store.find_sightings(&loaded.identities()).await?;
        let is_initial = known.iter().all(Option::is_none);
        self.keep(loaded, Sighting::predict(known, now, is_initial));
        Ok(())
    }

    /// Works with the recorded posts on a thread of its own.
    async fn with_posts<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PostSnapshot) -> Result<T, DigestWriterError> + Send + 'static,
    ) -> Result<T, DigestWriterError> {
        let current = self.current.load_full();
        let work = move || {
            let posts =
                current.ok_or_else(|| DigestWriterError::Posts("they have not been read yet".into()))?;
            work(&posts)
        };
        self.threads.run(work).await?
    }

    /// Reloads the corpus if it changed on disk. If that fails, the previous posts stay.
    async fn reload(&self) {
        let engine = Arc::clone(&self.engine);
        let reloading = self.threads.run(move || engine.reload().map_err(DigestWriterError::Posts));
        match reloading.await.unwrap_or_else(|panic| Err(panic.into())) {
            Ok(Reload { is_changed, unread }) => {
                if !unread.is_empty() {
                    self.metrics.count_reload("failed");
                } else if is_changed {
                    self.metrics.count_reload("changed");
                }
                if is_changed {
                    let posts = self.engine.snapshot().engine().index().posts();
                    self.metrics.set_posts(posts);
                    tracing::info!(posts, "changed posts were read");
                }
            }
            Err(error) => {
                self.metrics.count_reload("failed");
                tracing::error!(%error, "the posts can't be read; digests use the posts read before");
            }
        }
    }

    /// The current posts. They are read again only if they changed.
    async fn load_posts(&self, now: Timestamp) -> Result<LoadedPosts, DigestWriterError> {
        let (index, before) = (Arc::clone(self.engine.snapshot().engine().index()), self.current.load_full());
        let load = move || {
            let before = before.map(|current| current.posts.clone()).unwrap_or_default();
            let posts = before.refresh(&index, now);
            let posts = posts.map_err(|error| DigestWriterError::Posts(error.into()))?;
            let published = posts.published(now).cloned().collect();
            Ok(LoadedPosts { index, posts, published })
        };
        self.threads.run(load).await?
    }

    fn keep(&self, loaded: LoadedPosts, sightings: Vec<Sighting>) {
        let LoadedPosts { index, posts, published } = loaded;
        let mut entries: Vec<PostEntry> =
            sightings.into_iter().zip(published).map(|(sighting, post)| sighting.into_entry(post)).collect();
        entries.sort_by_key(|entry| entry.number);
        self.current.store(Some(Arc::new(PostSnapshot { index, posts, entries })));
    }
}

impl DigestWriter for DigestComposer {
    async fn record_posts(
        &self,
        store: &Store,
        now: Timestamp,
        is_due: bool,
    ) -> Result<(), DigestWriterError> {
        if is_due {
            self.reload().await;
        }
        let loaded = self.load_posts(now).await?;
        // Posts are only added over time, so their number shows whether there are new ones.
        let is_known = |current: Arc<PostSnapshot>| {
            Arc::ptr_eq(&current.index, &loaded.index) && current.entries.len() == loaded.published.len()
        };
        if self.current.load_full().is_some_and(is_known) {
            return Ok(());
        }
        let sightings = store.record_posts(&loaded.identities(), now).await?;
        self.keep(loaded, sightings);
        Ok(())
    }

    async fn write(&self, request: DigestRequest<'_>) -> Result<DigestMessage, DigestWriterError> {
        let DigestRequest { subscription, due, key, now } = request;
        let subscription = subscription.clone();
        self.with_posts(move |posts| posts.write(&subscription, due, key, now)).await
    }
}

impl LoadedPosts {
    fn identities(&self) -> Vec<PostIdentity> {
        self.published.iter().map(|post| post.as_ref().into()).collect()
    }
}

impl PostSnapshot {
    fn write(
        &self,
        subscription: &Subscription,
        due: DueRun,
        key: DeliveryKey,
        now: Timestamp,
    ) -> Result<DigestMessage, DigestWriterError> {
        let window = PostWindow::of_subscription(subscription, now);
        let covers = self.entries.last().map_or(0, |entry| entry.number).max(subscription.covered_until);
        let late = due.is_late.then_some(due.slot);
        let footer = key.footer();
        let composed = compose(&self.entries, &subscription.definition.interests, &window);
        if let Some(digest) = composed.digest {
            self.verify(&digest)?;
            return Ok(to_message(&digest, &footer, late, covers));
        }
        let line = subscription.definition.when_empty == WhenEmpty::OneLine;
        let body = line.then(|| json!(pages::nothing_new(&footer, late)).to_string());
        Ok(DigestMessage { body, more: None, posts: 0, covers })
    }

    fn preview(
        &self,
        subscription: &Subscription,
        now: Timestamp,
    ) -> Result<DigestPreview, DigestWriterError> {
        let (window, interests) =
            (PostWindow::of_subscription(subscription, now), &subscription.definition.interests);
        let Composition { digest, omitted: mut left_out } = compose(&self.entries, interests, &window);
        if let Some(digest) = &digest {
            self.verify(digest)?;
        }
        let pages = digest.as_ref().map(|digest| pages::digest(digest, PREVIEW_FOOTER, None));
        let hidden = pages.iter().flat_map(|pages| &pages.overflow_posts);
        left_out.extend(hidden.filter_map(|hidden| {
            Some(OmittedPost {
                post: Arc::clone(self.posts.find(hidden)?),
                reason: OmissionReason::BehindButton,
            })
        }));
        left_out.extend(omitted_old_posts(&self.entries, interests, &window));
        left_out.extend(self.posts.all().iter().filter_map(|post| OmittedPost::unpublished(post, now)));
        Ok(DigestPreview { pages, left_out })
    }

    fn verify(&self, digest: &Digest) -> Result<(), DigestWriterError> {
        verify_quotes(digest.quotes(), &self.index).map_err(|error| DigestWriterError::Posts(error.into()))
    }
}

fn to_message(digest: &Digest, footer: &str, late: Option<Timestamp>, covers: i64) -> DigestMessage {
    let pages = pages::digest(digest, footer, late);
    DigestMessage {
        body: Some(json!(pages.first).to_string()),
        more: (!pages.overflow.is_empty()).then(|| json!(pages.overflow).to_string()),
        posts: u32::try_from(digest.items().count()).unwrap_or(u32::MAX),
        covers,
    }
}

/// Writes digests.
pub trait DigestWriter: Send + Sync + 'static {
    /// Records new posts in the state. If something is due (`is_due`), it checks the corpus for changes first.
    fn record_posts(
        &self,
        store: &Store,
        now: Timestamp,
        is_due: bool,
    ) -> impl Future<Output = Result<(), DigestWriterError>> + Send;

    /// Writes a digest of the recorded posts. Each quote is verified against its post.
    fn write(
        &self,
        request: DigestRequest<'_>,
    ) -> impl Future<Output = Result<DigestMessage, DigestWriterError>> + Send;
}

/// A request for a digest.
#[derive(Debug, Clone, Copy)]
pub struct DigestRequest<'a> {
    /// The subscription.
    pub subscription: &'a Subscription,
    /// The run.
    pub due: DueRun,
    /// The key that identifies the delivery.
    pub key: DeliveryKey,
    /// The time of writing.
    pub now: Timestamp,
}

impl<'a> DigestRequest<'a> {
    /// A request for a run, with the key that its delivery has in this store.
    #[must_use]
    pub fn new(store: &Store, subscription: &'a Subscription, due: DueRun, now: Timestamp) -> Self {
        let destination = subscription.definition.target.destination();
        let key = DeliveryKey::new(store.state_id(), destination, subscription.id, due.slot);
        Self { subscription, due, key, now }
    }

    /// The row of the ledger for its message.
    #[must_use]
    pub fn plan(&self, message: DigestMessage) -> NewDelivery {
        NewDelivery {
            subscription: self.subscription.id,
            target: self.subscription.definition.target,
            slot: self.due.slot,
            is_late: self.due.is_late,
            key: self.key,
            body: message.body,
            more: message.more,
            posts: message.posts,
            covers: message.covers,
        }
    }
}

/// A written digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestMessage {
    /// The message as JSON. `None` if there is nothing to post.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array.
    pub more: Option<String>,
    /// How many posts it holds.
    pub posts: u32,
    /// The highest number of a post that was considered.
    pub covers: i64,
}

/// Why a digest can't be written.
#[derive(Debug, thiserror::Error)]
pub enum DigestWriterError {
    /// The posts can't be read, or a quote differs from its post.
    #[error("{0}")]
    Posts(#[source] Box<dyn Error + Send + Sync>),
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}
