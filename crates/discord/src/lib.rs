//! The bot: the gateway, commands, direct messages, mentions and buttons.
//!
//! The only room that names serenity and poise. It carries questions to the recaps and pages to Discord, and must not
//! know how an answer is found, nor how it looks.

mod bot;
mod buttons;
mod commands;
mod deadline;
mod digests;
mod doctor;
mod failure;
mod gateway;
mod interaction;
mod limits;
mod messages;
mod notice;
mod orders;
mod permissions;
mod register;
mod reply;
mod rest;
mod seen;
mod serve;
mod snowflake;
mod standin;
mod turns;

pub use digests::{Clock, Once, OnceError, Outlook, Planned, Round, Written, outlook, run_once};
pub use doctor::{Place, examine};
pub use gateway::Fatal;
pub use permissions::PERMISSIONS;
pub use serve::{Options, ServeError, serve};
