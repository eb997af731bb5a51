//! Tests of the fake itself, with a minimal client.

mod client;
mod gateway;
mod judge;
mod world;
