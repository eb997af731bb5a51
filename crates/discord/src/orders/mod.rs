//! What people order of digests: moderators for the channels of their server, everybody for themselves.
//!
//! Each order says who gives it and where. What they may do is decided here, at each command and at each press, by what
//! Discord says of them with it; whose a digest is, by the state.

mod add;
mod filter;
mod follow;
mod here;
mod look;
mod manage;
mod preview;
mod when;

pub use add::Wanted;
pub use filter::{Named, Part};
pub use follow::Followed;
pub use here::{Here, Moderator};
pub use manage::Edit;
pub use preview::{Previewed, typed};

use super::bot::{Outcome, Told};
use super::failure::Failure;
use jiff::Timestamp;
use takeaways_digest::Subscription;
use takeaways_render::discord::Page;

/// So many next runs are shown.
const RUNS: usize = 3;

/// What somebody is told, where it is another thing than they wanted.
pub enum Stopped {
    /// They have to name or do something else.
    Told(Page),
    /// Something failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A page, whether it is what was wanted or not.
pub type Ordered = Result<Page, Stopped>;

/// As it is handed to whoever replies.
pub fn told(ordered: Ordered) -> Result<Told, Failure> {
    match ordered {
        Ok(page) | Err(Stopped::Told(page)) => Ok(Told { page, outcome: Outcome::Said }),
        Err(Stopped::Failed(failure)) => Err(failure),
    }
}

/// The next runs of a digest after a time.
fn runs(subscription: &Subscription, now: Timestamp) -> Vec<Timestamp> {
    let wanted = &subscription.wanted;
    std::iter::successors(wanted.schedule.next_run(&wanted.zone, now), |run| {
        wanted.schedule.next_run(&wanted.zone, *run)
    })
    .take(RUNS)
    .collect()
}
