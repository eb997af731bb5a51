//! An answer to pages: plain text for a terminal and JSON for programs.
//!
//! Pure: width and colours come in as arguments, the same answer always gives the same page. This crate knows
//! the nouns and what the crates below say of an answer, but no index, no terminal and no clock.

pub mod discord;
pub mod json;
pub mod ledger;
pub mod plain;
pub mod terminal_text;
mod wording;

#[cfg(test)]
mod samples;

pub use plain::TerminalStyle;
pub use terminal_text::clean;
