//! The program as its user meets it: one test binary, a module for each room.
//!
//! Nothing here needs a network, and nothing sleeps to wait.
#![expect(clippy::expect_used, reason = "a test that can't go on ends, and says where")]

mod abuse;
mod answers;
mod bot;
mod chat;
mod choices;
mod cli;
mod corpus;
mod digest;
mod discord;
mod explain;
mod faults;
mod harness;
mod hostile;
mod invariants;
mod memory_corpus;
mod notes;
mod ops;
mod posts;
mod questions;
mod quotes;
mod runs;
mod settings;
mod store;
mod tidy;

use takeaways_testing::fake_discord;
