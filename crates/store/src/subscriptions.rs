//! Subscriptions of channels: create, list, change, pause, resume, remove, restore.

use crate::{
    Store, StoreError, delivery_row,
    error::QueryError,
    row_hash::SUBSCRIPTIONS,
    subscription_row::{self, from_millis, select_subscriptions, to_millis, to_sql_id},
};
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use takeaways_digest::{
    DeliveryReason, DeliveryState, Interest, NewSubscription, PauseReason, Schedule, Subscription,
    SubscriptionId, SubscriptionStatus, Target, WhenEmpty, Zone,
};

/// How long a removal can be undone, in milliseconds.
pub(super) const UNDO_PERIOD_MS: i64 = 24 * 60 * 60 * 1000;

/// A change of a subscription. `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionChanges {
    /// The new target.
    pub target: Option<Target>,
    /// The new interests.
    pub interests: Option<Vec<Interest>>,
    /// The new schedule.
    pub schedule: Option<Schedule>,
    /// The new zone.
    pub zone: Option<Zone>,
    /// The action at a run with nothing new.
    pub when_empty: Option<WhenEmpty>,
    /// Whether it posts the overview of an event, once.
    pub wrap_up: Option<bool>,
}

impl Store {
    /// Creates a subscription of a channel. Runs up to `made_at` are decided, and the posts that were seen are covered.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if the server has `cap` of them.
    pub async fn subscribe(&self, new: NewSubscription, cap: u32) -> Result<Subscription, StoreError> {
        self.write(async |mut tx| {
            check_cap(tx.conn(), new.target.server(), cap).await?;
            let created = subscription_row::insert(tx.conn(), &new).await?;
            tx.commit().await?;
            Ok(created)
        })
        .await
    }

    /// The subscriptions of a server's channels, oldest first, without removed ones.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn list_by_server(&self, server: u64) -> Result<Vec<Subscription>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_subscriptions!("WHERE server = $1 AND removed_at IS NULL ORDER BY id");
            Ok(subscription_row::parse_readable(
                &sqlx::query(sql).bind(to_sql_id(server)).fetch_all(&mut *conn).await?,
            ))
        })
        .await
    }

    /// A subscription of this server. Those of other servers are not found.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_in_server(
        &self,
        server: u64,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>, StoreError> {
        self.read(async |mut conn| subscription_row::find_in_server(&mut conn, server, id).await).await
    }

    /// A subscription of any owner, for deliveries and the command line. A removed one is not found.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_subscription(&self, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        self.read(async |mut conn| subscription_row::find(&mut conn, id).await).await
    }

    /// All subscriptions, by id, without removed ones.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn list_subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_subscriptions!("WHERE removed_at IS NULL ORDER BY id");
            Ok(subscription_row::parse_readable(&sqlx::query(sql).fetch_all(&mut *conn).await?))
        })
        .await
    }

    /// Changes a subscription of this server. A new schedule or zone starts now: earlier runs are decided. Planned
    /// deliveries that were not sent are cancelled (`DeliveryReason::Changed`); their posts stay new.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn change(
        &self,
        server: u64,
        id: SubscriptionId,
        changes: SubscriptionChanges,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        self.write(async |mut tx| {
            let Some(found) = subscription_row::find_in_server(tx.conn(), server, id).await? else {
                return Ok(None);
            };
            let updated = apply_changes(tx.conn(), found, changes, now).await?;
            tx.commit().await?;
            Ok(Some(updated))
        })
        .await
    }

    /// Removes a subscription of this server. It can be restored for a day. Planned deliveries are cancelled.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn remove(
        &self,
        server: u64,
        id: SubscriptionId,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        self.write(async |mut tx| {
            let Some(found) = subscription_row::find_in_server(tx.conn(), server, id).await? else {
                return Ok(None);
            };
            cancel_planned(tx.conn(), id, DeliveryReason::Changed, now).await?;
            let sql = "UPDATE subscriptions SET removed_at = $1 WHERE id = $2";
            sqlx::query(sql).bind(to_millis(now)).bind(id.0).execute(tx.conn()).await?;
            SUBSCRIPTIONS.seal(tx.conn(), id.0).await?;
            tx.commit().await?;
            Ok(Some(found))
        })
        .await
    }

    /// Undoes a removal. `None` if there is no removal to undo.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if others have taken its place.
    pub async fn restore(
        &self,
        server: u64,
        id: SubscriptionId,
        cap: u32,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        self.write(async |mut tx| {
            let sql = select_subscriptions!("WHERE id = $1 AND server = $2 AND removed_at >= $3");
            let query = sqlx::query(sql)
                .bind(id.0)
                .bind(to_sql_id(server))
                .bind(to_millis(now).saturating_sub(UNDO_PERIOD_MS));
            let row = query.fetch_optional(tx.conn()).await?;
            let Some(mut found) = row.as_ref().map(subscription_row::parse).transpose()? else {
                return Ok(None);
            };
            let sql = "UPDATE subscriptions SET removed_at = NULL WHERE id = $1";
            sqlx::query(sql).bind(id.0).execute(tx.conn()).await?;
            // It is counted already, so the cap is one higher here.
            check_cap(tx.conn(), Some(server), cap.saturating_add(1)).await.map_err(|error| match error {
                QueryError::Store(StoreError::TooMany(_)) => StoreError::TooMany(cap).into(),
                other => other,
            })?;
            restart_at(&mut found, now);
            subscription_row::update(tx.conn(), &found).await?;
            tx.commit().await?;
            Ok(Some(found))
        })
        .await
    }

    /// Pauses a subscription: its runs are skipped from now on, and its planned deliveries are cancelled. `by` is the
    /// person who asked for it. Returns whether it was active. If it was paused automatically, the pause becomes the caller's, and it does not resume by
    /// itself.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn pause(
        &self,
        id: SubscriptionId,
        reason: PauseReason,
        by: Option<u64>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(async |mut tx| {
            let Some(found) = subscription_row::find(tx.conn(), id).await? else { return Ok(false) };
            let was_active = pause(tx.conn(), found, reason, by, now).await?;
            tx.commit().await?;
            Ok(was_active)
        })
        .await
    }

    /// Ends a pause: the failure count is reset, and runs up to now are decided. Returns whether it was paused.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn resume(&self, id: SubscriptionId, now: Timestamp) -> Result<bool, StoreError> {
        self.write(async |mut tx| {
            let Some(found) = subscription_row::find(tx.conn(), id).await? else { return Ok(false) };
            let was_paused = found.status != SubscriptionStatus::Active;
            if was_paused {
                resume(tx.conn(), found, now).await?;
                tx.commit().await?;
            }
            Ok(was_paused)
        })
        .await
    }
}

/// # Errors
/// [`StoreError::TooMany`] if the server has `cap` subscriptions.
async fn check_cap(conn: &mut AnyConnection, server: Option<u64>, cap: u32) -> Result<(), QueryError> {
    let sql = "SELECT COUNT(*) AS n FROM subscriptions WHERE server = $1 AND removed_at IS NULL";
    let count: i64 = sqlx::query(sql).bind(server.map(to_sql_id)).fetch_one(conn).await?.try_get("n")?;
    if count < i64::from(cap) { Ok(()) } else { Err(StoreError::TooMany(cap).into()) }
}

/// Changes a subscription and cancels its planned deliveries.
pub(super) async fn apply_changes(
    conn: &mut AnyConnection,
    mut subscription: Subscription,
    changes: SubscriptionChanges,
    now: Timestamp,
) -> Result<Subscription, QueryError> {
    cancel_planned(conn, subscription.id, DeliveryReason::Changed, now).await?;
    let has_new_time = changes.schedule.is_some() || changes.zone.is_some();
    let definition = &mut subscription.definition;
    definition.target = changes.target.unwrap_or(definition.target);
    definition.when_empty = changes.when_empty.unwrap_or(definition.when_empty);
    definition.wrap_up = changes.wrap_up.unwrap_or(definition.wrap_up);
    if let Some(interests) = changes.interests {
        definition.interests = interests;
    }
    if let Some(schedule) = changes.schedule {
        definition.schedule = schedule;
    }
    if let Some(zone) = changes.zone {
        definition.zone = zone;
    }
    if has_new_time {
        restart_at(&mut subscription, now);
    }
    subscription_row::update(conn, &subscription).await?;
    Ok(subscription)
}

/// Marks runs up to now as decided.
pub(super) fn restart_at(subscription: &mut Subscription, now: Timestamp) {
    // In whole milliseconds, as they are stored.
    subscription.decided_until = from_millis(to_millis(now)).unwrap_or(now);
    subscription.next_run = subscription.definition.schedule.next_run(&subscription.definition.zone, now);
}

/// Cancels the planned deliveries of a subscription that were never handed to Discord.
pub(super) async fn cancel_planned(
    conn: &mut AnyConnection,
    id: SubscriptionId,
    reason: DeliveryReason,
    now: Timestamp,
) -> Result<(), QueryError> {
    let sql =
        delivery_row::select_rows!("WHERE subscription = $1 AND state = 'planned' AND sending_since IS NULL");
    for found in sqlx::query(sql).bind(id.0).fetch_all(&mut *conn).await? {
        let mut planned = delivery_row::DeliveryRow::parse(&found)?;
        planned.delivery.state = DeliveryState::Skipped;
        planned.delivery.reason = Some(reason);
        planned.delivery.ended_at = Some(now);
        planned.update(conn).await?;
    }
    Ok(())
}

/// Pauses a subscription. Returns whether it was active.
pub(super) async fn pause(
    conn: &mut AnyConnection,
    mut paused: Subscription,
    reason: PauseReason,
    by: Option<u64>,
    now: Timestamp,
) -> Result<bool, QueryError> {
    let before = paused.status;
    match before {
        SubscriptionStatus::Active => paused.status = SubscriptionStatus::Paused { reason, since: now, by },
        SubscriptionStatus::Paused { since, .. } if reason == PauseReason::Asked => {
            paused.status = SubscriptionStatus::Paused { reason, since, by };
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
