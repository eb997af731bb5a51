//! What users do: the events that reach the bot, and what to wait for then.

mod call;
mod changes;
mod handles;
mod post;

pub use call::Call;
pub use handles::{Acknowledged, InteractionHandle, MessageHandle};
pub use post::Post;
