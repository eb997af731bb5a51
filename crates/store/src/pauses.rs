//! Pauses: a subscription that does not run for a while.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::error::Fail;
use super::subscription;
use super::subscriptions::{begin_anew, give_up};
use super::{Store, StoreError};
use takeaways_digest::{PauseReason, Reason, Status, Subscription, SubscriptionId};

impl Store {
    /// Pauses a subscription. Its runs are skipped from now on, and what is planned is given up. Whether it was active. One
    /// that was paused by itself is paused by who asks for it now, and does not resume by itself.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn pause(
        &self,
        id: SubscriptionId,
        reason: PauseReason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(found) = subscription::find(write.conn(), id).await? else { return Ok(false) };
            let was_active = pause(write.conn(), found, reason, now).await?;
            write.commit().await?;
            Ok(was_active)
        };
        self.database().bounded(work).await
    }

    /// Ends a pause: failures are forgotten, runs up to now are decided. Whether it was paused.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn resume(&self, id: SubscriptionId, now: Timestamp) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(found) = subscription::find(write.conn(), id).await? else { return Ok(false) };
            let was_paused = found.status != Status::Active;
            if was_paused {
                resume(write.conn(), found, now).await?;
                write.commit().await?;
            }
            Ok(was_paused)
        };
        self.database().bounded(work).await
    }
}

/// Pauses a subscription; whether it was active.
pub(super) async fn pause(
    conn: &mut AnyConnection,
    mut paused: Subscription,
    reason: PauseReason,
    now: Timestamp,
) -> Result<bool, Fail> {
    let before = paused.status;
    match before {
        Status::Active => paused.status = Status::Paused { reason, since: now },
        Status::Paused { since, .. } if reason == PauseReason::Asked => {
            paused.status = Status::Paused { reason, since };
        }
        Status::Paused { .. } => return Ok(false),
    }
    give_up(conn, paused.id, Reason::Paused, now).await?;
    subscription::update(conn, &paused).await?;
    Ok(before == Status::Active)
}

/// Ends a pause.
pub(super) async fn resume(
    conn: &mut AnyConnection,
    mut resumed: Subscription,
    now: Timestamp,
) -> Result<(), Fail> {
    resumed.status = Status::Active;
    resumed.failures = 0;
    begin_anew(&mut resumed, now);
    subscription::update(conn, &resumed).await
}
