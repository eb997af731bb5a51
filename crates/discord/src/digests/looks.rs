//! Looking whether what a subscription was paused for is over.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Digests;
use super::mail::Mail;
use super::writer::Writer;
use takeaways_digest::{PauseReason, Status, Subscription, Target};
use takeaways_store::StoreError;

/// Whether what paused a subscription is over, as far as can be seen. A person's closed direct messages can't be seen: they
/// say so themselves, by following something again or by writing to the bot.
pub async fn is_over(mail: &impl Mail, target: Target, reason: PauseReason) -> bool {
    match (target, reason) {
        (
            Target::Channel { server, channel },
            PauseReason::NoPermission | PauseReason::NoChannel | PauseReason::NoServer,
        ) => matches!(mail.look(server, channel).await, Ok(None)),
        _ => false,
    }
}

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Ends a pause: runs up to `decided` are decided. The subscription as it is now, where it was paused.
    pub(super) async fn resume(
        &self,
        of: &Subscription,
        decided: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        takeaways_faults::pass("digest.pause.before");
        let is_resumed = self.store.resume(of.id, decided).await?;
        takeaways_faults::pass("digest.pause.after");
        if !is_resumed {
            return Ok(None);
        }
        tracing::info!(subscription = %of.id, "a digest goes on: what it was paused for is over");
        self.store.subscription(of.id).await
    }

    /// Something of a server changed: what was paused there is looked at once more.
    ///
    /// # Errors
    /// Where the state can't be read or written.
    pub async fn server_changed(&self, server: u64) -> Result<(), StoreError> {
        for of in self.store.of_server(server).await? {
            let Status::Paused { reason, .. } = of.status else { continue };
            if is_over(&self.mail, of.wanted.target, reason).await {
                self.resume(&of, self.now()).await?;
            }
        }
        Ok(())
    }

    /// A person wrote to the bot directly: what was paused because they took no messages goes on.
    ///
    /// # Errors
    /// Where the state can't be read or written.
    pub async fn person_wrote(&self, person: u64) -> Result<(), StoreError> {
        let closed = PauseReason::DirectMessagesClosed;
        match self.store.of_person(person).await? {
            Some(of) if matches!(of.status, Status::Paused { reason, .. } if reason == closed) => {
                self.resume(&of, self.now()).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// The bot was removed from a server.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn server_gone(&self, server: u64) -> Result<(), StoreError> {
        self.store.server_gone(server, self.now()).await
    }

    /// The bot is in a server.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn server_there(&self, server: u64) -> Result<(), StoreError> {
        let resumed = self.store.server_back(server, self.now()).await?;
        if resumed > 0 {
            tracing::info!(resumed, "the bot is in a server again: its digests go on");
        }
        self.server_changed(server).await
    }

    /// A session began, and Discord named all servers that the bot is in: it was removed from the others meanwhile.
    ///
    /// # Errors
    /// Where the state can't be read or written.
    pub async fn servers_are(&self, servers: &BTreeSet<u64>) -> Result<(), StoreError> {
        let all = self.store.subscriptions().await?;
        let known: BTreeSet<u64> = all.iter().filter_map(|of| of.wanted.target.server()).collect();
        for server in known {
            if servers.contains(&server) {
                self.server_there(server).await?;
            } else {
                self.server_gone(server).await?;
            }
        }
        Ok(())
    }
}
