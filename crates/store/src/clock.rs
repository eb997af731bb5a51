//! What is done where the clock went back.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::error::Fail;
use super::row::{self, Row};
use super::subscription::{self, subscriptions};
use super::{Store, StoreError};
use crate::value::moment;
use takeaways_digest::{DeliveryState, Subscription};

/// The most runs that are counted one after the other.
const COUNTED: u32 = 10_000;

impl Store {
    /// The clock went back: what was decided about times after `now` is open again, but what was sent, or may have been,
    /// stays in the ledger, and so does what is planned, for its own time. How many subscriptions that were.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn clock_went_back(&self, now: Timestamp) -> Result<u32, StoreError> {
        let work = async {
            // Mostly there is nothing to do, and this is asked often.
            let sql = subscriptions!("WHERE decided_until > $1 AND removed_at IS NULL ORDER BY id");
            let mut conn = self.database().read().await?;
            if sqlx::query(sql).bind(moment(now)).fetch_optional(&mut *conn).await?.is_none() {
                return Ok(0);
            }
            drop(conn);
            let mut write = self.database().write().await?;
            let rows = sqlx::query(sql).bind(moment(now)).fetch_all(write.conn()).await?;
            let mut count = 0;
            for found in subscription::read_all(&rows) {
                reopen(write.conn(), found, now).await?;
                count += 1;
            }
            write.commit().await?;
            Ok(count)
        };
        self.database().bounded(work).await
    }
}

async fn reopen(conn: &mut AnyConnection, mut found: Subscription, now: Timestamp) -> Result<(), Fail> {
    let sql = "DELETE FROM deliveries WHERE subscription = $1 AND slot > $2 \
               AND state IN ('empty', 'skipped', 'failed') AND sending_since IS NULL";
    sqlx::query(sql).bind(found.id.0).bind(moment(now)).execute(&mut *conn).await?;
    let sql = row::rows!("WHERE subscription = $1 AND (last_slot > $2 OR not_before > $2)");
    for row in sqlx::query(sql).bind(found.id.0).bind(moment(now)).fetch_all(&mut *conn).await? {
        let mut row = Row::read(&row)?;
        let delivery = &mut row.delivery;
        match delivery.state {
            DeliveryState::Planned => delivery.not_before = delivery.slot.max(now),
            DeliveryState::Skipped if delivery.last_slot > now => {
                (delivery.last_slot, delivery.slots) = up_to(&found, delivery.slot, now);
            }
            _ => continue,
        }
        row.update(&mut *conn).await?;
    }
    found.decided_until = now;
    found.next_run = found.wanted.schedule.next_run(&found.wanted.zone, now);
    subscription::update(conn, &found).await
}

/// The last run of a subscription from `first` up to `now`, and how many they are.
fn up_to(subscription: &Subscription, first: Timestamp, now: Timestamp) -> (Timestamp, u32) {
    let next = |after: &(Timestamp, u32)| {
        let run = subscription.wanted.schedule.next_run(&subscription.wanted.zone, after.0)?;
        (run <= now && after.1 < COUNTED).then_some((run, after.1 + 1))
    };
    std::iter::successors(Some((first, 1)), next).last().unwrap_or((first, 1))
}
