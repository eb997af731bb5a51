//! Errors of requests to Discord.

use std::time::Duration;

/// Why a request failed. It holds no address, because those of interactions contain a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestError {
    /// Discord refused the request.
    #[error("Discord answered {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's code; 0 if there is none.
        code: i64,
        /// Discord's message.
        message: String,
        /// The time after which the request may be retried.
        retry_after: Option<Duration>,
    },
    /// No response came in time, so nobody knows whether the request had its effect.
    #[error("no response ({0})")]
    NoResponse(&'static str),
    /// Discord could not be reached: the request had no effect.
    #[error("no response ({0})")]
    Unreachable(&'static str),
    /// The request was not sent.
    #[error("not sent: {0}")]
    NotSent(&'static str),
}

impl RestError {
    /// The HTTP status; 0 if no response came.
    pub fn status(&self) -> u16 {
        if let Self::Refused { status, .. } = self { *status } else { 0 }
    }

    /// Discord's code; 0 if there is none.
    pub fn code(&self) -> i64 {
        if let Self::Refused { code, .. } = self { *code } else { 0 }
    }

    /// The time after which the request may be retried.
    pub fn retry_after(&self) -> Option<Duration> {
        if let Self::Refused { retry_after, .. } = self { *retry_after } else { None }
    }

    /// Whether a retry may succeed. A request that is safe to repeat is then sent again.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::NoResponse(_) | Self::Unreachable(_))
            || self.status() >= 500
            || self.status() == 429
    }
}
