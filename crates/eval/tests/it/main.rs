//! Tests of the program `takeaways-eval`: one test binary with a module for each command.
#![expect(clippy::expect_used, reason = "a test that can't continue panics with the place")]

mod collections;
mod fit;
mod labels;
mod questions;

use std::path::PathBuf;

use takeaways_testing::Program;

/// The program that the tests run.
struct TakeawaysEval;

impl Program for TakeawaysEval {
    const PATH: &str = env!("CARGO_BIN_EXE_takeaways-eval");
}

/// A run of the program that is being prepared.
type Cli = takeaways_testing::Cli<TakeawaysEval>;

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
