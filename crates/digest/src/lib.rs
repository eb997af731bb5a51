//! Digests: schedules, which run is due, which posts a digest holds and how it is grouped.
//!
//! Pure: time, posts and ledger are arguments. This crate does not know Discord or the database.

mod compose;
mod delivery;
mod digest_post;
mod due_runs;
mod grouping;
mod key_sentence;
mod main_topics;
mod min_hash;
mod numbered_posts;
mod schedule;
mod subscription;
mod wrap_up;
mod zone;

pub use compose::{
    Bundle, Composition, Digest, DigestCounts, DigestItem, EventGroup, OmissionReason, OmittedPost,
    PostEntry, compose, omitted_old_posts,
};
pub use delivery::{Delivery, DeliveryId, DeliveryKey, DeliveryReason, DeliveryState};
pub use digest_post::{DigestPost, DigestPostCache};
pub use due_runs::{RunDecision, SkippedRuns, deadline, decide_runs, is_late};
pub use key_sentence::key_sentence;
pub use main_topics::{MainTopic, TopicShare};
pub use numbered_posts::{NumberedPost, NumberedPosts, Sighting, omitted_unpublished_posts};
pub use schedule::{Schedule, ScheduleError};
pub use subscription::{
    Destination, Interest, NewSubscription, PauseReason, PostWindow, Subscription, SubscriptionId,
    SubscriptionStatus, Target, WhenEmpty,
};
pub use takeaways_search::PostRecord;
pub use wrap_up::{events_to_wrap_up, recaps_needed_since};
pub use zone::{Zone, ZoneChoice, ZoneError};
