//! Health, readiness and metrics for whoever runs the process, over HTTP on loopback.
//!
//! Others tell this crate what happened, in names that are compiled in. It must not know what an answer is, nor
//! Discord, and nothing that a person wrote comes here: what is served may be read by anyone on the machine.

mod connection_limits;
mod error_chain;
mod finding;
mod health;
mod http;
mod metrics;

pub use error_chain::error_chain;
pub use finding::{Finding, FindingLevel};
pub use health::{Health, HealthReport, HealthState};
pub use http::serve;
pub use metrics::{InFlight, Metrics};
