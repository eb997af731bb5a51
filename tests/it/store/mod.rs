//! The store on real databases.

mod claims;
mod clock;
mod commands;
mod deliveries;
mod files;
mod follows;
mod model;
mod seen;
mod servers;
pub mod standby;
mod state;
mod subscriptions;
