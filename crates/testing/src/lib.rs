//! Helpers of several crates' tests: a fake Discord, runs of a program, posts, times, and data beside the
//! repository.
//!
//! No release depends on it.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that can't go on ends, and says where"
)]
#![expect(
    clippy::return_self_not_must_use,
    clippy::must_use_candidate,
    clippy::new_without_default,
    reason = "a builder of a test is used in the same line, and a check gives itself back for the next one"
)]

mod cli;
pub mod fake_discord;
mod loopback_web;
pub mod shared_data;
mod temp_corpus;
pub mod time;
#[cfg(unix)]
pub mod unprivileged;

pub use cli::{Cli, CliRun, Program};
pub use loopback_web::{LoopbackWeb, PageReply, PageRequest};
pub use temp_corpus::TempCorpus;
pub use time::{Percentiles, now, time};
