//! The state on real databases.

mod deliveries;
mod state;
