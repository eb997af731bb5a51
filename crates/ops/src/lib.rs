//! Health, readiness and metrics, over HTTP on loopback.
//!
//! Other crates report events to this one, with names that are compiled in. It must not know what an answer is, nor
//! Discord. It never gets any text that a person wrote, because anyone on the machine may read the pages.

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
