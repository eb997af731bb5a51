//! Personal subscriptions, one for each person.

use jiff::Timestamp;

use super::subscriptions::apply_changes;
use super::{Store, StoreError, SubscriptionChanges};
use crate::subscription_row::{self, select_subscriptions, to_millis, to_sql_id};
use takeaways_digest::{Interest, NewSubscription, Subscription, SubscriptionId, Target};

impl Store {
    /// The subscription of a person, with its schedule.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_by_person(&self, person: u64) -> Result<Option<Subscription>, StoreError> {
        self.read(async |mut conn| subscription_row::find_by_person(&mut conn, person).await).await
    }

    /// Adds an interest. The first one (`new.interests`) creates the subscription, with the schedule and zone of `new`;
    /// later ones ignore them. `false` if the person follows it already.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if the person has `cap` interests.
    pub async fn follow(&self, new: NewSubscription, cap: u32) -> Result<(Subscription, bool), StoreError> {
        let Target::Person(person) = new.target else {
            return Err(StoreError::unavailable("only a person follows"));
        };
        self.write(async |mut tx| {
            let limit = usize::try_from(cap).unwrap_or(usize::MAX);
            let Some(mut found) = subscription_row::find_by_person(tx.conn(), person).await? else {
                if new.interests.len() > limit {
                    return Err(StoreError::TooMany(cap).into());
                }
                let created = subscription_row::insert(tx.conn(), &new).await?;
                tx.commit().await?;
                return Ok((created, true));
            };
            let added: Vec<Interest> = new
                .interests
                .iter()
                .filter(|new| !found.definition.interests.contains(new))
                .cloned()
                .collect();
            if added.is_empty() {
                return Ok((found, false));
            }
            found.definition.interests.extend(added);
            if found.definition.interests.len() > limit {
                return Err(StoreError::TooMany(cap).into());
            }
            subscription_row::update(tx.conn(), &found).await?;
            tx.commit().await?;
            Ok((found, true))
        })
        .await
    }

    /// Removes an interest, and the subscription with the last one. `None` if the person did not follow it.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn unfollow(
        &self,
        person: u64,
        interest: &Interest,
        now: Timestamp,
    ) -> Result<Option<Vec<Interest>>, StoreError> {
        self.write(async |mut tx| {
            let found = subscription_row::find_by_person(tx.conn(), person).await?;
            let Some(found) = found.filter(|found| found.definition.interests.contains(interest)) else {
                return Ok(None);
            };
            let mut remaining = found.definition.interests.clone();
            remaining.retain(|followed| followed != interest);
            if remaining.is_empty() {
                let sql = "DELETE FROM subscriptions WHERE id = $1";
                sqlx::query(sql).bind(found.id.0).execute(tx.conn()).await?;
            } else {
                let changes = SubscriptionChanges {
                    interests: Some(remaining.clone()),
                    ..SubscriptionChanges::default()
                };
                apply_changes(tx.conn(), found, changes, now).await?;
            }
            tx.commit().await?;
            Ok(Some(remaining))
        })
        .await
    }

    /// Changes the schedule of a person's subscription.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn change_by_person(
        &self,
        person: u64,
        changes: SubscriptionChanges,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        self.write(async |mut tx| {
            let Some(found) = subscription_row::find_by_person(tx.conn(), person).await? else {
                return Ok(None);
            };
            let updated = apply_changes(tx.conn(), found, changes, now).await?;
            tx.commit().await?;
            Ok(Some(updated))
        })
        .await
    }

    /// The digest of a person who accepts no direct messages and was not told yet that it is paused.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_untold_pause(&self, person: u64) -> Result<Option<Subscription>, StoreError> {
        self.read(async |mut conn| {
            let sql = select_subscriptions!(
                "WHERE person = $1 AND removed_at IS NULL AND paused = 'direct_messages_closed' \
                 AND (pause_told IS NULL OR pause_told <> paused_since)"
            );
            let row = sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(&mut *conn).await?;
            row.as_ref().map(subscription_row::parse).transpose()
        })
        .await
    }

    /// Records that a person was told of the pause that began then. They are told of a later one too.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_pause_told(&self, id: SubscriptionId, since: Timestamp) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = "UPDATE subscriptions SET pause_told = $1 WHERE id = $2";
            sqlx::query(sql).bind(to_millis(since)).bind(id.0).execute(tx.conn()).await?;
            tx.commit().await
        })
        .await
    }
}
