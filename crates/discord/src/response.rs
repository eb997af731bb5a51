//! Replies to people, and how their questions ended.

use takeaways_render::discord::MessagePayload;

/// A reply, and how the question ended.
pub struct Response {
    pub page: MessagePayload,
    pub outcome: Outcome,
}

impl Response {
    /// A reply that needs no posts.
    pub fn fixed(page: MessagePayload) -> Self {
        Self { page, outcome: Outcome::Static }
    }

    /// The reply to a text that is not a question.
    pub fn no_question(page: MessagePayload) -> Self {
        Self { page, outcome: Outcome::NoQuestion }
    }

    /// The same reply with the question above its excerpts. One that found nothing repeats the question itself.
    pub fn with_question(self, question: &str) -> Self {
        match self.outcome {
            Outcome::NothingFound => self,
            _ => Self { page: self.page.with_question(question), ..self },
        }
    }
}

/// How a question ended, for the log and the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
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
    pub fn name(self) -> &'static str {
        match self {
            Self::Cited => "cited",
            Self::NothingFound => "nothing_found",
            Self::NoQuestion => "no_question",
            Self::TooFast => "too_fast",
            Self::Static => "said",
        }
    }

    /// Whether only the person may see the reply, even if they chose otherwise.
    pub fn is_private(self) -> bool {
        matches!(self, Self::TooFast | Self::NoQuestion)
    }
}
