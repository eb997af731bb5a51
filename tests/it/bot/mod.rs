//! The bot over a real socket, against a Discord on loopback that judges each request.

mod asking;
mod gateway;
