//! Digests: their calendar, and their delivery by the real program, once and on time despite all faults.

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
