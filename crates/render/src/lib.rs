//! Renders answers and digests: plain text for a terminal, JSON for programs, messages for Discord.
//!
//! Pure: width and colours are arguments, and the same answer always gives the same page. This crate knows no index, no
//! terminal and no clock.

pub mod discord;
pub mod json;
pub mod ledger;
mod marked_quote;
pub mod plain;
pub mod terminal_text;
mod trend_picture;
mod web_address;
mod wording;

#[cfg(test)]
mod samples;

pub use plain::TerminalStyle;
pub use terminal_text::clean;
pub use wording::{capitalise, language_name, pluralise, understood_answer};
