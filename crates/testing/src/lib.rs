//! What the tests of several crates share: a Discord on loopback, runs of a program, posts, data from beside the
//! repository.
//!
//! No release depends on it.

pub mod cli;
pub mod fake_discord;
pub mod shared_data;
pub mod temp_corpus;

pub use cli::{Cli, CliRun, Program};
pub use temp_corpus::TempCorpus;
