//! Health, readiness and metrics, over HTTP on loopback.
//!
//! Other crates report events here, with compiled-in names. This crate knows neither answers nor Discord. It never gets
//! text that a person wrote, because anyone on the machine may read the pages.

mod finding;
mod health;
mod http;
mod metrics;

pub use finding::error_chain;
pub use finding::{Finding, FindingLevel};
pub use health::{Health, HealthReport, HealthState, ReadingProgress};
pub use http::serve;
pub use metrics::{InFlight, Metrics};
