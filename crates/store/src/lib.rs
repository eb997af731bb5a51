//! The state that outlives the process: subscriptions, the ledger of deliveries, seen posts, and
//! answers whose buttons or conversations go on.
//!
//! It is stored in SQLite in the state folder, or in PostgreSQL at an address. Both behave the same and share the same
//! SQL. This is the only crate with SQL. It must not know Discord.

mod answers;
mod claims;
mod database;
mod delivery_row;
mod error;
mod ledger;
mod maintenance;
mod open;
mod person_data;
mod person_subscriptions;
mod postgres;
mod row_hash;
mod seen_posts;
mod sqlite;
mod subscription_row;
mod subscriptions;
mod zones;

pub use answers::KeptAnswer;
pub use claims::Claim;
pub use error::StoreError;
pub use ledger::{DigestMessage, NewDelivery};
pub use maintenance::CheckReport;
pub use open::NEWEST_VERSION;
pub use open::{Store, StoreLocation};
pub use person_data::{ForgottenRows, PersonData};
pub use seen_posts::{PostIdentity, SeenContents};
pub use subscriptions::SubscriptionChanges;
pub use zones::ZoneOwner;
