//! The nouns: plain data that every other module and crate uses.
//!
//! This module does no I/O, reads no clock and knows no other module.

pub mod answer;
pub mod body;
pub mod event;
#[doc(hidden)]
pub mod invariants;
pub mod language;
pub mod post;
pub mod question;
pub mod scope;
pub mod span;

pub use answer::{Answer, Citation, Excerpt, ExcerptDate, Missing, Quote, Suggestion};
pub use body::{Block, BlockKind, Body, Link, Passage, Section, Sentence};
pub use event::{Event, EventId};
pub use language::Language;
pub use post::{Post, PostId, PostKind};
pub use question::{Question, QuestionError};
pub use scope::{Scope, Years, YearsError};
pub use span::Span;
