//! The data types that all other modules and crates use.
//!
//! This module does no I/O, reads no clock, and depends on no other module.

pub mod answer;
pub mod body;
#[doc(hidden)]
pub mod invariants;
pub mod language;
pub mod overview;
pub mod post;
pub mod question;

pub use answer::{Answer, Citation, Excerpt, ExcerptDate, ItemCount, ListItem, Missing, Quote, Suggestion};
pub use body::{Block, BlockKind, Body, Boundary, Link, Passage, Point, PointKind, Section, Sentence, Span};
pub use language::{Language, LanguageSet};
pub use overview::{
    AuthorCount, Card, CardKind, Group, GroupTitle, Mention, Mentions, Overview, PostCount, Reason,
    ReasonKind, Stance, ThemeContrast, TrendTurn, YearCount,
};
pub use post::{Event, EventId, Post, PostId, PostKind};
pub use question::{ListKind, QuestionShape, Shape, Unanswerable};
pub use question::{Question, QuestionError, Scope, Years, YearsError};
