//! What a digest is: who wants which posts and when, which run is due, and what it holds.
//!
//! Pure: the time, the posts and what the ledger holds come in as arguments. It must not know Discord nor the database.

mod delivery;
mod due;
mod interest;
mod key;
mod schedule;
mod subscription;
mod zone;

pub use delivery::{Delivery, DeliveryId, DeliveryState, Reason};
pub use due::{Decision, Due, LONGEST_DELAY, Skip, UNNOTICED_DELAY, deadline, decide};
pub use interest::Interest;
pub use key::Key;
pub use schedule::{Schedule, ScheduleError};
pub use subscription::{
    NewSubscription, PauseReason, Place, Status, Subscription, SubscriptionId, Target, WhenEmpty,
};
pub use zone::{Zone, ZoneError};
