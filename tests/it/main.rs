//! The program as its user meets it: one test binary, a module for each room.
//!
//! Nothing here needs a network, and nothing sleeps to wait.

mod chat;
mod cli;
mod corpus;
mod harness;
mod settings;
mod tidy;
