//! Digests: their calendar, and what the real program sends of them, once and on time, whatever breaks on the way.

mod calendar;
mod clock;
mod database;
mod fixture;
mod kills;
mod lost;
mod many;
mod network;
mod preview;
mod processes;
mod refused;
mod state;
