//! `takeaways-eval` as its user meets it: one test binary, a module for each command.
#![expect(clippy::expect_used, reason = "a test that can't go on ends, and says where")]

mod collections;
mod fit;
mod questions;

use std::path::PathBuf;

use takeaways_testing::Program;

/// The program that the tests run.
struct TakeawaysEval;

impl Program for TakeawaysEval {
    const PATH: &str = env!("CARGO_BIN_EXE_takeaways-eval");
}

/// The program on its way to a run.
type Cli = takeaways_testing::Cli<TakeawaysEval>;

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
