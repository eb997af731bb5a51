//! What the tests of several crates share: a Discord on loopback. No release depends on it.

pub mod fake_discord;
