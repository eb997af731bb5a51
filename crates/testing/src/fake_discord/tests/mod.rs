//! The fake itself, met by a small client of its own.

mod client;
mod gateway;
mod judge;
mod models;
mod scripts;
mod world;
