//! A folder of files to posts and problems.
//!
//! This room knows texts and files: not the index, not answers.

pub mod events;
pub mod problem;
pub mod topics;

pub use problem::{Problem, Severity};
