//! Subscriptions of channels: made, listed, changed, removed.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};

use super::error::Fail;
use super::subscription::{self, subscriptions};
use super::{Store, StoreError, row};
use crate::value::{id, moment, moment_of};
use takeaways_digest::{
    DeliveryState, Interest, NewSubscription, Reason, Schedule, Subscription, SubscriptionId, Target,
    WhenEmpty, Zone,
};

/// How long a removal can be undone, in milliseconds.
pub(super) const UNDO: i64 = 24 * 60 * 60 * 1000;

/// What is changed of a subscription; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Where it goes.
    pub target: Option<Target>,
    /// Which posts.
    pub interests: Option<Vec<Interest>>,
    /// When.
    pub schedule: Option<Schedule>,
    /// In which zone.
    pub zone: Option<Zone>,
    /// What happens with nothing new.
    pub when_empty: Option<WhenEmpty>,
}

impl Store {
    /// A new subscription of a channel; runs up to `made_at` are decided, and the posts that were seen are covered.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where the server has `cap` of them.
    pub async fn subscribe(&self, new: NewSubscription, cap: u32) -> Result<Subscription, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            room_for_one(write.conn(), new.target.server(), cap).await?;
            let made = subscription::insert(write.conn(), &new).await?;
            write.commit().await?;
            Ok(made)
        };
        self.database().bounded(work).await
    }

    /// The subscriptions of a server's channels, oldest first; removed ones are not among them.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn of_server(&self, server: u64) -> Result<Vec<Subscription>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            let sql = subscriptions!("WHERE server = $1 AND removed_at IS NULL ORDER BY id");
            Ok(subscription::read_all(&sqlx::query(sql).bind(id(server)).fetch_all(&mut *conn).await?))
        };
        self.database().bounded(work).await
    }

    /// A subscription of this server's; that of another is not found.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn find(&self, server: u64, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            subscription::find_of(&mut conn, server, id).await
        };
        self.database().bounded(work).await
    }

    /// A subscription, whoever's it is: for deliveries and the command line. One that was removed is not found.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn subscription(&self, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            subscription::find(&mut conn, id).await
        };
        self.database().bounded(work).await
    }

    /// All subscriptions, by number; removed ones are not among them.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            let sql = subscriptions!("WHERE removed_at IS NULL ORDER BY id");
            Ok(subscription::read_all(&sqlx::query(sql).fetch_all(&mut *conn).await?))
        };
        self.database().bounded(work).await
    }

    /// Changes a subscription of this server's. A new time or zone begins now: runs of before are decided. What is planned
    /// of it and not sent is given up (`Reason::Changed`); its posts stay new.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn change(
        &self,
        server: u64,
        id: SubscriptionId,
        changes: Changes,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(found) = subscription::find_of(write.conn(), server, id).await? else { return Ok(None) };
            let after = change(write.conn(), found, changes, now).await?;
            write.commit().await?;
            Ok(Some(after))
        };
        self.database().bounded(work).await
    }

    /// Removes a subscription of this server's; it can be restored for a day. What is planned is given up.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn remove(
        &self,
        server: u64,
        id: SubscriptionId,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let Some(found) = subscription::find_of(write.conn(), server, id).await? else { return Ok(None) };
            give_up(write.conn(), id, Reason::Changed, now).await?;
            let sql = "UPDATE subscriptions SET removed_at = $1 WHERE id = $2";
            sqlx::query(sql).bind(moment(now)).bind(id.0).execute(write.conn()).await?;
            write.commit().await?;
            Ok(Some(found))
        };
        self.database().bounded(work).await
    }

    /// Undoes a removal; `None` where there is none to undo.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where others have taken its place.
    pub async fn restore(
        &self,
        server: u64,
        number: SubscriptionId,
        cap: u32,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut write = self.database().write().await?;
            let sql = "UPDATE subscriptions SET removed_at = NULL WHERE id = $1 AND server = $2 AND removed_at >= $3";
            let query =
                sqlx::query(sql).bind(number.0).bind(id(server)).bind(moment(now).saturating_sub(UNDO));
            if query.execute(write.conn()).await?.rows_affected() == 0 {
                return Ok(None);
            }
            // It counts already, so one more is allowed.
            room_for_one(write.conn(), Some(server), cap.saturating_add(1)).await.map_err(
                |fail| match fail {
                    Fail::Store(StoreError::TooMany(_)) => StoreError::TooMany(cap).into(),
                    other => other,
                },
            )?;
            let Some(mut found) = subscription::find(write.conn(), number).await? else { return Ok(None) };
            begin_anew(&mut found, now);
            subscription::update(write.conn(), &found).await?;
            write.commit().await?;
            Ok(Some(found))
        };
        self.database().bounded(work).await
    }
}

/// # Errors
/// [`StoreError::TooMany`] where the server has `cap` subscriptions.
async fn room_for_one(conn: &mut AnyConnection, server: Option<u64>, cap: u32) -> Result<(), Fail> {
    let sql = "SELECT COUNT(*) AS n FROM subscriptions WHERE server = $1 AND removed_at IS NULL";
    let there: i64 = sqlx::query(sql).bind(server.map(id)).fetch_one(conn).await?.try_get("n")?;
    if there < i64::from(cap) { Ok(()) } else { Err(StoreError::TooMany(cap).into()) }
}

/// Changes a subscription, and gives up what is planned of it.
pub(super) async fn change(
    conn: &mut AnyConnection,
    mut subscription: Subscription,
    changes: Changes,
    now: Timestamp,
) -> Result<Subscription, Fail> {
    give_up(conn, subscription.id, Reason::Changed, now).await?;
    let has_new_time = changes.schedule.is_some() || changes.zone.is_some();
    let wanted = &mut subscription.wanted;
    wanted.target = changes.target.unwrap_or(wanted.target);
    wanted.when_empty = changes.when_empty.unwrap_or(wanted.when_empty);
    if let Some(interests) = changes.interests {
        wanted.interests = interests;
    }
    if let Some(schedule) = changes.schedule {
        wanted.schedule = schedule;
    }
    if let Some(zone) = changes.zone {
        wanted.zone = zone;
    }
    if has_new_time {
        begin_anew(&mut subscription, now);
    }
    subscription::update(conn, &subscription).await?;
    Ok(subscription)
}

/// Runs up to now are decided.
pub(super) fn begin_anew(subscription: &mut Subscription, now: Timestamp) {
    // In the whole milliseconds that are stored.
    subscription.decided_until = moment_of(moment(now)).unwrap_or(now);
    subscription.next_run = subscription.wanted.schedule.next_run(&subscription.wanted.zone, now);
}

/// Gives up what is planned of a subscription and was never handed to Discord.
pub(super) async fn give_up(
    conn: &mut AnyConnection,
    id: SubscriptionId,
    reason: Reason,
    now: Timestamp,
) -> Result<(), Fail> {
    let sql = row::rows!("WHERE subscription = $1 AND state = 'planned' AND sending_since IS NULL");
    for found in sqlx::query(sql).bind(id.0).fetch_all(&mut *conn).await? {
        let mut planned = row::Row::read(&found)?;
        planned.delivery.state = DeliveryState::Skipped;
        planned.delivery.reason = Some(reason);
        planned.delivery.ended_at = Some(now);
        planned.update(conn).await?;
    }
    Ok(())
}
