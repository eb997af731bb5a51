//! A folder of files to posts and problems.
//!
//! This room knows texts and files: not the index, not answers.

pub mod clean;
pub mod events;
pub mod front_matter;
pub mod metadata;
pub mod problem;
pub mod topics;
pub mod value;

pub use problem::{Problem, Severity};
