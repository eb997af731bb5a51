//! What the programs of this workspace share on the command line: global options, settings, log, terminal, exit codes.
//!
//! Effects start here: the clock, the environment, the terminal. It knows neither how an answer is found nor any
//! subcommand.

pub mod args;
pub mod exit;
pub mod input_lines;
pub mod log;
pub mod session;
pub mod terminal;

pub use session::{configured_corpus, engine_opener};
