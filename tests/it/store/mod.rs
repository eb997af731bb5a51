//! The store on real databases.

mod answers;
mod claims;
mod clock;
mod commands;
pub mod files;
mod follows;
mod known_posts;
mod model;
mod rows;
mod servers;
pub mod standby;
mod state;
mod subscriptions;
