//! Digests: their calendar, and their delivery by the real program, once and on time despite all faults.

mod calendar;
mod clock;
mod database;
mod fixture;
mod kills;
mod load;
mod lost_replies;
mod network;
mod new_posts;
mod old_posts;
mod one_shot;
mod preview;
mod processes;
mod refusals;
mod reloading;
mod state;
mod wrap_ups;
