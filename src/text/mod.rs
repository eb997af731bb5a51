//! Markup to readable text, and readable text to sentences, passages and tokens.
//!
//! This room knows texts only: no posts, no files, no index.

pub mod aliases;
pub mod passages;
pub mod phrases;
pub mod readable;
pub mod sentences;
pub mod tokens;

pub use readable::{Flaw, FlawKind, Format, Head, Readable, plain, read};
