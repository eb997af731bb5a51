//! Runs the real program with posts and folders of a test.

#[allow(dead_code, reason = "the tests that start the bot come with `serve`")]
pub mod bot;
pub mod mounts;
pub mod postgres;
pub mod proxy;

use std::path::PathBuf;

use takeaways_testing::Program;
pub use takeaways_testing::shared_data::{shared_path, shared_posts, skip};
pub use takeaways_testing::{CliRun, TempCorpus};

/// The program that the tests run.
pub struct Takeaways;

impl Program for Takeaways {
    const PATH: &str = env!("CARGO_BIN_EXE_takeaways");
}

/// A run of the program that is being prepared.
pub type Cli = takeaways_testing::Cli<Takeaways>;

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
