//! What must outlive the process: subscriptions, the ledger of deliveries, and which posts were seen when.
//!
//! SQLite in the state folder, or PostgreSQL by address; the same behaviour on both. The only room with SQL. It must not
//! know Discord.

mod error;
mod ledger;
mod open;
mod seen;
mod subscriptions;

pub use error::StoreError;
pub use ledger::{Claim, Plan};
pub use open::{Store, Where};
pub use seen::{SeenPost, Sighting};
pub use subscriptions::{Caps, Changes};
