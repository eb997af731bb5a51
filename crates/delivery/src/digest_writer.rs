//! The writer that delivery needs: it records posts and writes messages.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use takeaways_digest::{DeliveryKey, DueRun, Subscription};
use takeaways_store::{NewDelivery, Store, StoreError};

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
    #[error("it panicked")]
    Panicked,
}

impl DigestRequest<'_> {
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

/// A writer that is shared.
impl<W: DigestWriter> DigestWriter for Arc<W> {
    async fn record_posts(
        &self,
        store: &Store,
        now: Timestamp,
        is_due: bool,
    ) -> Result<(), DigestWriterError> {
        W::record_posts(self, store, now, is_due).await
    }

    async fn write(&self, request: DigestRequest<'_>) -> Result<DigestMessage, DigestWriterError> {
        W::write(self, request).await
    }
}
