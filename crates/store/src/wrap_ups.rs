//! The events whose overview a subscription has posted, or is about to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use takeaways_digest::SubscriptionId;
use takeaways_text::model::EventId;

use crate::{Store, StoreError, error::QueryError, subscription_row::to_millis};

impl Store {
    /// The events whose overview a subscription has posted or has planned. A run that failed or was cancelled has posted
    /// none; of a run that is no longer in the ledger nobody knows, so it counts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn list_wrap_ups(&self, id: SubscriptionId) -> Result<BTreeSet<EventId>, StoreError> {
        self.read(async |mut conn| list(&mut conn, id).await).await
    }
}

/// See [`Store::list_wrap_ups`].
pub(super) async fn list(
    conn: &mut AnyConnection,
    id: SubscriptionId,
) -> Result<BTreeSet<EventId>, QueryError> {
    let sql = "SELECT w.event AS event FROM wrap_ups w LEFT JOIN deliveries d ON d.subscription = w.subscription AND \
               d.slot = w.slot WHERE w.subscription = $1 AND (d.state IS NULL OR d.state NOT IN ('failed', 'skipped'))";
    let rows = sqlx::query(sql).bind(id.0).fetch_all(conn).await?;
    rows.iter().map(|row| Ok(EventId(row.try_get("event")?))).collect()
}

/// Records that a run holds the overview of an event. It takes the place of a run that failed.
pub(super) async fn record(
    conn: &mut AnyConnection,
    id: SubscriptionId,
    event: &EventId,
    slot: Timestamp,
) -> Result<(), QueryError> {
    let sql = "INSERT INTO wrap_ups (subscription, event, slot) VALUES ($1, $2, $3) \
               ON CONFLICT (subscription, event) DO UPDATE SET slot = excluded.slot";
    sqlx::query(sql).bind(id.0).bind(event.0.as_str()).bind(to_millis(slot)).execute(conn).await?;
    Ok(())
}
