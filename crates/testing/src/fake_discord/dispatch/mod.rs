//! The actions of users: events that reach the bot, and handles to wait for the replies.

mod changes;
mod dispatched;
mod interaction_builder;
mod message_builder;

pub use dispatched::{FirstCallback, InteractionHandle, MessageHandle};
pub use interaction_builder::InteractionBuilder;
pub use message_builder::MessageBuilder;
