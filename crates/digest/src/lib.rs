//! What a digest is: who wants which posts and when, which run is due, and what it holds.
//!
//! Pure: the time, the posts and what the ledger holds come in as arguments. It must not know Discord nor the database.

mod compose;
mod delivery;
mod digest_post;
mod due_runs;
mod grouping;
mod key_sentence;
mod main_topics;
mod min_hash;
mod schedule;
mod subscription;
mod zone;

pub use compose::PostEntry;
pub use compose::{Bundle, Digest, DigestCounts, DigestItem, EventGroup};
pub use compose::{Composition, compose, omitted_old_posts};
pub use compose::{OmissionReason, OmittedPost};
pub use delivery::DeliveryKey;
pub use delivery::{Delivery, DeliveryId, DeliveryReason, DeliveryState};
pub use digest_post::DigestPost;
pub use digest_post::DigestPosts;
pub use due_runs::{DueRun, MAX_DELAY, MAX_SILENT_DELAY, RunDecision, SkippedRuns, deadline, decide_runs};
pub use key_sentence::key_sentence;
pub use main_topics::MainTopic;
pub use main_topics::{CorpusFrequency, IndexFrequency};
pub use schedule::{Schedule, ScheduleError};
pub use subscription::Interest;
pub use subscription::PostWindow;
pub use subscription::{
    Destination, NewSubscription, PauseReason, Subscription, SubscriptionId, SubscriptionStatus, Target,
    WhenEmpty,
};
pub use zone::{Zone, ZoneError};
