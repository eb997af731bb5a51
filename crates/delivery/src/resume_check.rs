//! Checks whether the reason for a pause is gone, and resumes the subscription if so.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::service::DeliveryContext;
use super::transport::Transport;
use takeaways_digest::{PauseReason, Subscription, SubscriptionStatus, Target};
use takeaways_store::StoreError;

impl<T: Transport> DeliveryContext<T> {
    /// Whether the reason for a pause is gone, as far as this can be checked. Closed direct messages can't be checked:
    /// the person ends that pause by following something again or by writing to the bot.
    pub(crate) async fn is_pause_reason_gone(&self, target: Target, reason: PauseReason) -> bool {
        match (target, reason) {
            (
                Target::Channel { server, channel },
                PauseReason::NoPermission | PauseReason::NoChannel | PauseReason::NoServer,
            ) => matches!(self.transport.find_obstacle(server, channel).await, Ok(None)),
            _ => false,
        }
    }

    /// Ends a pause: runs up to `decided` are decided. Returns the subscription as it is now, if it was paused.
    pub(crate) async fn resume(
        &self,
        subscription: &Subscription,
        decided: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        let store = &self.store;
        takeaways_faults::fail_point("digest.pause.before");
        let is_resumed = store.resume(subscription.id, decided).await?;
        takeaways_faults::fail_point("digest.pause.after");
        if !is_resumed {
            return Ok(None);
        }
        tracing::info!(subscription = %subscription.id, "a digest resumes: the reason for its pause is gone");
        store.find_subscription(subscription.id).await
    }

    /// Checks each pause in a server once more, after its channels or roles changed.
    pub(crate) async fn recheck_server(&self, server: u64) -> Result<(), StoreError> {
        for subscription in self.store.list_by_server(server).await? {
            let SubscriptionStatus::Paused { reason, .. } = subscription.status else { continue };
            if self.is_pause_reason_gone(subscription.definition.target, reason).await {
                self.resume(&subscription, self.now()).await?;
            }
        }
        Ok(())
    }

    /// Resumes a person's subscription that was paused for closed direct messages, after they wrote to the bot
    /// directly.
    pub(crate) async fn resume_person(&self, person: u64) -> Result<(), StoreError> {
        let closed = PauseReason::DirectMessagesClosed;
        match self.store.find_by_person(person).await? {
            Some(own) if matches!(own.status, SubscriptionStatus::Paused { reason, .. } if reason == closed) => {
                self.resume(&own, self.now()).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Records that the bot was removed from a server.
    pub(crate) async fn handle_server_left(&self, server: u64) -> Result<(), StoreError> {
        self.store.record_server_left(server, self.now()).await
    }

    /// Records that the bot is in a server.
    pub(crate) async fn handle_server_joined(&self, server: u64) -> Result<(), StoreError> {
        let resumed = self.store.record_server_joined(server, self.now()).await?;
        if resumed > 0 {
            tracing::info!(resumed, "the bot is in a server again: its digests resume");
        }
        self.recheck_server(server).await
    }

    /// Records that the bot is in exactly these servers, and was removed from all others.
    pub(crate) async fn reconcile_servers(&self, servers: &BTreeSet<u64>) -> Result<(), StoreError> {
        let all = self.store.list_subscriptions().await?;
        let known: BTreeSet<u64> = all.iter().filter_map(|it| it.definition.target.server()).collect();
        for server in known {
            if servers.contains(&server) {
                self.handle_server_joined(server).await?;
            } else {
                self.handle_server_left(server).await?;
            }
        }
        Ok(())
    }
}
