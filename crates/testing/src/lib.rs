//! What the tests of several crates share: a Discord on loopback, and data from beside the repository.
//!
//! No release depends on it.

pub mod fake_discord;
pub mod shared_data;
