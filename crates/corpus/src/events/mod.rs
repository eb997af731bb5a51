//! Finds the conferences that a text is about.
//!
//! [`EventTable`] holds `config/events.toml`. [`EventTable::mentions`] finds the names of events in a text, and
//! `detect_events` decides from the facts of a post which events it is about. This module must not know files,
//! front matter or the index.

mod detect;
mod evidence;
mod grammar;
mod lexicon;
mod mention_parser;
mod mentions;
mod table;
mod unlisted;

pub use detect::fill_section_events;
pub(crate) use detect::{EventDetectionInput, detect_events};
pub(crate) use lexicon::suggest_event;
pub use mentions::EventMention;
pub(crate) use table::EVENTS_TOML;
pub use table::{EventSeries, EventTable};
pub use unlisted::{is_event_noun, is_ordinary_in_names};
