//! Converts markup to readable text, and readable text to sentences, passages and tokens.
//!
//! This crate knows texts only. It knows no posts, files or index.

pub mod aliases;
mod asciidoc;
mod builder;
pub mod calendar;
mod forward_finder;
mod html;
pub mod invisible;
pub mod language;
pub mod lists;
mod markdown;
pub mod model;
pub mod nearest;
pub mod passages;
pub mod person_names;
pub mod phrases;
pub mod question_shape;
pub mod quotation;
mod readable;
mod rst;
pub mod script;
pub mod sentences;
mod templates;
#[cfg(test)]
mod testing;
pub mod tokens;
pub mod translations;
mod word_terms;

pub use markdown::plain_text;
pub use readable::{DocumentHead, MarkupProblem, MarkupProblemKind, ReadableText};
pub use readable::{MarkupFormat, read_markup};
