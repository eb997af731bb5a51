//! What people order of digests: moderators for the channels of their server, everybody for themselves.
//!
//! Each order says who gives it and where. What they may do is decided here, at each command and at each press, by what
//! Discord says of them with it; whose a digest is, by the state.

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

/// So many next runs are shown.
const SHOWN_RUNS: usize = 3;

/// What somebody is told, where it is another thing than they wanted.
pub enum Rejection {
    /// They have to name or do something else.
    Page(MessagePayload),
    /// Something failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A page, whether it is what was wanted or not.
pub type CommandResult = Result<MessagePayload, Rejection>;

/// As it is handed to whoever replies.
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
