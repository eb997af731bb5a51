//! How good answers are: judgments of people, the metrics over them, and reports.
//!
//! This room asks the engine as everyone does and judges what comes back. It knows nothing of files, of clocks or of
//! how a report is shown, and no other room of the engine knows of it: nothing is answered otherwise because it is
//! measured.

pub mod metrics;
pub mod report;
