//! What a digest is: who wants which posts and when, which run is due, and what it holds.
//!
//! Pure: the time, the posts and what the ledger holds come in as arguments. It must not know Discord nor the database.

mod agreement;
mod commonness;
mod compose;
mod contents;
mod delivery;
mod due;
mod entry;
mod fold;
mod group;
mod interest;
mod key;
mod left_out;
mod likeness;
mod recap;
mod schedule;
mod sentence;
mod shelf;
mod subscription;
mod theme;
mod window;
mod zone;

pub use commonness::{Commonness, Counted};
pub use compose::{Composed, compose, passed_over};
pub use contents::{Bundle, Counts, Digest, Group, Item};
pub use delivery::{Delivery, DeliveryId, DeliveryState, Reason};
pub use due::{Decision, Due, LONGEST_DELAY, Skip, UNNOTICED_DELAY, deadline, decide};
pub use entry::Entry;
pub use interest::Interest;
pub use key::Key;
pub use left_out::{LeftOut, Why};
pub use recap::Recap;
pub use schedule::{Schedule, ScheduleError};
pub use sentence::worth_reading;
pub use shelf::Shelf;
pub use subscription::{
    NewSubscription, PauseReason, Place, Status, Subscription, SubscriptionId, Target, WhenEmpty,
};
pub use theme::Theme;
pub use window::Window;
pub use zone::{Zone, ZoneError};
