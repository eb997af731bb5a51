//! Digests: their calendar, and their delivery by the real program, once and on time despite all faults.

mod calendar;
mod clock;
mod commands;
mod composing;
mod database;
mod fixture;
mod kills;
mod load;
mod lost_replies;
mod new_posts;
mod processes;
mod refusals;
mod state;
