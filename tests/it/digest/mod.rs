//! Digests by the real program: what arrives, once and on time, whatever breaks on the way.

mod calendar;
mod clock;
mod database;
mod kills;
mod lost;
mod many;
mod network;
mod preview;
mod processes;
mod refused;
mod stage;
mod state;
