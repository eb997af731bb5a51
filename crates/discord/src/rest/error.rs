//! Why a request to Discord failed.

use std::time::Duration;

/// Why a request failed. It names no address: those of interactions hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestError {
    /// Discord said no.
    #[error("Discord answered {status}, code {code}: {message}")]
    Refused {
        /// Of HTTP.
        status: u16,
        /// Of Discord; 0 where it gave none.
        code: i64,
        /// In Discord's words.
        message: String,
        /// When to try again.
        retry_after: Option<Duration>,
    },
    /// There was no answer, or none in time: whether it was done is not known.
    #[error("there was no answer ({0})")]
    NoResponse(&'static str),
    /// Nobody could be reached: it was not done.
    #[error("there was no answer ({0})")]
    Unreachable(&'static str),
    /// It was not sent.
    #[error("not sent: {0}")]
    NotSent(&'static str),
}

impl RestError {
    /// The code of HTTP; 0 where there was no answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused { status, .. } => *status,
            Self::NoResponse(_) | Self::Unreachable(_) | Self::NotSent(_) => 0,
        }
    }

    /// Discord's code; 0 where there is none.
    #[must_use]
    pub fn code(&self) -> i64 {
        match self {
            Self::Refused { code, .. } => *code,
            Self::NoResponse(_) | Self::Unreachable(_) | Self::NotSent(_) => 0,
        }
    }

    /// When Discord wants to be asked again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::NoResponse(_) | Self::Unreachable(_) | Self::NotSent(_) => None,
        }
    }

    /// Whether another try may do better, so that the same request is sent again where that is safe.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::NoResponse(_) | Self::Unreachable(_))
            || self.status() >= 500
            || self.status() == 429
    }
}
