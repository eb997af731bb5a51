//! Pauses of subscriptions.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::error::QueryError;
use super::subscription_row;
use super::subscriptions::{cancel_planned, restart_at};
use super::{Store, StoreError};
use takeaways_digest::{DeliveryReason, PauseReason, Subscription, SubscriptionId, SubscriptionStatus};

impl Store {
    /// Pauses a subscription: its runs are skipped from now on, and its planned deliveries are cancelled. Returns
    /// whether it was active. If it was paused automatically, the pause becomes the caller's, and it does not resume by
    /// itself.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn pause(
        &self,
        id: SubscriptionId,
        reason: PauseReason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(found) = subscription_row::find(write.conn(), id).await? else { return Ok(false) };
            let was_active = pause(write.conn(), found, reason, now).await?;
            write.commit().await?;
            Ok(was_active)
        };
        self.database().with_timeout(work).await
    }

    /// Ends a pause: the failure count is reset, and runs up to now are decided. Returns whether it was paused.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn resume(&self, id: SubscriptionId, now: Timestamp) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(found) = subscription_row::find(write.conn(), id).await? else { return Ok(false) };
            let was_paused = found.status != SubscriptionStatus::Active;
            if was_paused {
                resume(write.conn(), found, now).await?;
                write.commit().await?;
            }
            Ok(was_paused)
        };
        self.database().with_timeout(work).await
    }
}

/// Pauses a subscription. Returns whether it was active.
pub(super) async fn pause(
    conn: &mut AnyConnection,
    mut paused: Subscription,
    reason: PauseReason,
    now: Timestamp,
) -> Result<bool, QueryError> {
    let before = paused.status;
    match before {
        SubscriptionStatus::Active => paused.status = SubscriptionStatus::Paused { reason, since: now },
        SubscriptionStatus::Paused { since, .. } if reason == PauseReason::Asked => {
            paused.status = SubscriptionStatus::Paused { reason, since };
        }
        SubscriptionStatus::Paused { .. } => return Ok(false),
    }
    cancel_planned(conn, paused.id, DeliveryReason::Paused, now).await?;
    subscription_row::update(conn, &paused).await?;
    Ok(before == SubscriptionStatus::Active)
}

/// Ends a pause.
pub(super) async fn resume(
    conn: &mut AnyConnection,
    mut resumed: Subscription,
    now: Timestamp,
) -> Result<(), QueryError> {
    resumed.status = SubscriptionStatus::Active;
    resumed.failures = 0;
    restart_at(&mut resumed, now);
    subscription_row::update(conn, &resumed).await
}
