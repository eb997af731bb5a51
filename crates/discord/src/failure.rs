//! Failures while somebody waits for a reply.

use super::rest::RestError;
use takeaways_answer::HandleError;
use takeaways_delivery::DigestWriterError;
use takeaways_ops::error_chain;
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_store::StoreError;

/// Why somebody gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The engine failed.
    #[error("the recaps failed")]
    Recaps(#[from] HandleError),
    /// The state can't be read or written.
    #[error("the state failed")]
    Store(#[from] StoreError),
    /// A digest can't be written.
    #[error("a digest can't be written")]
    Writer(#[from] DigestWriterError),
    /// The reply could not be sent.
    #[error("the reply could not be sent")]
    Rest(#[from] RestError),
    /// It took too long.
    #[error("it took too long")]
    TimedOut,
    /// The process is shutting down.
    #[error("the bot ends")]
    ShuttingDown,
    /// The handler panicked.
    #[error("it panicked")]
    Panicked,
    /// Data from Discord can't be parsed.
    #[error("Discord sent what can't be read: {0}")]
    Unreadable(String),
}

impl Failure {
    /// Logs the failure. Returns an id, which leads the operator to the line in the log. Effects: writes to the log.
    pub fn log(&self) -> String {
        let id = format!("{:08x}", fastrand::u32(..));
        if matches!(self, Self::ShuttingDown) {
            tracing::info!(id, "a reply was given up: the bot ends");
        } else {
            tracing::error!(id, error = error_chain(self), "a reply failed");
        }
        id
    }

    /// The reply about the failure.
    pub fn page(&self, id: &str) -> MessagePayload {
        match self {
            Self::TimedOut => pages::timed_out(id),
            Self::ShuttingDown => pages::shutting_down(),
            Self::Store(_) => pages::state_error(id),
            _ => pages::internal_error(id),
        }
    }
}
