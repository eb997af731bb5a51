//! Tests of the program as its user sees it: one test binary with a module for each area.
//!
//! The tests need no network, and they poll instead of sleeping for a fixed time.
#![expect(clippy::expect_used, reason = "a test that can't go on ends, and says where")]
#![expect(clippy::print_stdout, reason = "a test that measures prints its figures")]

mod abuse;
mod answers;
mod bot;
mod chat;
mod choices;
mod cli;
mod corpus;
mod deployment;
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
mod overviews;
mod own_words;
mod package;
mod posts;
mod quotes;
mod settings;
mod sources;
mod store;
mod tidy;

use takeaways_testing::fake_discord;
