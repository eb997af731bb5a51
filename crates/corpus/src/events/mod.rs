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
mod little;
mod mentions;
mod names;
mod places;
mod reader;
mod rows;
mod scan;
mod table;
#[cfg(test)]
mod truth;
mod unlisted;

pub use detect::{Clues, detect};
pub use mentions::Mention;
pub use rows::EventsError;
pub use table::{EventTable, Series};
