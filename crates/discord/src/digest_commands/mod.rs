//! Commands for digests: moderators manage those of their server's channels, everybody manages their own.
//!
//! Each function gets its caller. Permissions are checked here, at each command and each press, by what Discord sends
//! with it. The state says who owns a digest.

mod add;
mod caller;
mod channel_access;
mod filter;
mod follow;
mod manage;
mod preview;
mod timing;

pub use add::DigestOptions;
pub use caller::{Caller, Moderator};
pub use filter::{FilterChange, FilterOptions};
pub use follow::FollowOptions;
pub use manage::DigestEdit;
pub use preview::{PreviewPages, id_arg};

use super::bot::{Outcome, Response};
use super::failure::Failure;
use jiff::Timestamp;
use takeaways_digest::Subscription;
use takeaways_render::discord::MessagePayload;

/// The number of next runs that a reply shows.
const SHOWN_RUNS: usize = 3;

/// A command that was rejected or failed.
pub enum Rejection {
    /// The caller has to change the command; the page says how.
    Page(MessagePayload),
    /// The command failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The page for the caller, or a rejection.
pub type CommandResult = Result<MessagePayload, Rejection>;

/// The response for a result; a rejection with a page is a response too.
pub fn into_response(ordered: CommandResult) -> Result<Response, Failure> {
    match ordered {
        Ok(page) | Err(Rejection::Page(page)) => Ok(Response { page, outcome: Outcome::Static }),
        Err(Rejection::Failed(failure)) => Err(failure),
    }
}

/// The next runs of a digest after a time.
fn next_runs(subscription: &Subscription, now: Timestamp) -> Vec<Timestamp> {
    let wanted = &subscription.definition;
    std::iter::successors(wanted.schedule.next_run(&wanted.zone, now), |run| {
        wanted.schedule.next_run(&wanted.zone, *run)
    })
    .take(SHOWN_RUNS)
    .collect()
}
