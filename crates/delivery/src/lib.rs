//! Delivery of digests: plans due runs, sends them, and settles attempts that were interrupted.
//!
//! It must not know which transport carries a message, what a digest holds ([`takeaways_digest`]), how it is rendered
//! ([`takeaways_render`]) nor how the ledger is stored ([`takeaways_store`]). `docs/digests.md` lists the guarantees.
//! They depend on the order of the steps here, so each step is a fail point at which a test ends the process
//! ([`takeaways_faults::DIGEST_POINTS`]).

mod attempt;
mod clock;
mod digest_composer;
mod dispatcher;
mod history;
mod one_shot;
mod outcomes;
mod planner;
mod reloader;
mod resume_check;
mod service;
pub mod snowflake;
mod timer;
mod transport;
mod worker_threads;
mod wrap_ups;

#[cfg(test)]
mod tests;

pub use clock::{Clock, Deadline};
pub use digest_composer::{
    DigestComposer, DigestPreview, DigestRequest, DigestWriter, DigestWriterError, ReadOldPosts,
};
pub use one_shot::{DryRun, OneShotError, OneShotReport, PlannedSubscription, dry_run, run_once};
pub use reloader::Reloader;
pub use service::{DeliveryService, RoundReport};
pub use timer::{ServerEvent, Wakeup, run};
pub use transport::{
    Backoff, ChannelMessage, MESSAGES_PER_PAGE, NONCE_LIFETIME, Transport, TransportError, with_nonce,
};
pub use worker_threads::{WorkerPanic, WorkerThreads};
