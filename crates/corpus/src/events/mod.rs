//! Which conference a text is about.
//!
//! [`EventTable`] holds what `config/events.toml` says; [`EventTable::mentions`] finds the names in a text
//! that a person wrote, and [`detect_events`] tells from the facts of a post which events it is about. This module
//! must not know files, front matter or the index.

mod detect;
mod evidence;
mod grammar;
mod lexicon;
mod mention_parser;
mod mentions;
mod table;
#[cfg(test)]
mod truth;

pub use detect::{EventDetectionInput, detect_events};
pub use mentions::Mention;
pub(crate) use table::EVENTS_TOML;
pub use table::{EventSeries, EventTable, EventsError};
