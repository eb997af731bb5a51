//! What people follow: one subscription a person, by direct message; and what they are to be told.

use jiff::Timestamp;
use sqlx::Row as _;

use super::subscription_row;
use super::subscriptions::apply_changes;
use super::{Store, StoreError, SubscriptionChanges};
use crate::columns::{parse_json_word, to_json_word, to_millis, to_sql_id};
use takeaways_digest::{Interest, NewSubscription, PauseReason, Subscription, Target};

impl Store {
    /// What a person follows, with when it comes.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn find_by_person(&self, person: u64) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            subscription_row::find_by_person(&mut conn, person).await
        };
        self.database().with_timeout(work).await
    }

    /// One interest more of a person: makes their subscription with the first one (`new.interests`), and takes the schedule
    /// and the zone of `new` only then. `false` where they follow it already.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where the person has `cap` of them.
    pub async fn follow(&self, new: NewSubscription, cap: u32) -> Result<(Subscription, bool), StoreError> {
        let Target::Person(person) = new.target else {
            return Err(StoreError::unavailable("only a person follows"));
        };
        let work = async {
            let mut write = self.database().begin_write().await?;
            let room = usize::try_from(cap).unwrap_or(usize::MAX);
            let Some(mut found) = subscription_row::find_by_person(write.conn(), person).await? else {
                if new.interests.len() > room {
                    return Err(StoreError::TooMany(cap).into());
                }
                let made = subscription_row::insert(write.conn(), &new).await?;
                write.commit().await?;
                return Ok((made, true));
            };
            let more: Vec<Interest> = new
                .interests
                .iter()
                .filter(|new| !found.definition.interests.contains(new))
                .cloned()
                .collect();
            if more.is_empty() {
                return Ok((found, false));
            }
            found.definition.interests.extend(more);
            if found.definition.interests.len() > room {
                return Err(StoreError::TooMany(cap).into());
            }
            subscription_row::update(write.conn(), &found).await?;
            write.commit().await?;
            Ok((found, true))
        };
        self.database().with_timeout(work).await
    }

    /// One interest less; with the last one the subscription goes. `None` where they did not follow it.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn unfollow(
        &self,
        person: u64,
        interest: &Interest,
        now: Timestamp,
    ) -> Result<Option<Vec<Interest>>, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let found = subscription_row::find_by_person(write.conn(), person).await?;
            let Some(found) = found.filter(|found| found.definition.interests.contains(interest)) else {
                return Ok(None);
            };
            let mut left = found.definition.interests.clone();
            left.retain(|one| one != interest);
            if left.is_empty() {
                let sql = "DELETE FROM subscriptions WHERE id = $1";
                sqlx::query(sql).bind(found.id.0).execute(write.conn()).await?;
            } else {
                let changes =
                    SubscriptionChanges { interests: Some(left.clone()), ..SubscriptionChanges::default() };
                apply_changes(write.conn(), found, changes, now).await?;
            }
            write.commit().await?;
            Ok(Some(left))
        };
        self.database().with_timeout(work).await
    }

    /// When what a person follows comes.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn change_by_person(
        &self,
        person: u64,
        changes: SubscriptionChanges,
        now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let Some(found) = subscription_row::find_by_person(write.conn(), person).await? else {
                return Ok(None);
            };
            let after = apply_changes(write.conn(), found, changes, now).await?;
            write.commit().await?;
            Ok(Some(after))
        };
        self.database().with_timeout(work).await
    }

    /// Removes a person's subscription and their id from every row. Whether there was anything.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn forget_person(&self, person: u64) -> Result<bool, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let mut gone = 0;
            for sql in [
                // Its rows of the ledger go with it.
                "DELETE FROM subscriptions WHERE person = $1",
                "DELETE FROM notices WHERE person = $1",
                "UPDATE subscriptions SET made_by = 0 WHERE made_by = $1",
            ] {
                gone += sqlx::query(sql).bind(to_sql_id(person)).execute(write.conn()).await?.rows_affected();
            }
            write.commit().await?;
            Ok(gone > 0)
        };
        self.database().with_timeout(work).await
    }

    /// Something that a person is to be told in the next answer that they see: kept until it is taken.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn save_notice(
        &self,
        person: u64,
        notice: PauseReason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let sql = "INSERT INTO notices (person, notice, left_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (person) DO UPDATE SET notice = excluded.notice, left_at = excluded.left_at";
            let query =
                sqlx::query(sql).bind(to_sql_id(person)).bind(to_json_word(&notice)?).bind(to_millis(now));
            query.execute(write.conn()).await?;
            write.commit().await
        };
        self.database().with_timeout(work).await
    }

    /// Takes what a person is to be told, once.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn take_notice(&self, person: u64) -> Result<Option<PauseReason>, StoreError> {
        let work = async {
            // Most people are to be told nothing, and this is asked with each answer.
            let sql = "SELECT notice FROM notices WHERE person = $1";
            let mut conn = self.database().acquire().await?;
            if sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(&mut *conn).await?.is_none() {
                return Ok(None);
            }
            drop(conn);
            let mut write = self.database().begin_write().await?;
            let sql = "DELETE FROM notices WHERE person = $1 RETURNING notice";
            let taken = sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(write.conn()).await?;
            let taken = taken.map(|row| row.try_get::<String, _>("notice")).transpose()?;
            write.commit().await?;
            taken.as_deref().map(parse_json_word).transpose()
        };
        self.database().with_timeout(work).await
    }
}
