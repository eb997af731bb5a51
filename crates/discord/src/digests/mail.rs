//! What a digest's way needs of Discord, and what its refusals mean for a digest.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;

use crate::deadline::Deadline;
use crate::rest::RestError;
use takeaways_digest::{PauseReason, Reason};

/// What a digest's way needs of Discord.
pub trait Mail: Send + Sync + 'static {
    /// The channel in which a person is written to.
    fn open(&self, person: u64) -> impl Future<Output = Result<u64, Trouble>> + Send;

    /// Posts a message, with all that stands in `json`. Nothing is begun after `deadline`. Gives the message.
    fn post(
        &self,
        channel: u64,
        json: String,
        deadline: &Deadline,
    ) -> impl Future<Output = Result<u64, Trouble>> + Send;

    /// The first messages of a channel after an id, at most [`PAGE`], in any order.
    fn messages(
        &self,
        channel: u64,
        after: u64,
    ) -> impl Future<Output = Result<Vec<Message>, Trouble>> + Send;

    /// Whether the messages of a channel of a server can be read: where they can't, Discord may say that there are none.
    fn may_read(&self, server: u64, channel: u64) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// What time it is at Discord, once it has told.
    fn time(&self) -> Option<Timestamp>;

    /// What stands against a digest in a channel of a server, by the permissions there; `None` where nothing does.
    fn look(
        &self,
        server: u64,
        channel: u64,
    ) -> impl Future<Output = Result<Option<PauseReason>, Trouble>> + Send;
}

/// The most messages that Discord gives at once:
/// <https://discord.com/developers/docs/resources/message#get-channel-messages>.
pub const PAGE: usize = 100;

/// A message of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: u64,
    /// Whether the bot wrote it.
    pub is_ours: bool,
    /// All words of it.
    pub text: String,
}

/// Why something came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It was surely not done, and another try may do better; after a time, where Discord names one.
    NotNow(Option<Duration>),
    /// It may have been done.
    Lost,
    /// It was not done, and will not be.
    Refused(Reason),
}

impl From<RestError> for Trouble {
    fn from(error: RestError) -> Self {
        match &error {
            RestError::Lost(_) => Self::Lost,
            RestError::Unreachable(_) | RestError::NotSent(_) => Self::NotNow(None),
            RestError::Refused { status, code, retry_after, .. } => match *status {
                // It is about the token: all ends.
                401 => Self::NotNow(None),
                429 => Self::NotNow(*retry_after),
                // Somebody on the way gave up waiting.
                408 => Self::Lost,
                400..500 => Self::Refused(reason(*status, *code)),
                _ => Self::Lost,
            },
        }
    }
}

/// By Discord's code: <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>.
fn reason(status: u16, code: i64) -> Reason {
    match (status, code) {
        // missing access, missing permissions, a thread that is closed
        (_, 50_001 | 50_013 | 50_083) | (403, 0) => Reason::NoPermission,
        (_, 10_003) | (404, 0) => Reason::NoChannel,
        (_, 10_004) => Reason::NoServer,
        // no messages to this person, no server in common, nobody of this id
        (_, 50_007 | 50_278 | 10_013) => Reason::DirectMessagesClosed,
        _ => Reason::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: i64) -> Trouble {
        let retry_after = (status == 429).then_some(Duration::from_secs(7));
        RestError::Refused { status, code, message: String::new(), retry_after }.into()
    }

    #[test]
    fn refusals_are_told_apart_by_what_is_to_be_done() {
        assert_eq!(refused(403, 50_013), Trouble::Refused(Reason::NoPermission));
        assert_eq!(refused(403, 50_001), Trouble::Refused(Reason::NoPermission));
        assert_eq!(refused(404, 10_003), Trouble::Refused(Reason::NoChannel));
        assert_eq!(refused(404, 10_004), Trouble::Refused(Reason::NoServer));
        assert_eq!(refused(403, 50_007), Trouble::Refused(Reason::DirectMessagesClosed));
        assert_eq!(refused(400, 50_035), Trouble::Refused(Reason::Refused));
        assert_eq!(refused(429, 0), Trouble::NotNow(Some(Duration::from_secs(7))));
        assert_eq!(refused(401, 0), Trouble::NotNow(None));
        assert_eq!(refused(502, 0), Trouble::Lost);
        assert_eq!(Trouble::from(RestError::Lost("it broke off")), Trouble::Lost);
        assert_eq!(Trouble::from(RestError::NotSent("too late")), Trouble::NotNow(None));
        assert_eq!(Trouble::from(RestError::Unreachable("no")), Trouble::NotNow(None));
    }
}
