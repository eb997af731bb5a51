//! Claims: who may send a delivery, for how long, and what came of it.

use jiff::{SignedDuration, Timestamp};

use super::error::Fail;
use super::row::{self, Row};
use super::subscription;
use super::{Store, StoreError};
use crate::value::moment;
use takeaways_digest::{Delivery, DeliveryId, DeliveryState, Reason, Subscription};

/// For how long [`Store::absent`] renews a claim.
const RENEWED: SignedDuration = SignedDuration::from_secs(15);

/// A claim that ends later than this from now was made by a clock that is ahead of this one by more than clocks are: nobody
/// waits for it.
const FARTHEST: SignedDuration = SignedDuration::from_mins(2);

/// The right to send a delivery, until it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is to be sent, as it is now.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have reached Discord: then it has to be found out first.
    pub may_be_there: bool,
    /// No request may begin after it.
    pub until: Timestamp,
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
            let mut conn = self.database().read().await?;
            let sql = row::rows_with_body!(
                "WHERE (state = 'planned' AND not_before <= $1) OR (state = 'sending' AND (lease_until IS NULL OR \
                 lease_until <= $1 OR lease_until > $2 OR (owner <> $3 AND $4 = 0))) ORDER BY slot, id LIMIT $5"
            );
            let query = sqlx::query(sql).bind(moment(now)).bind(moment(later(now, FARTHEST)));
            let query = query.bind(self.owner()).bind(i64::from(self.is_shared())).bind(i64::from(limit));
            let rows = query.fetch_all(&mut *conn).await?;
            // One that is damaged is not sent; the others are.
            let read = |row| {
                Row::read(row).inspect_err(|_| tracing::error!(fault = ?row::fault(row), "not sent")).ok()
            };
            Ok(rows.iter().filter_map(read).map(|row| row.delivery).collect())
        };
        self.database().bounded(work).await
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
            let mut write = self.database().write().await?;
            let found = row::find(write.conn(), id).await?;
            let Some(mut row) = found.filter(|row| self.is_free(row, now)) else { return Ok(None) };
            let until = later(now, lease);
            let may_be_there = row.delivery.sending_since.is_some();
            row.owner = self.owner();
            row.lease_until = Some(until);
            row.delivery.state = DeliveryState::Sending;
            row.delivery.attempts = row.delivery.attempts.saturating_add(1);
            row.delivery.epoch += 1;
            row.delivery.sending_since = row.delivery.sending_since.or(Some(now));
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_there, until }))
        };
        self.database().bounded(work).await
    }

    fn is_free(&self, row: &Row, now: Timestamp) -> bool {
        match row.delivery.state {
            DeliveryState::Planned => row.delivery.not_before <= now,
            DeliveryState::Sending => {
                let is_over = |until| until <= now || until > later(now, FARTHEST);
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
    pub async fn sent(&self, claim: &Claim, message: u64, now: Timestamp) -> Result<bool, StoreError> {
        let end = |row: &mut Row| {
            row.delivery.state = DeliveryState::Sent;
            row.delivery.reason = None;
            row.delivery.message = Some(message);
        };
        let cover = |subscription: &mut Subscription| {
            subscription.failures = 0;
            subscription.was_delivered = true;
            subscription.covered = subscription.covered.max(claim.delivery.covers);
        };
        Ok(self.end(claim, now, end, cover).await?.is_some())
    }

    /// Discord surely does not have it, as was looked up: from now on it counts as never handed over. The claim begins
    /// anew. `None` where another has claimed it since.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn absent(&self, claim: &Claim, now: Timestamp) -> Result<Option<Claim>, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(mut row) = held(write.conn(), claim).await? else { return Ok(None) };
            let until = claim.until.max(later(now, RENEWED));
            row.lease_until = Some(until);
            row.delivery.sending_since = Some(now);
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(Some(Claim { delivery: row.delivery, may_be_there: false, until }))
        };
        self.database().bounded(work).await
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
            let mut write = self.database().write().await?;
            let Some(mut row) = held(write.conn(), claim).await? else { return Ok(false) };
            row.lease_until = None;
            row.delivery.state = DeliveryState::Planned;
            row.delivery.not_before = not_before;
            // That this attempt was refused says nothing of one before it.
            if is_refused && !claim.may_be_there {
                row.delivery.sending_since = None;
            }
            row.update(write.conn()).await?;
            write.commit().await?;
            Ok(true)
        };
        self.database().bounded(work).await
    }

    /// It ends without having been sent; its posts stay new. Gives the subscription's failures in a row, or `None` where the
    /// claim is no longer good.
    ///
    /// # Errors
    /// Where the state can't be written. It can be said again.
    pub async fn failed(
        &self,
        claim: &Claim,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        let end = |row: &mut Row| {
            row.delivery.state = DeliveryState::Failed;
            row.delivery.reason = Some(reason);
        };
        let count = |subscription: &mut Subscription| {
            subscription.failures = subscription.failures.saturating_add(1);
        };
        self.end(claim, now, end, count).await
    }

    /// It can't be found out whether it was sent. Its posts are covered, since they may have been read.
    ///
    /// # Errors
    /// Where the state can't be written. It can be said again.
    pub async fn unknown(&self, claim: &Claim, now: Timestamp) -> Result<bool, StoreError> {
        let end = |row: &mut Row| {
            row.delivery.state = DeliveryState::Unknown;
            row.delivery.reason = Some(Reason::HistoryUnreadable);
        };
        let cover = |subscription: &mut Subscription| {
            subscription.was_delivered = true;
            subscription.covered = subscription.covered.max(claim.delivery.covers);
        };
        Ok(self.end(claim, now, end, cover).await?.is_some())
    }

    /// Ends a delivery, and does to its subscription what follows from it. Gives the subscription's failures; `None` where
    /// the claim is no longer good. Once more is as once: the answer to the first time may have been lost.
    async fn end(
        &self,
        claim: &Claim,
        now: Timestamp,
        end: impl Fn(&mut Row),
        follow: impl Fn(&mut Subscription),
    ) -> Result<Option<u32>, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(mut row) = row::find(write.conn(), claim.delivery.id).await? else { return Ok(None) };
            let found = subscription::find(write.conn(), row.delivery.subscription).await?;
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
                subscription::update(write.conn(), &found).await?;
                failures = found.failures;
            }
            write.commit().await?;
            Ok(Some(failures))
        };
        self.database().bounded(work).await
    }
}

/// The row of a claim that is still good.
async fn held(conn: &mut sqlx::AnyConnection, claim: &Claim) -> Result<Option<Row>, Fail> {
    let found = row::find(conn, claim.delivery.id).await?;
    let is_held = |row: &Row| {
        row.delivery.epoch == claim.delivery.epoch && row.delivery.state == DeliveryState::Sending
    };
    Ok(found.filter(is_held))
}

/// As late as there is a time.
fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}
