//! Which conference a text is about.
//!
//! [`EventTable`] holds what `config/events.toml` says; [`EventTable::mentions`] finds the names in a text
//! that a person wrote, and [`detect()`] tells from the facts of a post which events it is about. This module
//! must not know files, front matter or the index.

mod cues;
mod dates;
mod detect;
mod evidence;
mod grammar;
mod lexicon;
mod little;
mod mention_parser;
mod mentions;
mod table;
#[cfg(test)]
mod truth;

pub use detect::{Clues, detect};
pub use mentions::Mention;
pub use table::{EventTable, EventsError, Series};
