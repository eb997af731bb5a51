//! Tells a person who accepts no direct messages that their digest is paused, once, below the next answer that they see.

use super::bot::Bot;
use super::rest::RestError;
use takeaways_digest::SubscriptionStatus;
use takeaways_render::discord::{self as pages, MessagePayload};

/// Sends the notice, if the person needs one. It is recorded only after Discord has taken it, else the next answer has it.
pub(crate) async fn tell(
    bot: &Bot,
    person: u64,
    send: impl AsyncFnOnce(MessagePayload) -> Result<(), RestError>,
) {
    let paused = match bot.store.find_untold_pause(person).await {
        Ok(Some(paused)) => paused,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%error, "the state can't say whether a person needs a notice about their digest");
            return;
        }
    };
    let SubscriptionStatus::Paused { since, .. } = paused.status else { return };
    if let Err(error) = send(pages::closed_messages_notice(paused.id)).await {
        tracing::info!(%error, "somebody could not be told that their digest is paused");
        return;
    }
    match bot.store.record_pause_told(paused.id, since).await {
        Ok(()) => tracing::info!(digest = paused.id.0, "somebody was told that their digest is paused"),
        Err(error) => tracing::warn!(%error, "somebody is told once more that their digest is paused"),
    }
}
