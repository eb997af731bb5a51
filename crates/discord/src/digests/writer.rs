//! What writes digests: the posts come in here, and messages come out.

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use takeaways_digest::{Due, Key, Subscription};
use takeaways_store::{Store, StoreError};

/// A digest that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// For whom.
    pub subscription: &'a Subscription,
    /// Which run.
    pub due: Due,
    /// What it is to be found by.
    pub key: Key,
    /// When it is written.
    pub now: Timestamp,
}

/// A digest that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
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
pub enum WriterError {
    /// The posts can't be read, or a quote is not what its post says.
    #[error("{0}")]
    Posts(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It panicked.
    #[error("it panicked")]
    Panicked,
}

/// Writes digests.
pub trait Writer: Send + Sync + 'static {
    /// Has the state take note of posts that are new; before something that is due it looks for changed ones first.
    fn take_in(
        &self,
        store: &Store,
        now: Timestamp,
        is_due: bool,
    ) -> impl Future<Output = Result<(), WriterError>> + Send;

    /// Writes a digest of the posts that were taken in; each of its quotes was compared with its post.
    fn write(&self, order: Order<'_>) -> impl Future<Output = Result<Written, WriterError>> + Send;
}

/// A writer that others have too.
impl<W: Writer> Writer for Arc<W> {
    async fn take_in(&self, store: &Store, now: Timestamp, is_due: bool) -> Result<(), WriterError> {
        W::take_in(self, store, now, is_due).await
    }

    async fn write(&self, order: Order<'_>) -> Result<Written, WriterError> {
        W::write(self, order).await
    }
}
