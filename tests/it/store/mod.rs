//! The store on real databases.

mod claims;
mod clock;
mod commands;
pub mod files;
mod known_posts;
mod model;
mod people;
pub mod servers;
mod state;
mod subscriptions;
