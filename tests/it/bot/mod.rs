//! The bot over a real socket, against a Discord on loopback that judges each request.

mod asking;
mod buttons;
mod choosing;
mod direct;
mod forged;
mod generated;
mod hostile;
mod mentions;
mod options;
mod parity;
mod seen;
mod shared;
mod together;
mod gateway;
