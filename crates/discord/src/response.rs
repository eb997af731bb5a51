//! Replies to people, how their questions ended, and why somebody gets no answer.

use takeaways_answer::HandleError;
use takeaways_delivery::{DigestWriterError, WorkerPanic};
use takeaways_ops::{ReadingProgress, error_chain};
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_sources::LibraryError;
use takeaways_store::StoreError;

use crate::rest::RestError;

/// A reply, and how the question ended.
pub(crate) struct Response {
    pub page: MessagePayload,
    pub outcome: Outcome,
    /// A message below the reply, which only the person who asked sees.
    pub followup: Option<MessagePayload>,
}

impl From<MessagePayload> for Response {
    /// A reply that needs no posts.
    fn from(page: MessagePayload) -> Self {
        Self::fixed(page)
    }
}

impl Response {
    /// A reply without a message below it.
    pub(crate) fn new(page: MessagePayload, outcome: Outcome) -> Self {
        Self { page, outcome, followup: None }
    }

    /// A reply that needs no posts.
    pub(crate) fn fixed(page: MessagePayload) -> Self {
        Self::new(page, Outcome::Static)
    }

    /// The reply to a text that is not a question.
    pub(crate) fn no_question(page: MessagePayload) -> Self {
        Self::new(page, Outcome::NoQuestion)
    }

    /// The same reply with the question above its excerpts. One that found nothing repeats the question itself.
    pub(crate) fn with_question(self, question: &str) -> Self {
        match self.outcome {
            Outcome::NothingFound => self,
            _ => Self { page: self.page.with_question(question), ..self },
        }
    }
}

/// How a question ended, for the log and the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The answer has excerpts.
    Cited,
    /// The posts hold no answer.
    NothingFound,
    /// The text was not a question.
    NoQuestion,
    /// The person or server asked too many questions, and has to wait this long.
    TooFast,
    /// The reply needs no posts.
    Static,
}

impl Outcome {
    /// The name of the outcome in the metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cited => "cited",
            Self::NothingFound => "nothing_found",
            Self::NoQuestion => "no_question",
            Self::TooFast => "too_fast",
            Self::Static => "said",
        }
    }

    /// Whether only the person may see the reply, even if they chose otherwise.
    pub(crate) fn is_private(self) -> bool {
        matches!(self, Self::TooFast | Self::NoQuestion)
    }
}

/// Why somebody gets no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The engine failed.
    #[error("the recaps failed")]
    Engine(#[from] HandleError),
    /// The state can't be read or written.
    #[error("the state failed")]
    Store(#[from] StoreError),
    /// The sources of posts can't be read or written.
    #[error("the sources of posts failed")]
    Sources(#[from] LibraryError),
    /// A digest can't be written.
    #[error("a digest can't be written")]
    Writer(#[from] DigestWriterError),
    /// The reply could not be sent.
    #[error("the reply could not be sent")]
    Rest(#[from] RestError),
    /// The posts are read for the first time.
    #[error("{0}")]
    StillReading(ReadingProgress),
    /// It took too long.
    #[error("it took too long")]
    TimedOut,
    /// The process is shutting down.
    #[error("the bot ends")]
    ShuttingDown,
    /// The handler panicked.
    #[error(transparent)]
    WorkerPanic(#[from] WorkerPanic),
    /// Data from Discord can't be parsed.
    #[error("Discord sent data that can't be read: {0}")]
    Unreadable(String),
}

impl Failure {
    /// Logs the failure. Returns an id, which leads the operator to the line in the log. Effects: writes to the log.
    pub(crate) fn log(&self) -> String {
        let id = format!("{:08x}", fastrand::u32(..));
        match self {
            Self::ShuttingDown => tracing::info!(id, "a reply was cancelled: the bot is stopping"),
            Self::StillReading(progress) => tracing::info!(id, "a reply was not possible: {progress}"),
            _ => tracing::error!(id, error = error_chain(self), "a reply failed"),
        }
        id
    }

    /// How the question ended, in the metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::StillReading(_) => "still_reading",
            _ => "failed",
        }
    }

    /// The reply about the failure.
    pub(crate) fn page(&self, id: &str) -> MessagePayload {
        match self {
            Self::StillReading(progress) => pages::still_reading(&progress.to_string()),
            Self::TimedOut => pages::timed_out(id),
            Self::ShuttingDown => pages::shutting_down(),
            Self::Store(_) => pages::state_error(id),
            _ => pages::internal_error(id),
        }
    }
}
