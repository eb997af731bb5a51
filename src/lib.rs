//! The `takeaways` program: the command line over the crates in `crates/`, which `ARCHITECTURE.md` describes.

pub mod cli;
