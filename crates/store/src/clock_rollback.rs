//! Reopens decisions after the clock was set back.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::delivery_row::{self, DeliveryRow};
use super::error::QueryError;
use super::subscription_row::{self, subscriptions};
use super::{Store, StoreError};
use crate::columns::to_millis;
use takeaways_digest::{DeliveryState, Subscription};

/// The most runs that are counted one by one.
const MAX_COUNTED_RUNS: u32 = 10_000;

impl Store {
    /// Reopens every decision about a time after `now`. Deliveries that were sent, or may have been, stay in the
    /// ledger. Planned ones keep their time. Returns the number of subscriptions.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn reopen_after_clock_rollback(&self, now: Timestamp) -> Result<u32, StoreError> {
        let work = async {
            // This is called often, and there is rarely anything to do.
            let sql = subscriptions!("WHERE decided_until > $1 AND removed_at IS NULL ORDER BY id");
            let mut conn = self.database().acquire().await?;
            if sqlx::query(sql).bind(to_millis(now)).fetch_optional(&mut *conn).await?.is_none() {
                return Ok(0);
            }
            drop(conn);
            let mut write = self.database().begin_write().await?;
            let rows = sqlx::query(sql).bind(to_millis(now)).fetch_all(write.conn()).await?;
            let mut count = 0;
            for found in subscription_row::parse_readable(&rows) {
                reopen_subscription(write.conn(), found, now).await?;
                count += 1;
            }
            write.commit().await?;
            Ok(count)
        };
        self.database().with_timeout(work).await
    }
}

async fn reopen_subscription(
    conn: &mut AnyConnection,
    mut subscription: Subscription,
    now: Timestamp,
) -> Result<(), QueryError> {
    let sql = "DELETE FROM deliveries WHERE subscription = $1 AND slot > $2 \
               AND state IN ('empty', 'skipped', 'failed') AND sending_since IS NULL";
    sqlx::query(sql).bind(subscription.id.0).bind(to_millis(now)).execute(&mut *conn).await?;
    let sql = delivery_row::rows!("WHERE subscription = $1 AND (last_slot > $2 OR not_before > $2)");
    for row in sqlx::query(sql).bind(subscription.id.0).bind(to_millis(now)).fetch_all(&mut *conn).await? {
        let mut row = DeliveryRow::parse(&row)?;
        let delivery = &mut row.delivery;
        match delivery.state {
            DeliveryState::Planned => delivery.not_before = delivery.slot.max(now),
            DeliveryState::Skipped if delivery.last_slot > now => {
                (delivery.last_slot, delivery.slots) = count_runs_until(&subscription, delivery.slot, now);
            }
            _ => continue,
        }
        row.update(&mut *conn).await?;
    }
    subscription.decided_until = now;
    subscription.next_run = subscription.definition.schedule.next_run(&subscription.definition.zone, now);
    subscription_row::update(conn, &subscription).await
}

/// The last run of a subscription from `first` up to `now`, and the number of runs.
fn count_runs_until(subscription: &Subscription, first: Timestamp, now: Timestamp) -> (Timestamp, u32) {
    let next = |after: &(Timestamp, u32)| {
        let run = subscription.definition.schedule.next_run(&subscription.definition.zone, after.0)?;
        (run <= now && after.1 < MAX_COUNTED_RUNS).then_some((run, after.1 + 1))
    };
    std::iter::successors(Some((first, 1)), next).last().unwrap_or((first, 1))
}
