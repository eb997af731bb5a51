//! Personal subscriptions, one for each person, and notices for their owners.

use jiff::Timestamp;
use sqlx::Row as _;

use super::subscriptions::apply_changes;
use super::{Store, StoreError, SubscriptionChanges};
use crate::database::Durability;
use crate::row_hash::NOTICES;
use crate::subscription_row::{self, from_millis, parse_json_word, to_json_word, to_millis, to_sql_id};
use takeaways_digest::{Interest, NewSubscription, PauseReason, Subscription, Target};

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

    /// Saves a notice for the next answer that a person sees.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn save_notice(
        &self,
        person: u64,
        notice: PauseReason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = "INSERT INTO notices (person, notice, left_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (person) DO UPDATE SET notice = excluded.notice, left_at = excluded.left_at";
            let query =
                sqlx::query(sql).bind(to_sql_id(person)).bind(to_json_word(&notice)?).bind(to_millis(now));
            query.execute(tx.conn()).await?;
            NOTICES.seal(tx.conn(), to_sql_id(person)).await?;
            tx.commit().await
        })
        .await
    }

    /// Takes the notice for a person; a second call finds nothing.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn take_notice(&self, person: u64) -> Result<Option<PauseReason>, StoreError> {
        let work = async {
            // Most people have no notice, and this is called for each answer.
            let sql = "SELECT notice FROM notices WHERE person = $1";
            let mut conn = self.database().acquire().await?;
            if sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(&mut *conn).await?.is_none() {
                return Ok(None);
            }
            drop(conn);
            let mut tx = self.database().begin_write(Durability::PowerFailure).await?;
            let sql = "DELETE FROM notices WHERE person = $1 RETURNING notice";
            let notice = sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(tx.conn()).await?;
            let notice = notice.map(|row| row.try_get::<String, _>("notice")).transpose()?;
            tx.commit().await?;
            notice.as_deref().map(parse_json_word).transpose()
        };
        self.database().with_timeout(work).await
    }

    /// The notice for a person, and when it was left. It stays until [`Store::remove_notice`].
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_notice(&self, person: u64) -> Result<Option<(PauseReason, Timestamp)>, StoreError> {
        self.read(async |mut conn| {
            let sql = "SELECT notice, left_at FROM notices WHERE person = $1";
            let row = sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(&mut *conn).await?;
            let Some(row) = row else { return Ok(None) };
            let notice: String = row.try_get("notice")?;
            Ok(Some((parse_json_word(&notice)?, from_millis(row.try_get("left_at")?)?)))
        })
        .await
    }

    /// Removes the notice for a person, if it was left up to this time: a later one was not seen yet.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn remove_notice(&self, person: u64, up_to: Timestamp) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = "DELETE FROM notices WHERE person = $1 AND left_at <= $2";
            sqlx::query(sql).bind(to_sql_id(person)).bind(to_millis(up_to)).execute(tx.conn()).await?;
            tx.commit().await
        })
        .await
    }
}
