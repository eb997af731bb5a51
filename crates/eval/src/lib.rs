//! How good answers are: judgments of people, the metrics over them, and reports.
//!
//! This room asks the engine as everyone does and judges what comes back. It knows nothing of files, of clocks or of
//! how a report is shown, and no other room of the engine knows of it: nothing is answered otherwise because it is
//! measured.

pub mod bootstrap;
pub mod calibration;
pub mod collection;
pub mod comparison;
pub mod confidence;
pub mod curve;
pub mod exact;
pub mod exam;
pub mod fit;
pub mod hidden;
pub mod library;
pub mod metrics;
pub mod miss;
pub mod outcome;
pub mod plot;
pub mod questions;
pub mod randomisation;
pub mod render;
pub mod report;
#[cfg(test)]
pub(crate) mod samples;
pub mod scores;
pub mod setting;
pub mod time;
