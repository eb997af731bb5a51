//! Answers questions about what people took away from conferences, with their own words.
//!
//! The rooms and the one way through them are described in `ARCHITECTURE.md`. Each room knows only those
//! above it in this list.

pub mod answer;
pub mod cli;
pub mod corpus;
pub mod digest;
pub mod discord;
pub mod evaluation;
pub mod faults;
pub mod model;
pub mod ops;
pub mod render;
pub mod retrieval;
pub mod settings;
pub mod store;
pub mod text;
