//! Measures the engine through its public interface: relevance judgments, metrics over them, and reports.
//!
//! The library reads no files, no clock and no command line. Nothing in the engine depends on this crate, so answers
//! are the same whether or not they are measured.

pub mod collection;
pub mod comparison;
mod confidence;
pub mod corpus_files;
pub mod fit;
pub mod graded_report;
pub mod held_out;
pub mod judgments;
pub mod labels;
pub mod lines;
pub mod marks;
pub mod metrics;
pub mod outcome;
pub mod overviews;
pub mod plot;
pub mod points;
pub mod qa_report;
pub mod questions;
pub mod render;
pub mod report;
#[cfg(test)]
pub(crate) mod samples;
pub mod shapes;
mod statistics;
