//! Claims: who may send a delivery, for how long, and what came of it.

use jiff::{SignedDuration, Timestamp};

use super::delivery_row::{self, DeliveryRow};
use super::error::QueryError;
use super::subscription_row;
use super::{Store, StoreError};
use crate::columns::to_millis;
use takeaways_digest::{Delivery, DeliveryId, DeliveryReason, DeliveryState, Subscription};

/// For how long [`Store::absent`] renews a claim.
const RENEWED_LEASE: SignedDuration = SignedDuration::from_secs(15);

/// A claim that ends later than this from now was made by a clock that is ahead of this one by more than clocks are: nobody
/// waits for it.
const MAX_LEASE_AHEAD: SignedDuration = SignedDuration::from_mins(2);

/// The right to send a delivery, until it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is to be sent, as it is now.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have reached Discord: then it has to be found out first.
    pub may_be_posted: bool,
    /// No request may begin after it.
    pub expires_at: Timestamp,
}

impl Store {
    /// Deliveries that are to be sent or settled at `now`, in the order of their slots, at most `limit`: planned ones whose time
    /// has come, and those that somebody claimed and did not end: another process on a server after its claim is over, one
    /// before this process on a file at once.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn open_deliveries(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            let sql = delivery_row::rows_with_body!(
                "WHERE (state = 'planned' AND not_before <= $1) OR (state = 'sending' AND (lease_until IS NULL OR \
                 lease_until <= $1 OR lease_until > $2 OR (owner <> $3 AND $4 = 0))) ORDER BY slot, id LIMIT $5"
            );
            let query =
                sqlx::query(sql).bind(to_millis(now)).bind(to_millis(add_saturating(now, MAX_LEASE_AHEAD)));
            let query = query.bind(self.owner()).bind(i64::from(self.is_shared())).bind(i64::from(limit));
            let rows = query.fetch_all(&mut *conn).await?;
            // One that is damaged is not sent; the others are.
            let read = |row| {
                DeliveryRow::parse(row)
                    .inspect_err(|_| tracing::error!(fault = ?delivery_row::row_problem(row), "not sent"))
                    .ok()
            };
            Ok(rows.iter().filter_map(read).map(|row| row.delivery).collect())
        };
        self.database().with_timeout(work).await
    }

    /// Claims a delivery for a while, and marks it as being sent. `None` where another has it, or it is over.
    ///
    /// # Errors
    /// Where the state can't be written: then nothing may be sent.
    pub async fn claim(
        &self,
        id: DeliveryId,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Claim>, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let found = delivery_row::find(write.conn(), id).await?;
            let Some(mut row) = found.filter(|row| self.is_claimable(row, now)) else { return Ok(None) };
            let until = add_saturating(now, lease);
            let may_be_there = row.delivery.sending_since.is_some();
            row.owner = self.owner();
            row.lease_until = Some(until);
            row.delivery.state = DeliveryState::Sending;
            row.delivery.attempts = row.delivery.attempts.saturating_add(1);
            row.delivery.epoch += 1;
            row.delivery.sending_since = row.delivery.sending_since.or(Some(now));
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_posted: may_be_there, expires_at: until }))
        };
        self.database().with_timeout(work).await
    }

    fn is_claimable(&self, row: &DeliveryRow, now: Timestamp) -> bool {
        match row.delivery.state {
            DeliveryState::Planned => row.delivery.not_before <= now,
            DeliveryState::Sending => {
                let is_over = |until| until <= now || until > add_saturating(now, MAX_LEASE_AHEAD);
                row.lease_until.is_none_or(is_over) || (!self.is_shared() && row.owner != self.owner())
            }
            _ => false,
        }
    }

    /// Discord has it: the subscription's posts are covered, its failures forgotten. `false` where another has claimed it
    /// since: nothing is written.
    ///
    /// # Errors
    /// Where the state can't be written. It can be said again.
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

    /// Discord surely does not have it, as was looked up: from now on it counts as never handed over. The claim begins
    /// anew. `None` where another has claimed it since.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn record_absent(&self, claim: &Claim, now: Timestamp) -> Result<Option<Claim>, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(mut row) = find_claimed_row(write.conn(), claim).await? else { return Ok(None) };
            let until = claim.expires_at.max(add_saturating(now, RENEWED_LEASE));
            row.lease_until = Some(until);
            row.delivery.sending_since = Some(now);
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_posted: false, expires_at: until }))
        };
        self.database().with_timeout(work).await
    }

    /// Gives the claim back: it is to be tried again from `not_before` on. With `is_refused` Discord did surely not take it.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn release(
        &self,
        claim: &Claim,
        is_refused: bool,
        not_before: Timestamp,
    ) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(mut row) = find_claimed_row(write.conn(), claim).await? else { return Ok(false) };
            row.lease_until = None;
            row.delivery.state = DeliveryState::Planned;
            row.delivery.not_before = not_before;
            // That this attempt was refused says nothing of one before it.
            if is_refused && !claim.may_be_posted {
                row.delivery.sending_since = None;
            }
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(true)
        };
        self.database().with_timeout(work).await
    }

    /// It ends without having been sent; its posts stay new. Gives the subscription's failures in a row, or `None` where the
    /// claim is no longer good.
    ///
    /// # Errors
    /// Where the state can't be written. It can be said again.
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

    /// It can't be found out whether it was sent. Its posts are covered, since they may have been read.
    ///
    /// # Errors
    /// Where the state can't be written. It can be said again.
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

    /// Ends a delivery, and does to its subscription what follows from it. Gives the subscription's failures; `None` where
    /// the claim is no longer good. Once more is as once: the answer to the first time may have been lost.
    async fn end_delivery(
        &self,
        claim: &Claim,
        now: Timestamp,
        end: impl Fn(&mut DeliveryRow),
        follow: impl Fn(&mut Subscription),
    ) -> Result<Option<u32>, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(mut row) = delivery_row::find(write.conn(), claim.delivery.id).await? else {
                return Ok(None);
            };
            let found = subscription_row::find(write.conn(), row.delivery.subscription).await?;
            let before = row.delivery.clone();
            end(&mut row);
            if before.epoch != claim.delivery.epoch {
                return Ok(None);
            }
            if before.state != DeliveryState::Sending {
                let is_said_again = before == row.delivery;
                return Ok(is_said_again.then(|| found.map_or(0, |found| found.failures)));
            }
            row.lease_until = None;
            row.delivery.ended_at = Some(now);
            row.update(write.conn()).await?;
            let mut failures = 0;
            if let Some(mut found) = found {
                follow(&mut found);
                subscription_row::update(write.conn(), &found).await?;
                failures = found.failures;
            }
            write.commit().await?;
            Ok(Some(failures))
        };
        self.database().with_timeout(work).await
    }
}

/// The row of a claim that is still good.
async fn find_claimed_row(
    conn: &mut sqlx::AnyConnection,
    claim: &Claim,
) -> Result<Option<DeliveryRow>, QueryError> {
    let found = delivery_row::find(conn, claim.delivery.id).await?;
    let is_held = |row: &DeliveryRow| {
        row.delivery.epoch == claim.delivery.epoch && row.delivery.state == DeliveryState::Sending
    };
    Ok(found.filter(is_held))
}

/// As late as there is a time.
fn add_saturating(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
