//! What must outlive the process: subscriptions, the ledger of deliveries, and which posts were seen when.
//!
//! SQLite in the state folder, or PostgreSQL by address; the same behaviour on both, from the same SQL. The only crate
//! with SQL. It must not know Discord.

mod claims;
mod clock_rollback;
mod columns;
mod database;
mod delivery_log;
mod delivery_row;
mod error;
mod ledger;
mod maintenance;
mod migrations;
mod open;
mod pauses;
mod person_subscriptions;
mod postgres;
mod retention;
mod seen_post_index;
mod seen_posts;
mod sqlite;
mod state_lock;
mod subscription_row;
mod subscriptions;

pub use claims::Claim;
pub use error::StoreError;
pub use ledger::NewDelivery;
pub use maintenance::CheckReport;
pub use migrations::NEWEST_VERSION;
pub use open::{Store, StoreLocation};
pub use seen_posts::{PostIdentity, Sighting};
pub use subscriptions::SubscriptionChanges;
