//! The bot: the gateway, commands, direct messages, mentions and buttons.
//!
//! The only room that names serenity. It carries questions to the recaps and pages to Discord, and must not
//! know how an answer is found, nor how it looks.

mod bot;
mod buttons;
mod commands;
mod discord_transport;
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
mod route;
mod seen;
mod serve;
mod turns;

pub use discord_transport::{DiscordTransport, NetworkError};
pub use doctor::{Place, examine};
pub use gateway::Fatal;
pub use permissions::PERMISSIONS;
pub use serve::{Options, ServeError, serve};
