//! The writer that delivery needs: posts go in, and messages come out.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use takeaways_digest::{DeliveryKey, DueRun, Subscription};
use takeaways_store::{NewDelivery, Store, StoreError};

/// Writes digests.
pub trait DigestWriter: Send + Sync + 'static {
    /// Has the state record posts that are new. For something that is due (`is_due`) it looks for changed posts first.
    fn record_posts(
        &self,
        store: &Store,
        now: Timestamp,
        is_due: bool,
    ) -> impl Future<Output = Result<(), DigestWriterError>> + Send;

    /// Writes a digest of the posts that were recorded; each of its quotes was compared with its post.
    fn write(
        &self,
        request: DigestRequest<'_>,
    ) -> impl Future<Output = Result<DigestMessage, DigestWriterError>> + Send;
}

/// A digest that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct DigestRequest<'a> {
    /// For whom.
    pub subscription: &'a Subscription,
    /// Which run.
    pub due: DueRun,
    /// What it is to be found by.
    pub key: DeliveryKey,
    /// When it is written.
    pub now: Timestamp,
}

/// A digest that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestMessage {
    /// The message as JSON; `None` where there is nothing to post.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array.
    pub more: Option<String>,
    /// How many posts it holds.
    pub posts: u32,
    /// The highest number of a post that was looked at.
    pub covers: i64,
}

/// Why a digest can't be written.
#[derive(Debug, thiserror::Error)]
pub enum DigestWriterError {
    /// The posts can't be read, or a quote is not what its post says.
    #[error("{0}")]
    Posts(#[source] Box<dyn Error + Send + Sync>),
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It panicked.
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

/// A writer that others have too.
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
