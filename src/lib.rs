//! The `takeaways` program: the command line and its settings, over the crates in `crates/`.
//!
//! The layers and the one way through them are described in `ARCHITECTURE.md`.

pub mod cli;
