//! The shared parts of the command lines: global options, settings, log, terminal and exit codes.
//!
//! Effects start here: the clock, the environment and the terminal. This crate knows no subcommand, and it does not
//! know how an answer is found.

pub mod args;
pub mod exit;
pub mod input_lines;
pub mod log;
pub mod session;
pub mod terminal;

pub use session::{configured_corpus, engine_opener};
