//! The ledger: every run is recorded before it is sent, or with the reason why it is skipped.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use takeaways_digest::{
    Delivery, DeliveryId, DeliveryKey, DeliveryReason, DeliveryState, SkippedRuns, Subscription,
    SubscriptionId, SubscriptionStatus, Target,
};
use takeaways_text::model::EventId;

use crate::delivery_row::{self, DeliveryRow};
use crate::error::QueryError;
use crate::subscription_row::{self, from_millis, select_subscriptions, to_millis, to_sql_id};
use crate::{Store, StoreError};

/// A run to record.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    /// The subscription of the run.
    pub subscription: SubscriptionId,
    /// The target. The subscription must still have this target.
    pub target: Target,
    /// The slot of the run.
    pub slot: Timestamp,
    /// The key that identifies the delivery to Discord.
    pub key: DeliveryKey,
    /// What it posts.
    pub message: DigestMessage,
}

/// A written digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DigestMessage {
    /// The message as JSON. `None` if there is nothing to post; then the run is over.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array. `None` if the message shows everything.
    pub more: Option<String>,
    /// The number of posts in the message.
    pub posts: u32,
    /// The highest number of a post that was considered.
    pub covers: i64,
    /// The event whose overview is in the message, which it must be once.
    pub wrap_up: Option<EventId>,
}

impl Store {
    /// Subscriptions, active or paused, whose next run is due at `now`, ordered by time and id. Those
    /// whose runs are decided are not among them; nor are those with an open run, because its posts count as new until it is
    /// sent, and nobody should read them twice.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn list_due(&self, now: Timestamp) -> Result<Vec<Subscription>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_subscriptions!(
                "WHERE removed_at IS NULL AND next_run <= $1 AND id NOT IN \
                 (SELECT subscription FROM deliveries WHERE state IN ('planned', 'sending')) \
                 ORDER BY next_run, id"
            );
            let rows = sqlx::query(sql).bind(to_millis(now)).fetch_all(&mut *conn).await?;
            Ok(subscription_row::parse_readable(&rows))
        })
        .await
    }

    /// The time of the next round: the earliest run of a subscription or retry of a delivery.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn next_wakeup(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(async |mut conn| {
            let mut earliest: Option<i64> = None;
            for sql in [
                "SELECT MIN(next_run) AS time FROM subscriptions WHERE removed_at IS NULL AND id NOT IN \
                 (SELECT subscription FROM deliveries WHERE state IN ('planned', 'sending'))",
                "SELECT MIN(not_before) AS time FROM deliveries WHERE state = 'planned'",
                "SELECT MIN(COALESCE(lease_until, 0)) AS time FROM deliveries WHERE state = 'sending'",
            ] {
                let time: Option<i64> = sqlx::query(sql).fetch_one(&mut *conn).await?.try_get("time")?;
                earliest = earliest.into_iter().chain(time).min();
            }
            earliest.map(from_millis).transpose()
        })
        .await
    }

    /// The recorded slots of a subscription at or after a time.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn recorded_slots(
        &self,
        id: SubscriptionId,
        since: Timestamp,
    ) -> Result<BTreeSet<Timestamp>, StoreError> {
        self.read(async |mut conn| {
            let sql = "SELECT slot, last_slot FROM deliveries WHERE subscription = $1 AND last_slot >= $2";
            let rows = sqlx::query(sql).bind(id.0).bind(to_millis(since)).fetch_all(&mut *conn).await?;
            let mut slots = BTreeSet::new();
            for row in rows {
                slots.insert(from_millis(row.try_get("slot")?)?);
                slots.insert(from_millis(row.try_get("last_slot")?)?);
            }
            slots.retain(|slot| to_millis(*slot) >= to_millis(since));
            Ok(slots)
        })
        .await
    }

    /// Records a run and advances the subscription, in one transaction: runs up to `decided_until` are decided, and the
    /// next one is `next`. `None` if the ledger already has the slot; the subscription is advanced all the same. `None`
    /// as well if the subscription was changed, paused or removed since `decided_from`, or if the overview in the message was
    /// planned meanwhile; then nothing is written.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn plan(
        &self,
        plan: NewDelivery,
        decided_from: Timestamp,
        decided_until: Timestamp,
        next: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Delivery>, StoreError> {
        self.write(async |mut tx| {
            let found = subscription_row::find(tx.conn(), plan.subscription).await?;
            let is_as_it_was = |found: &Subscription| {
                found.status == SubscriptionStatus::Active
                    && found.definition.target == plan.target
                    && to_millis(found.decided_until) == to_millis(decided_from)
            };
            let Some(mut subscription) = found.filter(is_as_it_was) else { return Ok(None) };
            if let Some(event) = &plan.message.wrap_up
                && wrapped_up_events(tx.conn(), plan.subscription).await?.contains(event)
            {
                return Ok(None);
            }
            subscription.decided_until = decided_until;
            subscription.next_run = next;
            let (is_empty, covers) = (plan.message.body.is_none(), plan.message.covers);
            let wrap_up = plan.message.wrap_up.clone();
            let planned = DeliveryRow::new(plan.into_delivery(now)).insert(tx.conn()).await?;
            if let (Some(planned), Some(event)) = (&planned, &wrap_up) {
                record_wrap_up(tx.conn(), subscription.id, event, planned.delivery.slot).await?;
            }
            if planned.is_some() && is_empty {
                subscription.covered_until = subscription.covered_until.max(covers);
            }
            subscription_row::update(tx.conn(), &subscription).await?;
            tx.commit().await?;
            Ok(planned.map(|row| row.delivery))
        })
        .await
    }

    /// Records runs that are skipped, and advances the subscription. If the latest row of the subscription has the same
    /// reason, that row is extended. Runs that are decided already are not recorded again.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn skip(
        &self,
        id: SubscriptionId,
        skip: Option<SkippedRuns>,
        reason: DeliveryReason,
        decided_until: Timestamp,
        next: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let Some(mut found) = subscription_row::find(tx.conn(), id).await? else { return Ok(()) };
            if let Some(skip) = skip.filter(|skip| to_millis(skip.last) > to_millis(found.decided_until)) {
                let key =
                    DeliveryKey::new(self.state_id(), found.definition.target.destination(), id, skip.first);
                write_skip(tx.conn(), &found, skip, reason, key, now).await?;
            }
            if to_millis(decided_until) >= to_millis(found.decided_until) {
                (found.decided_until, found.next_run) = (decided_until, next);
                subscription_row::update(tx.conn(), &found).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// The latest runs of a subscription, newest first, without their texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn recent_runs(&self, id: SubscriptionId, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = delivery_row::select_rows!("WHERE subscription = $1 ORDER BY slot DESC, id DESC LIMIT $2");
        self.read(async |mut conn| {
            parse_deliveries(&sqlx::query(sql).bind(id.0).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        })
        .await
    }

    /// The latest runs of all subscriptions, newest first, without their texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn recent_runs_of_all(&self, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = delivery_row::select_rows!("ORDER BY slot DESC, id DESC LIMIT $1");
        self.read(async |mut conn| {
            parse_deliveries(&sqlx::query(sql).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        })
        .await
    }

    /// A row of the ledger with its texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.read(async |mut conn| {
            find_one(&mut conn, delivery_row::select_whole_rows!("WHERE id = $1"), id.0).await
        })
        .await
    }

    /// The delivery whose message this is. The buttons of the message need it.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_by_message(&self, message: u64) -> Result<Option<Delivery>, StoreError> {
        self.read(async |mut conn| {
            find_one(&mut conn, delivery_row::select_whole_rows!("WHERE message = $1"), to_sql_id(message))
                .await
        })
        .await
    }
}

impl NewDelivery {
    /// The row for this run.
    fn into_delivery(self, now: Timestamp) -> Delivery {
        let DigestMessage { body, more, posts, covers, .. } = self.message;
        let is_empty = body.is_none();
        Delivery {
            id: DeliveryId(0),
            subscription: self.subscription,
            target: self.target,
            slot: self.slot,
            last_slot: self.slot,
            slots: 1,
            state: if is_empty { DeliveryState::Empty } else { DeliveryState::Planned },
            reason: None,
            is_late: false,
            key: self.key,
            body,
            more,
            posts,
            covers,
            attempts: 0,
            epoch: 0,
            sending_since: None,
            not_before: now,
            message: None,
            ended_at: is_empty.then_some(now),
        }
    }
}

async fn write_skip(
    conn: &mut AnyConnection,
    subscription: &Subscription,
    skip: SkippedRuns,
    reason: DeliveryReason,
    key: DeliveryKey,
    now: Timestamp,
) -> Result<(), QueryError> {
    let sql = delivery_row::select_rows!("WHERE subscription = $1 ORDER BY slot DESC LIMIT 1");
    let last = sqlx::query(sql).bind(subscription.id.0).fetch_optional(&mut *conn).await?;
    let last = last.as_ref().map(DeliveryRow::parse).transpose()?;
    let is_same = |last: &DeliveryRow| {
        (last.delivery.state, last.delivery.reason) == (DeliveryState::Skipped, Some(reason))
            && last.delivery.target == subscription.definition.target
            && last.delivery.last_slot < skip.first
    };
    if let Some(mut last) = last.filter(is_same) {
        last.delivery.last_slot = skip.last;
        last.delivery.slots = last.delivery.slots.saturating_add(skip.count);
        last.delivery.ended_at = Some(now);
        return last.update(conn).await;
    }
    let plan = NewDelivery {
        subscription: subscription.id,
        target: subscription.definition.target,
        slot: skip.first,
        key,
        message: DigestMessage::default(),
    };
    let mut skipped = plan.into_delivery(now);
    skipped.state = DeliveryState::Skipped;
    skipped.reason = Some(reason);
    (skipped.last_slot, skipped.slots) = (skip.last, skip.count);
    DeliveryRow::new(skipped).insert(conn).await?;
    Ok(())
}

async fn find_one(
    conn: &mut AnyConnection,
    sql: &'static str,
    value: i64,
) -> Result<Option<Delivery>, QueryError> {
    let row = sqlx::query(sql).bind(value).fetch_optional(conn).await?;
    Ok(row.as_ref().map(DeliveryRow::parse).transpose()?.map(|row| row.delivery))
}

fn parse_deliveries(rows: &[sqlx::any::AnyRow]) -> Result<Vec<Delivery>, QueryError> {
    rows.iter().map(|row| Ok(DeliveryRow::parse(row)?.delivery)).collect()
}

impl Store {
    /// The events whose overview a subscription has posted or has planned. A run that failed or was cancelled has posted
    /// none; of a run that is no longer in the ledger nobody knows, so it counts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn list_wrap_ups(&self, id: SubscriptionId) -> Result<BTreeSet<EventId>, StoreError> {
        self.read(async |mut conn| wrapped_up_events(&mut conn, id).await).await
    }
}

/// See [`Store::list_wrap_ups`].
async fn wrapped_up_events(
    conn: &mut AnyConnection,
    id: SubscriptionId,
) -> Result<BTreeSet<EventId>, QueryError> {
    let sql = "SELECT w.event AS event FROM wrap_ups w LEFT JOIN deliveries d ON d.subscription = w.subscription AND \
               d.slot = w.slot WHERE w.subscription = $1 AND (d.state IS NULL OR d.state NOT IN ('failed', 'skipped'))";
    let rows = sqlx::query(sql).bind(id.0).fetch_all(conn).await?;
    rows.iter().map(|row| Ok(EventId(row.try_get("event")?))).collect()
}

/// Records that a run holds the overview of an event. It takes the place of a run that failed.
async fn record_wrap_up(
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
