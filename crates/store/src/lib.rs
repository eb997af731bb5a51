//! What must outlive the process: subscriptions, the ledger of deliveries, and which posts were seen when.
//!
//! SQLite in the state folder, or PostgreSQL by address; the same behaviour on both, from the same SQL. The only room with
//! SQL. It must not know Discord.

mod claims;
mod cleaning;
mod clock;
mod database;
mod error;
mod follows;
mod known;
mod ledger;
mod lock;
mod log;
mod migrations;
mod open;
mod pauses;
mod row;
mod seen;
mod servers;
mod sqlite;
mod subscription;
mod subscriptions;
mod upkeep;
mod value;

pub use claims::Claim;
pub use error::StoreError;
pub use ledger::Plan;
pub use migrations::NEWEST;
pub use open::{Store, Where};
pub use seen::{SeenPost, Sighting};
pub use subscriptions::Changes;
pub use upkeep::Checkup;
