//! The bot: the gateway, commands, direct messages, mentions and buttons.
//!
//! The only crate that names serenity. It carries questions to the engine and pages to Discord. It must not know how an
//! answer is found, nor how it is rendered.

mod answer_buttons;
mod bot;
mod buttons;
mod capacity;
mod commands;
mod conversations;
mod digest_commands;
mod discord_transport;
mod doctor;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod gateway;
mod interaction;
mod messages;
mod models;
mod pause_notice;
mod permissions;
mod pictures;
mod rate_limiter;
mod register;
mod reply;
mod response;
mod rest;
mod route;
mod seen_events;
mod serve;
mod source_commands;

pub use discord_transport::{DiscordTransport, HttpClientError};
pub use doctor::{PermissionTarget, check_bot};
pub use gateway::FatalError;
pub use serve::{ServeError, ServeOptions, serve};
