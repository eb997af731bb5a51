//! What goes wrong while somebody waits.

use super::rest::RestError;
use takeaways_answer::HandleError;
use takeaways_delivery::DigestWriterError;
use takeaways_ops::error_chain;
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_store::StoreError;

/// Why somebody gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The recaps failed.
    #[error("the recaps failed")]
    Recaps(#[from] HandleError),
    /// What outlives the process can't be read or written.
    #[error("the state failed")]
    Store(#[from] StoreError),
    /// A digest can't be written.
    #[error("a digest can't be written")]
    Writer(#[from] DigestWriterError),
    /// Discord could not be told.
    #[error("the reply could not be sent")]
    Rest(#[from] RestError),
    /// It took too long.
    #[error("it took too long")]
    TimedOut,
    /// The process ends.
    #[error("the bot ends")]
    ShuttingDown,
    /// A panic.
    #[error("it panicked")]
    Panicked,
    /// What came from Discord can't be read.
    #[error("Discord sent what can't be read: {0}")]
    Unreadable(String),
}

impl Failure {
    /// An id for the person, by which whoever runs the bot finds it in the log. Effects: writes to the log.
    pub fn log(&self) -> String {
        let id = format!("{:08x}", fastrand::u32(..));
        if matches!(self, Self::ShuttingDown) {
            tracing::info!(id, "a reply was given up: the bot ends");
        } else {
            tracing::error!(id, error = error_chain(self), "a reply failed");
        }
        id
    }

    /// What the person is told.
    pub fn page(&self, id: &str) -> MessagePayload {
        match self {
            Self::TimedOut => pages::timed_out(id),
            Self::ShuttingDown => pages::shutting_down(),
            Self::Store(_) => pages::state_error(id),
            _ => pages::internal_error(id),
        }
    }
}
