//! Markup to readable text, and readable text to sentences, passages and tokens.
//!
//! This room knows texts only: no posts, no files, no index.

pub mod aliases;
mod asciidoc;
mod builder;
pub mod calendar;
mod html;
pub mod language;
mod markdown;
pub mod model;
pub mod nearest;
pub mod passages;
pub mod phrases;
pub mod readable;
mod rst;
mod seek;
pub mod sentences;
mod templates;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod unseen;

pub use readable::{Flaw, FlawKind, Format, Head, Readable, plain, read};
