//! Writes digests: records the posts of the corpus, composes digests of them, and previews.

use crate::reloader::Reloader;
use crate::worker_threads::{WorkerPanic, WorkerThreads};
use crate::wrap_ups::{WrapUp, WrapUps};
use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use serde_json::json;
use std::{
    collections::{BTreeSet, HashSet},
    error::Error,
    future::Future,
    sync::Arc,
};
use takeaways_answer::{EngineHandle, verify_quotes};
use takeaways_digest::{
    Composition, DeliveryKey, Digest, DigestPostCache, NumberedPost, NumberedPosts, OmittedPost, PostRecord,
    PostWindow, Sighting, Subscription, WhenEmpty, compose, omitted_old_posts, omitted_unpublished_posts,
};
use takeaways_render::discord::{self as pages, DigestPages};
use takeaways_search::Index;
use takeaways_store::{DigestMessage, NewDelivery, PostIdentity, SeenContents, Store, StoreError};

/// The footer of a preview, in place of the delivery's key.
const PREVIEW_FOOTER: &str = "preview";

/// Composes digests from the posts that questions are answered from.
///
/// Posts are read only when they are needed: to record new ones, if the contents of the index have changed; and to
/// compose a digest, those that are new to its subscription.
pub struct DigestComposer {
    engine: Arc<EngineHandle>,
    threads: WorkerThreads,
    reloader: Reloader,
    recorded: ArcSwapOption<RecordedIndex>,
    numbered: ArcSwapOption<NumberedIndex>,
    analysed: Arc<DigestPostCache>,
    old_posts: ReadOldPosts,
}

/// Returns the addresses of posts that are no news though they are new here: they are dated before their source was
/// added. A post without an address is named by its path. It may read files.
pub type ReadOldPosts = Arc<dyn Fn() -> HashSet<String> + Send + Sync>;

/// A digest that is not sent.
#[derive(Debug)]
pub struct DigestPreview {
    /// The message and the pages of its buttons. `None` if nothing is new.
    pub pages: Option<DigestPages>,
    /// The posts that were left out, or that are not in the message itself.
    pub omitted: Vec<OmittedPost>,
}

/// An index whose posts are recorded.
struct RecordedIndex {
    index: Arc<Index>,
    /// When its next post is published.
    until: Option<Timestamp>,
    /// Whether nothing is recorded: posts that are not in the state have the numbers that they would get.
    is_dry: bool,
}

/// The posts of a recorded index with their numbers.
struct NumberedIndex {
    recorded: Arc<RecordedIndex>,
    posts: NumberedPosts,
}

impl DigestComposer {
    /// A composer that has read nothing yet and works on these threads. It reads changed posts before a digest is due,
    /// and counts `old_posts` as old when they come in.
    pub fn new(
        engine: Arc<EngineHandle>,
        threads: WorkerThreads,
        reloader: Reloader,
        old_posts: ReadOldPosts,
    ) -> Self {
        Self {
            engine,
            threads,
            reloader,
            recorded: ArcSwapOption::empty(),
            numbered: ArcSwapOption::empty(),
            analysed: Arc::default(),
            old_posts,
        }
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
        let wrap_ups = self.wrap_ups(store, subscription).await?;
        let subscription = subscription.clone();
        self.with_posts(store, now, move |numbered, analysed| {
            let wrap_up = wrap_ups.find(&numbered.posts, &subscription, now)?;
            preview(&numbered.posts, &subscription, wrap_up, now, analysed)
        })
        .await
    }

    /// Which overview of an event a subscription posts next.
    async fn wrap_ups(
        &self,
        store: &Store,
        subscription: &Subscription,
    ) -> Result<WrapUps, DigestWriterError> {
        let done = if subscription.definition.wrap_up {
            store.list_wrap_ups(subscription.id).await?
        } else {
            BTreeSet::new()
        };
        Ok(WrapUps::new(Arc::clone(&self.engine), done))
    }

    /// Takes the current posts as recorded without recording them: new ones get the numbers that they would get.
    pub(crate) fn skip_recording(&self) {
        let index = Arc::clone(self.engine.snapshot().engine().index());
        self.recorded.store(Some(Arc::new(RecordedIndex { index, until: None, is_dry: true })));
    }

    /// Works with the numbered posts on a thread of its own.
    async fn with_posts<T: Send + 'static>(
        &self,
        store: &Store,
        now: Timestamp,
        work: impl FnOnce(&NumberedIndex, &DigestPostCache) -> Result<T, DigestWriterError> + Send + 'static,
    ) -> Result<T, DigestWriterError> {
        let (numbered, analysed) = (self.number_posts(store, now).await?, Arc::clone(&self.analysed));
        self.threads.run(move || work(&numbered, &analysed)).await?
    }

    /// The posts of the recorded index with their numbers.
    async fn number_posts(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Arc<NumberedIndex>, DigestWriterError> {
        let recorded = self.recorded.load_full();
        let recorded =
            recorded.ok_or_else(|| DigestWriterError::Posts("they have not been read yet".into()))?;
        let numbered = self.numbered.load_full();
        if let Some(numbered) = numbered.filter(|numbered| Arc::ptr_eq(&numbered.recorded, &recorded)) {
            return Ok(numbered);
        }
        let records = self.read_records(&recorded.index).await?;
        let published: Vec<PostRecord> =
            records.into_iter().filter(|record| record.is_published(now)).collect();
        let known = store.find_sightings(&identities(&published)).await?;
        let posts: Vec<NumberedPost> = if recorded.is_dry {
            let is_initial = known.iter().all(Option::is_none);
            let sightings = Sighting::predict(known, now, is_initial).into_iter().zip(published);
            sightings.map(|(sighting, post)| NumberedPost { sighting, post }).collect()
        } else {
            // What was published since is recorded by the next round. A guessed number might become another post's.
            let recorded = known.into_iter().zip(published);
            recorded.filter_map(|(sighting, post)| Some(NumberedPost { sighting: sighting?, post })).collect()
        };
        let posts = NumberedPosts::new(Arc::clone(&recorded.index), posts);
        let numbered = Arc::new(NumberedIndex { recorded, posts });
        self.numbered.store(Some(Arc::clone(&numbered)));
        Ok(numbered)
    }

    async fn read_records(&self, index: &Arc<Index>) -> Result<Vec<PostRecord>, DigestWriterError> {
        let index = Arc::clone(index);
        self.threads.run(move || index.post_records().map_err(posts_error)).await?
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
            self.reloader.reload(&self.engine).await;
        }
        let index = Arc::clone(self.engine.snapshot().engine().index());
        let is_current = |recorded: Arc<RecordedIndex>| {
            Arc::ptr_eq(&recorded.index, &index) && recorded.until.is_none_or(|until| now < until)
        };
        if self.recorded.load_full().is_some_and(is_current) {
            return Ok(());
        }
        let hash = index.contents_hash();
        let until = if let Some(contents) = store.find_contents(hash, now).await? {
            contents.until
        } else {
            let records = self.read_records(&index).await?;
            let until = records.iter().filter_map(|record| record.published_at(now)).min();
            let published: Vec<PostRecord> =
                records.into_iter().filter(|record| record.is_published(now)).collect();
            let old_posts = Arc::clone(&self.old_posts);
            let old = self.threads.run(move || old_posts()).await?;
            let is_old = |post: &PostIdentity| old.contains(post.url.as_ref().unwrap_or(&post.path));
            store.record_posts(&identities(&published), now, &is_old).await?;
            store.record_contents(SeenContents { hash, until }).await?;
            until
        };
        self.recorded.store(Some(Arc::new(RecordedIndex { index, until, is_dry: false })));
        Ok(())
    }

    async fn write(&self, request: DigestRequest<'_>) -> Result<DigestMessage, DigestWriterError> {
        let DigestRequest { store, subscription, key, now, .. } = request;
        let wrap_ups = self.wrap_ups(store, subscription).await?;
        let subscription = subscription.clone();
        self.with_posts(store, now, move |numbered, analysed| {
            let wrap_up = wrap_ups.find(&numbered.posts, &subscription, now)?;
            write(&numbered.posts, &subscription, wrap_up, key, now, analysed)
        })
        .await
    }
}

fn identities(posts: &[PostRecord]) -> Vec<PostIdentity> {
    posts.iter().map(PostIdentity::from).collect()
}

pub(crate) fn posts_error(error: impl Error + Send + Sync + 'static) -> DigestWriterError {
    DigestWriterError::Posts(error.into())
}

fn write(
    posts: &NumberedPosts,
    subscription: &Subscription,
    wrap_up: Option<WrapUp>,
    key: DeliveryKey,
    now: Timestamp,
    analysed: &DigestPostCache,
) -> Result<DigestMessage, DigestWriterError> {
    let window = PostWindow::of_subscription(subscription, now);
    let covers = posts.last_number().max(subscription.covered_until);
    let (footer, interests) = (key.footer(), &subscription.definition.interests);
    let entries = posts.new_entries(interests, &window, analysed).map_err(posts_error)?;
    let composed = compose(&entries, interests, &window);
    if let Some(digest) = digest_or_wrap_up(composed.digest, wrap_up.as_ref()) {
        verify(&digest, posts.index())?;
        return Ok(to_message(&digest, wrap_up, &footer, covers, subscription));
    }
    let line = subscription.definition.when_empty == WhenEmpty::OneLine;
    let body = line.then(|| json!(pages::nothing_new(&footer)).to_string());
    Ok(DigestMessage { body, covers, ..DigestMessage::default() })
}

/// The digest; one without posts if there is only an overview of an event.
fn digest_or_wrap_up(digest: Option<Digest>, wrap_up: Option<&WrapUp>) -> Option<Digest> {
    digest.or_else(|| wrap_up.map(|_| Digest { groups: Vec::new() }))
}

fn preview(
    posts: &NumberedPosts,
    subscription: &Subscription,
    wrap_up: Option<WrapUp>,
    now: Timestamp,
    analysed: &DigestPostCache,
) -> Result<DigestPreview, DigestWriterError> {
    let (window, interests) =
        (PostWindow::of_subscription(subscription, now), &subscription.definition.interests);
    let entries = posts.new_entries(interests, &window, analysed).map_err(posts_error)?;
    let Composition { digest, mut omitted } = compose(&entries, interests, &window);
    let digest = digest_or_wrap_up(digest, wrap_up.as_ref());
    if let Some(digest) = &digest {
        verify(digest, posts.index())?;
    }
    let shown = wrap_up.map(|wrap_up| wrap_up.shown);
    let pages = digest.as_ref().map(|digest| pages::digest(digest, shown, PREVIEW_FOOTER));
    let hidden = pages.as_ref().map_or(&[][..], |pages| &pages.overflow_posts);
    omitted.extend(OmittedPost::behind_button(&entries, hidden));
    let old = posts.old_entries(&window).map_err(posts_error)?;
    omitted.extend(omitted_old_posts(&old, interests, &window));
    let records = posts.index().post_records().map_err(posts_error)?;
    omitted.extend(omitted_unpublished_posts(posts.index(), &records, now).map_err(posts_error)?);
    Ok(DigestPreview { pages, omitted })
}

fn verify(digest: &Digest, index: &Index) -> Result<(), DigestWriterError> {
    verify_quotes(digest.quotes(), index).map_err(posts_error)
}

fn to_message(
    digest: &Digest,
    wrap_up: Option<WrapUp>,
    footer: &str,
    covers: i64,
    subscription: &Subscription,
) -> DigestMessage {
    let (event, shown) = wrap_up.map(|WrapUp { event, shown }| (event, shown)).unzip();
    let pages = pages::digest(digest, shown, footer);
    let first = pages::with_follow_button(pages.first, subscription);
    DigestMessage {
        body: Some(json!(first).to_string()),
        more: (!pages.overflow.is_empty()).then(|| json!(pages.overflow).to_string()),
        posts: u32::try_from(digest.items().count()).unwrap_or(u32::MAX),
        covers,
        wrap_up: event,
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
    /// The state that numbers the posts.
    pub store: &'a Store,
    /// The subscription.
    pub subscription: &'a Subscription,
    /// The time of the run.
    pub slot: Timestamp,
    /// The key that identifies the delivery.
    pub key: DeliveryKey,
    /// The time of writing.
    pub now: Timestamp,
}

impl<'a> DigestRequest<'a> {
    /// A request for a run, with the key that its delivery has in this store.
    pub fn new(store: &'a Store, subscription: &'a Subscription, slot: Timestamp, now: Timestamp) -> Self {
        let destination = subscription.definition.target.destination();
        let key = DeliveryKey::new(store.state_id(), destination, subscription.id, slot);
        Self { store, subscription, slot, key, now }
    }

    /// The row of the ledger for its message.
    pub fn plan(&self, message: DigestMessage) -> NewDelivery {
        NewDelivery {
            subscription: self.subscription.id,
            target: self.subscription.definition.target,
            slot: self.slot,
            key: self.key,
            message,
        }
    }
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
    WorkerPanic(#[from] WorkerPanic),
}
