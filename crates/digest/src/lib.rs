//! What a digest is: who wants which posts and when, which run is due, and what it holds.
//!
//! Pure: the time, the posts and what the ledger holds come in as arguments. It must not know Discord nor the database.

mod compose;
mod contents;
mod corpus_frequency;
mod deduplication;
mod delivery;
mod delivery_key;
mod digest_post;
mod digest_posts;
mod due_runs;
mod event_groups;
mod interest;
mod key_sentence;
mod main_topics;
mod min_hash;
mod omissions;
mod post_entry;
mod post_window;
mod schedule;
mod subscription;
mod topic_bundles;
mod zone;

pub use compose::{Composition, compose, omitted_old_posts};
pub use contents::{Bundle, Digest, DigestCounts, DigestItem, EventGroup};
pub use corpus_frequency::{CorpusFrequency, IndexFrequency};
pub use delivery::{Delivery, DeliveryId, DeliveryReason, DeliveryState};
pub use delivery_key::DeliveryKey;
pub use digest_post::DigestPost;
pub use digest_posts::DigestPosts;
pub use due_runs::{DueRun, MAX_DELAY, MAX_SILENT_DELAY, RunDecision, SkippedRuns, deadline, decide_runs};
pub use interest::Interest;
pub use key_sentence::key_sentence;
pub use main_topics::MainTopic;
pub use omissions::{OmissionReason, OmittedPost};
pub use post_entry::PostEntry;
pub use post_window::PostWindow;
pub use schedule::{Schedule, ScheduleError};
pub use subscription::{
    Destination, NewSubscription, PauseReason, Subscription, SubscriptionId, SubscriptionStatus, Target,
    WhenEmpty,
};
pub use zone::{Zone, ZoneError};
