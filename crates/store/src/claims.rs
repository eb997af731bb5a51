//! Claims on deliveries, and the lease on refreshing sources, which one process at a time does for all that share a database.

use jiff::{SignedDuration, Timestamp};
use takeaways_digest::{Delivery, DeliveryId, DeliveryReason, DeliveryState, Subscription};

use super::delivery_row::{self, DeliveryRow};
use super::error::QueryError;
use super::{Store, StoreError};
use crate::subscription_row::{self, to_millis};

/// The length of the lease that [`Store::record_absent`] renews.
const RENEWED_LEASE: SignedDuration = SignedDuration::from_secs(15);

/// A lease that ends later than this from now was written by a clock that is wrong. It counts as expired.
const MAX_LEASE_AHEAD: SignedDuration = SignedDuration::from_mins(2);

/// The right to send a delivery until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The delivery as it is now.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have posted the message. If so, look in the channel before sending again.
    pub may_be_posted: bool,
    /// The end of the lease. No request may start after it.
    pub expires_at: Timestamp,
}

impl Store {
    /// Deliveries to send or settle at `now`, in the order of their slots: planned ones whose time has
    /// come, and claimed ones without an outcome. On a server a claim of another process counts only after its lease
    /// has ended. On a file every claim is one of an earlier process and counts at once.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn open_deliveries(&self, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        self.read(async |mut conn| {
            let sql = delivery_row::select_rows_with_body!(
                "WHERE (state = 'planned' AND not_before <= $1) OR (state = 'sending' AND (lease_until IS NULL OR \
                 lease_until <= $1 OR lease_until > $2 OR (owner <> $3 AND $4 = 0))) ORDER BY slot, id"
            );
            let query =
                sqlx::query(sql).bind(to_millis(now)).bind(to_millis(add_saturating(now, MAX_LEASE_AHEAD)));
            let query = query.bind(self.owner()).bind(i64::from(self.is_shared()));
            let rows = query.fetch_all(&mut *conn).await?;
            // A damaged row is not sent; the others are.
            let parse = |row| {
                DeliveryRow::parse(row)
                    .inspect_err(|_| tracing::error!(fault = ?delivery_row::row_problem(row), "not sent"))
                    .ok()
            };
            Ok(rows.iter().filter_map(parse).map(|row| row.delivery).collect())
        })
        .await
    }

    /// Claims a delivery and marks it as `sending`. `None` if another process has claimed it, or if it has an outcome.
    ///
    /// # Errors
    /// If the state can't be written. Then nothing may be sent.
    pub async fn claim(
        &self,
        id: DeliveryId,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claim>, StoreError> {
        self.write(async |mut tx| {
            let found = delivery_row::find(tx.conn(), id).await?;
            let Some(mut row) = found.filter(|row| self.is_claimable(row, now)) else { return Ok(None) };
            let expires_at = add_saturating(now, lease);
            let may_be_posted = row.delivery.sending_since.is_some();
            row.owner = self.owner();
            row.lease_until = Some(expires_at);
            row.delivery.state = DeliveryState::Sending;
            row.delivery.attempts = row.delivery.attempts.saturating_add(1);
            row.delivery.epoch += 1;
            if !may_be_posted {
                row.begin_sending(now);
            }
            row.update(tx.conn()).await?;
            tx.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_posted, expires_at }))
        })
        .await
    }

    fn is_claimable(&self, row: &DeliveryRow, now: Timestamp) -> bool {
        match row.delivery.state {
            DeliveryState::Planned => row.delivery.not_before <= now,
            DeliveryState::Sending => {
                let is_over = |end| end <= now || end > add_saturating(now, MAX_LEASE_AHEAD);
                row.lease_until.is_none_or(is_over) || (!self.is_shared() && row.owner != self.owner())
            }
            _ => false,
        }
    }

    /// Records that the message was posted: its posts count as covered, and the failure count is reset. `false` if
    /// another process has claimed the delivery since; then nothing is written.
    ///
    /// # Errors
    /// If the state can't be written. The call can be repeated.
    pub async fn record_sent(&self, claim: &Claim, message: u64, now: Timestamp) -> Result<bool, StoreError> {
        let end = |row: &mut DeliveryRow| {
            row.delivery.state = DeliveryState::Sent;
            row.delivery.reason = None;
            row.delivery.message = Some(message);
        };
        let cover = |subscription: &mut Subscription| {
            subscription.failures = 0;
            subscription.was_delivered = true;
            subscription.covered_until = subscription.covered_until.max(claim.delivery.covers);
        };
        Ok(self.end_delivery(claim, now, end, cover).await?.is_some())
    }

    /// Records that the message is not in the channel, so the next attempt counts as the first. Renews the lease.
    /// `None` if another process has claimed the delivery since.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_absent(&self, claim: &Claim, now: Timestamp) -> Result<Option<Claim>, StoreError> {
        self.write(async |mut tx| {
            let Some(mut row) = find_claimed_row(tx.conn(), claim).await? else { return Ok(None) };
            let expires_at = claim.expires_at.max(add_saturating(now, RENEWED_LEASE));
            row.lease_until = Some(expires_at);
            row.begin_sending(now);
            row.update(tx.conn()).await?;
            tx.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_posted: false, expires_at }))
        })
        .await
    }

    /// Gives the claim back; the next attempt starts at `not_before` or later. `is_refused` says that Discord surely
    /// did not take the message.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn release(
        &self,
        claim: &Claim,
        is_refused: bool,
        not_before: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(async |mut tx| {
            let Some(mut row) = find_claimed_row(tx.conn(), claim).await? else { return Ok(false) };
            row.lease_until = None;
            row.delivery.state = DeliveryState::Planned;
            row.delivery.not_before = not_before;
            // The refusal of this attempt says nothing about earlier attempts.
            if is_refused && !claim.may_be_posted {
                row.delivery.sending_since = None;
            }
            row.update(tx.conn()).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Ends the delivery as not sent; its posts stay new. Returns the number of failures of the subscription in a row,
    /// or `None` if the claim was lost.
    ///
    /// # Errors
    /// If the state can't be written. The call can be repeated.
    pub async fn record_failed(
        &self,
        claim: &Claim,
        reason: DeliveryReason,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        let end = |row: &mut DeliveryRow| {
            row.delivery.state = DeliveryState::Failed;
            row.delivery.reason = Some(reason);
        };
        let count = |subscription: &mut Subscription| {
            subscription.failures = subscription.failures.saturating_add(1);
        };
        self.end_delivery(claim, now, end, count).await
    }

    /// Records that nobody can tell whether the message was posted. Its posts count as covered, because people may have
    /// read them.
    ///
    /// # Errors
    /// If the state can't be written. The call can be repeated.
    pub async fn record_unknown(&self, claim: &Claim, now: Timestamp) -> Result<bool, StoreError> {
        let end = |row: &mut DeliveryRow| {
            row.delivery.state = DeliveryState::Unknown;
            row.delivery.reason = Some(DeliveryReason::HistoryUnreadable);
        };
        let cover = |subscription: &mut Subscription| {
            subscription.was_delivered = true;
            subscription.covered_until = subscription.covered_until.max(claim.delivery.covers);
        };
        Ok(self.end_delivery(claim, now, end, cover).await?.is_some())
    }

    /// Ends a delivery and updates its subscription. Returns the subscription's failure count, or `None` if the claim
    /// was lost. Idempotent, because the reply to the first call may have been lost.
    async fn end_delivery(
        &self,
        claim: &Claim,
        now: Timestamp,
        end: impl Fn(&mut DeliveryRow),
        update: impl Fn(&mut Subscription),
    ) -> Result<Option<u32>, StoreError> {
        self.write(async |mut tx| {
            let Some(mut row) = delivery_row::find(tx.conn(), claim.delivery.id).await? else {
                return Ok(None);
            };
            let found = subscription_row::find(tx.conn(), row.delivery.subscription).await?;
            let before = row.delivery.clone();
            end(&mut row);
            if before.epoch != claim.delivery.epoch {
                return Ok(None);
            }
            if before.state != DeliveryState::Sending {
                let is_repetition = before == row.delivery;
                return Ok(is_repetition.then(|| found.map_or(0, |found| found.failures)));
            }
            row.lease_until = None;
            row.delivery.ended_at = Some(now);
            row.update(tx.conn()).await?;
            let mut failures = 0;
            if let Some(mut found) = found {
                update(&mut found);
                subscription_row::update(tx.conn(), &found).await?;
                failures = found.failures;
            }
            tx.commit().await?;
            Ok(Some(failures))
        })
        .await
    }
}

/// The row of a claim, if the claim still holds.
async fn find_claimed_row(
    conn: &mut sqlx::AnyConnection,
    claim: &Claim,
) -> Result<Option<DeliveryRow>, QueryError> {
    let found = delivery_row::find(conn, claim.delivery.id).await?;
    let is_valid = |row: &DeliveryRow| {
        row.delivery.epoch == claim.delivery.epoch && row.delivery.state == DeliveryState::Sending
    };
    Ok(found.filter(is_valid))
}

/// The sum, limited to the last time that can be represented.
fn add_saturating(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The key of the lease on refreshing the sources of posts.
const REFRESHING: i64 = 1;

impl Store {
    /// Takes or renews the lease on refreshing the sources of posts. `false` if another process has it. A state in a file
    /// has one process, so that nobody else can have it.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn take_refresh_lease(
        &self,
        now: Timestamp,
        length: SignedDuration,
    ) -> Result<bool, StoreError> {
        if !self.is_shared() {
            return Ok(true);
        }
        let ends = add_saturating(now, length);
        // A lease that ends far in the future was written by a clock that is wrong.
        let latest = add_saturating(now, length * 2);
        self.write(async |mut tx| {
            let sql = "INSERT INTO leases (work, owner, ends) VALUES ($1, $2, $3) ON CONFLICT (work) DO UPDATE SET \
                       owner = excluded.owner, ends = excluded.ends WHERE leases.owner = $2 OR leases.ends <= $4 OR \
                       leases.ends > $5";
            let query = sqlx::query(sql).bind(REFRESHING).bind(self.owner()).bind(to_millis(ends));
            let written = query.bind(to_millis(now)).bind(to_millis(latest)).execute(tx.conn()).await?;
            tx.commit().await?;
            Ok(written.rows_affected() > 0)
        })
        .await
    }
}
